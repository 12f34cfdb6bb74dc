-- Grain: one row a dated contact with a consultant.
SELECT
    person_key,
    contact_date,
    contact_kind
FROM staging.kontakt
