-- Grain: one row a rule of how often there is contact: persons for whom the time in which it holds is over, and of them those
-- for whom it was kept: no longer from the first day to a contact, from one to the next, and from the last to the end. A
-- rule holds over the phases that it names, one after the other.
WITH rules AS (
    SELECT
        one.rule,
        one.phase,
        CAST(one.every_days AS INTEGER)     AS every_days,
        CAST(one.every_months AS INTEGER)   AS every_months,
        CAST(one.from_month AS INTEGER)     AS from_month,
        CAST(one.until_month AS INTEGER)    AS until_month
    FROM (SELECT unnest($contact_rules) AS one)
),

phases AS (
    SELECT
        rules.rule,
        rules.every_days,
        rules.every_months,
        rules.from_month,
        rules.until_month,
        day.person_key,
        min(day.from_date)                                      AS from_date,
        max(coalesce(day.until_date, DATE '9999-12-31'))        AS until_date
    FROM rules
    INNER JOIN analysis.programme_phase_day AS day
        ON rules.phase = day.phase
    GROUP BY
        rules.rule, rules.every_days, rules.every_months, rules.from_month, rules.until_month, day.person_key
),

windows AS (
    SELECT
        rule,
        every_days,
        every_months,
        person_key,
        add_months(from_date, from_month) AS start_date,
        CASE
            WHEN until_month > 0 THEN least(until_date, add_months(from_date, until_month))
            ELSE until_date
        END AS stop_date
    FROM phases
),

over_by_now AS (
    SELECT
        rule,
        every_days,
        every_months,
        person_key,
        start_date,
        stop_date
    FROM windows
    WHERE start_date < stop_date
        AND stop_date < $vintage
),

points AS (
    SELECT rule, person_key, every_days, every_months, start_date AS on_date
    FROM over_by_now
    UNION
    SELECT rule, person_key, every_days, every_months, stop_date AS on_date
    FROM over_by_now
    UNION
    SELECT
        span.rule,
        span.person_key,
        span.every_days,
        span.every_months,
        contact.contact_date AS on_date
    FROM over_by_now AS span
    INNER JOIN core.contact AS contact
        ON span.person_key = contact.person_key
        AND contact.contact_date >= span.start_date
        AND contact.contact_date < span.stop_date
    WHERE contact.contact_kind <> 'notification'
        AND coalesce(contact.attended, TRUE)
),

gaps AS (
    SELECT
        rule,
        person_key,
        lead(on_date) OVER (PARTITION BY rule, person_key ORDER BY on_date) AS next_date,
        CASE
            WHEN every_days > 0 THEN CAST(on_date + every_days * INTERVAL 1 DAY AS DATE)
            ELSE add_months(on_date, every_months)
        END AS at_latest
    FROM points
),

persons AS (
    SELECT
        rule,
        person_key,
        max(CASE WHEN next_date > at_latest THEN 1 ELSE 0 END) = 0 AS is_kept
    FROM gaps
    GROUP BY rule, person_key
)

SELECT
    rule,
    count(*)                            AS n_persons,
    count(*) FILTER (WHERE is_kept)     AS n_kept
FROM persons
GROUP BY rule
ORDER BY rule
