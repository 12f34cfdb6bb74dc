-- Grain: one row a day on which a person's clock might start: how many of the ordered eligibility steps it passes before
-- the first it fails (1 = it lies in the window), the last step, the exposure, among them.
SELECT
    candidate.person_key,
    candidate.event_number,
    candidate.index_date,
    candidate.arm,
    coalesce(
        min(CASE WHEN NOT criterion.passes THEN array_position($steps, criterion.step) END) - 1,
        array_length($steps)
    ) AS n_steps_passed
FROM analysis.candidate AS candidate
LEFT JOIN analysis.criterion AS criterion
    ON candidate.person_key = criterion.person_key
    AND candidate.event_number = criterion.event_number
GROUP BY candidate.person_key, candidate.event_number, candidate.index_date, candidate.arm
