-- Grain: one row a person and spell in one municipality, half-open; the last spell has no stop.
-- The register is read once a year: a change of municipality is dated by the date of moving in where that lies between
-- the two readings, else by the later reading.
WITH readings AS (
    SELECT
        person_key,
        municipality,
        reference_date,
        moved_in_date,
        lag(municipality) OVER (PARTITION BY person_key ORDER BY reference_date) AS previous_municipality,
        lag(reference_date) OVER (PARTITION BY person_key ORDER BY reference_date) AS previous_reference_date
    FROM staging.bef
    WHERE municipality IS NOT NULL
),

spell_starts AS (
    SELECT
        person_key,
        municipality,
        CASE
            WHEN moved_in_date IS NULL OR moved_in_date > reference_date THEN reference_date
            WHEN previous_reference_date IS NOT NULL AND moved_in_date <= previous_reference_date THEN reference_date
            ELSE moved_in_date
        END AS start_date
    FROM readings
    WHERE previous_municipality IS NULL OR previous_municipality <> municipality
)

SELECT
    person_key,
    municipality,
    start_date,
    lead(start_date) OVER (PARTITION BY person_key ORDER BY start_date) AS stop_date
FROM spell_starts
