-- Grain: one row a phase of the Exit programme: persons who came to it, those whose time in it is over, their days in it
-- and days squared, and how many of those who can be judged stayed longer than the phase may last, or left before it may
-- end. Whoever is still in it is judged once the longest time is over.
WITH limits AS (
    SELECT
        one.phase,
        CAST(one.least_months AS INTEGER)   AS least_months,
        CAST(one.most_months AS INTEGER)    AS most_months,
        CAST(one.most_days AS INTEGER)      AS most_days
    FROM (SELECT unnest($phases) AS one)
),

spent AS (
    SELECT
        day.phase,
        day.until_date IS NOT NULL                                                      AS is_over,
        CASE WHEN day.until_date IS NOT NULL THEN date_diff('day', day.from_date, day.until_date) END AS days,
        day.until_date < add_months(day.from_date, limits.least_months)                 AS is_short,
        coalesce(day.until_date, CAST($vintage - INTERVAL 1 DAY AS DATE)) > CASE
            WHEN limits.most_days >= 0 THEN CAST(day.from_date + limits.most_days * INTERVAL 1 DAY AS DATE)
            WHEN limits.most_months >= 0 THEN add_months(day.from_date, limits.most_months)
        END                                                                             AS is_long,
        limits.least_months,
        limits.most_days >= 0 OR limits.most_months >= 0                                AS has_most
    FROM analysis.programme_phase_day AS day
    INNER JOIN limits
        ON day.phase = limits.phase
)

SELECT
    phase,
    count(*)                                                                            AS n_persons,
    count(*) FILTER (WHERE is_over)                                                     AS n_over,
    CAST(sum(days) AS DOUBLE)                                                           AS sum_days,
    CAST(sum(days * days) AS DOUBLE)                                                    AS sum_squares,
    count(*) FILTER (WHERE has_most AND (is_over OR is_long))                           AS n_judged_long,
    count(*) FILTER (WHERE is_long)                                                     AS n_long,
    count(*) FILTER (WHERE is_over AND least_months > 0)                                AS n_judged_short,
    count(*) FILTER (WHERE is_over AND least_months > 0 AND is_short)                   AS n_short
FROM spent
GROUP BY phase
ORDER BY phase
