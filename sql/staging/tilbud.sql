-- Grain: one row an offer.
SELECT
    person_key,
    KOMMUNE              AS municipality,
    TILBUDT_DATO         AS offered_on,
    SVAR                 AS accepted,
    INDSKREVET_DATO      AS enrolled_on,
    UDSKREVET_DATO       AS discharged_on,
    CASE
        WHEN UDSKREVET_AARSAG IN ('gennemfoert', 'gennemført') THEN 'completed'
        WHEN UDSKREVET_AARSAG = 'afbrudt' THEN 'interrupted'
        WHEN UDSKREVET_AARSAG = 'afbrudt_frivilligt' THEN 'interrupted_by_person'
        WHEN UDSKREVET_AARSAG = 'afbrudt_ufrivilligt' THEN 'interrupted_by_programme'
        WHEN UDSKREVET_AARSAG = 'flyttet' THEN 'moved'
        WHEN UDSKREVET_AARSAG IN ('doed', 'død') THEN 'died'
    END                  AS discharge_reason,
    HENVIST_DATO         AS referred_on
FROM typed.tilbud
