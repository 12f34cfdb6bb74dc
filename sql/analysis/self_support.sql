-- Grain: one row an arm and number of months after the index date: persons, those who support themselves on the day (at
-- liberty in the country, and no public support in the week), and of these those with paid work in the month. Without
-- support and without pay is self-supporting too, and by whom is in no register.
WITH at_liberty AS (
    SELECT
        day.person_key,
        day.arm,
        day.month,
        add_months(cohort.index_date, day.month) AS on_day
    FROM analysis.status_day AS day
    INNER JOIN analysis.cohort AS cohort
        ON day.person_key = cohort.person_key
        AND day.episode = cohort.episode
    WHERE day.episode = 1
        AND day.state NOT IN ('dead', 'emigrated', 'in_custody')
),

supported AS (
    SELECT DISTINCT at_liberty.person_key, at_liberty.month
    FROM at_liberty
    INNER JOIN core.benefit_spell AS benefit
        ON at_liberty.person_key = benefit.person_key
        AND benefit.start_date <= at_liberty.on_day
        AND benefit.stop_date > at_liberty.on_day
    WHERE benefit.benefit_code NOT IN (SELECT unnest($no_support_codes))
),

paid AS (
    SELECT at_liberty.person_key, at_liberty.month
    FROM at_liberty
    INNER JOIN core.employment_month AS employment
        ON at_liberty.person_key = employment.person_key
        AND employment.month_start = CAST(date_trunc('month', at_liberty.on_day) AS DATE)
    GROUP BY at_liberty.person_key, at_liberty.month
    HAVING sum(employment.paid_hours) > $min_paid_hours
),

themselves AS (
    SELECT
        at_liberty.arm,
        at_liberty.month,
        count(*)                    AS n_self_supporting,
        count(paid.person_key)      AS n_paid
    FROM at_liberty
    LEFT JOIN supported
        ON at_liberty.person_key = supported.person_key
        AND at_liberty.month = supported.month
    LEFT JOIN paid
        ON at_liberty.person_key = paid.person_key
        AND at_liberty.month = paid.month
    WHERE supported.person_key IS NULL
    GROUP BY at_liberty.arm, at_liberty.month
)

SELECT
    status.arm,
    status.month,
    CAST(sum(status.n_persons) AS BIGINT)                       AS n_persons,
    coalesce(max(themselves.n_self_supporting), 0)              AS n_self_supporting,
    coalesce(max(themselves.n_paid), 0)                         AS n_paid
FROM analysis.status AS status
LEFT JOIN themselves
    ON status.arm = themselves.arm
    AND status.month = themselves.month
GROUP BY status.arm, status.month
ORDER BY status.arm, status.month
