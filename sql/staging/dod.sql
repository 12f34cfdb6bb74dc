-- Grain: one row a person who died.
SELECT
    person_key,
    DODDATO       AS death_date,
    ALDER_HAEND   AS age_years,
    CPRTJEK       AS identity_check,
    CPRTYPE       AS identity_type
FROM typed.dod
