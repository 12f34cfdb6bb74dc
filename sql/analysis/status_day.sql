-- Grain: one row a person in the study, episode and number of months after the index date: the person's one state on
-- that day.
SELECT
    spell.person_key,
    spell.episode,
    spell.arm,
    months.month,
    spell.state
FROM analysis.state_spell AS spell
INNER JOIN (SELECT unnest($status_months) AS month) AS months
    ON spell.start_date <= add_months(spell.index_date, months.month)
    AND spell.stop_date > add_months(spell.index_date, months.month)
