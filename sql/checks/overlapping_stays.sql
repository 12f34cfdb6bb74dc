-- Grain: one row a register, with the stays looked at and those that broke the rule.
-- Overlapping stays: one begins before an earlier one of the same person has ended. Arrests (codes 1 and 2) are not stays;
-- in KRIN the end of a stay stands on a case's last event.
WITH stay AS (
    SELECT
        'krin' AS layout,
        person_key,
        admission_date AS start_date,
        release_date AS stop_date
    FROM staging.krin
    WHERE custody_code NOT IN ('1', '2')

    UNION ALL

    SELECT
        'kriminalomsorgen' AS layout,
        person_key,
        start_date,
        coalesce(stop_date, DATE '9999-12-31') AS stop_date
    FROM staging.kriminalomsorgen
),

with_reach AS (
    SELECT
        layout,
        start_date,
        max(stop_date) OVER (
            PARTITION BY layout, person_key
            ORDER BY start_date, coalesce(stop_date, DATE '1000-01-01')
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS reached_before
    FROM stay
)

SELECT
    layout,
    count(*)                                                 AS n_rows,
    count(*) FILTER (WHERE reached_before > start_date)      AS n_broken
FROM with_reach
GROUP BY layout
