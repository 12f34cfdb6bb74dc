-- Grain: one row an arm and measure of the Norwegian qualification programme: persons released, and of them those in it on
-- the day of release, or in it or begun within $resume_within_days of it.
WITH begun AS (
    SELECT
        released.person_key,
        min(programme.start_date) AS first_start
    FROM analysis.released AS released
    INNER JOIN core.kvp_spell AS programme
        ON released.person_key = programme.person_key
        AND coalesce(programme.stop_date, DATE '9999-12-31') > released.release_date
    GROUP BY released.person_key
),

measures AS (
    SELECT 'kvp_at_release' AS measure, 0 AS within_days
    UNION ALL
    SELECT 'kvp_within_days' AS measure, CAST($resume_within_days AS INTEGER) AS within_days
)

SELECT
    released.arm,
    measures.measure,
    count(*)                                                                                        AS n_persons,
    count(*) FILTER (WHERE date_diff('day', released.release_date, begun.first_start) <= measures.within_days)
        AS n_reached
FROM analysis.released AS released
CROSS JOIN measures
LEFT JOIN begun
    ON released.person_key = begun.person_key
GROUP BY released.arm, measures.measure
ORDER BY released.arm, measures.measure
