-- Grain: one row an outcome, person, episode, case and day: the events in follow-up that were decided in time.
SELECT
    event.outcome,
    event.person_key,
    event.episode,
    event.journal,
    event.event_date,
    event.event_date_source,
    event.registered_on,
    event.severity
FROM analysis.outcome_event AS event
INNER JOIN analysis.outcome_window AS span
    ON event.outcome = span.outcome
    AND event.person_key = span.person_key
    AND event.episode = span.episode
    AND event.event_date >= span.first_day
    AND event.event_date <= span.last_day
    AND event.registered_on >= span.decided_from
    AND event.registered_on <= span.decided_by
