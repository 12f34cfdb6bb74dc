-- Grain: one row a person and continuous stay in custody, half-open; an open stay has no stop.
-- Arrests (codes 1 and 2) are not stays. Within a case the release stands on the last event only, so events up to and
-- including the one with a release are one spell; spells with at most $merge_gap_days between them are one stay
-- (transfers between prisons, remand straight into serving). What the stay was, and how it ended, is read off its last
-- event.
WITH events AS (
    SELECT
        person_key,
        journal,
        admission_date,
        release_date,
        custody_code,
        release_code,
        facility,
        parole_expiry_date,
        serves_fine,
        coalesce(
            count(release_date) OVER (
                PARTITION BY person_key, journal
                ORDER BY admission_date, coalesce(release_date, DATE '1000-01-01')
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ),
            0
        ) AS n_releases_before
    FROM staging.krin
    WHERE custody_code NOT IN ('1', '2')
),

ranked AS (
    SELECT
        person_key,
        journal,
        n_releases_before,
        admission_date,
        release_date,
        custody_code,
        release_code,
        facility,
        parole_expiry_date,
        serves_fine,
        row_number() OVER (
            PARTITION BY person_key, journal, n_releases_before
            ORDER BY admission_date DESC, coalesce(release_date, DATE '1000-01-01') DESC
        ) AS newest_first
    FROM events
),

case_spells AS (
    SELECT
        person_key,
        journal,
        n_releases_before,
        min(admission_date)                                                    AS start_date,
        max(release_date)                                                      AS release_date,
        max(CASE WHEN newest_first = 1 THEN custody_code END)                  AS custody_code,
        max(CASE WHEN newest_first = 1 THEN release_code END)                  AS release_code,
        max(CASE WHEN newest_first = 1 THEN facility END)                      AS facility,
        max(CASE WHEN newest_first = 1 THEN parole_expiry_date END)            AS parole_expiry_date,
        max(CASE WHEN newest_first = 1 AND serves_fine THEN 1 ELSE 0 END) = 1  AS serves_fine
    FROM ranked
    GROUP BY person_key, journal, n_releases_before
),

spells AS (
    -- A spell that was never closed goes on under the case number of the next admission, where there is one.
    SELECT
        person_key,
        start_date,
        coalesce(
            release_date,
            lead(start_date) OVER (PARTITION BY person_key ORDER BY start_date, journal, n_releases_before)
        ) AS stop_date,
        custody_code,
        release_code,
        facility,
        parole_expiry_date,
        serves_fine
    FROM case_spells
),

with_reach AS (
    SELECT
        person_key,
        start_date,
        coalesce(stop_date, DATE '9999-12-31') AS stop_or_open,
        custody_code,
        release_code,
        facility,
        parole_expiry_date,
        serves_fine,
        max(coalesce(stop_date, DATE '9999-12-31')) OVER (
            PARTITION BY person_key
            ORDER BY start_date, coalesce(stop_date, DATE '9999-12-31')
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS reached_before
    FROM spells
),

numbered AS (
    SELECT
        person_key,
        start_date,
        stop_or_open,
        custody_code,
        release_code,
        facility,
        parole_expiry_date,
        serves_fine,
        sum(
            CASE
                WHEN reached_before IS NULL THEN 1
                WHEN reached_before = DATE '9999-12-31' THEN 0
                WHEN date_diff('day', reached_before, start_date) > $merge_gap_days THEN 1
                ELSE 0
            END
        ) OVER (PARTITION BY person_key ORDER BY start_date, stop_or_open ROWS UNBOUNDED PRECEDING) AS stay_number
    FROM with_reach
),

last_first AS (
    SELECT
        person_key,
        stay_number,
        start_date,
        stop_or_open,
        custody_code,
        release_code,
        facility,
        parole_expiry_date,
        serves_fine,
        row_number() OVER (
            PARTITION BY person_key, stay_number
            ORDER BY stop_or_open DESC, start_date DESC
        ) AS newest_first
    FROM numbered
),

stays AS (
    SELECT
        person_key,
        stay_number,
        min(start_date)                                                        AS start_date,
        nullif(max(stop_or_open), DATE '9999-12-31')                           AS stop_date,
        max(CASE WHEN newest_first = 1 THEN custody_code END)                  AS custody_code,
        max(CASE WHEN newest_first = 1 THEN release_code END)                  AS release_code,
        max(CASE WHEN newest_first = 1 THEN facility END)                      AS facility,
        max(CASE WHEN newest_first = 1 THEN parole_expiry_date END)            AS parole_expiry_date,
        max(CASE WHEN newest_first = 1 AND serves_fine THEN 1 ELSE 0 END) = 1  AS serves_fine
    FROM last_first
    GROUP BY person_key, stay_number
),

kinds AS (
    SELECT
        person_key,
        stay_number,
        start_date,
        stop_date,
        facility,
        release_code,
        parole_expiry_date,
        CASE
            WHEN serves_fine THEN 'fine'
            WHEN facility IN ('HJEM', '9050') THEN 'home'
            WHEN custody_code = '3' THEN 'remand'
            ELSE 'serving'
        END AS kind
    FROM stays
)

SELECT
    person_key,
    stay_number,
    start_date,
    stop_date,
    kind,
    facility,
    CASE
        WHEN stop_date IS NULL THEN NULL
        WHEN kind = 'fine' THEN 'fine'
        WHEN kind = 'home' THEN 'home'
        WHEN kind = 'remand' THEN 'remand_end'
        WHEN release_code = '10' OR parole_expiry_date IS NOT NULL THEN 'parole'
        ELSE 'full_term'
    END AS release_type
FROM kinds
