-- Grain: one row a person. The birth date in DREAM is the first of the month.
SELECT
    person_key,
    FOEDDT            AS birth_month,
    KON               AS sex_code,
    HERKOMST          AS origin_code,
    STATSBORGERSKAB   AS citizenship,
    CIVILSTAND        AS civil_status_code
FROM typed.dream
