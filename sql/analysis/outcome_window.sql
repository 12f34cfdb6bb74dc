-- Grain: one row an outcome with events of its own, person in the study and index date (episode): on which days events count, and by when they must be decided.
-- Whoever's decisions can all be in is followed to the last day; the others to the day up to which they are known well
-- enough, which is never the day the data end.
WITH ends AS (
    SELECT
        outcome.outcome,
        outcome.horizon_days,
        outcome.observed_before,
        outcome.index_day_counts,
        outcome.window_end_counts,
        outcome.deadline_calendar_years,
        outcome.deadline_months,
        outcome.deadline_days,
        cohort.person_key,
        coalesce(cohort.episode, 1) AS episode,
        cohort.arm,
        cohort.index_date,
        add_months(cohort.index_date, outcome.follow_up_months) AS follow_up_end
    FROM analysis.outcome AS outcome
    CROSS JOIN analysis.cohort AS cohort
    WHERE outcome.counts_like = outcome.outcome
),

deadlines AS (
    SELECT
        outcome,
        person_key,
        episode,
        arm,
        index_date,
        horizon_days,
        observed_before,
        CASE WHEN index_day_counts THEN index_date ELSE index_date + 1 END          AS first_day,
        CASE WHEN window_end_counts THEN follow_up_end ELSE follow_up_end - 1 END   AS last_day,
        make_date(CAST(extract('year' FROM index_date) AS INTEGER), 1, 1)           AS decided_from,
        CASE
            WHEN deadline_calendar_years IS NOT NULL
                THEN make_date(CAST(extract('year' FROM index_date) AS INTEGER) + deadline_calendar_years, 12, 31)
            ELSE add_months(follow_up_end, deadline_months) + deadline_days
        END                                                                         AS decided_by
    FROM ends
)

SELECT
    outcome,
    person_key,
    episode,
    arm,
    index_date,
    horizon_days,
    first_day,
    last_day,
    decided_from,
    decided_by,
    CASE WHEN decided_by < $vintage THEN last_day ELSE least(last_day, observed_before - 1) END AS followed_to
FROM deadlines
