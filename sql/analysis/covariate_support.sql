-- Grain: one row a person in the study, episode, and covariate of work, benefits, education and plans, as registered
-- before the day that the covariate is read on. Who has no plan at all has no known need of a home.
WITH months AS (
    SELECT
        day.person_key,
        day.episode,
        day.name,
        count(employment.person_key) AS n_months
    FROM analysis.covariate_day AS day
    LEFT JOIN core.employment_month AS employment
        ON day.person_key = employment.person_key
        AND employment.month_start >= day.from_date
        AND employment.month_start < day.as_of_date
        AND employment.paid_hours > $min_paid_hours
    WHERE day.name IN ('worked_year_before_admission', 'work_history_2y')
    GROUP BY day.person_key, day.episode, day.name
),

support AS (
    -- Days on any benefit, a day at a time once; spells of different benefits do not overlap, as DREAM has one a week.
    SELECT
        day.person_key,
        day.episode,
        day.name,
        sum(
            CASE
                WHEN benefit.person_key IS NULL THEN 0
                ELSE date_diff(
                    'day',
                    greatest(benefit.start_date, day.from_date),
                    least(benefit.stop_date, day.as_of_date)
                )
            END
        ) / 7.0 AS n_weeks
    FROM analysis.covariate_day AS day
    LEFT JOIN core.benefit_spell AS benefit
        ON day.person_key = benefit.person_key
        AND benefit.start_date < day.as_of_date
        AND benefit.stop_date > day.from_date
        AND benefit.benefit_code NOT IN (SELECT unnest($no_support_codes))
    WHERE day.name = 'benefit_history_2y'
    GROUP BY day.person_key, day.episode, day.name
),

schooling AS (
    SELECT
        day.person_key,
        day.episode,
        day.name,
        education.programme,
        row_number() OVER (
            PARTITION BY day.person_key, day.episode
            ORDER BY education.start_date DESC
        ) AS newest_first
    FROM analysis.covariate_day AS day
    LEFT JOIN core.highest_education AS education
        ON day.person_key = education.person_key
        AND education.start_date < day.as_of_date
    WHERE day.name = 'education_level'
),

education_codes AS (
    SELECT
        code.level AS level,
        code.code  AS programme
    FROM (SELECT unnest($education_codes) AS code)
),

studying AS (
    SELECT
        day.person_key,
        day.episode,
        day.name,
        count(spell.person_key) AS n_spells
    FROM analysis.covariate_day AS day
    LEFT JOIN core.education_spell AS spell
        ON day.person_key = spell.person_key
        AND spell.start_date < day.as_of_date
        AND coalesce(spell.stop_date, DATE '9999-12-31') >= day.as_of_date
    WHERE day.name = 'in_education'
    GROUP BY day.person_key, day.episode, day.name
),

plans AS (
    SELECT
        day.person_key,
        day.episode,
        day.name,
        count(activity.person_key)                                          AS n_activities,
        max(CASE WHEN activity.domain = 'housing' THEN 1 ELSE 0 END)        AS has_housing
    FROM analysis.covariate_day AS day
    LEFT JOIN core.plan_activity AS activity
        ON day.person_key = activity.person_key
        AND (activity.planned_on < day.as_of_date OR activity.begun_on < day.as_of_date)
    WHERE day.name = 'housing_need'
    GROUP BY day.person_key, day.episode, day.name
)

SELECT
    person_key,
    episode,
    name,
    CASE
        WHEN name = 'worked_year_before_admission' THEN CASE WHEN n_months = 0 THEN 'no' ELSE 'yes' END
        WHEN n_months = 0 THEN '0'
        WHEN n_months < 12 THEN '1_11'
        ELSE '12_24'
    END                       AS level,
    CAST(n_months AS DOUBLE)  AS value
FROM months
UNION ALL
SELECT
    person_key,
    episode,
    name,
    CASE
        WHEN n_weeks = 0 THEN '0'
        WHEN n_weeks < 52 THEN '1_51'
        ELSE '52_plus'
    END                       AS level,
    CAST(n_weeks AS DOUBLE)   AS value
FROM support
UNION ALL
SELECT
    schooling.person_key,
    schooling.episode,
    schooling.name,
    education_codes.level,
    CAST(NULL AS DOUBLE)      AS value
FROM schooling
LEFT JOIN education_codes
    ON schooling.programme = education_codes.programme
WHERE schooling.newest_first = 1
UNION ALL
SELECT
    person_key,
    episode,
    name,
    CASE WHEN n_spells = 0 THEN 'no' ELSE 'yes' END AS level,
    CAST(NULL AS DOUBLE)                            AS value
FROM studying
UNION ALL
SELECT
    person_key,
    episode,
    name,
    CASE
        WHEN n_activities = 0 THEN NULL
        WHEN has_housing = 1 THEN 'yes'
        ELSE 'no'
    END                       AS level,
    CAST(NULL AS DOUBLE)      AS value
FROM plans
