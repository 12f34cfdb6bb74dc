-- Grain: one row a person and run of months with one industry of the job, half-open in days. The six digits of DB07 lose
-- a leading zero where they were read as a number.
SELECT
    person_key,
    CASE WHEN length(value) = 5 THEN '0' || value ELSE value END   AS industry,
    start_date,
    stop_date
FROM typed.dream_industry_spell
