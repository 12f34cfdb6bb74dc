-- Grain: one row a person and day from which a completed education was the highest. Without UDDA nobody's is known.
SELECT
    person_key,
    highest_from_date      AS start_date,
    max(highest_programme) AS programme
FROM staging.udda
WHERE highest_from_date IS NOT NULL
    AND highest_programme IS NOT NULL
GROUP BY person_key, highest_from_date
UNION ALL
SELECT
    CAST(NULL AS BIGINT)   AS person_key,
    CAST(NULL AS DATE)     AS start_date,
    CAST(NULL AS VARCHAR)  AS programme
WHERE FALSE
