-- Grain: one row a grouping, group, arm and measure: persons whom it concerns, and of them those for whom it holds. A plan
-- that goes on concerns those with a plan; work or education, on the day so many months after the index date, everyone.
WITH plans AS (
    SELECT
        person_key,
        max(CASE WHEN is_resumed THEN 1 ELSE 0 END) = 1     AS holds
    FROM analysis.continuity_day
    WHERE months = 0
    GROUP BY person_key
),

answers AS (
    SELECT person_key, 'plan_goes_on' AS measure, 0 AS month, holds
    FROM plans
    UNION ALL
    SELECT
        person_key,
        'working'                                           AS measure,
        month,
        state IN (SELECT unnest($working_states))           AS holds
    FROM analysis.status_day
    WHERE episode = 1
)

SELECT
    member.grouping_name,
    member.member_of,
    member.arm,
    answers.measure,
    answers.month,
    count(*)                                                AS n_persons,
    count(*) FILTER (WHERE answers.holds)                   AS n_reached
FROM analysis.group_member AS member
INNER JOIN answers
    ON member.person_key = answers.person_key
GROUP BY member.grouping_name, member.member_of, member.arm, answers.measure, answers.month
ORDER BY member.grouping_name, member.member_of, member.arm, answers.measure, answers.month
