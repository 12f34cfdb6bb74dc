-- Grain: one row an outcome, person and episode, of those who reoffended by it while followed: the first such event.
WITH ranked AS (
    SELECT
        event.outcome,
        event.person_key,
        event.episode,
        event.event_date,
        event.event_date_source,
        row_number() OVER (
            PARTITION BY event.outcome, event.person_key, event.episode
            ORDER BY event.event_date, event.event_date_source DESC
        ) AS earliest_first
    FROM analysis.counted_event AS event
    INNER JOIN analysis.outcome_window AS span
        ON event.outcome = span.outcome
        AND event.person_key = span.person_key
        AND event.episode = span.episode
        AND event.event_date <= span.followed_to
)

SELECT
    outcome,
    person_key,
    episode,
    event_date,
    event_date_source
FROM ranked
WHERE earliest_first = 1
