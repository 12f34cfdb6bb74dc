-- Grain: one row a person and week with a benefit; a blank week has no row.
SELECT
    person_key,
    week_start,
    value   AS benefit_code
FROM typed.dream_week
