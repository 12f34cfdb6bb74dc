-- Grain: one row a secondary charge that was decided under a main case: journal is the main case, own_journal its own.
-- It has no decision date of its own; the main case's decision dates it.
SELECT
    person_key,
    JOURNR                         AS journal,
    KON_KONFJOUR                   AS own_journal,
    KON_AFGTYPKO                   AS decision_code,
    KON_AFGTYP3                    AS decision_class_code,
    coalesce(KON_GER9, KON_GER7)   AS offence_code,
    KON_AFGERKOD                   AS police_offence_code,
    KON_OVERSDTO                   AS transferred_on,
    CASE
        WHEN KON_FORSMEDK IN ('F', '2') THEN 'attempt'
        WHEN KON_FORSMEDK IN ('M', '1') THEN 'complicity'
        WHEN KON_FORSMEDK = '0' THEN 'none'
    END                            AS involvement,
    KON_TAAR                       AS counting_year,
    CPRTJEK                        AS identity_check,
    CPRTYPE                        AS identity_type
FROM typed.krko
