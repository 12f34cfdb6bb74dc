-- Grain: one row an arm: days in custody, and of them days with an open plan of a municipality, as sums over persons of
-- days, of their squares and of their product. Days on which several plans are open count once. n_open is how many had
-- such a plan open during the stay at all.
WITH spans AS (
    SELECT
        cohort.person_key,
        greatest(plan.created_on, cohort.admission_date)                            AS start_on,
        least(coalesce(plan.closed_on, DATE '9999-12-31'), cohort.index_date)       AS stop_on
    FROM analysis.cohort AS cohort
    INNER JOIN core.plan AS plan
        ON cohort.person_key = plan.person_key
        AND plan.owner = 'municipality'
        AND plan.created_on < cohort.index_date
        -- A stay that ends on the day it began has no days, but a plan can be open in it.
        AND coalesce(plan.closed_on, DATE '9999-12-31')
        > least(cohort.admission_date, CAST(cohort.index_date - INTERVAL 1 DAY AS DATE))
    WHERE cohort.episode = 1
),

in_order AS (
    SELECT
        person_key,
        start_on,
        stop_on,
        max(stop_on) OVER (
            PARTITION BY person_key
            ORDER BY start_on, stop_on
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS reached_on
    FROM spans
),

open_days AS (
    SELECT
        person_key,
        sum(greatest(date_diff('day', greatest(start_on, coalesce(reached_on, start_on)), stop_on), 0)) AS n_open_days
    FROM in_order
    GROUP BY person_key
),

persons AS (
    SELECT
        cohort.person_key,
        cohort.arm,
        open_days.person_key IS NOT NULL                               AS is_open,
        CAST(coalesce(open_days.n_open_days, 0) AS BIGINT)             AS n_open_days,
        date_diff('day', cohort.admission_date, cohort.index_date)     AS n_days
    FROM analysis.cohort AS cohort
    LEFT JOIN open_days
        ON cohort.person_key = open_days.person_key
    WHERE cohort.episode = 1
)

SELECT
    arm,
    count(*)                                           AS n_persons,
    count(*) FILTER (WHERE is_open)                    AS n_open,
    CAST(sum(n_open_days) AS BIGINT)                   AS all_events,
    CAST(sum(n_days) AS BIGINT)                        AS all_days,
    CAST(sum(n_open_days * n_open_days) AS BIGINT)     AS events_squared,
    CAST(sum(n_open_days * n_days) AS BIGINT)          AS events_days,
    CAST(sum(n_days * n_days) AS BIGINT)               AS days_squared
FROM persons
GROUP BY arm
ORDER BY arm
