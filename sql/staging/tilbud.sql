-- Grain: one row an offer.
SELECT
    person_key,
    KOMMUNE              AS municipality,
    TILBUDT_DATO         AS offered_on,
    SVAR                 AS accepted,
    INDSKREVET_DATO      AS enrolled_on,
    UDSKREVET_DATO       AS discharged_on,
    UDSKREVET_AARSAG     AS discharge_reason
FROM typed.tilbud
