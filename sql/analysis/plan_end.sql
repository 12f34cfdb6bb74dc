-- Grain: one row an arm, number of days from the day the plan was resumed and state in which it was left, and days of the
-- first gap with the day on which it was closed: how many. An arm in which no plan was resumed has a row with 0.
-- completed, discontinued, unknown_end (no reason recorded), returned_to_custody and died are ends; left is no end but
-- emigration or the last day on which an end can be told, $resume_within_days days before the data end.
-- A plan that did not end as intended has ended only when the person could have resumed it: whoever dies, leaves the
-- country or returns to custody in the days in which the plan could be resumed leaves it in that way, on that day.
-- A gap is closed when the next activity begins before any of that happens; a long one after the plan's end.
WITH ends AS (
    SELECT
        person_key,
        arm,
        resumed_on,
        greatest(CAST($vintage - $resume_within_days * INTERVAL 1 DAY AS DATE), resumed_on) AS last_on,
        CASE
            WHEN other_on <= coalesce(ended_on, DATE '9999-12-31') THEN TRUE
            WHEN end_state <> 'completed' THEN date_diff('day', ended_on, other_on) <= $resume_within_days
            ELSE FALSE
        END                                                                                 AS is_other,
        ended_on,
        end_state,
        other_on,
        other_state,
        gap_on,
        CASE
            WHEN next_begun_on < least(coalesce(other_on, DATE '9999-12-31'), $vintage) THEN next_begun_on
        END                                                                                 AS closed_on
    FROM analysis.plan_course
),

exits AS (
    SELECT
        person_key,
        arm,
        resumed_on,
        last_on,
        gap_on,
        closed_on,
        CASE WHEN is_other THEN other_on ELSE ended_on END     AS exit_on,
        CASE WHEN is_other THEN other_state ELSE end_state END AS exit_state
    FROM ends
),

exit_days AS (
    SELECT
        person_key,
        arm,
        date_diff('day', resumed_on, least(coalesce(exit_on, last_on), last_on)) AS exit_time,
        CASE
            WHEN exit_on < last_on AND exit_state <> 'emigrated' THEN exit_state
            ELSE 'left'
        END                                                                      AS exit_state,
        date_diff('day', gap_on, closed_on)                                      AS gap_days,
        date_diff('day', resumed_on, closed_on)                                  AS closed_time
    FROM exits
)

SELECT
    arms.arm,
    exit_days.exit_time,
    exit_days.exit_state,
    exit_days.gap_days,
    exit_days.closed_time,
    count(exit_days.person_key) AS n_persons
FROM (SELECT DISTINCT arm FROM analysis.cohort) AS arms
LEFT JOIN exit_days
    ON arms.arm = exit_days.arm
GROUP BY arms.arm, exit_days.exit_time, exit_days.exit_state, exit_days.gap_days, exit_days.closed_time
ORDER BY arms.arm, exit_days.exit_time, exit_days.exit_state, exit_days.gap_days, exit_days.closed_time
