-- Grain: one row a person in the study and number of months after the index date: the person's one state on that day.
-- Order when several fit: dead, emigrated, in custody, employed, in education, benefit, no record.
WITH days AS (
    SELECT
        cohort.person_key,
        cohort.arm,
        months.month,
        add_months(cohort.index_date, months.month) AS on_day
    FROM analysis.cohort AS cohort
    CROSS JOIN (SELECT unnest($status_months) AS month) AS months
),

dead AS (
    SELECT DISTINCT days.person_key, days.month
    FROM days
    INNER JOIN core.death AS death
        ON days.person_key = death.person_key
        AND death.death_date <= days.on_day
),

abroad AS (
    SELECT DISTINCT days.person_key, days.month
    FROM days
    INNER JOIN core.absence AS absence
        ON days.person_key = absence.person_key
        AND absence.start_date <= days.on_day
        AND coalesce(absence.stop_date, DATE '9999-12-31') > days.on_day
),

in_custody AS (
    SELECT DISTINCT days.person_key, days.month
    FROM days
    INNER JOIN core.custody_stay AS stay
        ON days.person_key = stay.person_key
        AND stay.start_date <= days.on_day
        AND coalesce(stay.stop_date, DATE '9999-12-31') > days.on_day
),

employed AS (
    SELECT DISTINCT days.person_key, days.month
    FROM days
    INNER JOIN core.employment_month AS employment
        ON days.person_key = employment.person_key
        AND employment.month_start = CAST(date_trunc('month', days.on_day) AS DATE)
        AND employment.paid_hours > $min_paid_hours
),

in_education AS (
    SELECT DISTINCT days.person_key, days.month
    FROM days
    INNER JOIN core.education_spell AS education
        ON days.person_key = education.person_key
        AND education.start_date <= days.on_day
        AND coalesce(education.stop_date, DATE '9999-12-31') > days.on_day
),

on_benefit AS (
    SELECT DISTINCT days.person_key, days.month
    FROM days
    INNER JOIN core.benefit_spell AS benefit
        ON days.person_key = benefit.person_key
        AND benefit.start_date <= days.on_day
        AND benefit.stop_date > days.on_day
        AND benefit.benefit_code NOT IN (SELECT unnest($no_support_codes))
)

SELECT
    days.person_key,
    days.arm,
    days.month,
    CASE
        WHEN dead.person_key IS NOT NULL THEN 'dead'
        WHEN abroad.person_key IS NOT NULL THEN 'emigrated'
        WHEN in_custody.person_key IS NOT NULL THEN 'in_custody'
        WHEN employed.person_key IS NOT NULL THEN 'employed'
        WHEN in_education.person_key IS NOT NULL THEN 'in_education'
        WHEN on_benefit.person_key IS NOT NULL THEN 'benefit'
        ELSE 'no_record'
    END AS state
FROM days
LEFT JOIN dead
    ON days.person_key = dead.person_key AND days.month = dead.month
LEFT JOIN abroad
    ON days.person_key = abroad.person_key AND days.month = abroad.month
LEFT JOIN in_custody
    ON days.person_key = in_custody.person_key AND days.month = in_custody.month
LEFT JOIN employed
    ON days.person_key = employed.person_key AND days.month = employed.month
LEFT JOIN in_education
    ON days.person_key = in_education.person_key AND days.month = in_education.month
LEFT JOIN on_benefit
    ON days.person_key = on_benefit.person_key AND days.month = on_benefit.month
