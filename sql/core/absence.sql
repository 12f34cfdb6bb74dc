-- Grain: one row a person and spell abroad, half-open [emigration, immigration); an open spell has no stop.
-- The moves of VNDS and of the three registers that follow it, as far as they are delivered: a move that two of them
-- tell is one. An emigration registered again while the person is abroad changes nothing, nor does a day on which the person both
-- left and came.
WITH registered AS (
    SELECT
        person_key,
        event_date,
        direction
    FROM staging.vnds
    UNION ALL
    SELECT
        person_key,
        event_date,
        direction
    FROM staging.vnds_hist
    UNION ALL
    SELECT
        person_key,
        event_date,
        direction
    FROM staging.vnds_ud
    UNION ALL
    SELECT
        person_key,
        event_date,
        direction
    FROM staging.vnds_ind
),

moves AS (
    SELECT
        person_key,
        event_date,
        min(direction) AS direction
    FROM registered
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
