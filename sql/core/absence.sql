-- Grain: one row a person and spell abroad, half-open [emigration, immigration); an open spell has no stop.
WITH moves AS (
    SELECT
        person_key,
        event_date,
        direction,
        lead(event_date) OVER (PARTITION BY person_key ORDER BY event_date, direction) AS next_date,
        lag(direction) OVER (PARTITION BY person_key ORDER BY event_date, direction) AS previous_direction
    FROM staging.vnds
)

SELECT
    person_key,
    event_date AS start_date,
    next_date  AS stop_date
FROM moves
WHERE direction = 'out'
    AND coalesce(previous_direction, 'in') <> 'out'
