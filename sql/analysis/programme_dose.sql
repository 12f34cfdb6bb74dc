-- Grain: one row a case list and where enrolled persons were: in remand, serving, or free; persons who were there while
-- enrolled, and their days. A stay is of the kind that it ended as; a course that goes on is counted to the vintage.
WITH courses AS (
    SELECT
        layout,
        person_key,
        enrolled_on                      AS from_date,
        coalesce(ended_on, $vintage)     AS until_date
    FROM analysis.programme_case
    WHERE enrolled_on IS NOT NULL
),

inside AS (
    SELECT
        course.layout,
        course.person_key,
        CASE WHEN stay.kind = 'remand' THEN 'remand' ELSE 'serving' END AS state,
        sum(
            date_diff(
                'day',
                greatest(stay.start_date, course.from_date),
                least(coalesce(stay.stop_date, $vintage), course.until_date)
            )
        )                                                               AS days
    FROM courses AS course
    INNER JOIN core.custody_stay AS stay
        ON course.person_key = stay.person_key
        AND stay.start_date < course.until_date
        AND coalesce(stay.stop_date, $vintage) > course.from_date
    GROUP BY
        course.layout,
        course.person_key,
        CASE WHEN stay.kind = 'remand' THEN 'remand' ELSE 'serving' END
),

all_inside AS (
    SELECT
        layout,
        person_key,
        sum(days) AS days
    FROM inside
    GROUP BY layout, person_key
),

states AS (
    SELECT
        layout,
        person_key,
        state,
        days
    FROM inside
    UNION ALL
    SELECT
        course.layout,
        course.person_key,
        'free'                                                                                AS state,
        date_diff('day', course.from_date, course.until_date) - coalesce(all_inside.days, 0)  AS days
    FROM courses AS course
    LEFT JOIN all_inside
        ON course.layout = all_inside.layout
        AND course.person_key = all_inside.person_key
)

SELECT
    layout,
    state,
    count(*)                    AS n_persons,
    CAST(sum(days) AS DOUBLE)   AS days
FROM states
WHERE days > 0
GROUP BY layout, state
ORDER BY layout, state
