-- Grain: one row a contact.
SELECT
    person_key,
    KONTAKT_DATO               AS contact_date,
    CASE
        WHEN KONTAKT_ART IN ('besoeg', 'besøg') THEN 'visit'
        WHEN KONTAKT_ART IN ('moede', 'møde') THEN 'meeting'
        WHEN KONTAKT_ART = 'trepart' THEN 'three_party_meeting'
        WHEN KONTAKT_ART = 'telefon' THEN 'telephone'
        WHEN KONTAKT_ART = 'underretning' THEN 'notification'
    END                        AS contact_kind,
    FREMMOEDT                  AS attended
FROM typed.kontakt
