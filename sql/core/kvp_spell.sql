-- Grain: one row a person and qualification programme that began on a day, as the newest reporting year knows it, half-open.
-- The report says the last day, so the stop is the day after; a programme that lasts has none. On two forms for one year
-- the later municipality code stands, so that nothing hangs on the order of the rows.
WITH reported AS (
    SELECT
        person_key,
        begun_on,
        ended_on,
        reporting_year,
        municipality,
        state,
        exit_ordinary_work,
        exit_subsidised_work,
        exit_labour_market_measure,
        exit_education,
        exit_disability_pension,
        exit_work_assessment,
        exit_social_assistance_waiting,
        exit_social_assistance,
        exit_other,
        exit_unknown
    FROM staging.kvp
    UNION ALL
    SELECT
        person_key,
        begun_on,
        ended_on,
        reporting_year,
        municipality,
        state,
        exit_ordinary_work,
        exit_subsidised_work,
        exit_labour_market_measure,
        exit_education,
        exit_disability_pension,
        exit_work_assessment,
        exit_social_assistance_waiting,
        exit_social_assistance,
        exit_other,
        exit_unknown
    FROM staging.kvp_2024
),

ranked AS (
    SELECT
        person_key,
        begun_on,
        ended_on,
        state,
        exit_ordinary_work,
        exit_subsidised_work,
        exit_labour_market_measure,
        exit_education,
        exit_disability_pension,
        exit_work_assessment,
        exit_social_assistance_waiting,
        exit_social_assistance,
        exit_other,
        exit_unknown,
        row_number() OVER (
            PARTITION BY person_key, begun_on
            ORDER BY reporting_year DESC, municipality DESC, state DESC
        ) AS newest_first
    FROM reported
)

SELECT
    person_key,
    begun_on                                        AS start_date,
    CAST(ended_on + INTERVAL 1 DAY AS DATE)         AS stop_date,
    state,
    exit_ordinary_work,
    exit_subsidised_work,
    exit_labour_market_measure,
    exit_education,
    exit_disability_pension,
    exit_work_assessment,
    exit_social_assistance_waiting,
    exit_social_assistance,
    exit_other,
    exit_unknown
FROM ranked
WHERE newest_first = 1
