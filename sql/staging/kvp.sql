-- Grain: one row a participant, municipality and reporting year of the qualification programme; a programme that lasts
-- comes again with the same begun_on. ended_on is a day, not half-open; exit states stand beside each other, several may
-- hold. A municipality's code loses a leading zero where it was read as a number.
SELECT
    person_key,
    CASE
        WHEN length(KOMMUNE_NR) = 3 THEN '0' || KOMMUNE_NR
        ELSE KOMMUNE_NR
    END                                    AS municipality,
    CASE
        WHEN VERSION < 100 THEN 2000 + VERSION
        ELSE VERSION
    END                                    AS reporting_year,
    REG_DATO                               AS applied_on,
    VEDTAK_DATO                            AS granted_on,
    BEGYNT_DATO                            AS begun_on,
    AVSL_DATO                              AS ended_on,
    CASE STATUS
        WHEN '1' THEN 'under_way'
        WHEN '2' THEN 'on_leave'
        WHEN '3' THEN 'completed'
        WHEN '4' THEN 'absent'
        WHEN '5' THEN 'moved'
        WHEN '6' THEN 'moved_within_oslo'
        WHEN '7' THEN 'ended_after_break'
    END                                    AS state,
    AVSL_ORDINAERTARB                      AS exit_ordinary_work,
    AVSL_ARBLONNSTILS                      AS exit_subsidised_work,
    AVSL_ARBMARK                           AS exit_labour_market_measure,
    AVSL_SKOLE                             AS exit_education,
    AVSL_UFORE                             AS exit_disability_pension,
    AVSL_AAP                               AS exit_work_assessment,
    AVSL_OK_AVKLAR                         AS exit_social_assistance_waiting,
    AVSL_UTEN_OK_AVKLAR                    AS exit_social_assistance,
    AVSL_ANNET                             AS exit_other,
    AVSL_UKJENT                            AS exit_unknown,
    CASE
        WHEN length(AVSL_VIKTIGSTE_INNTEKT) = 1 THEN '0' || AVSL_VIKTIGSTE_INNTEKT
        ELSE AVSL_VIKTIGSTE_INNTEKT
    END                                    AS exit_income_code,
    CASE WHEN STMND_1 THEN 1 ELSE 0 END
    + CASE WHEN STMND_2 THEN 1 ELSE 0 END
    + CASE WHEN STMND_3 THEN 1 ELSE 0 END
    + CASE WHEN STMND_4 THEN 1 ELSE 0 END
    + CASE WHEN STMND_5 THEN 1 ELSE 0 END
    + CASE WHEN STMND_6 THEN 1 ELSE 0 END
    + CASE WHEN STMND_7 THEN 1 ELSE 0 END
    + CASE WHEN STMND_8 THEN 1 ELSE 0 END
    + CASE WHEN STMND_9 THEN 1 ELSE 0 END
    + CASE WHEN STMND_10 THEN 1 ELSE 0 END
    + CASE WHEN STMND_11 THEN 1 ELSE 0 END
    + CASE WHEN STMND_12 THEN 1 ELSE 0 END     AS n_paid_months,
    KVP_STONAD                             AS benefit_nok,
    YTELSE_SOSHJELP                        AS had_social_assistance,
    KVP_KOMM                               AS from_other_municipality,
    CASE KJONN
        WHEN '1' THEN 'man'
        WHEN '2' THEN 'woman'
    END                                    AS sex
FROM typed.kvp
