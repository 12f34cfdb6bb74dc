-- Grain: one row a person and case: its final decision. The same case again after an appeal is not a new crime, so the
-- latest decision stands.
WITH ranked AS (
    SELECT
        person_key,
        journal,
        decision_date,
        decision_code,
        offence_code,
        unsuspended_days,
        suspended_days,
        fine_dkk,
        row_number() OVER (
            PARTITION BY person_key, journal
            ORDER BY decision_date DESC, decision_code DESC
        ) AS newest_first
    FROM staging.kraf
)

SELECT
    person_key,
    journal,
    decision_date,
    decision_code,
    offence_code,
    unsuspended_days,
    suspended_days,
    fine_dkk
FROM ranked
WHERE newest_first = 1
