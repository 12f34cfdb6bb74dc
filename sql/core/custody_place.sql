-- Grain: one row a person and day on which a register tells where in custody the person is: a prison, a remand house.
SELECT
    person_key,
    admission_date      AS placed_on,
    facility
FROM staging.krin
WHERE facility IS NOT NULL
    AND custody_code NOT IN ('1', '2')
UNION ALL
SELECT
    person_key,
    start_date          AS placed_on,
    facility
FROM staging.kriminalomsorgen
WHERE facility IS NOT NULL
