-- Grain: one row a person in the study and index date, by the study's own outcome: for a study that follows every
-- eligible release of a person. Rows of one person belong together.
SELECT
    person_key,
    arm,
    entry_time,
    exit_time,
    event_type
FROM analysis.time_to_event
WHERE outcome = 'primary'
ORDER BY person_key, episode
