-- Grain: one row a person, in the study's unit of time; an absent entry is time 0.
SELECT
    person_key,
    ARM                                     AS arm,
    coalesce(ENTRY, 0)                      AS entry_time,
    EXIT                                    AS exit_time,
    CASE WHEN EVENT THEN 1 ELSE 0 END       AS event_type
FROM typed.time_to_event
