-- Grain: one row a charged act with its case's final decision, or a decision without a charge.
-- The offence is dated by the charge (source S); where the charge or its offence date is missing, by the decision
-- (source A); without either the date is unknown (source U).
WITH charged AS (
    SELECT
        person_key,
        journal,
        offence_start_date,
        min(charge_date)  AS charge_date,
        min(offence_code) AS offence_code
    FROM staging.krsi
    GROUP BY person_key, journal, offence_start_date
)

SELECT
    coalesce(charged.person_key, decision.person_key)             AS person_key,
    coalesce(charged.journal, decision.journal)                   AS journal,
    coalesce(charged.offence_start_date, decision.decision_date)  AS offence_date,
    CASE
        WHEN charged.offence_start_date IS NOT NULL THEN 'S'
        WHEN decision.decision_date IS NOT NULL THEN 'A'
        ELSE 'U'
    END                                                           AS offence_date_source,
    charged.charge_date,
    coalesce(decision.offence_code, charged.offence_code)         AS offence_code,
    decision.decision_date,
    decision.decision_code,
    decision.unsuspended_days,
    decision.fine_dkk
FROM charged
FULL OUTER JOIN core.decision AS decision
    ON charged.person_key = decision.person_key
    AND charged.journal = decision.journal
