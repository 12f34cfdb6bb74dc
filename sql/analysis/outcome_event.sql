-- Grain: one row an outcome, person, episode and act: what counts as the event whenever it happened, before or after
-- the index date; registered_on is the day from which the registers know it. A stay in custody has no case.
-- event_date_source: S the charge's day of the offence, A the decision's day in its place, C the charge's own day in its
-- place, D the day that the definition asks for.
-- Only what is known to be a small traffic fine is left out: an unknown law or an unknown amount is not a small fine.
WITH cases AS (
    SELECT
        outcome,
        person_key,
        episode,
        journal,
        decision_date,
        decision_code,
        offence_code,
        fine_dkk
    FROM analysis.ruling
    UNION ALL
    SELECT
        ruling.outcome,
        ruling.person_key,
        ruling.episode,
        conferred.journal,
        ruling.decision_date,
        conferred.decision_code,
        conferred.offence_code,
        CAST(NULL AS DOUBLE) AS fine_dkk
    FROM analysis.ruling AS ruling
    INNER JOIN analysis.outcome AS rule
        ON ruling.outcome = rule.outcome
        AND rule.conferred_cases_count
    INNER JOIN core.conferred_case AS conferred
        ON ruling.person_key = conferred.person_key
        AND ruling.journal = conferred.main_journal
),

decided_acts AS (
    SELECT
        rule.outcome,
        rule.event_date,
        rule.missing_offence_date,
        rule.unknown_offence_counts,
        cases.person_key,
        cases.episode,
        cases.journal,
        cases.decision_date,
        charge.charge_date,
        coalesce(cases.offence_code, charge.offence_code) AS offence_code,
        CASE
            WHEN rule.acts_dated = 'case' THEN charge.case_start_date
            WHEN rule.offence_interval = 'end' THEN coalesce(charge.offence_end_date, charge.offence_start_date)
            ELSE charge.offence_start_date
        END AS act_date,
        code.tier,
        coalesce(
            code.is_fine
            AND coalesce(cases.offence_code, charge.offence_code) LIKE '2%'
            AND cases.fine_dkk < CASE
                WHEN extract('year' FROM cases.decision_date) >= rule.traffic_from_year THEN rule.traffic_limit_dkk
                ELSE rule.traffic_limit_before_dkk
            END,
            FALSE
        ) AS is_small_traffic_fine
    FROM cases
    INNER JOIN analysis.outcome AS rule
        ON cases.outcome = rule.outcome
        AND rule.event = 'guilty_decision'
    INNER JOIN analysis.outcome_decision AS code
        ON cases.outcome = code.outcome
        AND cases.decision_code = code.decision_code
        AND code.counts
    LEFT JOIN core.charge AS charge
        ON cases.person_key = charge.person_key
        AND cases.journal = charge.journal
),

charged_acts AS (
    SELECT
        rule.outcome,
        rule.event_date,
        rule.missing_offence_date,
        rule.unknown_offence_counts,
        charge.person_key,
        span.episode,
        charge.journal,
        charge.charge_date,
        charge.offence_code,
        CASE
            WHEN rule.acts_dated = 'case' THEN charge.case_start_date
            WHEN rule.offence_interval = 'end' THEN coalesce(charge.offence_end_date, charge.offence_start_date)
            ELSE charge.offence_start_date
        END AS act_date,
        coalesce(code.tier, 'other') AS tier
    FROM analysis.outcome AS rule
    INNER JOIN analysis.outcome_window AS span
        ON rule.outcome = span.outcome
        AND rule.event = 'charge'
    INNER JOIN core.charge AS charge
        ON span.person_key = charge.person_key
        AND charge.charge_date < $vintage
    LEFT JOIN cases
        ON rule.outcome = cases.outcome
        AND charge.person_key = cases.person_key
        AND span.episode = cases.episode
        AND charge.journal = cases.journal
    LEFT JOIN analysis.outcome_decision AS code
        ON cases.outcome = code.outcome
        AND cases.decision_code = code.decision_code
    WHERE rule.cleared_charges_count OR coalesce(code.is_guilty, TRUE)
),

acts AS (
    SELECT
        outcome,
        person_key,
        episode,
        journal,
        offence_code,
        unknown_offence_counts,
        tier,
        decision_date AS registered_on,
        CASE
            WHEN event_date = 'decision_date' THEN decision_date
            WHEN act_date IS NOT NULL THEN act_date
            WHEN missing_offence_date = 'charge_date' THEN coalesce(charge_date, decision_date)
            WHEN missing_offence_date = 'decision_date' THEN decision_date
        END AS event_date,
        CASE
            WHEN event_date = 'decision_date' THEN 'D'
            WHEN act_date IS NOT NULL THEN 'S'
            WHEN missing_offence_date = 'charge_date' AND charge_date IS NOT NULL THEN 'C'
            ELSE 'A'
        END AS event_date_source
    FROM decided_acts
    WHERE NOT is_small_traffic_fine
    UNION ALL
    SELECT
        outcome,
        person_key,
        episode,
        journal,
        offence_code,
        unknown_offence_counts,
        tier,
        charge_date AS registered_on,
        CASE
            WHEN event_date = 'charge_date' THEN charge_date
            WHEN act_date IS NOT NULL THEN act_date
            WHEN missing_offence_date <> 'leave_out' THEN charge_date
        END AS event_date,
        CASE
            WHEN event_date = 'charge_date' THEN 'D'
            WHEN act_date IS NOT NULL THEN 'S'
            ELSE 'C'
        END AS event_date_source
    FROM charged_acts
),

events AS (
    SELECT
        acts.outcome,
        acts.person_key,
        acts.episode,
        acts.journal,
        acts.event_date,
        acts.event_date_source,
        acts.registered_on,
        acts.tier
    FROM acts
    LEFT JOIN analysis.outcome_offence AS offence
        ON acts.outcome = offence.outcome
        AND acts.offence_code = offence.offence_code
    WHERE acts.event_date IS NOT NULL
        AND (offence.outcome IS NOT NULL OR (acts.offence_code IS NULL AND acts.unknown_offence_counts))
    UNION ALL
    SELECT
        kind.outcome,
        stay.person_key,
        span.episode,
        CAST(NULL AS VARCHAR) AS journal,
        stay.start_date       AS event_date,
        'D'                   AS event_date_source,
        stay.start_date       AS registered_on,
        'custodial'           AS tier
    FROM (
        SELECT
            rule.outcome               AS outcome,
            rule.event                 AS event,
            unnest(rule.custody_kinds) AS kind
        FROM (SELECT unnest($outcomes) AS rule)
    ) AS kind
    INNER JOIN core.custody_stay AS stay
        ON kind.event = 'custody'
        AND kind.kind = stay.kind
    INNER JOIN analysis.outcome_window AS span
        ON kind.outcome = span.outcome
        AND stay.person_key = span.person_key
)

SELECT
    outcome,
    person_key,
    episode,
    journal,
    event_date,
    event_date_source,
    registered_on,
    CASE tier WHEN 'custodial' THEN 1 WHEN 'community' THEN 2 WHEN 'fine' THEN 3 ELSE 4 END AS severity
FROM events
