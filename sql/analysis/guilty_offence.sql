-- Grain: one row a charged act, or decision without a charge, whose case's final decision finds the person guilty, at any
-- time: the history that the baseline counts, whatever the study's outcome is. A small traffic fine is left out where
-- the study's outcome leaves it out: only what is known to be one, not an unknown law or an unknown amount.
SELECT
    offence.person_key,
    offence.journal,
    offence.offence_date,
    offence.offence_date_source,
    offence.offence_code,
    offence.decision_date
FROM core.offence AS offence
INNER JOIN analysis.outcome_decision AS code
    ON offence.decision_code = code.decision_code
    AND code.is_guilty
    AND code.outcome = 'primary'
INNER JOIN analysis.outcome AS rule
    ON code.outcome = rule.outcome
WHERE offence.decision_date < $vintage
    AND NOT coalesce(
        code.is_fine
        AND offence.offence_code LIKE '2%'
        AND offence.fine_dkk < CASE
            WHEN extract('year' FROM offence.decision_date) >= rule.traffic_from_year THEN rule.traffic_limit_dkk
            ELSE rule.traffic_limit_before_dkk
        END,
        FALSE
    )
