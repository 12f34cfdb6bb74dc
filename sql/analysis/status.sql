-- Grain: one row an arm, number of months and state; a state that nobody is in has a row with 0.
WITH states AS (
    SELECT state.state
    FROM (SELECT unnest($states) AS state)
),

cells AS (
    SELECT
        arms.arm,
        months.month,
        states.state
    FROM (SELECT DISTINCT arm FROM analysis.cohort) AS arms
    CROSS JOIN (SELECT unnest($status_months) AS month) AS months
    CROSS JOIN states
)

SELECT
    cells.arm,
    cells.month,
    cells.state,
    count(status.person_key) AS n_persons
FROM cells
LEFT JOIN analysis.status_day AS status
    ON cells.arm = status.arm
    AND cells.month = status.month
    AND cells.state = status.state
    AND status.episode = 1
GROUP BY cells.arm, cells.month, cells.state
ORDER BY cells.arm, cells.month, cells.state
