-- Grain: one row an arm and period: custody (from admission to release) and after_release (the first three months, up to
-- death, return to custody, emigration or the end of the data, whichever comes first). The sums over persons of contacts
-- and of days, of their squares and of their product are what a rate and its interval are made of. Persons with no day
-- in a period are not in it. A contact that was not attended is none; a notice is to the municipality, not to the person.
WITH ends AS (
    SELECT
        cohort.person_key,
        death.death_date AS end_on
    FROM analysis.cohort AS cohort
    INNER JOIN core.death AS death
        ON cohort.person_key = death.person_key
    WHERE cohort.episode = 1
    UNION ALL
    SELECT
        cohort.person_key,
        absence.start_date AS end_on
    FROM analysis.cohort AS cohort
    INNER JOIN core.absence AS absence
        ON cohort.person_key = absence.person_key
        AND coalesce(absence.stop_date, DATE '9999-12-31') > cohort.index_date
    WHERE cohort.episode = 1
    UNION ALL
    SELECT
        cohort.person_key,
        stay.start_date AS end_on
    FROM analysis.cohort AS cohort
    INNER JOIN core.custody_stay AS stay
        ON cohort.person_key = stay.person_key
        AND coalesce(stay.stop_date, DATE '9999-12-31') > cohort.index_date
    WHERE cohort.episode = 1
),

first_ends AS (
    SELECT
        person_key,
        min(end_on) AS end_on
    FROM ends
    GROUP BY person_key
),

periods AS (
    SELECT
        person_key,
        arm,
        'custody'      AS period,
        admission_date AS start_on,
        index_date     AS stop_on
    FROM analysis.cohort
    WHERE episode = 1
    UNION ALL
    SELECT
        cohort.person_key,
        cohort.arm,
        'after_release'   AS period,
        cohort.index_date AS start_on,
        least(
            add_months(cohort.index_date, 3), $vintage, coalesce(first_ends.end_on, DATE '9999-12-31')
        )                 AS stop_on
    FROM analysis.cohort AS cohort
    LEFT JOIN first_ends
        ON cohort.person_key = first_ends.person_key
    WHERE cohort.episode = 1
),

persons AS (
    SELECT
        periods.person_key,
        periods.arm,
        periods.period,
        date_diff('day', periods.start_on, periods.stop_on) AS n_days,
        count(contact.person_key)                           AS n_contacts
    FROM periods
    LEFT JOIN core.contact AS contact
        ON periods.person_key = contact.person_key
        AND contact.contact_date >= periods.start_on
        AND contact.contact_date < periods.stop_on
        AND contact.contact_kind <> 'notification'
        AND coalesce(contact.attended, TRUE)
    WHERE periods.start_on < periods.stop_on
    GROUP BY periods.person_key, periods.arm, periods.period, periods.start_on, periods.stop_on
)

SELECT
    arms.arm,
    spans.period,
    count(persons.person_key)                                                             AS n_persons,
    count(persons.person_key) FILTER (WHERE persons.n_contacts = 0)                       AS n_without,
    CAST(coalesce(sum(persons.n_contacts), 0) AS BIGINT)                                  AS all_events,
    CAST(coalesce(sum(persons.n_days), 0) AS BIGINT)                                      AS all_days,
    CAST(coalesce(sum(persons.n_contacts * persons.n_contacts), 0) AS BIGINT)             AS events_squared,
    CAST(coalesce(sum(persons.n_contacts * persons.n_days), 0) AS BIGINT)                 AS events_days,
    CAST(coalesce(sum(persons.n_days * persons.n_days), 0) AS BIGINT)                     AS days_squared
FROM (SELECT DISTINCT arm FROM analysis.cohort) AS arms
CROSS JOIN (SELECT unnest(['custody', 'after_release']) AS period) AS spans
LEFT JOIN persons
    ON arms.arm = persons.arm
    AND spans.period = persons.period
GROUP BY arms.arm, spans.period
ORDER BY arms.arm, spans.period DESC
