-- Grain: one row a person: the release that decides where the person stands. It is the first of those that pass most
-- steps, so that for everyone who has an eligible release it is the first eligible one; the offer plays no part in the
-- choice, so both arms get their index date by the same rule.
WITH ranked AS (
    SELECT
        person_key,
        stay_number,
        n_steps_passed,
        is_pilot_municipality,
        offered_in_stay,
        ever_offered,
        row_number() OVER (
            PARTITION BY person_key
            ORDER BY n_steps_passed DESC, release_date, stay_number
        ) AS best_first
    FROM analysis.eligibility
)

SELECT
    person_key,
    stay_number,
    CASE
        WHEN n_steps_passed < 3 THEN 'unassigned'
        WHEN is_pilot_municipality THEN 'pilot'
        ELSE 'comparison'
    END AS arm,
    -- Step 8: the pilot arm was offered the programme in this stay; the comparison arm was never offered it before.
    CASE
        WHEN n_steps_passed = 7 AND is_pilot_municipality AND offered_in_stay THEN 8
        WHEN n_steps_passed = 7 AND NOT is_pilot_municipality AND NOT ever_offered THEN 8
        ELSE n_steps_passed
    END AS n_steps_passed
FROM ranked
WHERE best_first = 1
