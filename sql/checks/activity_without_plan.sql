-- Grain: one row a register, with the plan activities looked at and those that broke the rule.
-- An activity without its plan: nobody can say then whether the prison or the municipality planned it.
SELECT
    'planaktivitet'                                  AS layout,
    count(*)                                         AS n_rows,
    count(*) FILTER (WHERE plan.plan_id IS NULL)     AS n_broken
FROM staging.planaktivitet AS activity
LEFT JOIN staging.handleplan AS plan
    ON activity.person_key = plan.person_key
    AND activity.plan_id = plan.plan_id
