-- Grain: one row an outcome and code of a decision: what it is, and whether it counts.
SELECT
    outcome,
    decision.code      AS decision_code,
    decision.tier      AS tier,
    decision.counts    AS counts,
    decision.is_guilty AS is_guilty,
    decision.is_fine   AS is_fine
FROM (
    SELECT
        rule.outcome           AS outcome,
        unnest(rule.decisions) AS decision
    FROM (SELECT unnest($outcomes) AS rule)
)
