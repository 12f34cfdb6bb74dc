-- Grain: one row an arm and measure of the Norwegian register of job seekers on the day of release. The register knows of
-- work only for those who are also job seekers, so the share in work is a least.
WITH states AS (
    SELECT
        released.person_key,
        max(CASE WHEN spell.state = 'partly_employed' THEN 1 ELSE 0 END)                                    AS works,
        max(CASE WHEN spell.state IN ('on_measure', 'on_measure_reduced_capacity') THEN 1 ELSE 0 END)       AS on_measure
    FROM analysis.released AS released
    INNER JOIN core.job_seeker_spell AS spell
        ON released.person_key = spell.person_key
        AND spell.start_date <= released.release_date
        AND coalesce(spell.stop_date, DATE '9999-12-31') > released.release_date
    GROUP BY released.person_key
),

measures AS (
    SELECT unnest(['work_at_release', 'other_measure_at_release']) AS measure
)

SELECT
    released.arm,
    measures.measure,
    count(*)            AS n_persons,
    count(*) FILTER (
        WHERE CASE measures.measure WHEN 'work_at_release' THEN states.works ELSE states.on_measure END = 1
    )                   AS n_reached
FROM analysis.released AS released
CROSS JOIN measures
LEFT JOIN states
    ON released.person_key = states.person_key
GROUP BY released.arm, measures.measure
ORDER BY released.arm, measures.measure
