-- Grain: one row an arm and domain ('any' = whatever the domain) for those with a plan of the prison service, made during
-- the stay, and one of a municipality, made before release and not closed by admission, each with an activity that was
-- planned or begun before release: how many have the domain in both plans, in one of them only, and in activities whose
-- plan is not known, which count as neither. A person whose activities have an unknown plan in one domain can have the
-- domain in known plans too. For 'any', n_both is how many have some domain in both; what is in one only says nothing.
WITH domains AS (
    SELECT unnest(
        ['any', 'housing', 'economy', 'education', 'employment', 'treatment', 'health', 'network']
    ) AS domain
),

stated AS (
    SELECT
        cohort.person_key,
        cohort.arm,
        activity.domain,
        max(
            CASE
                WHEN plan.owner = 'prison_service'
                    AND plan.created_on >= cohort.admission_date
                    AND plan.created_on < cohort.index_date THEN 1
                ELSE 0
            END
        ) AS in_prison_plan,
        max(
            CASE
                WHEN plan.owner = 'municipality'
                    AND plan.created_on < cohort.index_date
                    AND coalesce(plan.closed_on, DATE '9999-12-31') > cohort.admission_date THEN 1
                ELSE 0
            END
        ) AS in_municipal_plan,
        max(CASE WHEN plan.person_key IS NULL THEN 1 ELSE 0 END) AS in_unknown_plan
    FROM analysis.cohort AS cohort
    INNER JOIN staging.planaktivitet AS activity
        ON cohort.person_key = activity.person_key
        AND (activity.planned_on < cohort.index_date OR activity.begun_on < cohort.index_date)
    LEFT JOIN core.plan AS plan
        ON activity.person_key = plan.person_key
        AND activity.plan_id = plan.plan_id
    WHERE cohort.episode = 1
    GROUP BY cohort.person_key, cohort.arm, activity.domain
),

planned AS (
    SELECT
        person_key,
        arm,
        max(in_prison_plan * in_municipal_plan) AS shares_domain,
        max(in_unknown_plan)                    AS in_unknown_plan
    FROM stated
    GROUP BY person_key, arm
    HAVING max(in_prison_plan) = 1
        AND max(in_municipal_plan) = 1
),

answers AS (
    SELECT
        stated.person_key,
        stated.arm,
        stated.domain,
        stated.in_prison_plan,
        stated.in_municipal_plan,
        stated.in_unknown_plan
    FROM stated
    INNER JOIN planned
        ON stated.person_key = planned.person_key
    UNION ALL
    SELECT
        person_key,
        arm,
        'any'         AS domain,
        shares_domain AS in_prison_plan,
        shares_domain AS in_municipal_plan,
        in_unknown_plan
    FROM planned
),

arms AS (
    SELECT
        cohort.arm,
        count(planned.person_key) AS n_persons
    FROM analysis.cohort AS cohort
    LEFT JOIN planned
        ON cohort.person_key = planned.person_key
    WHERE cohort.episode = 1
    GROUP BY cohort.arm
)

SELECT
    arms.arm,
    domains.domain,
    arms.n_persons,
    count(*) FILTER (WHERE answers.in_prison_plan = 1 AND answers.in_municipal_plan = 1) AS n_both,
    count(*) FILTER (WHERE answers.in_prison_plan = 1 AND answers.in_municipal_plan = 0) AS n_prison_only,
    count(*) FILTER (WHERE answers.in_prison_plan = 0 AND answers.in_municipal_plan = 1) AS n_municipality_only,
    count(*) FILTER (WHERE answers.in_unknown_plan = 1)                                  AS n_plan_unknown
FROM arms
CROSS JOIN domains
LEFT JOIN answers
    ON arms.arm = answers.arm
    AND domains.domain = answers.domain
GROUP BY arms.arm, domains.domain, arms.n_persons
ORDER BY arms.arm, domains.domain
