-- Grain: one row a person and unbroken run of weeks with one benefit code, half-open in days.
WITH numbered AS (
    SELECT
        person_key,
        week_start,
        benefit_code,
        row_number() OVER (PARTITION BY person_key, benefit_code ORDER BY week_start) AS week_number
    FROM staging.dream_week
),

runs AS (
    -- Consecutive weeks of one code share the day on which the run would have begun at week number 0.
    SELECT
        person_key,
        benefit_code,
        week_start,
        date_diff('day', DATE '1990-01-01', week_start) - 7 * week_number AS run_key
    FROM numbered
)

SELECT
    person_key,
    benefit_code,
    min(week_start)                          AS start_date,
    CAST(max(week_start) + INTERVAL 7 DAY AS DATE) AS stop_date
FROM runs
GROUP BY person_key, benefit_code, run_key
