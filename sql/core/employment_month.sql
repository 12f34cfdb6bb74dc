-- Grain: one row a person and calendar month with paid work, all jobs together.
SELECT
    person_key,
    CAST(date_trunc('month', start_date) AS DATE) AS month_start,
    sum(paid_hours)                               AS paid_hours,
    sum(wage_dkk)                                 AS wage_dkk
FROM staging.bfl
GROUP BY person_key, CAST(date_trunc('month', start_date) AS DATE)
