-- Grain: one row a person and unbroken time with one benefit code, half-open in days.
-- Spells of one code that touch or overlap are one: DREAM may come in two files, of which one goes on where the other
-- ends or tells the same weeks again. Most persons have nothing to join, so only what does is put in order twice.
WITH reaching AS (
    SELECT
        person_key,
        benefit_code,
        start_date,
        stop_date,
        max(stop_date) OVER (
            PARTITION BY person_key, benefit_code
            ORDER BY start_date, stop_date
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS reached_before
    FROM staging.dream_spell
),

joining AS (
    SELECT DISTINCT
        person_key,
        benefit_code
    FROM reaching
    WHERE reached_before >= start_date
),

numbered AS (
    SELECT
        reaching.person_key,
        reaching.benefit_code,
        reaching.start_date,
        reaching.stop_date,
        sum(CASE WHEN reaching.reached_before >= reaching.start_date THEN 0 ELSE 1 END) OVER (
            PARTITION BY reaching.person_key, reaching.benefit_code
            ORDER BY reaching.start_date, reaching.stop_date
            ROWS UNBOUNDED PRECEDING
        ) AS spell_number
    FROM reaching
    INNER JOIN joining
        ON reaching.person_key = joining.person_key
        AND reaching.benefit_code = joining.benefit_code
)

SELECT
    reaching.person_key,
    reaching.benefit_code,
    reaching.start_date,
    reaching.stop_date
FROM reaching
LEFT JOIN joining
    ON reaching.person_key = joining.person_key
    AND reaching.benefit_code = joining.benefit_code
WHERE joining.person_key IS NULL
UNION ALL
SELECT
    person_key,
    benefit_code,
    min(start_date) AS start_date,
    max(stop_date)  AS stop_date
FROM numbered
GROUP BY person_key, benefit_code, spell_number
