-- Grain: one row a person. The birth date in DREAM is the first of the month.
SELECT
    person_key,
    FOEDDT   AS birth_month,
    KON      AS sex_code
FROM typed.dream
