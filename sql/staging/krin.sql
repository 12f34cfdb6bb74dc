-- Grain: one row a registered event of a case: arrest, remand, transfer, serving. release_date is NULL on all but a
-- case's last event, and there while the person is still inside.
-- A person in custody serves a fine when the register says so (IND_BOEDAFS, sentence A), or when a serving row was
-- committed for a fine (IND_AFGIVKOD 8) or stands on a fine decision.
SELECT
    person_key,
    JOURNR                                  AS journal,
    IND_FGSLDTO                             AS admission_date,
    IND_LOESLDTO                            AS release_date,
    IND_FGSLKOD                             AS custody_code,
    IND_LOESLKOD                            AS release_code,
    coalesce(IND_OVERFKOD, '-') = 'X'       AS is_transfer,
    IND_FGSLSTED                            AS facility,
    IND_GER9                                AS offence_code,
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
    IND_AFGTYPKO                            AS decision_code
FROM typed.krin
