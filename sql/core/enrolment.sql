-- Grain: one row an offer of the programme, taken up or not; in the Exit programme a referral to it is the offer.
SELECT
    person_key,
    municipality,
    offered_on,
    accepted,
    enrolled_on,
    discharged_on,
    discharge_reason
FROM staging.tilbud
UNION ALL
SELECT
    person_key,
    municipality,
    referred_on             AS offered_on,
    decision = 'enrolled'   AS accepted,
    enrolled_on,
    discharged_on,
    discharge_reason
FROM staging.exit_sag
