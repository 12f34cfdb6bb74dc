-- Grain: one row a person in the study whose plan was resumed within the days after release, as analysis.continuity_day
-- says it: the course of the plan from the day it was resumed. Whoever's plan was not resumed has no course to follow.
-- All activities in the domains of the plan are one course. gap_on is the first day on which none is under way,
-- next_begun_on the day on which the next one begins. ended_on is the first such day after which none begins within
-- $resume_within_days days: a shorter gap does not end the plan. Both are NULL while an activity is open.
-- other_on is the first day of death, absence or custody from the day the plan was resumed; on one day in this order.
WITH activities AS (
    SELECT
        cohort.person_key,
        cohort.arm,
        cohort.index_date,
        activity.begun_on,
        coalesce(activity.ended_on, DATE '9999-12-31') AS stop_on,
        CASE activity.end_reason
            WHEN 'completed' THEN 3
            WHEN 'interrupted' THEN 2
            ELSE 1
        END                                            AS reason_rank
    FROM analysis.cohort AS cohort
    INNER JOIN analysis.planned_domain AS planned_domain
        ON cohort.person_key = planned_domain.person_key
    INNER JOIN core.plan_activity AS activity
        ON planned_domain.person_key = activity.person_key
        AND planned_domain.domain = activity.domain
    WHERE cohort.episode = 1
        AND activity.begun_on IS NOT NULL
        AND coalesce(activity.ended_on, DATE '9999-12-31') > cohort.index_date
),

resumed AS (
    SELECT
        person_key,
        arm,
        greatest(min(begun_on), index_date) AS resumed_on
    FROM activities
    GROUP BY person_key, arm, index_date
    HAVING min(begun_on) <= CAST(index_date + $resume_within_days * INTERVAL 1 DAY AS DATE)
),

in_order AS (
    SELECT
        person_key,
        begun_on,
        stop_on,
        max(stop_on) OVER (
            PARTITION BY person_key
            ORDER BY begun_on, stop_on
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS reached_on
    FROM activities
),

begins AS (
    SELECT
        person_key,
        min(CASE WHEN begun_on > reached_on THEN begun_on END) AS after_gap_on,
        min(
            CASE WHEN date_diff('day', reached_on, begun_on) > $resume_within_days THEN begun_on END
        )                                                      AS after_end_on
    FROM in_order
    GROUP BY person_key
),

reaches AS (
    SELECT
        activities.person_key,
        max(
            CASE WHEN activities.begun_on < coalesce(begins.after_gap_on, DATE '9999-12-31') THEN activities.stop_on END
        ) AS gap_on,
        max(
            CASE WHEN activities.begun_on < coalesce(begins.after_end_on, DATE '9999-12-31') THEN activities.stop_on END
        ) AS ended_on
    FROM activities
    INNER JOIN begins
        ON activities.person_key = begins.person_key
    GROUP BY activities.person_key
),

-- Several activities can end on the last day: the plan ended as intended when one of them did.
reasons AS (
    SELECT
        reaches.person_key,
        max(activities.reason_rank) AS end_rank
    FROM reaches
    INNER JOIN activities
        ON reaches.person_key = activities.person_key
        AND reaches.ended_on = activities.stop_on
    GROUP BY reaches.person_key
),

happenings AS (
    SELECT
        resumed.person_key,
        'died'                                         AS event,
        1                                              AS place,
        greatest(death.death_date, resumed.resumed_on) AS event_on
    FROM resumed
    INNER JOIN core.death AS death
        ON resumed.person_key = death.person_key
    UNION ALL
    SELECT
        resumed.person_key,
        'emigrated'                                      AS event,
        2                                                AS place,
        greatest(absence.start_date, resumed.resumed_on) AS event_on
    FROM resumed
    INNER JOIN core.absence AS absence
        ON resumed.person_key = absence.person_key
        AND coalesce(absence.stop_date, DATE '9999-12-31') > resumed.resumed_on
    UNION ALL
    SELECT
        resumed.person_key,
        'returned_to_custody'                         AS event,
        3                                             AS place,
        greatest(stay.start_date, resumed.resumed_on) AS event_on
    FROM resumed
    INNER JOIN core.custody_stay AS stay
        ON resumed.person_key = stay.person_key
        AND coalesce(stay.stop_date, DATE '9999-12-31') > resumed.resumed_on
),

others AS (
    SELECT
        person_key,
        event,
        event_on,
        row_number() OVER (PARTITION BY person_key ORDER BY event_on, place) AS first_first
    FROM happenings
)

SELECT
    resumed.person_key,
    resumed.arm,
    resumed.resumed_on,
    nullif(reaches.gap_on, DATE '9999-12-31')       AS gap_on,
    begins.after_gap_on                             AS next_begun_on,
    nullif(reaches.ended_on, DATE '9999-12-31')     AS ended_on,
    CASE
        WHEN reaches.ended_on = DATE '9999-12-31' THEN NULL
        WHEN reasons.end_rank = 3 THEN 'completed'
        WHEN reasons.end_rank = 2 THEN 'discontinued'
        ELSE 'unknown_end'
    END                                             AS end_state,
    others.event_on                                 AS other_on,
    others.event                                    AS other_state
FROM resumed
INNER JOIN begins
    ON resumed.person_key = begins.person_key
INNER JOIN reaches
    ON resumed.person_key = reaches.person_key
INNER JOIN reasons
    ON resumed.person_key = reasons.person_key
LEFT JOIN others
    ON resumed.person_key = others.person_key
    AND others.first_first = 1
