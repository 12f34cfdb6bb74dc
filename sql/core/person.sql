-- Grain: one row a person in the population register. Of the yearly records the latest one stands.
WITH ranked AS (
    SELECT
        person_key,
        birth_date,
        sex,
        origin,
        row_number() OVER (PARTITION BY person_key ORDER BY reference_date DESC) AS newest_first
    FROM staging.bef
)

SELECT
    person_key,
    birth_date,
    sex,
    origin
FROM ranked
WHERE newest_first = 1
