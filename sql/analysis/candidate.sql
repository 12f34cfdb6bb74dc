-- Grain: one row a person and day in the study's window on which the clock might start, with the arm it would be in and
-- what each eligibility step needs to know. Days that no arm could use are left out; without a municipality the arm is
-- not known. Everything here is known on the index date or before.
WITH in_window AS (
    SELECT
        event.person_key,
        event.event_number,
        event.stay_number,
        event.event_date,
        event.index_date,
        event.for_arm,
        stay.start_date                                                                AS admission_date,
        CASE WHEN stay.stop_date <= event.index_date THEN stay.stop_date END           AS release_date,
        CASE WHEN stay.stop_date <= event.index_date THEN stay.release_type END        AS release_type,
        CASE WHEN stay.stop_date <= event.index_date THEN stay.kind END                AS kind,
        date_diff(
            'day',
            stay.start_date,
            CASE WHEN stay.stop_date <= event.index_date THEN stay.stop_date ELSE event.index_date END
        )                                                                              AS stay_days,
        stay.journal,
        stay.offence_code,
        stay.has_remand,
        CASE
            WHEN $residence_at = 'admission' THEN coalesce(stay.start_date, event.index_date)
            ELSE event.index_date
        END                                                                            AS residence_date,
        event.index_date >= $index_start AND event.index_date < $index_end             AS is_in_pilot_period,
        event.index_date >= $comparison_start AND event.index_date < $comparison_end   AS is_in_comparison_period
    FROM analysis.candidate_date AS event
    LEFT JOIN core.custody_stay AS stay
        ON event.person_key = stay.person_key
        AND event.stay_number = stay.stay_number
    WHERE (event.index_date >= $index_start AND event.index_date < $index_end)
        OR (event.index_date >= $comparison_start AND event.index_date < $comparison_end)
),

homes AS (
    SELECT
        in_window.person_key,
        in_window.event_number,
        min(residence.municipality)                                           AS municipality,
        max(date_diff('day', residence.start_date, in_window.residence_date)) AS residence_days
    FROM in_window
    INNER JOIN core.residence AS residence
        ON in_window.person_key = residence.person_key
        AND residence.start_date <= in_window.residence_date
        AND coalesce(residence.stop_date, DATE '9999-12-31') > in_window.residence_date
    GROUP BY in_window.person_key, in_window.event_number
),

abroad AS (
    SELECT DISTINCT
        in_window.person_key,
        in_window.event_number
    FROM in_window
    INNER JOIN core.absence AS absence
        ON in_window.person_key = absence.person_key
        AND absence.start_date <= in_window.index_date
        AND coalesce(absence.stop_date, DATE '9999-12-31') > in_window.index_date
),

offers AS (
    SELECT
        in_window.person_key,
        in_window.event_number,
        max(CASE WHEN enrolment.offered_on >= in_window.admission_date THEN 1 ELSE 0 END) = 1  AS offered_in_stay,
        max(CASE WHEN enrolment.offered_on < in_window.admission_date THEN 1 ELSE 0 END) = 1   AS offered_before_stay,
        sum(
            CASE
                WHEN enrolment.enrolled_on IS NULL THEN 0
                ELSE greatest(
                    0,
                    date_diff(
                        'day',
                        CASE
                            WHEN $participation_from = 'release'
                                THEN greatest(enrolment.enrolled_on, coalesce(in_window.release_date, in_window.index_date))
                            ELSE enrolment.enrolled_on
                        END,
                        least(coalesce(enrolment.discharged_on, in_window.index_date), in_window.index_date)
                    )
                )
            END
        )                                                                                      AS participation_days
    FROM in_window
    INNER JOIN core.enrolment AS enrolment
        ON in_window.person_key = enrolment.person_key
        AND enrolment.offered_on <= in_window.index_date
    GROUP BY in_window.person_key, in_window.event_number
),

described AS (
    SELECT
        in_window.person_key,
        in_window.event_number,
        in_window.stay_number,
        in_window.admission_date,
        in_window.release_date,
        in_window.index_date,
        in_window.release_type,
        in_window.kind,
        in_window.stay_days,
        in_window.journal,
        in_window.offence_code,
        in_window.has_remand,
        person.person_key IS NOT NULL                                                     AS is_in_population,
        person.birth_date,
        person.sex,
        person.origin,
        age_in_years(person.birth_date, in_window.index_date)                             AS age_years,
        homes.municipality,
        homes.residence_days,
        CASE
            WHEN $comparison = 'none'
                AND (
                    len($pilot_municipalities) = 0
                    OR homes.municipality IN (SELECT unnest($pilot_municipalities))
                )
                THEN CASE
                    WHEN in_window.is_in_pilot_period AND in_window.for_arm <> 'comparison' THEN 'pilot' ELSE 'none'
                END
            WHEN homes.municipality IS NULL THEN NULL
            WHEN homes.municipality IN (SELECT unnest($pilot_municipalities))
                THEN CASE
                    WHEN in_window.is_in_pilot_period AND in_window.for_arm <> 'comparison' THEN 'pilot'
                    WHEN $comparison = 'pre_period'
                        AND in_window.is_in_comparison_period
                        AND in_window.for_arm <> 'pilot' THEN 'comparison'
                    ELSE 'none'
                END
            WHEN $comparison = 'other_municipalities'
                AND in_window.is_in_comparison_period
                AND in_window.for_arm <> 'pilot' THEN 'comparison'
            ELSE 'none'
        END                                                                               AS arm,
        abroad.person_key IS NULL
        AND coalesce(death.death_date, DATE '9999-12-31') > in_window.index_date          AS is_resident,
        coalesce(offers.offered_in_stay, FALSE)                                           AS offered_in_stay,
        coalesce(offers.offered_before_stay, FALSE)                                       AS offered_before_stay,
        offers.person_key IS NOT NULL                                                     AS ever_offered,
        coalesce(offers.participation_days, 0)                                            AS participation_days
    FROM in_window
    LEFT JOIN core.person AS person
        ON in_window.person_key = person.person_key
    LEFT JOIN homes
        ON in_window.person_key = homes.person_key
        AND in_window.event_number = homes.event_number
    LEFT JOIN abroad
        ON in_window.person_key = abroad.person_key
        AND in_window.event_number = abroad.event_number
    LEFT JOIN core.death AS death
        ON in_window.person_key = death.person_key
    LEFT JOIN offers
        ON in_window.person_key = offers.person_key
        AND in_window.event_number = offers.event_number
)

SELECT
    person_key,
    event_number,
    stay_number,
    admission_date,
    release_date,
    index_date,
    release_type,
    kind,
    stay_days,
    journal,
    offence_code,
    has_remand,
    is_in_population,
    birth_date,
    sex,
    origin,
    age_years,
    municipality,
    residence_days,
    arm,
    is_resident,
    offered_in_stay,
    offered_before_stay,
    ever_offered,
    participation_days
FROM described
WHERE coalesce(arm, 'unknown') <> 'none'
