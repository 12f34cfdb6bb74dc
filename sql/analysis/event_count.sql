-- Grain: one row an outcome, arm, day of exit and type of exit: the counts that every survival estimate is made of.
-- Persons by their first index date; the later ones of a study that follows them all are analysis.release_exit's.
SELECT
    outcome,
    arm,
    entry_time,
    exit_time,
    event_type,
    count(*) AS n_persons
FROM analysis.time_to_event
WHERE episode = 1
GROUP BY outcome, arm, entry_time, exit_time, event_type
ORDER BY outcome, arm, exit_time, event_type, entry_time
