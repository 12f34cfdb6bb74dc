-- Grain: one row a case list and place where enrolled people were: persons who were there while enrolled, and their days. On
-- each day a person is in one place, the first of: remand, serving, abroad for a month or more, treatment, education,
-- employment; else free. A stay is of the kind that it ended as; a course that goes on is counted to the vintage. Treatment
-- is an activity of the plan that is under way; registers that are not delivered put nobody anywhere.
WITH courses AS (
    SELECT
        layout,
        person_key,
        enrolled_on                      AS from_date,
        coalesce(ended_on, $vintage)     AS until_date
    FROM analysis.programme_case
    WHERE enrolled_on IS NOT NULL
        AND enrolled_on < coalesce(ended_on, $vintage)
),

facts AS (
    SELECT
        person_key,
        CASE WHEN kind = 'remand' THEN 1 ELSE 2 END         AS place,
        start_date,
        coalesce(stop_date, DATE '9999-12-31')              AS stop_date
    FROM core.custody_stay
    UNION ALL
    SELECT
        person_key,
        3                                                   AS place,
        event_date                                          AS start_date,
        coalesce(next_date, DATE '9999-12-31')              AS stop_date
    FROM (
        SELECT
            person_key,
            event_date,
            direction,
            lead(event_date) OVER (PARTITION BY person_key ORDER BY event_date, direction) AS next_date
        FROM staging.vnds
    ) AS moves
    WHERE direction = 'out'
        AND coalesce(next_date, DATE '9999-12-31') >= add_months(event_date, 1)
    UNION ALL
    SELECT
        person_key,
        4                                                   AS place,
        begun_on                                            AS start_date,
        coalesce(ended_on, DATE '9999-12-31')               AS stop_date
    FROM staging.planaktivitet
    WHERE domain = 'treatment'
        AND begun_on IS NOT NULL
    UNION ALL
    SELECT
        person_key,
        5                                                   AS place,
        start_date,
        coalesce(stop_date, DATE '9999-12-31')              AS stop_date
    FROM staging.kotre
    UNION ALL
    SELECT
        person_key,
        6                                                   AS place,
        start_date,
        coalesce(stop_date, start_date)                     AS stop_date
    FROM staging.bfl
    WHERE paid_hours > 0
),

there AS (
    SELECT
        course.layout,
        course.person_key,
        facts.place,
        greatest(facts.start_date, course.from_date)        AS start_date,
        least(facts.stop_date, course.until_date)           AS stop_date
    FROM courses AS course
    INNER JOIN facts
        ON course.person_key = facts.person_key
        AND facts.start_date < course.until_date
        AND facts.stop_date > course.from_date
),

changes AS (
    SELECT layout, person_key, from_date AS on_date
    FROM courses
    UNION
    SELECT layout, person_key, until_date AS on_date
    FROM courses
    UNION
    SELECT layout, person_key, start_date AS on_date
    FROM there
    UNION
    SELECT layout, person_key, stop_date AS on_date
    FROM there
),

parts AS (
    SELECT
        layout,
        person_key,
        on_date                                                                     AS start_date,
        lead(on_date) OVER (PARTITION BY layout, person_key ORDER BY on_date)       AS stop_date
    FROM changes
),

placed AS (
    SELECT
        parts.layout,
        parts.person_key,
        parts.start_date,
        parts.stop_date,
        min(there.place)                                    AS place
    FROM parts
    LEFT JOIN there
        ON parts.layout = there.layout
        AND parts.person_key = there.person_key
        AND there.start_date <= parts.start_date
        AND there.stop_date >= parts.stop_date
    WHERE parts.stop_date IS NOT NULL
    GROUP BY parts.layout, parts.person_key, parts.start_date, parts.stop_date
),

states AS (
    SELECT
        layout,
        person_key,
        CASE place
            WHEN 1 THEN 'remand'
            WHEN 2 THEN 'serving'
            WHEN 3 THEN 'abroad'
            WHEN 4 THEN 'addiction_treatment'
            WHEN 5 THEN 'education'
            WHEN 6 THEN 'employment'
            ELSE 'free'
        END                                                 AS state,
        date_diff('day', start_date, stop_date)             AS days
    FROM placed
)

SELECT
    layout,
    state,
    count(DISTINCT person_key)  AS n_persons,
    CAST(sum(days) AS DOUBLE)   AS days
FROM states
GROUP BY layout, state
ORDER BY layout, state
