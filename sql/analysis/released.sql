-- Grain: one row a person whose release is looked at, with the stay before it: that of the cohort's first index date where
-- the clock starts at release, also if it starts some days later; in a study without a cohort the person's first release
-- that counts by [releases].
SELECT
    person_key,
    arm,
    admission_date,
    coalesce(release_date, index_date)      AS release_date,
    release_type,
    kind
FROM analysis.cohort
WHERE episode = 1
    AND $index_event = 'release'
UNION ALL
SELECT
    person_key,
    'all'               AS arm,
    start_date          AS admission_date,
    stop_date           AS release_date,
    release_type,
    kind
FROM (
    SELECT
        person_key,
        start_date,
        stop_date,
        release_type,
        kind,
        row_number() OVER (PARTITION BY person_key ORDER BY stop_date, stay_number) AS place
    FROM core.custody_stay
    WHERE $index_event = 'any_release'
        AND stop_date >= $index_start
        AND stop_date < $index_end
        AND release_type IN (SELECT unnest($release_types))
        AND date_diff('day', start_date, stop_date) >= $min_stay_days
) AS releases
WHERE place = 1
