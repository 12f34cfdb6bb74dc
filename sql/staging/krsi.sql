-- Grain: one row a charge.
-- The offence code is GER9, from 2005; before that GER7, which lost its last three digits in 2020.
SELECT
    person_key,
    JOURNR                         AS journal,
    SIG_GER1DTO                    AS offence_start_date,
    SIG_GER2DTO                    AS offence_end_date,
    SIG_SIGTDTO                    AS charge_date,
    coalesce(SIG_GER9, SIG_GER7)   AS offence_code,
    SIG_SIGTGERK                   AS police_offence_code,
    SIG_GERKOM                     AS offence_municipality,
    SIG_ADRKOM                     AS residence_municipality,
    SIG_SIGTALD                    AS age_years,
    CASE
        WHEN SIG_FORSMEDK IN ('F', '2') THEN 'attempt'
        WHEN SIG_FORSMEDK IN ('M', '1') THEN 'complicity'
        WHEN SIG_FORSMEDK = '0' THEN 'none'
    END                            AS involvement,
    SIG_KONFANT                    AS n_secondary_charges,
    SIG_AFGJKOD                    AS adjudication_code,
    SIG_STATSKOD                   AS citizenship,
    SIG_TAAR                       AS counting_year,
    CPRTJEK                        AS identity_check,
    CPRTYPE                        AS identity_type
FROM typed.krsi
