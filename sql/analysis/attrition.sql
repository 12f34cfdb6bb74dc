-- Grain: one row an eligibility step and arm: persons left after the step, persons it excluded. A person is counted at
-- the best release, once. Before the municipality is known (steps 1 to 3) nobody has an arm yet: the arm is 'all'.
WITH steps AS (
    SELECT unnest([1, 2, 3, 4, 5, 6, 7, 8]) AS step
),

arms AS (
    SELECT 'all' AS arm
    UNION ALL
    SELECT 'comparison' AS arm
    UNION ALL
    SELECT 'pilot' AS arm
),

cells AS (
    SELECT
        steps.step,
        arms.arm
    FROM steps
    CROSS JOIN arms
    WHERE (arms.arm = 'all' AND steps.step <= 3)
        OR (arms.arm <> 'all' AND steps.step >= 3)
)

SELECT
    cells.step,
    cells.arm,
    count(release.person_key) FILTER (WHERE release.n_steps_passed >= cells.step)     AS n_persons,
    count(release.person_key) FILTER (WHERE release.n_steps_passed = cells.step - 1
        AND (cells.arm = 'all' OR cells.step > 3))                                    AS n_excluded
FROM cells
LEFT JOIN analysis.index_release AS release
    ON cells.arm = 'all' OR cells.arm = release.arm
GROUP BY cells.step, cells.arm
ORDER BY cells.arm, cells.step
