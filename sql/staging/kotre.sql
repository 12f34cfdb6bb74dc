-- Grain: one row an enrolment, half-open: ELEV3_VTIL is its last day, so the stop is the day after; NULL while it lasts.
SELECT
    person_key,
    UDD                                             AS programme,
    ELEV3_VFRA                                      AS start_date,
    CAST(ELEV3_VTIL + INTERVAL '1' DAY AS DATE)     AS stop_date,
    AFG_ART                                         AS exit_code
FROM typed.kotre
