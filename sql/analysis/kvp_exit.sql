-- Grain: one row an arm and what the qualification programme had ended in before the vintage, of persons whose release is
-- looked at, by the first programme that had not ended by then; open while it lasts. Where several exit states hold the
-- first in the form's order stands.
WITH programmes AS (
    SELECT
        released.arm,
        released.person_key,
        spell.stop_date,
        spell.exit_ordinary_work,
        spell.exit_subsidised_work,
        spell.exit_labour_market_measure,
        spell.exit_education,
        spell.exit_disability_pension,
        spell.exit_work_assessment,
        spell.exit_social_assistance_waiting,
        spell.exit_social_assistance,
        spell.exit_other,
        row_number() OVER (PARTITION BY released.person_key ORDER BY spell.start_date) AS place
    FROM analysis.released AS released
    INNER JOIN core.kvp_spell AS spell
        ON released.person_key = spell.person_key
        AND coalesce(spell.stop_date, DATE '9999-12-31') > released.release_date
        AND spell.start_date < $vintage
),

states AS (
    SELECT
        arm,
        CASE
            WHEN coalesce(stop_date, DATE '9999-12-31') > $vintage THEN 'open'
            WHEN exit_ordinary_work THEN 'ordinary_work'
            WHEN exit_subsidised_work THEN 'subsidised_work'
            WHEN exit_labour_market_measure THEN 'labour_market_measure'
            WHEN exit_education THEN 'education'
            WHEN exit_disability_pension THEN 'disability_pension'
            WHEN exit_work_assessment THEN 'work_assessment'
            WHEN exit_social_assistance_waiting THEN 'social_assistance_waiting'
            WHEN exit_social_assistance THEN 'social_assistance'
            WHEN exit_other THEN 'other'
            ELSE 'unknown'
        END AS exit_state
    FROM programmes
    WHERE place = 1
)

SELECT
    arm,
    exit_state,
    count(*) AS n_persons
FROM states
GROUP BY arm, exit_state
ORDER BY arm, exit_state
