-- Grain: one row an outcome, person, episode and case: the decision that stands by the outcome's rule, of those known and not
-- before the index year. Most cases have one decision; only the others need a choice. By the rule latest_in_time a
-- decision that came too late stands only where there is none in time.
WITH known AS (
    SELECT
        person_key,
        journal,
        decision_date,
        decision_code,
        offence_code,
        fine_dkk,
        count(*) OVER (PARTITION BY person_key, journal) AS n_decisions
    FROM core.case_decision
    WHERE decision_date < $vintage
),

rules AS (
    SELECT
        span.outcome,
        span.person_key,
        span.episode,
        span.decided_from,
        span.decided_by,
        rule.appeal
    FROM analysis.outcome_window AS span
    INNER JOIN analysis.outcome AS rule
        ON span.outcome = rule.outcome
        AND rule.event <> 'custody'
),

several AS (
    SELECT
        rules.outcome,
        rules.person_key,
        rules.episode,
        rules.decided_from,
        known.journal,
        known.decision_date,
        known.decision_code,
        known.offence_code,
        known.fine_dkk,
        row_number() OVER (
            PARTITION BY rules.outcome, rules.person_key, rules.episode, known.journal
            ORDER BY
                CASE WHEN rules.appeal = 'latest_in_time' AND known.decision_date > rules.decided_by THEN 1 ELSE 0 END,
                CASE
                    WHEN rules.appeal = 'first' THEN date_diff('day', rules.decided_from, known.decision_date)
                    ELSE date_diff('day', known.decision_date, rules.decided_from)
                END
        ) AS place
    FROM rules
    INNER JOIN known
        ON rules.person_key = known.person_key
        AND known.n_decisions > 1
)

SELECT
    rules.outcome,
    rules.person_key,
    rules.episode,
    known.journal,
    known.decision_date,
    known.decision_code,
    known.offence_code,
    known.fine_dkk
FROM rules
INNER JOIN known
    ON rules.person_key = known.person_key
    AND known.n_decisions = 1
    AND known.decision_date >= rules.decided_from
UNION ALL
SELECT
    outcome,
    person_key,
    episode,
    journal,
    decision_date,
    decision_code,
    offence_code,
    fine_dkk
FROM several
WHERE place = 1
    AND decision_date >= decided_from
