-- Grain: one row an arm, entry, exit and type of exit of durations that the data owner delivered ready-made.
SELECT
    arm,
    entry_time,
    exit_time,
    event_type,
    count(*) AS n_persons
FROM staging.time_to_event
GROUP BY arm, entry_time, exit_time, event_type
ORDER BY arm, exit_time, event_type, entry_time
