-- Grain: one row an arm, domain ('any' = whatever the domain), checkpoint and state; a state that nobody is in has a
-- row with 0. Each person has one state in each domain, so the states of a domain add up to the arm.
-- Order when several fit: no plan recorded or a plan without activity, dead, emigrated, returned to custody, continuing,
-- completed, ended for an unknown reason, not continued. A plan of the prison service or the municipality in which nothing
-- was planned or begun during the stay is a plan without activity; in a single domain it is no plan.
-- An activity that is still open in the records of a dead person does not continue. At the first checkpoint continuing
-- comes before all but no plan: the activity was under way on one of the days, whatever happened later in them.
WITH checkpoints AS (
    SELECT 0 AS months
    UNION ALL
    SELECT unnest($checkpoints_months) AS months
),

domains AS (
    SELECT unnest(
        ['any', 'housing', 'economy', 'education', 'employment', 'treatment', 'health', 'network']
    ) AS domain
),

states AS (
    SELECT unnest(
        [
            'continuing', 'completed', 'not_continued', 'unknown_end', 'returned_to_custody', 'dead', 'emigrated',
            'plan_without_activity', 'no_plan_recorded'
        ]
    ) AS state
),

person_days AS (
    SELECT
        cohort.person_key,
        cohort.arm,
        domains.domain,
        checkpoints.months,
        CASE
            WHEN checkpoints.months = 0
                THEN CAST(cohort.index_date + $resume_within_days * INTERVAL 1 DAY AS DATE)
            ELSE add_months(cohort.index_date, checkpoints.months)
        END AS on_day
    FROM analysis.cohort AS cohort
    CROSS JOIN domains
    CROSS JOIN checkpoints
    WHERE cohort.episode = 1
),

progress AS (
    SELECT
        person_key,
        domain,
        months,
        max(CASE WHEN is_resumed AND (months = 0 OR is_under_way) THEN 1 ELSE 0 END) = 1 AS is_continuing,
        max(CASE WHEN is_completed THEN 1 ELSE 0 END) = 1                                AS is_completed,
        max(CASE WHEN is_unknown_end THEN 1 ELSE 0 END) = 1                              AS is_unknown_end
    FROM analysis.continuity_day
    GROUP BY person_key, domain, months
    UNION ALL
    SELECT
        person_key,
        'any' AS domain,
        months,
        max(CASE WHEN is_resumed AND (months = 0 OR is_under_way) THEN 1 ELSE 0 END) = 1 AS is_continuing,
        max(CASE WHEN is_completed THEN 1 ELSE 0 END) = 1                                AS is_completed,
        max(CASE WHEN is_unknown_end THEN 1 ELSE 0 END) = 1                              AS is_unknown_end
    FROM analysis.continuity_day
    GROUP BY person_key, months
),

has_plan AS (
    SELECT DISTINCT cohort.person_key
    FROM analysis.cohort AS cohort
    INNER JOIN core.plan AS plan
        ON cohort.person_key = plan.person_key
        AND plan.created_on < cohort.index_date
        AND coalesce(plan.closed_on, DATE '9999-12-31') > cohort.admission_date
    WHERE cohort.episode = 1
),

dead AS (
    SELECT DISTINCT cohort.person_key, death.death_date
    FROM analysis.cohort AS cohort
    INNER JOIN core.death AS death
        ON cohort.person_key = death.person_key
),

abroad AS (
    SELECT DISTINCT person_days.person_key, person_days.months
    FROM person_days
    INNER JOIN core.absence AS absence
        ON person_days.person_key = absence.person_key
        AND absence.start_date <= person_days.on_day
        AND coalesce(absence.stop_date, DATE '9999-12-31') > person_days.on_day
    WHERE person_days.domain = 'any'
),

in_custody AS (
    SELECT DISTINCT person_days.person_key, person_days.months
    FROM person_days
    INNER JOIN core.custody_stay AS stay
        ON person_days.person_key = stay.person_key
        AND stay.start_date <= person_days.on_day
        AND coalesce(stay.stop_date, DATE '9999-12-31') > person_days.on_day
    WHERE person_days.domain = 'any'
),

person_states AS (
    SELECT
        person_days.person_key,
        person_days.arm,
        person_days.domain,
        person_days.months,
        CASE
            WHEN progress.person_key IS NULL AND has_plan.person_key IS NOT NULL AND person_days.domain = 'any'
                THEN 'plan_without_activity'
            WHEN progress.person_key IS NULL THEN 'no_plan_recorded'
            WHEN person_days.months = 0 AND progress.is_continuing THEN 'continuing'
            WHEN dead.death_date <= person_days.on_day THEN 'dead'
            WHEN abroad.person_key IS NOT NULL THEN 'emigrated'
            WHEN in_custody.person_key IS NOT NULL THEN 'returned_to_custody'
            WHEN progress.is_continuing THEN 'continuing'
            WHEN progress.is_completed THEN 'completed'
            WHEN progress.is_unknown_end THEN 'unknown_end'
            ELSE 'not_continued'
        END AS state
    FROM person_days
    LEFT JOIN progress
        ON person_days.person_key = progress.person_key
        AND person_days.domain = progress.domain
        AND person_days.months = progress.months
    LEFT JOIN has_plan
        ON person_days.person_key = has_plan.person_key
    LEFT JOIN dead
        ON person_days.person_key = dead.person_key
    LEFT JOIN abroad
        ON person_days.person_key = abroad.person_key
        AND person_days.months = abroad.months
    LEFT JOIN in_custody
        ON person_days.person_key = in_custody.person_key
        AND person_days.months = in_custody.months
)

SELECT
    arms.arm,
    domains.domain,
    checkpoints.months,
    states.state,
    count(person_states.person_key) AS n_persons
FROM (SELECT DISTINCT arm FROM analysis.cohort) AS arms
CROSS JOIN domains
CROSS JOIN checkpoints
CROSS JOIN states
LEFT JOIN person_states
    ON arms.arm = person_states.arm
    AND domains.domain = person_states.domain
    AND checkpoints.months = person_states.months
    AND states.state = person_states.state
GROUP BY arms.arm, domains.domain, checkpoints.months, states.state
ORDER BY arms.arm, domains.domain, checkpoints.months, states.state
