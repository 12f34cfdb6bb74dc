-- Grain: one row a person in the study and episode: by which model of collaboration the person was to be helped to work, as
-- far as it was known at admission. An agreement for the first facility of the stay says models 2 to 4 on the day of
-- admission, of two the first in the study's list; else it is model 1, and also where the prison of an agreement of model 2
-- lies in the person's own municipality. Without a facility it is not known.
WITH agreements AS (
    SELECT
        agreement.facility                      AS facility,
        CAST(agreement.model AS INTEGER)        AS model,
        agreement.start_date                    AS start_date,
        agreement.end_date                      AS end_date,
        CAST(agreement.place AS INTEGER)        AS place
    FROM (SELECT unnest($agreements) AS agreement)
),

homes_of_facilities AS (
    SELECT
        home.facility                           AS facility,
        home.municipality                       AS municipality
    FROM (SELECT unnest($facility_municipalities) AS home)
),

first_days AS (
    SELECT
        cohort.person_key,
        cohort.episode,
        cohort.admission_date,
        cohort.municipality,
        min(place.placed_on)                    AS placed_on
    FROM analysis.cohort AS cohort
    INNER JOIN core.custody_place AS place
        ON cohort.person_key = place.person_key
        AND place.placed_on >= cohort.admission_date
        AND place.placed_on < coalesce(cohort.release_date, cohort.index_date)
    GROUP BY cohort.person_key, cohort.episode, cohort.admission_date, cohort.municipality
),

facilities AS (
    SELECT
        first_days.person_key,
        first_days.episode,
        first_days.admission_date,
        first_days.municipality,
        max(place.facility)                     AS facility
    FROM first_days
    INNER JOIN core.custody_place AS place
        ON first_days.person_key = place.person_key
        AND first_days.placed_on = place.placed_on
    GROUP BY first_days.person_key, first_days.episode, first_days.admission_date, first_days.municipality
),

agreed AS (
    SELECT
        facilities.person_key,
        facilities.episode,
        agreements.model,
        row_number() OVER (
            PARTITION BY facilities.person_key, facilities.episode
            ORDER BY agreements.place
        )                                       AS first_listed
    FROM facilities
    INNER JOIN agreements
        ON facilities.facility = agreements.facility
        AND facilities.admission_date >= agreements.start_date
        AND facilities.admission_date < agreements.end_date
    LEFT JOIN homes_of_facilities AS home
        ON facilities.facility = home.facility
    WHERE agreements.model <> 2
        OR home.municipality IS NULL
        OR facilities.municipality IS NULL
        OR home.municipality <> facilities.municipality
)

SELECT
    cohort.person_key,
    cohort.episode,
    'collaboration_model'                       AS name,
    CASE
        WHEN facilities.person_key IS NOT NULL THEN 'model_' || CAST(coalesce(agreed.model, 1) AS VARCHAR)
    END                                         AS level,
    CAST(NULL AS DOUBLE)                        AS value
FROM analysis.cohort AS cohort
LEFT JOIN facilities
    ON cohort.person_key = facilities.person_key
    AND cohort.episode = facilities.episode
LEFT JOIN agreed
    ON cohort.person_key = agreed.person_key
    AND cohort.episode = agreed.episode
    AND agreed.first_listed = 1
