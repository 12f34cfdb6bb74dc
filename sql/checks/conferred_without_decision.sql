-- Grain: one row a register, with the decided conferred cases looked at and those that broke the rule.
-- A conferred case without its main case: nothing then dates its decision.
WITH main_case AS (
    SELECT DISTINCT person_key, journal
    FROM staging.kraf
)

SELECT
    'krko'                                                   AS layout,
    count(*)                                                 AS n_rows,
    count(*) FILTER (WHERE main_case.journal IS NULL)        AS n_broken
FROM staging.krko AS conferred
LEFT JOIN main_case
    ON conferred.person_key = main_case.person_key
    AND conferred.journal = main_case.journal
WHERE coalesce(conferred.decision_code, '0') <> '0'
