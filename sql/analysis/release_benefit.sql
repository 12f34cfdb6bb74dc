-- Grain: one row an arm: persons without paid work in the month of release and not in education on the day, and of them
-- those whose benefit is settled: DREAM has one in the week of release.
WITH worked AS (
    SELECT DISTINCT released.person_key
    FROM analysis.released AS released
    INNER JOIN core.employment_month AS work
        ON released.person_key = work.person_key
        AND work.month_start = CAST(date_trunc('month', released.release_date) AS DATE)
    WHERE work.paid_hours > $min_paid_hours
),

studied AS (
    SELECT DISTINCT released.person_key
    FROM analysis.released AS released
    INNER JOIN core.education_spell AS education
        ON released.person_key = education.person_key
        AND education.start_date <= released.release_date
        AND coalesce(education.stop_date, DATE '9999-12-31') > released.release_date
),

supported AS (
    SELECT DISTINCT released.person_key
    FROM analysis.released AS released
    INNER JOIN core.benefit_spell AS benefit
        ON released.person_key = benefit.person_key
        AND benefit.start_date <= released.release_date
        AND benefit.stop_date > released.release_date
    WHERE benefit.benefit_code NOT IN (SELECT unnest($no_support_codes))
)

SELECT
    released.arm,
    'benefit_settled'                                           AS measure,
    count(*)                                                    AS n_persons,
    count(*) FILTER (WHERE supported.person_key IS NOT NULL)    AS n_reached
FROM analysis.released AS released
LEFT JOIN worked
    ON released.person_key = worked.person_key
LEFT JOIN studied
    ON released.person_key = studied.person_key
LEFT JOIN supported
    ON released.person_key = supported.person_key
WHERE worked.person_key IS NULL
    AND studied.person_key IS NULL
GROUP BY released.arm
ORDER BY released.arm
