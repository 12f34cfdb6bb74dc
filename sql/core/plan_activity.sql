-- Grain: one row a planned activity, with the owner of the plan it belongs to.
SELECT
    activity.person_key,
    activity.activity_id,
    plan.owner,
    activity.domain,
    activity.planned_on,
    activity.begun_on,
    activity.ended_on,
    activity.end_reason
FROM staging.planaktivitet AS activity
LEFT JOIN staging.handleplan AS plan
    ON activity.person_key = plan.person_key
    AND activity.plan_id = plan.plan_id
