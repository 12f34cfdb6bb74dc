-- Grain: one row a case list, days from enrolment to the end of the case or to the vintage, and how it ended: completed,
-- interrupted (by anybody, or by a move), died, or going on.
SELECT
    layout,
    date_diff('day', enrolled_on, coalesce(ended_on, $vintage))     AS exit_time,
    CASE
        WHEN ended_on IS NULL THEN 'open'
        WHEN died THEN 'died'
        WHEN end_state = 'completed' THEN 'completed'
        ELSE 'interrupted'
    END                                                             AS exit_state,
    count(*)                                                        AS n_persons
FROM analysis.programme_case
WHERE enrolled_on IS NOT NULL
GROUP BY layout, exit_time, exit_state
ORDER BY layout, exit_time, exit_state
