-- Grain: one row a person and job at the end of November of the year.
SELECT
    person_key,
    CAST(substr(AAR, 1, 4) AS INTEGER)             AS year,
    CASE STOETTE_BESK_KODE
        WHEN '0' THEN 'ordinary'
        WHEN '1' THEN 'wage_subsidy'
        WHEN '2' THEN 'job_rotation'
        WHEN '3' THEN 'flexible_job'
        WHEN '4' THEN 'sheltered_job'
        WHEN '5' THEN 'service_job'
        WHEN '6' THEN 'adult_apprentice'
        WHEN '7' THEN 'rehabilitation'
    END                                            AS support,
    coalesce(TYPE_2008, TYPE)                      AS job_type_code,
    coalesce(ANSDAGE_2008, ANSDAGE)                AS employed_days,
    LOENTIMER                                      AS paid_hours,
    coalesce(SMALT_LOEN_BELOEB, JOBLON)            AS wage_dkk,
    BREDT_LOEN_BELOEB                              AS broad_wage_dkk,
    SOC_STATUS_KODE                                AS status_code,
    FRAVAER_BESK_KODE                              AS absence_code,
    CASE
        WHEN length(ARB_HOVED_BRA_DB07) = 5 THEN '0' || ARB_HOVED_BRA_DB07
        ELSE ARB_HOVED_BRA_DB07
    END                                            AS industry,
    ARB_SEKTORKODE                                 AS sector_code,
    DISCO_KODE                                     AS occupation,
    KOM                                            AS workplace_municipality
FROM typed.idan
