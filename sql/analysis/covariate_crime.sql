-- Grain: one row a person in the study, episode, and covariate of the person's criminal record: what had been decided
-- before the day that the covariate is read on. The sentence's length comes from the decision (KRAF), as the custody
-- register has none from 2007. Whether a decision counts is what the study's outcome says of guilt and of small traffic
-- fines (only what is known to be one, not an unknown law or amount). 9000 days is none (0 here), 9999 is for life, and a length that is not stated is not known.
WITH priors AS (
    SELECT
        decision.person_key,
        decision.episode,
        decision.name,
        decision.journal,
        decision.decision_date,
        decision.unsuspended_days,
        decision.suspended_days
    FROM analysis.earlier_decision AS decision
    INNER JOIN analysis.outcome_decision AS code
        ON decision.decision_code = code.decision_code
        AND code.is_guilty
        AND code.outcome = 'primary'
    INNER JOIN analysis.outcome AS rule
        ON code.outcome = rule.outcome
    WHERE decision.decision_date >= decision.from_date
        AND NOT coalesce(
            code.is_fine
            AND decision.offence_code LIKE '2%'
            AND decision.fine_dkk < CASE
                WHEN extract('year' FROM decision.decision_date) >= rule.traffic_from_year THEN rule.traffic_limit_dkk
                ELSE rule.traffic_limit_before_dkk
            END,
            FALSE
        )
),

history AS (
    SELECT
        day.person_key,
        day.episode,
        day.name,
        cohort.birth_date,
        count(DISTINCT priors.journal)                                            AS n_decisions,
        min(priors.decision_date)                                                 AS first_decision_date,
        max(CASE WHEN priors.unsuspended_days > 0 THEN 1 ELSE 0 END)              AS has_unsuspended,
        max(CASE WHEN priors.suspended_days > 0 THEN 1 ELSE 0 END)                AS has_suspended
    FROM analysis.covariate_day AS day
    INNER JOIN analysis.cohort AS cohort
        ON day.person_key = cohort.person_key
        AND day.episode = cohort.episode
    LEFT JOIN priors
        ON day.person_key = priors.person_key
        AND day.episode = priors.episode
        AND day.name = priors.name
    WHERE day.name IN ('prior_decisions_5y', 'prior_severity_5y', 'age_at_first_conviction')
    GROUP BY day.person_key, day.episode, day.name, cohort.birth_date
),

sentences AS (
    SELECT
        day.person_key,
        day.episode,
        day.name,
        decision.unsuspended_days
    FROM analysis.covariate_day AS day
    INNER JOIN analysis.cohort AS cohort
        ON day.person_key = cohort.person_key
        AND day.episode = cohort.episode
    LEFT JOIN analysis.earlier_decision AS decision
        ON day.person_key = decision.person_key
        AND day.episode = decision.episode
        AND day.name = decision.name
        AND cohort.journal = decision.journal
    WHERE day.name = 'sentence_length'
)

SELECT
    person_key,
    episode,
    name,
    CASE
        WHEN n_decisions = 0 THEN '0'
        WHEN n_decisions = 1 THEN '1'
        WHEN n_decisions < 5 THEN '2_4'
        ELSE '5_plus'
    END                         AS level,
    CAST(n_decisions AS DOUBLE) AS value
FROM history
WHERE name = 'prior_decisions_5y'
UNION ALL
SELECT
    person_key,
    episode,
    name,
    CASE
        WHEN has_unsuspended = 1 THEN 'unsuspended'
        WHEN has_suspended = 1 THEN 'suspended'
        WHEN n_decisions > 0 THEN 'lesser'
        ELSE 'none'
    END                         AS level,
    CAST(NULL AS DOUBLE)        AS value
FROM history
WHERE name = 'prior_severity_5y'
UNION ALL
SELECT
    person_key,
    episode,
    name,
    CASE
        WHEN first_decision_date IS NULL THEN 'none'
        WHEN age_in_years(birth_date, first_decision_date) < 18 THEN 'under_18'
        WHEN age_in_years(birth_date, first_decision_date) < 21 THEN '18_20'
        WHEN age_in_years(birth_date, first_decision_date) < 25 THEN '21_24'
        WHEN age_in_years(birth_date, first_decision_date) >= 25 THEN '25_plus'
    END                                                              AS level,
    CAST(age_in_years(birth_date, first_decision_date) AS DOUBLE)    AS value
FROM history
WHERE name = 'age_at_first_conviction'
UNION ALL
SELECT
    person_key,
    episode,
    name,
    CASE
        WHEN unsuspended_days = 0 THEN 'none'
        WHEN unsuspended_days = 9999 THEN 'life'
        WHEN unsuspended_days < 60 THEN 'under_60_days'
        WHEN unsuspended_days < 180 THEN '60_179_days'
        WHEN unsuspended_days < 365 THEN '180_364_days'
        WHEN unsuspended_days >= 365 THEN 'year_plus'
    END                                                                           AS level,
    CASE WHEN unsuspended_days < 9999 THEN CAST(unsuspended_days AS DOUBLE) END   AS value
FROM sentences
