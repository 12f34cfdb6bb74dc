-- Grain: one row a person, case and day of decision: a case comes again after an appeal. Which of two decisions on one
-- day is the last nobody can say; the highest code is taken, so that nothing hangs on the order of the rows.
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
            PARTITION BY person_key, journal, decision_date
            ORDER BY decision_code DESC, offence_code, fine_dkk, unsuspended_days, suspended_days
        ) AS place
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
WHERE place = 1
