-- Grain: one row a person in the study: days from the index date to what came first.
-- event_type 0 censored, 1 reoffence, 2 death. Follow-up runs to the same day of the month after the planned months,
-- which is 730 or 731 days away; those who get there without an event are all followed to $horizon_days, so that
-- everyone's whole window counts and the risk at the horizon is, without censoring, the plain share.
WITH firsts AS (
    SELECT
        cohort.person_key,
        cohort.arm,
        cohort.index_date,
        cohort.follow_up_end,
        reoffence.offence_date,
        death.death_date,
        min(absence.start_date) AS emigration_date
    FROM analysis.cohort AS cohort
    LEFT JOIN analysis.reoffence AS reoffence
        ON cohort.person_key = reoffence.person_key
    LEFT JOIN core.death AS death
        ON cohort.person_key = death.person_key
        AND death.death_date <= cohort.follow_up_end
    LEFT JOIN core.absence AS absence
        ON cohort.person_key = absence.person_key
        AND absence.start_date > cohort.index_date
        AND absence.start_date <= cohort.follow_up_end
    GROUP BY
        cohort.person_key,
        cohort.arm,
        cohort.index_date,
        cohort.follow_up_end,
        reoffence.offence_date,
        death.death_date
),

with_far AS (
    SELECT
        person_key,
        arm,
        index_date,
        coalesce(offence_date, DATE '9999-12-31')    AS offence_date,
        coalesce(death_date, DATE '9999-12-31')      AS death_date,
        coalesce(emigration_date, DATE '9999-12-31') AS emigration_date
    FROM firsts
)

SELECT
    person_key,
    arm,
    0 AS entry_time,
    CASE
        WHEN least(offence_date, death_date, emigration_date) = DATE '9999-12-31' THEN $horizon_days
        ELSE date_diff('day', index_date, least(offence_date, death_date, emigration_date))
    END AS exit_time,
    CASE
        WHEN offence_date <= least(death_date, emigration_date) AND offence_date < DATE '9999-12-31' THEN 1
        WHEN death_date <= emigration_date AND death_date < DATE '9999-12-31' THEN 2
        ELSE 0
    END AS event_type,
    CASE
        WHEN emigration_date < least(offence_date, death_date) THEN 'emigrated'
        WHEN least(offence_date, death_date) = DATE '9999-12-31' THEN 'study_end'
    END AS censoring_reason
FROM with_far
