-- Grain: one row a person in the study, episode, and covariate that the study asks for: the days [from_date, as_of_date)
-- in which the registers are read for it, and whether the extracts reach back that far.
WITH asked AS (
    SELECT
        rule.name                              AS name,
        rule.as_of                             AS as_of,
        CAST(rule.lookback_months AS INTEGER)  AS lookback_months,
        CAST(rule.since_age_years AS INTEGER)  AS since_age_years
    FROM (SELECT unnest($covariates) AS rule)
),

days AS (
    SELECT
        cohort.person_key,
        cohort.episode,
        asked.name,
        CASE asked.as_of
            WHEN 'admission_date' THEN coalesce(cohort.admission_date, cohort.index_date)
            WHEN 'release_date' THEN cohort.release_date
            ELSE cohort.index_date
        END                                                      AS as_of_date,
        asked.lookback_months,
        add_months(cohort.birth_date, 12 * asked.since_age_years) AS since_date
    FROM analysis.cohort AS cohort
    CROSS JOIN asked
)

SELECT
    person_key,
    episode,
    name,
    as_of_date,
    CASE
        WHEN lookback_months IS NOT NULL THEN add_months(as_of_date, -lookback_months)
        ELSE coalesce(since_date, DATE '1000-01-01')
    END AS from_date,
    coalesce(
        CASE
            WHEN lookback_months IS NOT NULL THEN add_months(as_of_date, -lookback_months)
            ELSE since_date
        END >= $history_from,
        TRUE
    )   AS is_reached
FROM days
