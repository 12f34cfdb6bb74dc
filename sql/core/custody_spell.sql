-- Grain: one row a person and unbroken piece of custody under one case, as far as the case tells; half-open.
-- In KRIN the release stands on a case's last event only, so events up to and including the one with a release are one
-- spell. A case is also cut where the register began to have releases (1991), and where prison turns into serving at
-- home when the study counts that as liberty. What the spell was, and how it ended, is read off its last event; of
-- events that begin and end on the same days the highest custody code is the last (serving after remand), and among
-- those the one with parole: nothing depends on the order of the rows or on case numbers.
-- KRIN has no code for how a sentence ended: it was parole if the expiry of a parole (IND_PRVSLDTO) or release code 10
-- stands there, else the full term. The Norwegian layout says kind and exit itself, on each row.
-- release_date is NULL where nothing closes the spell, goes_on says that what closes it is no release but leads to more
-- custody, and last_inside_date is the last day on which the person is known to have been inside.
WITH admissions AS (
    SELECT
        person_key,
        journal,
        admission_date,
        release_date,
        custody_code,
        coalesce(release_code IN ('5', '7'), FALSE)                             AS goes_on,
        coalesce(release_code = '10', FALSE) OR parole_expiry_date IS NOT NULL  AS is_parole,
        coalesce(facility, '')                                                  AS facility,
        coalesce(serves_fine, FALSE)                                            AS serves_fine,
        coalesce(has_release_dates, TRUE)                                       AS has_release_dates,
        coalesce(offence_code, '')                                              AS offence_code,
        ''                                                                      AS told_kind,
        ''                                                                      AS told_exit
    FROM staging.krin
    WHERE custody_code NOT IN ('1', '2') OR $arrest_is_stay
    UNION ALL
    SELECT
        person_key,
        admission_id                                                            AS journal,
        start_date                                                              AS admission_date,
        stop_date                                                               AS release_date,
        CASE WHEN kind = 'remand' THEN '3' ELSE '5' END                         AS custody_code,
        coalesce(exit_kind = 'transfer', FALSE)                                 AS goes_on,
        coalesce(exit_kind = 'parole', FALSE)                                   AS is_parole,
        coalesce(facility, '')                                                  AS facility,
        kind = 'fine'                                                           AS serves_fine,
        TRUE                                                                    AS has_release_dates,
        ''                                                                      AS offence_code,
        kind                                                                    AS told_kind,
        CASE WHEN exit_kind = 'home' THEN 'to_home' ELSE coalesce(exit_kind, 'other') END AS told_exit
    FROM staging.kriminalomsorgen
),

events AS (
    SELECT
        person_key,
        journal,
        admission_date,
        release_date,
        custody_code,
        goes_on,
        is_parole,
        facility,
        serves_fine,
        has_release_dates,
        offence_code,
        told_kind,
        told_exit,
        $home_detention = 'liberty' AND facility IN (SELECT unnest($home_facilities)) AS is_at_liberty,
        row_number() OVER (
            PARTITION BY person_key, journal
            ORDER BY
                admission_date,
                coalesce(release_date, DATE '1000-01-01'),
                custody_code,
                is_parole,
                facility,
                serves_fine,
                goes_on,
                has_release_dates,
                offence_code,
                told_kind,
                told_exit
        ) AS event_number
    FROM admissions
),

cuts AS (
    SELECT
        person_key,
        journal,
        event_number,
        admission_date,
        release_date,
        custody_code,
        goes_on,
        is_parole,
        facility,
        serves_fine,
        has_release_dates,
        is_at_liberty,
        offence_code,
        told_kind,
        told_exit,
        CASE
            WHEN lag(release_date) OVER (PARTITION BY person_key, journal ORDER BY event_number) IS NOT NULL THEN 1
            WHEN lag(has_release_dates) OVER (PARTITION BY person_key, journal ORDER BY event_number)
                <> has_release_dates THEN 1
            WHEN lag(is_at_liberty) OVER (PARTITION BY person_key, journal ORDER BY event_number)
                <> is_at_liberty THEN 1
            ELSE 0
        END AS is_cut
    FROM events
),

