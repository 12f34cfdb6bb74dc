-- Grain: one row a person in the study, instrument, dimension and later time (0 = the last measurement, else months after
-- the first): the first score and the later one; NULL where it was not measured. At a number of months the measurement
-- nearest to the day counts, the earlier of two, if it is within the study's days of it and after the first.
WITH rules AS (
    SELECT
        rule.instrument,
        CAST(rule.from_days AS INTEGER)   AS from_days,
        CAST(rule.window_days AS INTEGER) AS window_days
    FROM (SELECT unnest($assessments) AS rule)
),

measured AS (
    SELECT
        cohort.person_key,
        cohort.arm,
        assessment.instrument,
        assessment.dimension,
        assessment.assessed_on,
        assessment.score,
        rules.window_days,
        min(CASE WHEN assessment.score IS NOT NULL THEN assessment.assessed_on END) OVER (
            PARTITION BY cohort.person_key, assessment.instrument, assessment.dimension
        ) AS first_on,
        max(CASE WHEN assessment.score IS NOT NULL THEN assessment.assessed_on END) OVER (
            PARTITION BY cohort.person_key, assessment.instrument, assessment.dimension
        ) AS last_on
    FROM analysis.cohort AS cohort
    INNER JOIN core.assessment AS assessment
        ON cohort.person_key = assessment.person_key
    INNER JOIN rules
        ON assessment.instrument = rules.instrument
    WHERE cohort.episode = 1
        AND assessment.assessed_on >= cohort.index_date - rules.from_days * INTERVAL 1 DAY
),

times AS (
    SELECT 0 AS month
    UNION ALL
    SELECT unnest($assessment_months) AS month
),

later AS (
    SELECT
        measured.person_key,
        measured.instrument,
        measured.dimension,
        times.month,
        measured.score,
        row_number() OVER (
            PARTITION BY measured.person_key, measured.instrument, measured.dimension, times.month
            ORDER BY
                abs(date_diff('day', add_months(measured.first_on, times.month), measured.assessed_on)),
                measured.assessed_on
        ) AS nearest_first
    FROM measured
    INNER JOIN times
        ON (times.month = 0 AND measured.assessed_on = measured.last_on)
        OR (
            times.month > 0
            AND abs(date_diff('day', add_months(measured.first_on, times.month), measured.assessed_on))
                <= measured.window_days
        )
    WHERE measured.score IS NOT NULL
        AND measured.assessed_on > measured.first_on
),

firsts AS (
    SELECT
        person_key,
        arm,
        instrument,
        dimension,
        max(CASE WHEN assessed_on = first_on THEN score END) AS first_score
    FROM measured
    GROUP BY person_key, arm, instrument, dimension
)

SELECT
    firsts.person_key,
    firsts.arm,
    firsts.instrument,
    firsts.dimension,
    times.month,
    firsts.first_score,
    later.score AS later_score
FROM firsts
CROSS JOIN times
LEFT JOIN later
    ON firsts.person_key = later.person_key
    AND firsts.instrument = later.instrument
    AND firsts.dimension = later.dimension
    AND times.month = later.month
    AND later.nearest_first = 1
