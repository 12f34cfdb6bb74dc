-- Grain: one row a job and month, half-open: the register's last day counts, so the stop is the day after. The six digits
-- of DB07 lose a leading zero where they were read as a number.
SELECT
    person_key,
    AJO_JOB_START_DATO                                     AS start_date,
    CAST(AJO_JOB_SLUT_DATO + INTERVAL '1' DAY AS DATE)     AS stop_date,
    AJO_LOENTIMER                                          AS paid_hours,
    AJO_SMALT_LOENBELOEB                                   AS wage_dkk,
    AJO_BREDT_LOENBELOEB                                   AS broad_wage_dkk,
    AJO_INDBERETTEDE_LOENTIMER                             AS reported_hours,
    AJO_LOENTIME_KODE                                      AS hours_source_code,
    AJO_FULDTID_BESKAEFTIGET                               AS full_time_share,
    CASE
        WHEN length(AJO_BRANCHE07) = 5 THEN '0' || AJO_BRANCHE07
        ELSE AJO_BRANCHE07
    END                                                    AS industry,
    AJO_ARB_KOMKODE                                        AS workplace_municipality,
    SEKTORKODE                                             AS sector_code,
    VMO_DISCO_KODE                                         AS occupation,
    CPRTJEK                                                AS identity_check,
    CPRTYPE                                                AS identity_type
FROM typed.bfl
