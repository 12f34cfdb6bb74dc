-- Grain: one row a case list and what had become of the plan for work or education of those who completed: an activity in
-- those areas was under way on some day from the end of the case on, within so many days. No plan is not the same as not
-- continued, and too early to tell is open.
WITH completers AS (
    SELECT
        layout,
        person_key,
        ended_on,
        CAST(ended_on + $resume_within_days * INTERVAL 1 DAY AS DATE) AS looked_at_until
    FROM analysis.programme_case
    WHERE end_state IN ('completed', 'positive')
),

planned AS (
    SELECT
        completers.layout,
        completers.person_key,
        max(
            CASE
                WHEN activity.begun_on <= completers.looked_at_until
                    AND coalesce(activity.ended_on, DATE '9999-12-31') > completers.ended_on THEN 1
                ELSE 0
            END
        ) AS goes_on
    FROM completers
    INNER JOIN core.plan_activity AS activity
        ON completers.person_key = activity.person_key
        AND activity.domain IN ('education', 'employment')
        AND (activity.planned_on <= completers.ended_on OR activity.begun_on <= completers.ended_on)
    GROUP BY completers.layout, completers.person_key
),

states AS (
    SELECT
        completers.layout,
        CASE
            WHEN completers.looked_at_until >= $vintage THEN 'open'
            WHEN planned.goes_on = 1 THEN 'continuing'
            WHEN planned.goes_on = 0 THEN 'not_continued'
            ELSE 'no_plan_recorded'
        END AS state
    FROM completers
    LEFT JOIN planned
        ON completers.layout = planned.layout
        AND completers.person_key = planned.person_key
)

SELECT
    layout,
    state,
    count(*) AS n_persons
FROM states
GROUP BY layout, state
ORDER BY layout, state
