-- Grain: one row a register, with the decisions looked at (those with a dated charge) and those that broke the rule.
-- A decision before its offence: it is earlier than the first act charged under the same person and case.
WITH offence AS (
    SELECT
        person_key,
        journal,
        min(offence_start_date) AS first_offence_date
    FROM staging.krsi
    WHERE offence_start_date IS NOT NULL
    GROUP BY person_key, journal
)

SELECT
    'kraf'                                                                           AS layout,
    count(*)                                                                         AS n_rows,
    count(*) FILTER (WHERE decision.decision_date < offence.first_offence_date)      AS n_broken
FROM staging.kraf AS decision
INNER JOIN offence
    ON decision.person_key = offence.person_key
    AND decision.journal = offence.journal
