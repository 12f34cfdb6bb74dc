-- Grain: one row a person and continuous stay in custody, half-open; an open stay has no stop.
-- A spell that nothing closes, or that ends with going on inside, goes on to the person's next admission if that is at
-- most $longest_bridge_days after the last day on which the person is known to have been inside. If it is later, or the
-- register had no releases then, the end is unknown: the stay stops after that last day, and it is no release. Without
-- a next admission the stay is open. Spells with at most $merge_gap_days between them are one stay (transfers between
-- prisons, remand straight into serving). What the stay was, and how it ended, is read off its last spell.
WITH in_order AS (
    -- Of spells that begin on the same day the unclosed one comes first, then the one that goes on inside.
    SELECT
        person_key,
        journal,
        start_date,
        release_date,
        last_inside_date,
        kind,
        release_type,
        facility,
        custody_code,
        is_parole,
        begins_with_arrest,
        release_date IS NOT NULL AND NOT goes_on                             AS is_released,
        has_release_dates,
        is_at_liberty,
        has_remand,
        offence_code,
        row_number() OVER (
            PARTITION BY person_key
            ORDER BY
                start_date,
                CASE WHEN release_date IS NULL THEN 0 ELSE 1 END,
                release_date,
                CASE WHEN goes_on THEN 0 ELSE 1 END,
                custody_code,
                is_parole,
                coalesce(facility, ''),
                CASE WHEN kind = 'fine' THEN 1 ELSE 0 END,
                begins_with_arrest,
                coalesce(offence_code, ''),
                journal
        )                                                                    AS spell_number
    FROM core.custody_spell
),

bridges AS (
    -- The next time that somebody who was not released is known to be inside.
    SELECT
        unclosed.person_key,
        unclosed.spell_number,
        min(greatest(later.start_date, unclosed.last_inside_date))                                      AS next_date,
        min(CASE WHEN later.is_at_liberty THEN greatest(later.start_date, unclosed.last_inside_date) END)
            AS next_liberty_date
    FROM in_order AS unclosed
    INNER JOIN in_order AS later
        ON unclosed.person_key = later.person_key
        AND later.spell_number > unclosed.spell_number
        AND coalesce(later.release_date, DATE '9999-12-31') >= unclosed.last_inside_date
    WHERE NOT unclosed.is_released
    GROUP BY unclosed.person_key, unclosed.spell_number
),

ended AS (
    SELECT
        spell.person_key,
        spell.journal,
        spell.spell_number,
        spell.start_date,
        spell.kind,
        spell.facility,
        spell.custody_code,
        spell.is_parole,
        spell.begins_with_arrest,
        spell.has_remand,
        spell.offence_code,
        spell.is_released,
        CASE
            WHEN spell.is_released THEN spell.release_date
            WHEN spell.has_release_dates
                AND date_diff('day', spell.last_inside_date, bridge.next_date) <= $longest_bridge_days
                THEN bridge.next_date
            WHEN spell.release_date IS NOT NULL THEN spell.release_date
            WHEN spell.has_release_dates AND bridge.next_date IS NULL THEN DATE '9999-12-31'
            ELSE CAST(spell.last_inside_date + INTERVAL 1 DAY AS DATE)
        END AS stop_or_open,
        CASE
            WHEN spell.is_released THEN spell.release_type
            WHEN spell.has_release_dates
                AND bridge.next_date = bridge.next_liberty_date
                AND date_diff('day', spell.last_inside_date, bridge.next_date) <= $longest_bridge_days
                THEN 'to_home'
            ELSE 'unknown_end'
        END AS release_type
    FROM in_order AS spell
    LEFT JOIN bridges AS bridge
        ON spell.person_key = bridge.person_key
        AND spell.spell_number = bridge.spell_number
    WHERE NOT spell.is_at_liberty
),

with_reach AS (
    SELECT
        person_key,
        journal,
        spell_number,
        start_date,
        stop_or_open,
        kind,
        release_type,
        facility,
        custody_code,
        is_parole,
        begins_with_arrest,
        has_remand,
        offence_code,
        max(stop_or_open) OVER (
            PARTITION BY person_key
            ORDER BY spell_number
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS reached_before,
        max(CASE WHEN is_released THEN DATE '1000-01-01' ELSE stop_or_open END) OVER (
            PARTITION BY person_key
            ORDER BY spell_number
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS reached_unreleased
    FROM ended
),

numbered AS (
    SELECT
        person_key,
        journal,
        spell_number,
        start_date,
        stop_or_open,
        kind,
        release_type,
        facility,
        custody_code,
        is_parole,
        has_remand,
        offence_code,
        sum(
            CASE
                WHEN reached_before IS NULL THEN 1
                WHEN reached_before = DATE '9999-12-31' THEN 0
                WHEN date_diff('day', reached_before, start_date) > $merge_gap_days THEN 1
                WHEN $rearrest = 'new_stay'
                    AND begins_with_arrest
                    AND start_date >= reached_before
                    AND reached_unreleased < reached_before THEN 1
                ELSE 0
            END
        ) OVER (PARTITION BY person_key ORDER BY spell_number ROWS UNBOUNDED PRECEDING) AS stay_number
    FROM with_reach
),

last_first AS (
    SELECT
        person_key,
        stay_number,
        spell_number,
        journal,
        start_date,
        stop_or_open,
        kind,
        release_type,
        facility,
        has_remand,
        offence_code,
        row_number() OVER (
            PARTITION BY person_key, stay_number
            ORDER BY
                stop_or_open DESC,
                start_date DESC,
                custody_code DESC,
                is_parole DESC,
                coalesce(facility, '') DESC,
                CASE WHEN kind = 'fine' THEN 1 ELSE 0 END DESC,
                spell_number DESC
        ) AS newest_first
    FROM numbered
),

stays AS (
    SELECT
        person_key,
        stay_number,
        min(start_date)                                                 AS start_date,
        nullif(max(stop_or_open), DATE '9999-12-31')                    AS stop_date,
        max(CASE WHEN newest_first = 1 THEN kind END)                   AS kind,
        max(CASE WHEN newest_first = 1 THEN release_type END)           AS release_type,
        max(CASE WHEN newest_first = 1 THEN facility END)               AS facility,
        max(CASE WHEN newest_first = 1 THEN journal END)                AS journal,
        max(CASE WHEN newest_first = 1 THEN offence_code END)           AS offence_code,
        max(CASE WHEN has_remand THEN 1 ELSE 0 END) = 1                 AS has_remand
    FROM last_first
    GROUP BY person_key, stay_number
)

SELECT
    person_key,
    stay_number,
    start_date,
    stop_date,
    kind,
    facility,
    CASE WHEN stop_date IS NOT NULL THEN release_type END AS release_type,
    journal,
    offence_code,
    has_remand
FROM stays
