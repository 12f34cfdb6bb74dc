-- Grain: one row a register, with the dated rows of persons who died and those that broke the rule.
-- Activity after death: it begins on a later day than the earliest registered death. Charges count by the offence, as a
-- charge and a decision may come after; DREAM's code 999 says that the person is dead.
WITH death AS (
    SELECT
        person_key,
        min(death_date) AS death_date
    FROM staging.dod
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
        offence_start_date AS on_day
    FROM staging.krsi

    UNION ALL

    SELECT
        'bef' AS layout,
        person_key,
        reference_date AS on_day
    FROM staging.bef

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
        start_date AS on_day
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
        start_date AS on_day
    FROM staging.dream_spell
    WHERE benefit_code <> '999'

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
        begun_on AS on_day
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
    count(*) FILTER (WHERE activity.on_day > death.death_date)       AS n_broken
FROM activity
INNER JOIN death
    ON activity.person_key = death.person_key
WHERE activity.on_day IS NOT NULL
GROUP BY activity.layout
