-- Grain: one row a person: the day that decides where the person stands. It is the first of those that pass most steps,
-- so that for everyone who has an eligible day it is the first eligible one. The exposure, the last step, plays no part
-- in the choice, so both arms get their index date by the same rule; and a person has the arm of this day only.
WITH ranked AS (
    SELECT
        person_key,
        event_number,
        arm,
        n_steps_passed,
        row_number() OVER (
            PARTITION BY person_key
            ORDER BY least(n_steps_passed, array_length($steps) - 1) DESC, index_date, event_number
        ) AS best_first
    FROM analysis.eligibility
)

SELECT
    person_key,
    event_number,
    CASE
        WHEN n_steps_passed < array_position($steps, 'municipality_known') THEN 'unassigned'
        ELSE arm
    END AS arm,
    n_steps_passed
FROM ranked
WHERE best_first = 1
