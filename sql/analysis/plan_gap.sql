-- Grain: one row an arm, state and length of the first gap in days: of those whose plan was resumed, what became of it
-- the first time that none of its activities was under way, within follow-up. An arm in which no plan was resumed has a
-- row without a state and with 0.
-- resumed: the next activity began after so many days. completed: what ended last ended as intended and nothing more
-- began. not_resumed: nothing more began. no_gap: an activity was under way all along. returned_to_custody, died and
-- emigrated: that came first, or in the days in which a plan that did not end as intended could be resumed.
WITH gaps AS (
    SELECT
        person_key,
        arm,
        gap_on,
        next_begun_on,
        gap_is_intended,
        other_state,
        least(follow_up_end, $vintage)              AS last_on,
        coalesce(other_on, DATE '9999-12-31')       AS other_on
    FROM analysis.plan_course
),

states AS (
    SELECT
        person_key,
        arm,
        CASE
            WHEN next_begun_on < least(other_on, last_on) THEN 'resumed'
            WHEN other_on < last_on
                AND (
                    gap_on IS NULL
                    OR other_on <= gap_on
                    OR (NOT gap_is_intended AND date_diff('day', gap_on, other_on) <= $resume_within_days)
                ) THEN other_state
            WHEN gap_on < last_on AND gap_is_intended THEN 'completed'
            WHEN gap_on < last_on THEN 'not_resumed'
            ELSE 'no_gap'
        END                                         AS gap_state,
        date_diff('day', gap_on, next_begun_on)     AS n_days
    FROM gaps
),

state_days AS (
    SELECT
        person_key,
        arm,
        gap_state,
        CASE WHEN gap_state = 'resumed' THEN n_days END AS gap_days
    FROM states
)

SELECT
    arms.arm,
    state_days.gap_state,
    state_days.gap_days,
    count(state_days.person_key) AS n_persons
FROM (SELECT DISTINCT arm FROM analysis.cohort) AS arms
LEFT JOIN state_days
    ON arms.arm = state_days.arm
GROUP BY arms.arm, state_days.gap_state, state_days.gap_days
ORDER BY arms.arm, state_days.gap_state, state_days.gap_days
