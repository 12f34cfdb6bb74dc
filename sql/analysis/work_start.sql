-- Grain: one row an arm and number of months: how many had been in work or education on any day up to and with the same
-- day of the month so many months after the index date.
SELECT
    cohort.arm,
    months.month,
    count(*)                AS n_persons,
    count(begun.person_key) AS n_started
FROM analysis.cohort AS cohort
CROSS JOIN (SELECT unnest($status_months) AS month) AS months
LEFT JOIN analysis.work_begin AS begun
    ON cohort.person_key = begun.person_key
    AND begun.begin_date <= add_months(cohort.index_date, months.month)
WHERE cohort.episode = 1
GROUP BY cohort.arm, months.month
ORDER BY cohort.arm, months.month
