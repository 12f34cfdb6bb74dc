-- Grain: one row a person and continuous stay in custody, half-open; an open stay has no stop.
-- Arrests (codes 1 and 2) are not stays. Within a case the release stands on the last event only, so events up to and
-- including the one with a release are one spell; spells with at most $merge_gap_days between them are one stay
-- (transfers between prisons, remand straight into serving). What the stay was, and how it ended, is read off its last
-- event. Of events that begin and end on the same days the highest custody code is the last (serving after remand), and
-- among those the one with parole: nothing depends on the order of the rows or on case numbers.
WITH admissions AS (
    SELECT
        person_key,
        journal,
        admission_date,
        release_date,
        custody_code,
        coalesce(release_code = '10', FALSE) OR parole_expiry_date IS NOT NULL AS is_parole,
        coalesce(facility, '')                                                 AS facility,
        coalesce(serves_fine, FALSE)                                           AS serves_fine
    FROM staging.krin
    WHERE custody_code NOT IN ('1', '2')
),

events AS (
    SELECT
        person_key,
        journal,
        admission_date,
        release_date,
        custody_code,
        is_parole,
        facility,
        serves_fine,
        coalesce(
            count(release_date) OVER (
                PARTITION BY person_key, journal
                ORDER BY
                    admission_date,
                    coalesce(release_date, DATE '1000-01-01'),
                    custody_code,
                    is_parole,
                    facility,
                    serves_fine
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ),
            0
        ) AS n_releases_before
    FROM admissions
),

ranked AS (
    SELECT
        person_key,
        journal,
        n_releases_before,
        admission_date,
        release_date,
        custody_code,
        is_parole,
        facility,
        serves_fine,
        row_number() OVER (
            PARTITION BY person_key, journal, n_releases_before
            ORDER BY
                admission_date DESC,
                coalesce(release_date, DATE '1000-01-01') DESC,
                custody_code DESC,
                is_parole DESC,
                facility DESC,
                serves_fine DESC
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
        max(CASE WHEN newest_first = 1 AND is_parole THEN 1 ELSE 0 END) = 1    AS is_parole,
        max(CASE WHEN newest_first = 1 THEN facility END)                      AS facility,
        max(CASE WHEN newest_first = 1 AND serves_fine THEN 1 ELSE 0 END) = 1  AS serves_fine
    FROM ranked
    GROUP BY person_key, journal, n_releases_before
),

spells AS (
    -- A spell that was never closed goes on under the case number of the next admission, where there is one; of spells
    -- that begin on the same day the unclosed one comes first.
    SELECT
        person_key,
        start_date,
        coalesce(
            release_date,
            lead(start_date) OVER (
                PARTITION BY person_key
                ORDER BY
                    start_date,
                    CASE WHEN release_date IS NULL THEN 0 ELSE 1 END,
                    custody_code,
                    is_parole,
                    facility,
                    serves_fine
            ),
            DATE '9999-12-31'
        ) AS stop_or_open,
        custody_code,
        is_parole,
        facility,
        serves_fine
    FROM case_spells
),

in_order AS (
    SELECT
        person_key,
        start_date,
        stop_or_open,
        custody_code,
        is_parole,
        facility,
        serves_fine,
        row_number() OVER (
            PARTITION BY person_key
            ORDER BY start_date, stop_or_open, custody_code, is_parole, facility, serves_fine
        ) AS spell_number
    FROM spells
),

with_reach AS (
    SELECT
        person_key,
        spell_number,
        start_date,
        stop_or_open,
        custody_code,
        is_parole,
        facility,
        serves_fine,
        max(stop_or_open) OVER (
            PARTITION BY person_key
            ORDER BY spell_number
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS reached_before
    FROM in_order
),

numbered AS (
    SELECT
        person_key,
        start_date,
        stop_or_open,
        custody_code,
        is_parole,
        facility,
        serves_fine,
        sum(
            CASE
                WHEN reached_before IS NULL THEN 1
                WHEN reached_before = DATE '9999-12-31' THEN 0
                WHEN date_diff('day', reached_before, start_date) > $merge_gap_days THEN 1
                ELSE 0
            END
        ) OVER (PARTITION BY person_key ORDER BY spell_number ROWS UNBOUNDED PRECEDING) AS stay_number
    FROM with_reach
),

last_first AS (
    SELECT
        person_key,
        stay_number,
        start_date,
        stop_or_open,
        custody_code,
        is_parole,
        facility,
        serves_fine,
        row_number() OVER (
            PARTITION BY person_key, stay_number
            ORDER BY
                stop_or_open DESC,
                start_date DESC,
                custody_code DESC,
                is_parole DESC,
                facility DESC,
                serves_fine DESC
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
        max(CASE WHEN newest_first = 1 AND is_parole THEN 1 ELSE 0 END) = 1    AS is_parole,
        max(CASE WHEN newest_first = 1 THEN facility END)                      AS facility,
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
        is_parole,
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
    nullif(facility, '') AS facility,
    CASE
        WHEN stop_date IS NULL THEN NULL
        WHEN kind = 'fine' THEN 'fine'
        WHEN kind = 'home' THEN 'home'
        WHEN kind = 'remand' THEN 'remand_end'
        WHEN is_parole THEN 'parole'
        ELSE 'full_term'
    END AS release_type
FROM kinds
