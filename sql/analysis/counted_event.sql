-- Grain: one row an outcome, person, episode, case and day: the events in follow-up that were decided in time. Several
-- acts of one case on one day are one event, as severe as the most severe and known from the first decision in time.
SELECT
    event.outcome,
    event.person_key,
    event.episode,
    event.journal,
    event.event_date,
    max(event.event_date_source) AS event_date_source,
    min(event.registered_on)     AS registered_on,
    min(event.severity)          AS severity
FROM analysis.outcome_event AS event
INNER JOIN analysis.outcome_window AS span
    ON event.outcome = span.outcome
    AND event.person_key = span.person_key
    AND event.episode = span.episode
    AND event.event_date >= span.first_day
    AND event.event_date <= span.last_day
    AND event.registered_on >= span.decided_from
    AND event.registered_on <= span.decided_by
GROUP BY event.outcome, event.person_key, event.episode, event.journal, event.event_date