pieces AS (
    SELECT
        person_key,
        journal,
        event_number,
        admission_date,
        release_date,
        custody_code,
        goes_on,
        is_parole,
        facility,
        serves_fine,
        has_release_dates,
        is_at_liberty,
        offence_code,
        told_kind,
        told_exit,
        sum(is_cut) OVER (
            PARTITION BY person_key, journal
            ORDER BY event_number
            ROWS UNBOUNDED PRECEDING
        ) AS piece_number
    FROM cuts
),

ranked AS (
    SELECT
        person_key,
        journal,
        piece_number,
        admission_date,
        release_date,
        custody_code,
        goes_on,
        is_parole,
        facility,
        serves_fine,
        has_release_dates,
        is_at_liberty,
        offence_code,
        told_kind,
        told_exit,
        row_number() OVER (
            PARTITION BY person_key, journal, piece_number
            ORDER BY event_number
        ) AS oldest_first,
        row_number() OVER (
            PARTITION BY person_key, journal, piece_number
            ORDER BY event_number DESC
        ) AS newest_first
    FROM pieces
),

case_spells AS (
    SELECT
        person_key,
        journal,
        min(admission_date)                                                              AS start_date,
        max(release_date)                                                                AS release_date,
        max(admission_date)                                                              AS last_admission_date,
        max(CASE WHEN newest_first = 1 THEN custody_code END)                            AS custody_code,
        max(CASE WHEN oldest_first = 1 AND custody_code IN ('1', '2', '3') THEN 1 ELSE 0 END) = 1
            AS begins_with_arrest,
        max(CASE WHEN newest_first = 1 AND goes_on THEN 1 ELSE 0 END) = 1                AS goes_on,
        max(CASE WHEN newest_first = 1 AND is_parole THEN 1 ELSE 0 END) = 1              AS is_parole,
        max(CASE WHEN newest_first = 1 THEN facility END)                                AS facility,
        max(CASE WHEN newest_first = 1 AND serves_fine THEN 1 ELSE 0 END) = 1            AS serves_fine,
        max(CASE WHEN has_release_dates THEN 1 ELSE 0 END) = 1                           AS has_release_dates,
        max(CASE WHEN is_at_liberty THEN 1 ELSE 0 END) = 1                               AS is_at_liberty,
        max(CASE WHEN custody_code = '3' THEN 1 ELSE 0 END) = 1                          AS has_remand,
        max(CASE WHEN newest_first = 1 THEN offence_code END)                            AS offence_code,
        max(CASE WHEN newest_first = 1 THEN told_kind END)                               AS told_kind,
        max(CASE WHEN newest_first = 1 THEN told_exit END)                               AS told_exit
    FROM ranked
    GROUP BY person_key, journal, piece_number
),

kinds AS (
    SELECT
        person_key,
        journal,
        start_date,
        release_date,
        coalesce(release_date, last_admission_date) AS last_inside_date,
        custody_code,
        begins_with_arrest,
        goes_on,
        is_parole,
        facility,
        has_release_dates,
        is_at_liberty,
        has_remand,
        offence_code,
        told_exit,
        CASE
            WHEN told_kind <> '' THEN told_kind
            WHEN serves_fine THEN 'fine'
            WHEN facility IN (SELECT unnest($home_facilities)) THEN 'home'
            WHEN custody_code = '3' THEN 'remand'
            WHEN custody_code IN ('1', '2') THEN 'arrest'
            ELSE 'serving'
        END                                         AS kind
    FROM case_spells
)

SELECT
    person_key,
    journal,
    start_date,
    release_date,
    last_inside_date,
    kind,
    CASE
        WHEN told_exit <> '' THEN told_exit
        WHEN kind IN ('fine', 'home') THEN kind
        WHEN kind = 'remand' THEN 'remand_end'
        WHEN kind = 'arrest' THEN 'arrest_end'
        WHEN is_parole THEN 'parole'
        ELSE 'full_term'
    END                       AS release_type,
    nullif(facility, '')      AS facility,
    nullif(offence_code, '')  AS offence_code,
    custody_code,
    is_parole,
    begins_with_arrest,
    goes_on,
    has_release_dates,
    is_at_liberty,
    has_remand
FROM kinds
