-- Grain: one row a person in the study who reoffended by the outcome's definition: the first such offence.
-- Offence after the index date and within follow-up, decision in the index year or the next calendar years.
WITH candidates AS (
    SELECT
        cohort.person_key,
        offence.offence_date,
        offence.offence_date_source,
        row_number() OVER (
            PARTITION BY cohort.person_key
            ORDER BY offence.offence_date, offence.offence_date_source DESC
        ) AS earliest_first
    FROM analysis.cohort AS cohort
    INNER JOIN analysis.guilty_offence AS offence
        ON cohort.person_key = offence.person_key
        AND offence.offence_date > cohort.index_date
        AND offence.offence_date <= cohort.follow_up_end
        AND extract('year' FROM offence.decision_date) >= extract('year' FROM cohort.index_date)
        AND extract('year' FROM offence.decision_date)
            <= extract('year' FROM cohort.index_date) + $decision_calendar_years
)

SELECT
    person_key,
    offence_date,
    offence_date_source
FROM candidates
WHERE earliest_first = 1
