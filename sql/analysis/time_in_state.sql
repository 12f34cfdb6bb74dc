-- Grain: one row an arm and state: how many were ever in it up to and with the last day that is looked at, all their days
-- before that day together, and each one's longest unbroken time together; a state that nobody is in has a row with 0.
WITH spells AS (
    SELECT
        person_key,
        arm,
        state,
        date_diff('day', start_date, least(stop_date, add_months(index_date, $followed_months))) AS n_days
    FROM analysis.state_spell
    WHERE episode = 1
        AND start_date <= add_months(index_date, $followed_months)
),

persons AS (
    SELECT
        person_key,
        arm,
        state,
        sum(n_days) AS n_days,
        max(n_days) AS longest_days
    FROM spells
    GROUP BY person_key, arm, state
)

SELECT
    arms.arm,
    states.state,
    arms.n_persons,
    count(persons.person_key)                              AS n_ever,
    CAST(coalesce(sum(persons.n_days), 0) AS BIGINT)       AS all_days,
    CAST(coalesce(sum(persons.longest_days), 0) AS BIGINT) AS all_longest_days
FROM (
    SELECT arm, count(*) AS n_persons FROM analysis.cohort WHERE episode = 1 GROUP BY arm
) AS arms
CROSS JOIN (SELECT state.state FROM (SELECT unnest($states) AS state)) AS states
LEFT JOIN persons
    ON arms.arm = persons.arm
    AND states.state = persons.state
GROUP BY arms.arm, states.state, arms.n_persons
ORDER BY arms.arm, states.state
