-- Grain: one row a person, benefit and spell, half-open: the last day counts, so the stop is the day after; NULL while it
-- lasts. benefit is one of evalkit's own words.
SELECT
    person_key,
    CASE YTELSE
        WHEN 'sosialhjelp' THEN 'social_assistance'
        WHEN 'kvp' THEN 'qualification_programme'
        WHEN 'dagpenger' THEN 'unemployment_benefit'
        WHEN 'tiltakspenger' THEN 'measure_allowance'
        WHEN 'aap' THEN 'work_assessment_allowance'
        WHEN 'ufore' THEN 'disability_pension'
        WHEN 'sykepenger' THEN 'sickness_benefit'
        WHEN 'overgangsstonad' THEN 'transitional_benefit'
        WHEN 'overgangsstønad' THEN 'transitional_benefit'
        WHEN 'foreldrepenger' THEN 'parental_benefit'
        WHEN 'alderspensjon' THEN 'old_age_pension'
    END                                           AS benefit,
    FRA_DATO                                      AS start_date,
    CAST(TIL_DATO + INTERVAL '1' DAY AS DATE)     AS stop_date,
    GRAD                                          AS grade,
    CASE
        WHEN length(KOMMUNE_NR) = 3 THEN '0' || KOMMUNE_NR
        ELSE KOMMUNE_NR
    END                                           AS municipality
FROM typed.fd_trygd
