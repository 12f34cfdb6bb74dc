-- Grain: one row an enrolment, half-open: ELEV3_VTIL is its last day, so the stop is the day after; NULL while it lasts.
-- completed_programme is there when the programme was completed; exit_code 1 alone says that the pupil left.
SELECT
    person_key,
    UDD                                             AS programme,
    ELEV3_VFRA                                      AS start_date,
    CAST(ELEV3_VTIL + INTERVAL '1' DAY AS DATE)     AS stop_date,
    AFG_ART                                         AS exit_code,
    TILG_ART                                        AS entry_code,
    AUDD                                            AS completed_programme,
    UDEL                                            AS part_code,
    UFORM                                           AS mode_code,
    INSTNR                                          AS school
FROM typed.kotre
