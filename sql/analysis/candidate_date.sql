-- Grain: one row a day on which the clock might start for a person, with the stay that it belongs to, if any.
-- The study says which event starts the clock; release and admission everybody has. An offer, start or end of the
-- programme only its own people have (for_arm pilot); in the comparison arm a day of each stay stands in for it
-- (for_arm comparison): for offer and start the day $comparison_index_day after admission, if the person is still
-- inside then, for the end the same number of days after release. The index date is $landmark_days later.
WITH stays AS (
    SELECT
        person_key,
        stay_number,
        start_date,
        stop_date,
        stop_date IS NOT NULL AND coalesce(release_type, '') <> 'unknown_end' AS is_released
    FROM core.custody_stay
),

programme_days AS (
    SELECT
        person_key,
        CASE
            WHEN $index_event = 'offer' THEN offered_on
            WHEN $index_event = 'programme_start' THEN enrolled_on
            WHEN $index_event = 'programme_end' THEN discharged_on
        END AS event_date
    FROM core.enrolment
),

events AS (
    SELECT
        person_key,
        stay_number,
        CASE WHEN $index_event = 'release' THEN stop_date ELSE start_date END AS event_date,
        'any'                                                                 AS for_arm
    FROM stays
    WHERE ($index_event = 'release' AND is_released)
        OR $index_event = 'admission'
    UNION ALL
    -- Of two stays that the day touches, the later one.
    SELECT
        programme_days.person_key,
        max(stays.stay_number)    AS stay_number,
        programme_days.event_date,
        'pilot'                   AS for_arm
    FROM programme_days
    LEFT JOIN stays
        ON programme_days.person_key = stays.person_key
        AND stays.start_date <= programme_days.event_date
    WHERE programme_days.event_date IS NOT NULL
    GROUP BY programme_days.person_key, programme_days.event_date
    UNION ALL
    SELECT
        person_key,
        stay_number,
        CAST(start_date + $comparison_index_day * INTERVAL 1 DAY AS DATE) AS event_date,
        'comparison'                                                      AS for_arm
    FROM stays
    WHERE $index_event IN ('offer', 'programme_start')
        AND (stop_date IS NULL OR date_diff('day', start_date, stop_date) > $comparison_index_day)
    UNION ALL
    SELECT
        person_key,
        stay_number,
        CAST(stop_date + $comparison_index_day * INTERVAL 1 DAY AS DATE) AS event_date,
        'comparison'                                                     AS for_arm
    FROM stays
    WHERE $index_event = 'programme_end'
        AND is_released
)

SELECT
    person_key,
    row_number() OVER (PARTITION BY person_key ORDER BY event_date, stay_number, for_arm) AS event_number,
    stay_number,
    event_date,
    CAST(event_date + $landmark_days * INTERVAL 1 DAY AS DATE)                            AS index_date,
    for_arm
FROM events
