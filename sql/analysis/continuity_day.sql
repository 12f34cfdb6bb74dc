-- Grain: one row a person in the study, planned domain and checkpoint (0 = within the first days, else months): is an
-- activity in the domain under way, and has one that was planned or begun in custody ended by then, as intended or without
-- a reason.
WITH checkpoints AS (
    SELECT 0 AS months
    UNION ALL
    SELECT unnest($checkpoints_months) AS months
),

planned AS (
    SELECT
        cohort.person_key,
        planned_domain.domain,
        cohort.admission_date,
        cohort.index_date,
        checkpoints.months,
        CASE
            WHEN checkpoints.months = 0
                THEN CAST(cohort.index_date + $resume_within_days * INTERVAL 1 DAY AS DATE)
            ELSE add_months(cohort.index_date, checkpoints.months)
        END                                                                             AS on_day,
        CAST(cohort.index_date + $resume_within_days * INTERVAL 1 DAY AS DATE)          AS last_resume_day
    FROM analysis.cohort AS cohort
    INNER JOIN analysis.planned_domain AS planned_domain
        ON cohort.person_key = planned_domain.person_key
    CROSS JOIN checkpoints
    WHERE cohort.episode = 1
)

SELECT
    planned.person_key,
    planned.domain,
    planned.months,
    -- Resumed: under way on some day from release to the last day of the window.
    count(*) FILTER (
        WHERE activity.begun_on <= planned.last_resume_day
        AND coalesce(activity.ended_on, DATE '9999-12-31') > planned.index_date
    ) > 0 AS is_resumed,
    count(*) FILTER (
        WHERE activity.begun_on <= planned.on_day
        AND coalesce(activity.ended_on, DATE '9999-12-31') > planned.on_day
    ) > 0 AS is_under_way,
    count(*) FILTER (
        WHERE activity.end_reason = 'completed'
        AND activity.ended_on <= planned.on_day
        AND activity.ended_on >= planned.admission_date
        AND (
            (activity.planned_on >= planned.admission_date AND activity.planned_on < planned.index_date)
            OR (activity.begun_on >= planned.admission_date AND activity.begun_on < planned.index_date)
        )
    ) > 0 AS is_completed,
    -- Ended by then, and nobody said why.
    count(*) FILTER (
        WHERE activity.end_reason IS NULL
        AND activity.ended_on <= planned.on_day
        AND activity.ended_on >= planned.admission_date
        AND (
            (activity.planned_on >= planned.admission_date AND activity.planned_on < planned.index_date)
            OR (activity.begun_on >= planned.admission_date AND activity.begun_on < planned.index_date)
        )
    ) > 0 AS is_unknown_end
FROM planned
INNER JOIN core.plan_activity AS activity
    ON planned.person_key = activity.person_key
    AND planned.domain = activity.domain
GROUP BY planned.person_key, planned.domain, planned.months
