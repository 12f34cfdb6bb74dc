-- Grain: one row an offer of the programme, taken up or not; in the Exit programme a referral to it is the offer. A study
-- that reads no offers may have neither list; one that does has been refused before this is built.
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
UNION ALL
SELECT
    CAST(NULL AS BIGINT)    AS person_key,
    CAST(NULL AS VARCHAR)   AS municipality,
    CAST(NULL AS DATE)      AS offered_on,
    CAST(NULL AS BOOLEAN)   AS accepted,
    CAST(NULL AS DATE)      AS enrolled_on,
    CAST(NULL AS DATE)      AS discharged_on,
    CAST(NULL AS VARCHAR)   AS discharge_reason
WHERE FALSE
