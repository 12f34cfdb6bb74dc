-- Grain: one row a first index date and number of days from it to the day on which the registers knew of a counted event:
-- persons, by the study's own outcome. Without a number: persons of whom nothing is known yet, or ever.
WITH known AS (
    SELECT
        span.person_key,
        span.index_date,
        min(event.registered_on) AS recognised_on
    FROM analysis.outcome_window AS span
    LEFT JOIN analysis.counted_event AS event
        ON span.outcome = event.outcome
        AND span.person_key = event.person_key
        AND span.episode = event.episode
    WHERE span.outcome = 'primary'
        AND span.episode = 1
    GROUP BY span.person_key, span.index_date
)

SELECT
    index_date,
    date_diff('day', index_date, recognised_on) AS recognised_after_days,
    count(*)                                    AS n_persons
FROM known
GROUP BY index_date, recognised_on
ORDER BY index_date, recognised_after_days
