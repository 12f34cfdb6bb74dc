-- Grain: one row an eligibility step and arm: persons left after the step, persons it excluded. A person is counted at
-- the best day, once. Before the municipality is known nobody has an arm yet: the arm is 'all'. At that step both are
-- told, so that the arms add up.
WITH positions AS (
    SELECT array_position($steps, reason) AS step
    FROM (SELECT unnest($steps) AS reason)
),

arms AS (
    SELECT 'all' AS arm
    UNION ALL
    SELECT 'comparison' AS arm
    WHERE $comparison <> 'none'
    UNION ALL
    SELECT 'pilot' AS arm
),

cells AS (
    SELECT
        positions.step,
        arms.arm
    FROM positions
    CROSS JOIN arms
    WHERE (arms.arm = 'all' AND positions.step <= array_position($steps, 'municipality_known'))
        OR (arms.arm <> 'all' AND positions.step >= array_position($steps, 'municipality_known'))
)

SELECT
    cells.step,
    cells.arm,
    count(chosen.person_key) FILTER (WHERE chosen.n_steps_passed >= cells.step)     AS n_persons,
    count(chosen.person_key) FILTER (WHERE chosen.n_steps_passed = cells.step - 1
        AND (cells.arm = 'all' OR cells.step > array_position($steps, 'municipality_known'))) AS n_excluded
FROM cells
LEFT JOIN analysis.index_event AS chosen
    ON cells.arm = 'all' OR cells.arm = chosen.arm
GROUP BY cells.step, cells.arm
ORDER BY cells.arm, cells.step
