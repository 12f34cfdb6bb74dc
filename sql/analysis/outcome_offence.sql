-- Grain: one row an outcome and offence code in the registers that counts for it: it begins with an included code (the
-- empty one is every code's beginning) and with no excluded one.
WITH codes AS (
    SELECT offence_code FROM core.charge WHERE offence_code IS NOT NULL
    UNION
    SELECT offence_code FROM core.case_decision WHERE offence_code IS NOT NULL
    UNION
    SELECT offence_code FROM core.conferred_case WHERE offence_code IS NOT NULL
),

included AS (
    SELECT
        rule.outcome                   AS outcome,
        unnest(rule.included_offences) AS beginning
    FROM (SELECT unnest($outcomes) AS rule)
),

excluded AS (
    SELECT
        rule.outcome                                         AS outcome,
        CAST(unnest(rule.excluded_offences) AS VARCHAR)      AS beginning
    FROM (SELECT unnest($outcomes) AS rule)
)

SELECT DISTINCT
    included.outcome,
    codes.offence_code
FROM included
INNER JOIN codes
    ON codes.offence_code LIKE included.beginning || '%'
LEFT JOIN excluded
    ON included.outcome = excluded.outcome
    AND codes.offence_code LIKE excluded.beginning || '%'
WHERE excluded.outcome IS NULL
