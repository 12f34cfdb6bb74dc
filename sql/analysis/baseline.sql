-- Grain: one row an arm, characteristic and level that anyone in the study has; 0 where nobody in the arm has it.
-- Persons are told as they were at their first index date.
WITH levels AS (
    SELECT DISTINCT
        variable,
        coalesce(level, 'unknown') AS level
    FROM analysis.characteristic
    WHERE episode = 1
)

SELECT
    arms.arm,
    levels.variable,
    levels.level,
    count(characteristic.person_key) AS n_persons
FROM (SELECT DISTINCT arm FROM analysis.cohort) AS arms
CROSS JOIN levels
LEFT JOIN analysis.characteristic AS characteristic
    ON arms.arm = characteristic.arm
    AND levels.variable = characteristic.variable
    AND levels.level = coalesce(characteristic.level, 'unknown')
    AND characteristic.episode = 1
GROUP BY arms.arm, levels.variable, levels.level
ORDER BY arms.arm, levels.variable, levels.level
