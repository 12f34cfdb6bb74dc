-- Grain: one row an outcome, arm, day of exit and type of exit: the counts that every survival estimate is made of.
SELECT
    outcome,
    arm,
    entry_time,
    exit_time,
    event_type,
    count(*) AS n_persons
FROM analysis.time_to_event
GROUP BY outcome, arm, entry_time, exit_time, event_type
ORDER BY outcome, arm, exit_time, event_type, entry_time
