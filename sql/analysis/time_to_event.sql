-- Grain: one row an outcome, person in the study and episode: days from the index date to what came first.
-- event_type 0 censored, 1 the event, 2 death. Follow-up runs to the same day of the month after the planned months,
-- which for two years is 730 or 731 days away; those who get there without an event are all followed to the outcome's
-- horizon_days, so that everyone's whole window counts and the risk at the horizon is, without censoring, the plain
-- share. On the clock of time at risk the days in custody before the exit are taken out. Time is at least one day.
-- By the rule resident_throughout those who emigrate in the window are not here.
WITH emigrations AS (
    SELECT
        span.outcome,
        span.person_key,
        span.episode,
        min(absence.start_date) AS emigration_date
    FROM analysis.outcome_window AS span
    INNER JOIN core.absence AS absence
        ON span.person_key = absence.person_key
        AND absence.start_date > span.index_date
        AND absence.start_date <= span.last_day
    GROUP BY span.outcome, span.person_key, span.episode
),

with_far AS (
    SELECT
        rule.outcome,
        span.person_key,
        span.episode,
        span.arm,
        span.index_date,
        span.horizon_days,
        span.last_day,
        span.followed_to,
        rule.event_rank,
        rule.death_rank,
        rule.censoring_rank,
        rule.death AS death_rule,
        rule.clock,
        coalesce(reoffence.event_date, DATE '9999-12-31') AS event_date,
        coalesce(death.death_date, DATE '9999-12-31')     AS death_date,
        CASE
            WHEN rule.residence = 'until_emigration'
                THEN coalesce(emigrations.emigration_date, DATE '9999-12-31')
            ELSE DATE '9999-12-31'
        END AS emigration_date
    FROM analysis.outcome AS rule
    INNER JOIN analysis.outcome_window AS span
        ON rule.counts_like = span.outcome
    LEFT JOIN analysis.reoffence AS reoffence
        ON span.outcome = reoffence.outcome
        AND span.person_key = reoffence.person_key
        AND span.episode = reoffence.episode
    LEFT JOIN core.death AS death
        ON span.person_key = death.person_key
        AND death.death_date <= span.followed_to
    LEFT JOIN emigrations
        ON span.outcome = emigrations.outcome
        AND span.person_key = emigrations.person_key
        AND span.episode = emigrations.episode
    WHERE rule.residence <> 'resident_throughout' OR emigrations.person_key IS NULL
),

firsts AS (
    SELECT
        outcome,
        person_key,
        episode,
        arm,
        index_date,
        horizon_days,
        last_day,
        clock,
        death_rule,
        least(event_date, death_date, emigration_date, followed_to) AS exit_date,
        CASE
            WHEN event_date > least(death_date, emigration_date, followed_to) THEN FALSE
            WHEN event_date = death_date AND death_rank < event_rank THEN FALSE
            WHEN event_date = emigration_date AND censoring_rank < event_rank THEN FALSE
            ELSE TRUE
        END AS is_event,
        CASE
            WHEN death_date > least(emigration_date, followed_to) THEN FALSE
            WHEN death_date = emigration_date AND censoring_rank < death_rank THEN FALSE
            ELSE TRUE
        END AS dies_before_leaving,
        least(death_date, emigration_date) > followed_to      AS stays,
        least(death_date, emigration_date, followed_to)       AS followed_until
    FROM with_far
),

inside AS (
    SELECT
        firsts.outcome,
        firsts.person_key,
        firsts.episode,
        sum(date_diff('day', stay.start_date, least(coalesce(stay.stop_date, firsts.exit_date), firsts.exit_date)))
            AS n_days
    FROM firsts
    INNER JOIN core.custody_stay AS stay
        ON firsts.person_key = stay.person_key
        AND firsts.clock = 'at_risk'
        AND stay.start_date > firsts.index_date
        AND stay.start_date < firsts.exit_date
    GROUP BY firsts.outcome, firsts.person_key, firsts.episode
)

SELECT
    firsts.outcome,
    firsts.person_key,
    firsts.episode,
    firsts.arm,
    0 AS entry_time,
    greatest(
        CASE
            WHEN NOT firsts.is_event AND firsts.stays AND firsts.exit_date = firsts.last_day THEN firsts.horizon_days
            ELSE date_diff('day', firsts.index_date, firsts.exit_date)
        END - CAST(coalesce(inside.n_days, 0) AS BIGINT),
        1
    ) AS exit_time,
    CASE
        WHEN firsts.is_event THEN 1
        WHEN firsts.dies_before_leaving AND firsts.death_rule = 'competes' THEN 2
        ELSE 0
    END AS event_type,
    CASE
        WHEN firsts.is_event THEN NULL
        WHEN firsts.dies_before_leaving AND firsts.death_rule = 'competes' THEN NULL
        WHEN firsts.dies_before_leaving THEN 'died'
        WHEN NOT firsts.stays THEN 'emigrated'
        WHEN firsts.exit_date = firsts.last_day THEN 'study_end'
        ELSE 'not_yet_decided'
    END AS censoring_reason,
    firsts.exit_date,
    firsts.followed_until
FROM firsts
LEFT JOIN inside
    ON firsts.outcome = inside.outcome
    AND firsts.person_key = inside.person_key
    AND firsts.episode = inside.episode
