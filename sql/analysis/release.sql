-- Grain: one row a release from custody in the study's window, with what each eligibility step needs to know.
-- Everything here is known on the day of release or before.
WITH in_window AS (
    SELECT
        person_key,
        stay_number,
        start_date  AS admission_date,
        stop_date   AS release_date,
        release_type,
        kind,
        date_diff('day', start_date, stop_date) AS stay_days
    FROM core.custody_stay
    WHERE stop_date >= $index_start
        AND stop_date < $index_end
),

residence_at_admission AS (
    SELECT
        in_window.person_key,
        in_window.stay_number,
        min(residence.municipality) AS municipality
    FROM in_window
    INNER JOIN core.residence AS residence
        ON in_window.person_key = residence.person_key
        AND residence.start_date <= in_window.admission_date
        AND coalesce(residence.stop_date, DATE '9999-12-31') > in_window.admission_date
    GROUP BY in_window.person_key, in_window.stay_number
),

abroad AS (
    SELECT DISTINCT
        in_window.person_key,
        in_window.stay_number
    FROM in_window
    INNER JOIN core.absence AS absence
        ON in_window.person_key = absence.person_key
        AND absence.start_date <= in_window.release_date
        AND coalesce(absence.stop_date, DATE '9999-12-31') > in_window.release_date
),

offers AS (
    SELECT
        in_window.person_key,
        in_window.stay_number,
        max(CASE WHEN enrolment.offered_on >= in_window.admission_date THEN 1 ELSE 0 END) = 1 AS offered_in_stay
    FROM in_window
    INNER JOIN core.enrolment AS enrolment
        ON in_window.person_key = enrolment.person_key
        AND enrolment.offered_on <= in_window.release_date
    GROUP BY in_window.person_key, in_window.stay_number
)

SELECT
    in_window.person_key,
    in_window.stay_number,
    in_window.admission_date,
    in_window.release_date,
    in_window.release_type,
    in_window.kind,
    in_window.stay_days,
    person.person_key IS NOT NULL                                     AS is_in_population,
    person.sex,
    person.origin,
    age_in_years(person.birth_date, in_window.release_date)           AS age_years,
    residence.municipality,
    coalesce(residence.municipality IN (SELECT unnest($pilot_municipalities)), FALSE) AS is_pilot_municipality,
    abroad.person_key IS NULL
        AND coalesce(death.death_date, DATE '9999-12-31') > in_window.release_date AS is_resident,
    coalesce(offers.offered_in_stay, FALSE)                           AS offered_in_stay,
    offers.person_key IS NOT NULL                                     AS ever_offered
FROM in_window
LEFT JOIN core.person AS person
    ON in_window.person_key = person.person_key
LEFT JOIN residence_at_admission AS residence
    ON in_window.person_key = residence.person_key
    AND in_window.stay_number = residence.stay_number
LEFT JOIN abroad
    ON in_window.person_key = abroad.person_key
    AND in_window.stay_number = abroad.stay_number
LEFT JOIN core.death AS death
    ON in_window.person_key = death.person_key
LEFT JOIN offers
    ON in_window.person_key = offers.person_key
    AND in_window.stay_number = offers.stay_number
