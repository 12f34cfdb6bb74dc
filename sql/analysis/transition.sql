-- Grain: one row an arm and change from one state to another: how many persons made it at least once. Changes that nobody
-- made have no row.
WITH changes AS (
    SELECT
        person_key,
        arm,
        lag(state) OVER (PARTITION BY person_key ORDER BY spell_number) AS from_state,
        state                                                           AS to_state
    FROM analysis.state_spell
    WHERE episode = 1
)

SELECT
    arm,
    from_state,
    to_state,
    count(DISTINCT person_key) AS n_persons
FROM changes
WHERE from_state IS NOT NULL
GROUP BY arm, from_state, to_state
ORDER BY arm, from_state, to_state
