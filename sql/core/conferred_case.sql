-- Grain: one row a person and case that was decided under another one, its main case, whose decision dates it.
-- A case that is its own main case, or has a decision of its own, is not conferred. A study without KRKO has none.
WITH secondary AS (
    SELECT
        person_key,
        journal,
        own_journal,
        decision_code,
        offence_code
    FROM staging.krko
    WHERE own_journal <> journal
    UNION ALL
    SELECT
        CAST(NULL AS BIGINT)  AS person_key,
        CAST(NULL AS VARCHAR) AS journal,
        CAST(NULL AS VARCHAR) AS own_journal,
        CAST(NULL AS VARCHAR) AS decision_code,
        CAST(NULL AS VARCHAR) AS offence_code
    WHERE FALSE
)

SELECT
    secondary.person_key,
    secondary.own_journal        AS journal,
    min(secondary.journal)       AS main_journal,
    max(secondary.decision_code) AS decision_code,
    min(secondary.offence_code)  AS offence_code
FROM secondary
LEFT JOIN core.case_decision AS own
    ON secondary.person_key = own.person_key
    AND secondary.own_journal = own.journal
WHERE own.person_key IS NULL
GROUP BY secondary.person_key, secondary.own_journal
