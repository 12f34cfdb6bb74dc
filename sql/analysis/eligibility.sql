-- Grain: one row a release in the window: how many of the ordered eligibility steps it passes before the first it
-- fails (1 = released in the window). The steps and their order are the attrition table's.
SELECT
    person_key,
    stay_number,
    release_date,
    is_pilot_municipality,
    offered_in_stay,
    ever_offered,
    CASE
        WHEN NOT is_in_population THEN 1
        WHEN municipality IS NULL THEN 2
        WHEN NOT coalesce(release_type IN (SELECT unnest($release_types)), FALSE) THEN 3
        WHEN stay_days < $min_stay_days THEN 4
        WHEN NOT coalesce(age_years >= $min_age_years, FALSE) THEN 5
        WHEN NOT is_resident THEN 6
        ELSE 7
    END AS n_steps_passed
FROM analysis.release
