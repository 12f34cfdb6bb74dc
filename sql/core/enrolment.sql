-- Grain: one row an offer of the programme, taken up or not.
SELECT
    person_key,
    municipality,
    offered_on,
    accepted,
    enrolled_on,
    discharged_on,
    discharge_reason
FROM staging.tilbud
