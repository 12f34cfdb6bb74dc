-- Grain: one row a case list, criterion of the target group, answer, and whether the person was enrolled.
-- A blank is not answered, which is not no.
WITH exit_criteria AS (
    SELECT unnest([
        'crime_or_risk', 'in_gang', 'without_work_and_education', 'needs_effort', 'motivated', 'has_potential',
        'severe_mental_illness', 'staff_at_risk', 'untreated_addiction', 'elsewhere_without_funding'
    ]) AS criterion
),

jobupdate_criteria AS (
    SELECT unnest(['match_group_2_or_3', 'transfer_income', 'in_prison_before']) AS criterion
),

answers AS (
    SELECT
        'exit_sag'                      AS layout,
        one.person_key,
        one.case_id,
        criteria.criterion,
        CASE criteria.criterion
            WHEN 'crime_or_risk' THEN one.crime_or_risk
            WHEN 'in_gang' THEN one.in_gang
            WHEN 'without_work_and_education' THEN one.without_work_and_education
            WHEN 'needs_effort' THEN one.needs_effort
            WHEN 'motivated' THEN one.motivated
            WHEN 'has_potential' THEN one.has_potential
            WHEN 'severe_mental_illness' THEN one.severe_mental_illness
            WHEN 'staff_at_risk' THEN one.staff_at_risk
            WHEN 'untreated_addiction' THEN one.untreated_addiction
            ELSE one.municipality <> '101' AND NOT one.funding_promised
        END                             AS holds
    FROM staging.exit_sag AS one
    CROSS JOIN exit_criteria AS criteria
    UNION ALL
    SELECT
        'jobupdate_henvisning'          AS layout,
        one.person_key,
        CAST(one.referred_on AS VARCHAR)    AS case_id,
        criteria.criterion,
        CASE criteria.criterion
            WHEN 'match_group_2_or_3' THEN one.match_group IN ('2', '3')
            WHEN 'transfer_income' THEN one.had_transfer_income
            ELSE one.was_in_prison_before
        END                             AS holds
    FROM staging.jobupdate_henvisning AS one
    CROSS JOIN jobupdate_criteria AS criteria
)

SELECT
    answers.layout,
    answers.criterion,
    CASE
        WHEN answers.holds THEN 'yes'
        WHEN NOT answers.holds THEN 'no'
        ELSE 'not_answered'
    END                                     AS answer,
    one.enrolled_on IS NOT NULL             AS enrolled,
    count(*)                                AS n_persons
FROM answers
INNER JOIN analysis.programme_case AS one
    ON answers.layout = one.layout
    AND answers.person_key = one.person_key
    AND answers.case_id = one.case_id
GROUP BY answers.layout, answers.criterion, answer, enrolled
ORDER BY answers.layout, answers.criterion, answer, enrolled
