-- Grain: one row an outcome, arm and reason why registered crime after release is not counted, or not dated by the
-- charge, with the persons it concerns. The reasons are not exclusive: one person can stand under several.
WITH found AS (
    -- Decided during follow-up for an offence before the first day that counts.
    SELECT
        span.outcome,
        span.person_key,
        span.arm,
        'offence_before_release' AS reason
    FROM analysis.outcome_window AS span
    INNER JOIN analysis.outcome_event AS event
        ON span.outcome = event.outcome
        AND span.person_key = event.person_key
        AND span.episode = event.episode
        AND span.episode = 1
        AND event.event_date < span.first_day
        AND event.registered_on > span.index_date
        AND event.registered_on <= span.last_day
    UNION
    -- Nothing counts, but an offence within follow-up was decided after the deadline.
    SELECT
        span.outcome,
        span.person_key,
        span.arm,
        'decided_too_late' AS reason
    FROM analysis.outcome_window AS span
    INNER JOIN analysis.outcome_event AS event
        ON span.outcome = event.outcome
        AND span.person_key = event.person_key
        AND span.episode = event.episode
        AND span.episode = 1
        AND event.event_date >= span.first_day
        AND event.event_date <= span.last_day
        AND event.registered_on > span.decided_by
    LEFT JOIN analysis.reoffence AS reoffence
        ON span.outcome = reoffence.outcome
        AND span.person_key = reoffence.person_key
        AND span.episode = reoffence.episode
    WHERE reoffence.person_key IS NULL
    UNION
    -- Counted, but the day of the offence is unknown, so that another day stands in for it.
    SELECT
        span.outcome,
        span.person_key,
        span.arm,
        'dated_by_decision' AS reason
    FROM analysis.outcome_window AS span
    INNER JOIN analysis.reoffence AS reoffence
        ON span.outcome = reoffence.outcome
        AND span.person_key = reoffence.person_key
        AND span.episode = reoffence.episode
    WHERE span.episode = 1
        AND reoffence.event_date_source IN ('A', 'C')
),

reasons AS (
    SELECT unnest(['offence_before_release', 'decided_too_late', 'dated_by_decision']) AS reason
)

SELECT
    arms.outcome,
    arms.arm,
    reasons.reason,
    count(DISTINCT found.person_key) AS n_persons
FROM (SELECT DISTINCT outcome, arm FROM analysis.outcome_window) AS arms
CROSS JOIN reasons
LEFT JOIN found
    ON arms.outcome = found.outcome
    AND arms.arm = found.arm
    AND reasons.reason = found.reason
GROUP BY arms.outcome, arms.arm, reasons.reason
ORDER BY arms.outcome, arms.arm, reasons.reason
