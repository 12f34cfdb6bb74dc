-- Grain: one row a case list: persons in the programme with an appointment of which it is told whether they turned up, and
-- sums over them of appointments kept (events) and appointments (days, in the words of a ratio of sums). From enrolment, or
-- referral where the list has no enrolments, to the day before the end or the vintage; notices are no appointments.
WITH appointments AS (
    SELECT
        listed.layout,
        listed.person_key,
        count(*)                                        AS n_appointments,
        count(*) FILTER (WHERE contact.attended)        AS n_kept
    FROM analysis.programme_case AS listed
    INNER JOIN core.contact AS contact
        ON listed.person_key = contact.person_key
        AND contact.contact_date >= coalesce(listed.enrolled_on, listed.referred_on)
        AND contact.contact_date < coalesce(listed.ended_on, $vintage)
    WHERE contact.attended IS NOT NULL
        AND contact.contact_kind <> 'notification'
        AND listed.end_state <> 'not_enrolled'
    GROUP BY listed.layout, listed.person_key
)

SELECT
    layout,
    count(*)                                                            AS n_persons,
    count(*) FILTER (WHERE n_kept = n_appointments)                     AS n_all_kept,
    CAST(sum(n_kept) AS BIGINT)                                         AS all_events,
    CAST(sum(n_appointments) AS BIGINT)                                 AS all_days,
    CAST(sum(n_kept * n_kept) AS BIGINT)                                AS events_squared,
    CAST(sum(n_kept * n_appointments) AS BIGINT)                        AS events_days,
    CAST(sum(n_appointments * n_appointments) AS BIGINT)                AS days_squared
FROM appointments
GROUP BY layout
ORDER BY layout
