-- Grain: one row an arm, week and state: persons in the state on the first day of the week, counted from the index date; a
-- state that nobody is in has a row with 0.
WITH weeks AS (
    SELECT
        spell.arm,
        weeks.week,
        spell.state,
        spell.person_key
    FROM analysis.state_spell AS spell
    INNER JOIN (SELECT unnest($state_weeks) AS week) AS weeks
        ON spell.start_date <= spell.index_date + 7 * weeks.week * INTERVAL 1 DAY
        AND spell.stop_date > spell.index_date + 7 * weeks.week * INTERVAL 1 DAY
    WHERE spell.episode = 1
)

SELECT
    arms.arm,
    weeks.week,
    states.state,
    count(found.person_key) AS n_persons
FROM (SELECT DISTINCT arm FROM analysis.cohort) AS arms
CROSS JOIN (SELECT unnest($state_weeks) AS week) AS weeks
CROSS JOIN (SELECT state.state FROM (SELECT unnest($states) AS state)) AS states
LEFT JOIN weeks AS found
    ON arms.arm = found.arm
    AND weeks.week = found.week
    AND states.state = found.state
GROUP BY arms.arm, weeks.week, states.state
ORDER BY arms.arm, weeks.week, states.state
