-- Grain: one row a person in the study and index date, with what was known on it: each person's first eligible one
-- (episode 1), or all of them where the study says so. A person's later index dates count only in the arm of the first,
-- so that nobody stands in both.
SELECT
    candidate.person_key,
    row_number() OVER (
        PARTITION BY candidate.person_key
        ORDER BY candidate.index_date, candidate.event_number
    )                                                            AS episode,
    chosen.arm,
    candidate.index_date,
    candidate.admission_date,
    candidate.release_date,
    candidate.release_type,
    candidate.kind,
    candidate.stay_days,
    candidate.journal,
    candidate.offence_code,
    candidate.has_remand,
    candidate.sex,
    candidate.origin,
    candidate.birth_date,
    candidate.age_years,
    candidate.municipality,
    add_months(candidate.index_date, $follow_up_months)          AS follow_up_end
FROM analysis.index_event AS chosen
INNER JOIN analysis.eligibility AS eligibility
    ON chosen.person_key = eligibility.person_key
    AND chosen.arm = eligibility.arm
    AND (chosen.event_number = eligibility.event_number OR $episodes = 'all')
INNER JOIN analysis.candidate AS candidate
    ON eligibility.person_key = candidate.person_key
    AND eligibility.event_number = candidate.event_number
WHERE chosen.n_steps_passed = array_length($steps)
    AND eligibility.n_steps_passed = array_length($steps)
