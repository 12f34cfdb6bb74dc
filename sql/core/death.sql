-- Grain: one row a dead person. Several registrations of one death: the earliest stands.
SELECT
    person_key,
    min(death_date) AS death_date
FROM staging.dod
GROUP BY person_key
