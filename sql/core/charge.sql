-- Grain: one row a charged act: charges of one case for the same days and the same offence, brought on one day, are one.
-- case_start_date is the first day of any act of the case.
WITH acts AS (
    SELECT DISTINCT
        person_key,
        journal,
        offence_start_date,
        offence_end_date,
        offence_code,
        charge_date
    FROM staging.krsi
)

SELECT
    person_key,
    journal,
    offence_start_date,
    offence_end_date,
    offence_code,
    charge_date,
    min(offence_start_date) OVER (PARTITION BY person_key, journal) AS case_start_date
FROM acts
