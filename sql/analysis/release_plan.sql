-- Grain: one row an arm and measure of plans made before release: whom it concerns, and of them for how many it holds. Needs
-- and agreement concern only those whose plans say something; signatures only where the extract has any.
WITH plans AS (
    SELECT
        released.person_key,
        max(CASE WHEN plan.owner = 'prison_service' AND plan.created_on >= released.admission_date THEN 1 ELSE 0 END) = 1
            AS has_prison_plan,
        max(
            CASE
                WHEN plan.owner = 'municipality'
                    AND coalesce(plan.closed_on, DATE '9999-12-31') > released.admission_date THEN 1
                ELSE 0
            END
        ) = 1 AS has_municipal_plan,
        max(
            CASE
                WHEN plan.owner = 'municipality'
                    AND plan.created_on <= released.admission_date
                    AND coalesce(plan.closed_on, DATE '9999-12-31') >= released.release_date THEN 1
                ELSE 0
            END
        ) = 1 AS is_open_throughout,
        max(
            CASE
                WHEN plan.owner = 'municipality'
                    AND coalesce(plan.closed_on, DATE '9999-12-31') > released.release_date THEN 1
                ELSE 0
            END
        ) = 1 AS is_open_at_release,
        max(
            CASE
                WHEN plan.signed_on >= released.admission_date AND plan.signed_on < released.release_date THEN 1
                ELSE 0
            END
        ) = 1 AS is_signed
    FROM analysis.released AS released
    INNER JOIN core.plan AS plan
        ON released.person_key = plan.person_key
        AND plan.created_on < released.release_date
    GROUP BY released.person_key
),

needs AS (
    -- An activity is known by release when it was planned or begun before; before admission it must not have ended.
    SELECT
        released.person_key,
        released.arm,
        activity.domain,
        max(
            CASE
                WHEN activity.planned_on >= released.admission_date AND activity.planned_on < released.release_date THEN 1
                WHEN activity.begun_on >= released.admission_date AND activity.begun_on < released.release_date THEN 1
                ELSE 0
            END
        ) = 1 AS is_of_the_stay,
        max(CASE WHEN activity.end_reason = 'completed' AND activity.ended_on <= released.release_date THEN 1 ELSE 0 END) = 1
            AS is_completed,
        max(
            CASE
                WHEN activity.end_reason = 'completed'
                    AND activity.ended_on <= released.release_date
                    AND (
                        (activity.planned_on >= released.admission_date AND activity.planned_on < released.release_date)
                        OR (activity.begun_on >= released.admission_date AND activity.begun_on < released.release_date)
                    ) THEN 1
                ELSE 0
            END
        ) = 1 AS is_completed_of_the_stay,
        max(
            CASE
                WHEN activity.begun_on <= released.release_date
                    AND coalesce(activity.ended_on, DATE '9999-12-31') > released.release_date THEN 1
                ELSE 0
            END
        ) = 1 AS is_under_way
    FROM analysis.released AS released
    INNER JOIN core.plan_activity AS activity
        ON released.person_key = activity.person_key
        AND (activity.planned_on < released.release_date OR activity.begun_on < released.release_date)
        AND coalesce(activity.ended_on, DATE '9999-12-31') >= released.admission_date
    GROUP BY released.person_key, released.arm, activity.domain
),

signatures AS (
    SELECT count(signed_on) > 0 AS are_kept
    FROM core.plan
),

known AS (
    SELECT
        released.person_key,
        released.arm,
        released.release_type,
        released.kind,
        coalesce(plans.has_prison_plan, FALSE)          AS has_prison_plan,
        coalesce(plans.has_municipal_plan, FALSE)       AS has_municipal_plan,
        coalesce(plans.is_open_throughout, FALSE)       AS is_open_throughout,
        coalesce(plans.is_open_at_release, FALSE)       AS is_open_at_release,
        coalesce(plans.is_signed, FALSE)                AS is_signed,
        signatures.are_kept,
        work.person_key IS NOT NULL                     AS has_work_activity
    FROM analysis.released AS released
    CROSS JOIN signatures
    LEFT JOIN plans
        ON released.person_key = plans.person_key
    LEFT JOIN needs AS work
        ON released.person_key = work.person_key
        AND work.domain = 'employment'
        AND work.is_of_the_stay
),

of_the_stay AS (
    SELECT
        released.person_key,
        released.arm,
        max(
            CASE
                WHEN activity.begun_on >= released.admission_date AND activity.begun_on < released.release_date THEN 1
                ELSE 0
            END
        ) = 1 AS is_begun
    FROM analysis.released AS released
    INNER JOIN core.plan_activity AS activity
        ON released.person_key = activity.person_key
        AND (
            (activity.planned_on >= released.admission_date AND activity.planned_on < released.release_date)
            OR (activity.begun_on >= released.admission_date AND activity.begun_on < released.release_date)
        )
    GROUP BY released.person_key, released.arm
),

answers AS (
    SELECT arm, 'plan_begun_inside' AS measure, is_begun AS holds
    FROM of_the_stay
    UNION ALL
    SELECT arm, 'signed_plan' AS measure, is_signed AS holds
    FROM known
    WHERE are_kept
    UNION ALL
    SELECT arm, 'job_centre_before_parole' AS measure, has_municipal_plan OR has_work_activity AS holds
    FROM known
    WHERE release_type = 'parole'
    UNION ALL
    SELECT arm, 'plan_in_remand' AS measure, has_prison_plan AS holds
    FROM known
    WHERE kind = 'remand'
    UNION ALL
    SELECT arm, 'case_open_throughout' AS measure, is_open_throughout AS holds
    FROM known
    UNION ALL
    SELECT arm, 'case_open_at_release' AS measure, is_open_at_release AS holds
    FROM known
    UNION ALL
    SELECT arm, 'housing_settled' AS measure, is_completed_of_the_stay AS holds
    FROM needs
    WHERE domain = 'housing' AND is_of_the_stay
    UNION ALL
    SELECT arm, 'need_met_' || domain AS measure, is_completed OR is_under_way AS holds
    FROM needs
)

SELECT
    arm,
    measure,
    count(*)                            AS n_persons,
    count(*) FILTER (WHERE holds)       AS n_reached
FROM answers
GROUP BY arm, measure
ORDER BY arm, measure
