-- Grain: one row a person and run of months with one degree of employment, half-open in days.
SELECT
    person_key,
    value        AS employment_rate,
    start_date,
    stop_date
FROM typed.dream_employment_rate_spell
