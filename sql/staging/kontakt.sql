-- Grain: one row a contact.
SELECT
    person_key,
    KONTAKT_DATO               AS contact_date,
    CASE KONTAKT_ART
        WHEN 'besøg' THEN 'besoeg'
        WHEN 'møde' THEN 'moede'
        ELSE KONTAKT_ART
    END                        AS contact_kind,
    FREMMOEDT                  AS attended
FROM typed.kontakt
