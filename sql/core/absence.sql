-- Grain: one row a person and spell abroad, half-open [emigration, immigration); an open spell has no stop.
-- An emigration registered again while the person is abroad changes nothing, nor does a day on which the person both
-- left and came.
WITH moves AS (
    SELECT
        person_key,
        event_date,
        min(direction) AS direction
    FROM staging.vnds
    GROUP BY person_key, event_date
    HAVING count(DISTINCT direction) = 1
),

in_order AS (
    SELECT
        person_key,
        event_date,
        direction,
        lag(direction) OVER (PARTITION BY person_key ORDER BY event_date) AS previous_direction,
        min(CASE WHEN direction = 'in' THEN event_date END) OVER (
            PARTITION BY person_key
            ORDER BY event_date
            ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING
        ) AS next_immigration
    FROM moves
)

SELECT
    person_key,
    event_date       AS start_date,
    next_immigration AS stop_date
FROM in_order
WHERE direction = 'out'
    AND coalesce(previous_direction, 'in') = 'in'
