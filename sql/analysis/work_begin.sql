-- Grain: one row a person in the study who was in work or education after the first index date: the first day of it.
SELECT
    person_key,
    arm,
    index_date,
    min(start_date) AS begin_date
FROM analysis.state_spell
WHERE episode = 1
    AND state IN (SELECT unnest($working_states))
GROUP BY person_key, arm, index_date
