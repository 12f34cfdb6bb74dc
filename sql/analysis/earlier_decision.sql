-- Grain: one row a person in the study, episode, covariate of the criminal record, and case: the decision that stood in it
-- on the day that the covariate is read on. A later decision of an appeal court was not known then.
WITH ranked AS (
    SELECT
        day.person_key,
        day.episode,
        day.name,
        day.from_date,
        decision.journal,
        decision.decision_date,
        decision.decision_code,
        decision.offence_code,
        decision.unsuspended_days,
        decision.suspended_days,
        decision.fine_dkk,
        row_number() OVER (
            PARTITION BY day.person_key, day.episode, day.name, decision.journal
            ORDER BY decision.decision_date DESC
        ) AS newest_first
    FROM analysis.covariate_day AS day
    INNER JOIN core.case_decision AS decision
        ON day.person_key = decision.person_key
        AND decision.decision_date < day.as_of_date
    WHERE day.name IN (
        'prior_decisions_5y', 'prior_severity_5y', 'age_at_first_conviction', 'sentence_length'
    )
)

SELECT
    person_key,
    episode,
    name,
    from_date,
    journal,
    decision_date,
    decision_code,
    offence_code,
    unsuspended_days,
    suspended_days,
    fine_dkk
FROM ranked
WHERE newest_first = 1
