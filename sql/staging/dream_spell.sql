-- Grain: one row a person and run of weeks with one benefit code, half-open in days; a blank week is in no row.
SELECT
    person_key,
    value        AS benefit_code,
    start_date,
    stop_date
FROM typed.dream_spell
