-- Grain: one row a person in the study, with the index date and what was known on it.
SELECT
    release.person_key,
    chosen.arm,
    release.release_date                                         AS index_date,
    release.admission_date,
    release.release_type,
    release.stay_days,
    release.sex,
    release.origin,
    release.age_years,
    release.municipality,
    add_months(release.release_date, $follow_up_months)          AS follow_up_end
FROM analysis.index_release AS chosen
INNER JOIN analysis.release AS release
    ON chosen.person_key = release.person_key
    AND chosen.stay_number = release.stay_number
WHERE chosen.n_steps_passed = 8
