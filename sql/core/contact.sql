-- Grain: one row a dated contact with a consultant, or notice to the municipality; attended is NULL where nobody said.
SELECT
    person_key,
    contact_date,
    contact_kind,
    attended
FROM staging.kontakt
