-- Grain: one row a register, with the dated rows of persons whose birth date is known and those that broke the rule.
-- Activity before birth. A month's job and a run of weeks on a benefit count by their last day: the month and the week
-- of birth begin before birth.
WITH birth AS (
    SELECT
        person_key,
        min(birth_date) AS birth_date
    FROM staging.bef
    GROUP BY person_key
),

activity AS (
    SELECT
        'krin' AS layout,
        person_key,
        admission_date AS on_day
    FROM staging.krin

    UNION ALL

    SELECT
        'krsi' AS layout,
        person_key,
        coalesce(offence_start_date, charge_date) AS on_day
    FROM staging.krsi

    UNION ALL

    SELECT
        'kraf' AS layout,
        person_key,
        decision_date AS on_day
    FROM staging.kraf

    UNION ALL

    SELECT
        'dod' AS layout,
        person_key,
        death_date AS on_day
    FROM staging.dod

    UNION ALL

    SELECT
        'vnds' AS layout,
        person_key,
        event_date AS on_day
    FROM staging.vnds

    UNION ALL

    SELECT
        'bfl' AS layout,
        person_key,
        CAST(stop_date - INTERVAL '1' DAY AS DATE) AS on_day
    FROM staging.bfl

    UNION ALL

    SELECT
        'kotre' AS layout,
        person_key,
        start_date AS on_day
    FROM staging.kotre

    UNION ALL

    SELECT
        'dream' AS layout,
        person_key,
        CAST(stop_date - INTERVAL '1' DAY AS DATE) AS on_day
    FROM staging.dream_spell

    UNION ALL

    SELECT
        'tilbud' AS layout,
        person_key,
        offered_on AS on_day
    FROM staging.tilbud

    UNION ALL

    SELECT
        'planaktivitet' AS layout,
        person_key,
        coalesce(begun_on, planned_on) AS on_day
    FROM staging.planaktivitet

    UNION ALL

    SELECT
        'kontakt' AS layout,
        person_key,
        contact_date AS on_day
    FROM staging.kontakt
)

SELECT
    activity.layout,
    count(*)                                                         AS n_rows,
    count(*) FILTER (WHERE activity.on_day < birth.birth_date)       AS n_broken
FROM activity
INNER JOIN birth
    ON activity.person_key = birth.person_key
WHERE activity.on_day IS NOT NULL
GROUP BY activity.layout
