-- Grain: one row a person, day on which the clock might start, and eligibility step of the study other than the first
-- (the day lies in the window): does it pass. A criterion that the registers cannot answer does not pass.
WITH releases_before AS (
    SELECT
        candidate.person_key,
        candidate.event_number,
        max(release.n_releases) AS n_releases
    FROM analysis.candidate AS candidate
    LEFT JOIN analysis.municipality_release AS release
        ON candidate.municipality = release.municipality
        AND extract('year' FROM candidate.index_date) - 1 = release.calendar_year
    GROUP BY candidate.person_key, candidate.event_number
),

vulnerable AS (
    SELECT DISTINCT
        person_key,
        event_number
    FROM analysis.vulnerability
    WHERE flag IN (SELECT unnest($vulnerability_flags))
),

away_before AS (
    SELECT DISTINCT
        candidate.person_key,
        candidate.event_number
    FROM analysis.candidate AS candidate
    INNER JOIN core.absence AS absence
        ON candidate.person_key = absence.person_key
        AND absence.start_date < candidate.index_date
        AND coalesce(absence.stop_date, DATE '9999-12-31') > add_months(candidate.index_date, -$lookback_months)
),

answers AS (
    SELECT person_key, event_number, 'in_population_register' AS step, is_in_population AS passes
    FROM analysis.candidate
    UNION ALL
    SELECT person_key, event_number, 'municipality_known' AS step, municipality IS NOT NULL AS passes
    FROM analysis.candidate
    UNION ALL
    SELECT
        person_key,
        event_number,
        'release_type' AS step,
        release_type IN (SELECT unnest($release_types)) AS passes
    FROM analysis.candidate
    UNION ALL
    SELECT
        person_key,
        event_number,
        'stay_length' AS step,
        stay_days >= $min_stay_days AND stay_days <= $max_stay_days AS passes
    FROM analysis.candidate
    UNION ALL
    SELECT
        person_key,
        event_number,
        'age' AS step,
        age_years >= $min_age_years AND age_years <= $max_age_years AS passes
    FROM analysis.candidate
    UNION ALL
    SELECT person_key, event_number, 'resident' AS step, is_resident AS passes
    FROM analysis.candidate
    UNION ALL
    SELECT person_key, event_number, 'residence' AS step, residence_days >= $min_residence_days AS passes
    FROM analysis.candidate
    UNION ALL
    SELECT
        person_key,
        event_number,
        'not_neighbour' AS step,
        municipality NOT IN (SELECT unnest($neighbours)) AS passes
    FROM analysis.candidate
    UNION ALL
    SELECT person_key, event_number, 'municipality_releases' AS step, n_releases > $more_releases_than AS passes
    FROM releases_before
    UNION ALL
    SELECT
        candidate.person_key,
        candidate.event_number,
        'vulnerability' AS step,
        vulnerable.person_key IS NOT NULL AS passes
    FROM analysis.candidate AS candidate
    LEFT JOIN vulnerable
        ON candidate.person_key = vulnerable.person_key
        AND candidate.event_number = vulnerable.event_number
    UNION ALL
    SELECT person_key, event_number, 'not_previously_offered' AS step, NOT offered_before_stay AS passes
    FROM analysis.candidate
    UNION ALL
    SELECT
        candidate.person_key,
        candidate.event_number,
        'lookback' AS step,
        away_before.person_key IS NULL
        AND add_months(candidate.index_date, -$lookback_months) >= $history_from AS passes
    FROM analysis.candidate AS candidate
    LEFT JOIN away_before
        ON candidate.person_key = away_before.person_key
        AND candidate.event_number = away_before.event_number
    UNION ALL
    -- The last step, named after what puts somebody in the pilot arm; the comparison arm was never offered it before.
    SELECT
        person_key,
        event_number,
        CASE
            WHEN $exposure = 'offered' THEN 'offer'
            WHEN $exposure = 'took_part' THEN 'took_part'
            ELSE 'exposure'
        END AS step,
        CASE
            WHEN arm = 'comparison' THEN NOT ever_offered
            WHEN $exposure = 'offered' THEN offered_in_stay
            WHEN $exposure = 'took_part' THEN participation_days >= $min_participation_days
            ELSE TRUE
        END AS passes
    FROM analysis.candidate
)

SELECT
    person_key,
    event_number,
    step,
    coalesce(passes, FALSE) AS passes
FROM answers
WHERE array_contains($steps, step)
