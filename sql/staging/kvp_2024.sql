-- Grain: one row a participant, municipality and reporting year of the qualification programme; the columns are those of
-- kvp. Dates are six digits, day first, and always of the 2000s; 000000 is no date. What is no date at all has been set
-- aside by the contract's rules.
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
    TRY_CAST(
        '20' || substr(REG_DATO, 5, 2) || '-' || substr(REG_DATO, 3, 2) || '-' || substr(REG_DATO, 1, 2) AS DATE
    )                                      AS applied_on,
    TRY_CAST(
        '20' || substr(VEDTAK_DATO, 5, 2) || '-' || substr(VEDTAK_DATO, 3, 2) || '-' || substr(VEDTAK_DATO, 1, 2) AS DATE
    )                                      AS granted_on,
    TRY_CAST(
        '20' || substr(BEGYNT_DATO, 5, 2) || '-' || substr(BEGYNT_DATO, 3, 2) || '-' || substr(BEGYNT_DATO, 1, 2) AS DATE
    )                                      AS begun_on,
    TRY_CAST(
        '20' || substr(AVSL_DATO, 5, 2) || '-' || substr(AVSL_DATO, 3, 2) || '-' || substr(AVSL_DATO, 1, 2) AS DATE
    )                                      AS ended_on,
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
FROM typed.kvp_2024
