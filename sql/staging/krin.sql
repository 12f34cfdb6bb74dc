-- Grain: one row a registered event of a case: arrest, remand, transfer, serving. release_date is NULL on all but a
-- case's last event, and there while the person is still inside; has_release_dates says whether the register had
-- releases at all when the event was counted (it had from 1991).
-- A person in custody serves a fine when the register says so (IND_BOEDAFS, sentence A), or when a serving row was
-- committed for a fine (IND_AFGIVKOD 8) or stands on a fine decision.
-- Ages are in months until 1990. Sentence lengths are days as in KRAF, and not stated from 2007 on.
SELECT
    person_key,
    JOURNR                                  AS journal,
    IND_FGSLDTO                             AS admission_date,
    IND_LOESLDTO                            AS release_date,
    IND_FGSLKOD                             AS custody_code,
    IND_LOESLKOD                            AS release_code,
    coalesce(IND_OVERFKOD, '-') = 'X'       AS is_transfer,
    IND_FGSLSTED                            AS facility,
    coalesce(IND_GER9, IND_GER7)            AS offence_code,
    IND_UBSTRFKO                            AS sentence_kind,
    IND_PRVSLDTO                            AS parole_expiry_date,
    coalesce(IND_BOEDAFS, '') = '1'
    OR coalesce(IND_UBSTRFKO, '') = 'A'
    OR (
        IND_FGSLKOD IN ('4', '5')
        AND (
            coalesce(IND_AFGIVKOD, '') = '8'
            OR coalesce(IND_AFGTYPKO, '') IN ('2', '7', '8', '12', '19', '21')
        )
    )                                       AS serves_fine,
    IND_AFGTYPKO                            AS decision_code,
    IND_AFGOEDTO                            AS decision_date,
    IND_AFGIVKOD                            AS committal_code,
    CASE
        WHEN IND_UBSTRFLG = 9000 THEN 0
        WHEN IND_UBSTRFLG > 0 THEN IND_UBSTRFLG
    END                                     AS unsuspended_days,
    CASE
        WHEN IND_BSTRFLGD = 9000 THEN 0
        WHEN IND_BSTRFLGD > 0 THEN IND_BSTRFLGD
    END                                     AS suspended_days,
    CASE
        WHEN IND_FGSLALD = 999 THEN NULL
        WHEN coalesce(IND_TAAR, extract('year' FROM IND_FGSLDTO)) < 1991
            THEN CAST(floor(IND_FGSLALD / 12.0) AS INTEGER)
        ELSE IND_FGSLALD
    END                                     AS age_years,
    coalesce(IND_TAAR, extract('year' FROM IND_FGSLDTO)) >= 1991 AS has_release_dates,
    ADRKOM                                  AS residence_municipality,
    IND_STATSKOD                            AS citizenship,
    IND_TAAR                                AS counting_year,
    CPRTJEK                                 AS identity_check,
    CPRTYPE                                 AS identity_type
FROM typed.krin
