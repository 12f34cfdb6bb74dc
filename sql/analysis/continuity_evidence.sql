-- Grain: one row an arm, domain, checkpoint and kind of evidence, of those with a plan in the domain who are at liberty in
-- the country on the day: that it goes on is said by the caseworker, confirmed by a register that knows nothing of the
-- plan, both or neither. Registers know of education (a spell of it), employment (paid hours in the month) and economy (a
-- benefit or paid hours); housing, treatment, health and network stand in none. A kind that nobody has is a row with 0.
WITH domains AS (
    SELECT unnest(['education', 'employment', 'economy']) AS domain
),

kinds AS (
    SELECT unnest(['both', 'said_only', 'register_only', 'neither']) AS evidence
),

planned AS (
    SELECT
        cohort.person_key,
        cohort.arm,
        progress.domain,
        progress.months,
        progress.is_resumed AND progress.is_under_way       AS is_said,
        add_months(cohort.index_date, progress.months)      AS on_day
    FROM analysis.continuity_day AS progress
    INNER JOIN domains
        ON progress.domain = domains.domain
    INNER JOIN analysis.cohort AS cohort
        ON progress.person_key = cohort.person_key
        AND cohort.episode = 1
    WHERE progress.months > 0
),

at_liberty AS (
    SELECT
        planned.person_key,
        planned.arm,
        planned.domain,
        planned.months,
        planned.is_said,
        planned.on_day
    FROM planned
    INNER JOIN analysis.state_spell AS spell
        ON planned.person_key = spell.person_key
        AND spell.episode = 1
        AND spell.start_date <= planned.on_day
        AND spell.stop_date > planned.on_day
        AND spell.state NOT IN ('dead', 'emigrated', 'in_custody')
),

studies AS (
    SELECT DISTINCT at_liberty.person_key, at_liberty.months
    FROM at_liberty
    INNER JOIN core.education_spell AS education
        ON at_liberty.person_key = education.person_key
        AND education.start_date <= at_liberty.on_day
        AND coalesce(education.stop_date, DATE '9999-12-31') > at_liberty.on_day
),

works AS (
    SELECT at_liberty.person_key, at_liberty.months
    FROM (SELECT DISTINCT person_key, months, on_day FROM at_liberty) AS at_liberty
    INNER JOIN core.employment_month AS employment
        ON at_liberty.person_key = employment.person_key
        AND employment.month_start = CAST(date_trunc('month', at_liberty.on_day) AS DATE)
    GROUP BY at_liberty.person_key, at_liberty.months
    HAVING sum(employment.paid_hours) > $min_paid_hours
),

supported AS (
    SELECT DISTINCT at_liberty.person_key, at_liberty.months
    FROM at_liberty
    INNER JOIN core.benefit_spell AS benefit
        ON at_liberty.person_key = benefit.person_key
        AND benefit.start_date <= at_liberty.on_day
        AND benefit.stop_date > at_liberty.on_day
        AND benefit.benefit_code NOT IN (SELECT unnest($no_support_codes))
),

known AS (
    SELECT
        at_liberty.person_key,
        at_liberty.arm,
        at_liberty.domain,
        at_liberty.months,
        at_liberty.is_said,
        CASE at_liberty.domain
            WHEN 'education' THEN studies.person_key IS NOT NULL
            WHEN 'employment' THEN works.person_key IS NOT NULL
            ELSE supported.person_key IS NOT NULL OR works.person_key IS NOT NULL
        END AS is_registered
    FROM at_liberty
    LEFT JOIN studies
        ON at_liberty.person_key = studies.person_key AND at_liberty.months = studies.months
    LEFT JOIN works
        ON at_liberty.person_key = works.person_key AND at_liberty.months = works.months
    LEFT JOIN supported
        ON at_liberty.person_key = supported.person_key AND at_liberty.months = supported.months
),

found AS (
    SELECT
        person_key,
        arm,
        domain,
        months,
        CASE
            WHEN is_said AND is_registered THEN 'both'
            WHEN is_said THEN 'said_only'
            WHEN is_registered THEN 'register_only'
            ELSE 'neither'
        END AS evidence
    FROM known
)

SELECT
    arms.arm,
    domains.domain,
    checkpoints.months,
    kinds.evidence,
    count(found.person_key) AS n_persons
FROM (SELECT DISTINCT arm FROM analysis.cohort) AS arms
CROSS JOIN domains
CROSS JOIN (SELECT unnest($checkpoints_months) AS months) AS checkpoints
CROSS JOIN kinds
LEFT JOIN found
    ON arms.arm = found.arm
    AND domains.domain = found.domain
    AND checkpoints.months = found.months
    AND kinds.evidence = found.evidence
GROUP BY arms.arm, domains.domain, checkpoints.months, kinds.evidence
ORDER BY arms.arm, domains.domain, checkpoints.months, kinds.evidence
