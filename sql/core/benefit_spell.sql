-- Grain: one row a person and unbroken time with one benefit code, half-open in days.
-- Spells of one code that touch or overlap are one: DREAM may come in two files, of which one goes on where the other
-- ends or tells the same weeks again.
WITH reaching AS (
    SELECT
        person_key,
        benefit_code,
        start_date,
        max(stop_date) OVER (
            PARTITION BY person_key, benefit_code
            ORDER BY start_date, stop_date
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        )                                                            AS reached_before,
        max(stop_date) OVER (PARTITION BY person_key, benefit_code)  AS last_stop_date
    FROM staging.dream_spell
),

beginning AS (
    -- Each of these begins an unbroken time, and the one before it had reached no further than it says.
    SELECT
        person_key,
        benefit_code,
        start_date,
        reached_before,
        last_stop_date
    FROM reaching
    WHERE reached_before IS NULL OR reached_before < start_date
)

SELECT
    person_key,
    benefit_code,
    start_date,
    coalesce(
        lead(reached_before) OVER (PARTITION BY person_key, benefit_code ORDER BY start_date),
        last_stop_date
    ) AS stop_date
FROM beginning
