-- Grain: one row a person in the study, episode and unbroken time in one state, half-open in days, from the index date to
-- the last day that is looked at; the spells of an episode are one after the other without gaps.
-- Of several states the first in the study's order stands. Each state is a bit, the first state the lowest, so that the
-- lowest bit of all that hold on a day is the state. What no register says anything about is no_record, the last bit.
WITH states AS (
    SELECT
        state.state,
        CAST(state.state_bit AS BIGINT) AS state_bit
    FROM (SELECT unnest($states) AS state)
),

span AS (
    SELECT
        person_key,
        episode,
        index_date,
        CAST(add_months(index_date, $followed_months) + INTERVAL 1 DAY AS DATE) AS end_date
    FROM analysis.cohort
),

worked AS (
    -- Hours of all jobs in a month together.
    SELECT
        person_key,
        month_start,
        sum(paid_hours) AS paid_hours
    FROM core.employment_month
    GROUP BY person_key, month_start
),

work_states AS (
    SELECT
        work.state,
        CAST(work.over_hours AS DOUBLE) AS over_hours
    FROM (SELECT unnest($work_states) AS work)
),

benefit_states AS (
    SELECT
        benefit.state,
        benefit.benefit_code
    FROM (SELECT unnest($benefit_states) AS benefit)
),

facts AS (
    SELECT
        person_key,
        'dead' AS state,
        death_date AS start_date,
        DATE '9999-12-31' AS stop_date
    FROM core.death
    UNION ALL
    SELECT person_key, 'emigrated' AS state, start_date, coalesce(stop_date, DATE '9999-12-31') AS stop_date
    FROM core.absence
    UNION ALL
    SELECT person_key, 'in_custody' AS state, start_date, coalesce(stop_date, DATE '9999-12-31') AS stop_date
    FROM core.custody_stay
    UNION ALL
    SELECT
        worked.person_key,
        work_states.state,
        worked.month_start AS start_date,
        add_months(worked.month_start, 1) AS stop_date
    FROM worked
    INNER JOIN work_states
        ON worked.paid_hours > work_states.over_hours
    UNION ALL
    SELECT person_key, 'in_education' AS state, start_date, coalesce(stop_date, DATE '9999-12-31') AS stop_date
    FROM core.education_spell
    UNION ALL
    SELECT
        benefit.person_key,
        coalesce(benefit_states.state, 'benefit') AS state,
        benefit.start_date,
        benefit.stop_date
    FROM core.benefit_spell AS benefit
    LEFT JOIN benefit_states
        ON benefit.benefit_code = benefit_states.benefit_code
    WHERE benefit.benefit_code NOT IN (SELECT unnest($no_support_codes))
),

inside AS (
    SELECT
        span.person_key,
        span.episode,
        states.state_bit,
        greatest(facts.start_date, span.index_date) AS start_date,
        least(facts.stop_date, span.end_date)       AS stop_date
    FROM span
    INNER JOIN facts
        ON span.person_key = facts.person_key
        AND facts.start_date < span.end_date
        AND facts.stop_date > span.index_date
        AND facts.stop_date > facts.start_date
    INNER JOIN states
        ON facts.state = states.state
),

reaching AS (
    SELECT
        person_key,
        episode,
        state_bit,
        start_date,
        stop_date,
        max(stop_date) OVER (
            PARTITION BY person_key, episode, state_bit
            ORDER BY start_date, stop_date
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS reached_before
    FROM inside
),

numbered AS (
    SELECT
        person_key,
        episode,
        state_bit,
        start_date,
        stop_date,
        sum(CASE WHEN reached_before >= start_date THEN 0 ELSE 1 END) OVER (
            PARTITION BY person_key, episode, state_bit
            ORDER BY start_date, stop_date
            ROWS UNBOUNDED PRECEDING
        ) AS fact_number
    FROM reaching
),

holding AS (
    -- A state holds at most once at a time, so that its bit is added once and taken away once.
    SELECT
        person_key,
        episode,
        state_bit,
        min(start_date) AS start_date,
        max(stop_date)  AS stop_date
    FROM numbered
    GROUP BY person_key, episode, state_bit, fact_number
    UNION ALL
    SELECT span.person_key, span.episode, states.state_bit, span.index_date AS start_date, span.end_date AS stop_date
    FROM span
    CROSS JOIN states
    WHERE states.state = 'no_record'
),

changes AS (
    SELECT person_key, episode, start_date AS on_date, state_bit AS change
    FROM holding
    UNION ALL
    SELECT person_key, episode, stop_date AS on_date, -state_bit AS change
    FROM holding
),

days AS (
    SELECT
        person_key,
        episode,
        on_date,
        sum(change) AS change
    FROM changes
    GROUP BY person_key, episode, on_date
),

parts AS (
    SELECT
        person_key,
        episode,
        on_date AS start_date,
        lead(on_date) OVER (PARTITION BY person_key, episode ORDER BY on_date) AS stop_date,
        CAST(sum(change) OVER (
            PARTITION BY person_key, episode
            ORDER BY on_date
            ROWS UNBOUNDED PRECEDING
        ) AS BIGINT) AS bits
    FROM days
),

stated AS (
    SELECT
        parts.person_key,
        parts.episode,
        parts.start_date,
        parts.stop_date,
        states.state,
        lag(states.state) OVER (
            PARTITION BY parts.person_key, parts.episode
            ORDER BY parts.start_date
        ) AS state_before
    FROM parts
    INNER JOIN states
        ON (parts.bits & -parts.bits) = states.state_bit
    WHERE parts.stop_date IS NOT NULL
),

spells AS (
    SELECT
        person_key,
        episode,
        start_date,
        stop_date,
        state,
        sum(CASE WHEN state = state_before THEN 0 ELSE 1 END) OVER (
            PARTITION BY person_key, episode
            ORDER BY start_date
            ROWS UNBOUNDED PRECEDING
        ) AS spell_number
    FROM stated
)

SELECT
    cohort.person_key,
    cohort.episode,
    cohort.arm,
    cohort.index_date,
    CAST(spells.spell_number AS INTEGER) AS spell_number,
    min(spells.state)                    AS state,
    min(spells.start_date)               AS start_date,
    max(spells.stop_date)                AS stop_date
FROM spells
INNER JOIN analysis.cohort AS cohort
    ON spells.person_key = cohort.person_key
    AND spells.episode = cohort.episode
GROUP BY cohort.person_key, cohort.episode, cohort.arm, cohort.index_date, spells.spell_number
