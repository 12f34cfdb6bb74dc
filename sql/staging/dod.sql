-- Grain: one row a person who died.
SELECT
    person_key,
    DODDATO   AS death_date
FROM typed.dod
