-- Grain: one row a person in the study, episode, and covariate that needs no history: who the person is, how the stay
-- was, and when and where. A level or value that is not known is NULL.
WITH kinds AS (
    SELECT
        person_key,
        episode,
        CASE
            WHEN kind = 'serving' AND has_remand THEN 'remand_serving'
            WHEN kind IN ('remand', 'serving') THEN kind
            WHEN kind IS NOT NULL THEN 'other'
        END AS stay_kind,
        CASE
            WHEN offence_code LIKE '11%' THEN 'sexual'
            WHEN offence_code LIKE '12%' THEN 'violence'
            WHEN offence_code LIKE '13%' THEN 'property'
            WHEN offence_code LIKE '1%' THEN 'other_penal'
            WHEN offence_code LIKE '2%' THEN 'traffic'
            WHEN offence_code LIKE '32%' THEN 'drugs'
            WHEN offence_code LIKE '34%' THEN 'weapons'
            WHEN offence_code LIKE '3%' THEN 'other_special'
        END AS offence_group
    FROM analysis.cohort
),

answers AS (
    SELECT person_key, episode, 'sex' AS name, sex AS level, CAST(NULL AS DOUBLE) AS value
    FROM analysis.cohort
    UNION ALL
    SELECT
        person_key,
        episode,
        'age' AS name,
        CASE
            WHEN age_years < 25 THEN '18_24'
            WHEN age_years < 35 THEN '25_34'
            WHEN age_years < 50 THEN '35_49'
            WHEN age_years >= 50 THEN '50_plus'
        END                       AS level,
        CAST(age_years AS DOUBLE) AS value
    FROM analysis.cohort
    UNION ALL
    SELECT person_key, episode, 'origin' AS name, origin AS level, CAST(NULL AS DOUBLE) AS value
    FROM analysis.cohort
    UNION ALL
    SELECT person_key, episode, 'release_type' AS name, release_type AS level, CAST(NULL AS DOUBLE) AS value
    FROM analysis.cohort
    UNION ALL
    SELECT
        person_key,
        episode,
        'stay_length' AS name,
        CASE
            WHEN stay_days < 60 THEN 'under_60_days'
            WHEN stay_days < 180 THEN '60_179_days'
            WHEN stay_days >= 180 THEN '180_days_plus'
        END                       AS level,
        CAST(stay_days AS DOUBLE) AS value
    FROM analysis.cohort
    UNION ALL
    SELECT person_key, episode, 'stay_kind' AS name, stay_kind AS level, CAST(NULL AS DOUBLE) AS value
    FROM kinds
    UNION ALL
    SELECT person_key, episode, 'index_offence_group' AS name, offence_group AS level, CAST(NULL AS DOUBLE) AS value
    FROM kinds
    UNION ALL
    SELECT person_key, episode, 'municipality' AS name, municipality AS level, CAST(NULL AS DOUBLE) AS value
    FROM analysis.cohort
    UNION ALL
    SELECT
        person_key,
        episode,
        'calendar_year'                                                  AS name,
        CAST(extract('year' FROM index_date) AS VARCHAR)                 AS level,
        CAST(extract('year' FROM index_date) AS DOUBLE)                  AS value
    FROM analysis.cohort
    UNION ALL
    SELECT
        person_key,
        episode,
        'calendar_quarter'                                               AS name,
        CAST(extract('quarter' FROM index_date) AS VARCHAR)              AS level,
        CAST(extract('quarter' FROM index_date) AS DOUBLE)               AS value
    FROM analysis.cohort
)

SELECT
    person_key,
    episode,
    name,
    level,
    value
FROM answers
