-- Grain: one row a person in the study and domain in which an activity was planned or begun during the stay, the first
-- one of a person that has several.
SELECT DISTINCT
    cohort.person_key,
    activity.domain
FROM analysis.cohort AS cohort
INNER JOIN core.plan_activity AS activity
    ON cohort.person_key = activity.person_key
    AND (
        (activity.planned_on >= cohort.admission_date AND activity.planned_on < cohort.index_date)
        OR (activity.begun_on >= cohort.admission_date AND activity.begun_on < cohort.index_date)
    )
WHERE cohort.episode = 1
