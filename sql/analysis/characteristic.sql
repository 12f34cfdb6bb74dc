-- Grain: one row a person in the study and characteristic, as known on the index date.
WITH priors AS (
    SELECT
        cohort.person_key,
        count(DISTINCT offence.journal) AS n_decisions
    FROM analysis.cohort AS cohort
    LEFT JOIN analysis.guilty_offence AS offence
        ON cohort.person_key = offence.person_key
        AND offence.decision_date < cohort.index_date
        AND offence.decision_date >= add_months(cohort.index_date, -60)
    GROUP BY cohort.person_key
),

worked AS (
    SELECT DISTINCT cohort.person_key
    FROM analysis.cohort AS cohort
    INNER JOIN core.employment_month AS employment
        ON cohort.person_key = employment.person_key
        AND employment.month_start < cohort.admission_date
        AND employment.month_start >= add_months(cohort.admission_date, -12)
        AND employment.paid_hours > $min_paid_hours
)

SELECT person_key, arm, 'sex' AS variable, sex AS level
FROM analysis.cohort
UNION ALL
SELECT
    person_key,
    arm,
    'age' AS variable,
    CASE
        WHEN age_years < 25 THEN '18_24'
        WHEN age_years < 35 THEN '25_34'
        WHEN age_years < 50 THEN '35_49'
        ELSE '50_plus'
    END AS level
FROM analysis.cohort
UNION ALL
SELECT person_key, arm, 'origin' AS variable, origin AS level
FROM analysis.cohort
UNION ALL
SELECT person_key, arm, 'release_type' AS variable, release_type AS level
FROM analysis.cohort
UNION ALL
SELECT
    person_key,
    arm,
    'stay_length' AS variable,
    CASE
        WHEN stay_days < 60 THEN 'under_60_days'
        WHEN stay_days < 180 THEN '60_179_days'
        ELSE '180_days_plus'
    END AS level
FROM analysis.cohort
UNION ALL
SELECT
    cohort.person_key,
    cohort.arm,
    'prior_decisions_5y' AS variable,
    CASE
        WHEN priors.n_decisions = 0 THEN '0'
        WHEN priors.n_decisions = 1 THEN '1'
        WHEN priors.n_decisions < 5 THEN '2_4'
        ELSE '5_plus'
    END AS level
FROM analysis.cohort AS cohort
INNER JOIN priors
    ON cohort.person_key = priors.person_key
UNION ALL
SELECT
    cohort.person_key,
    cohort.arm,
    'worked_year_before_admission' AS variable,
    CASE WHEN worked.person_key IS NULL THEN 'no' ELSE 'yes' END AS level
FROM analysis.cohort AS cohort
LEFT JOIN worked
    ON cohort.person_key = worked.person_key
