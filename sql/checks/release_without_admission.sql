-- Grain: one row a register, with the releases looked at and those that broke the rule.
-- A release without an admission: every event since the person's previous release is a transfer, so the admission that
-- began the stay is not in the extract.
WITH in_order AS (
    SELECT
        person_key,
        release_date,
        is_transfer OR custody_code = '4' AS is_transfer,
        coalesce(
            count(release_date) OVER (
                PARTITION BY person_key
                ORDER BY
                    admission_date,
                    coalesce(release_date, DATE '1000-01-01'),
                    is_transfer OR custody_code = '4'
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ),
            0
        ) AS n_releases_before
    FROM staging.krin
),

runs AS (
    SELECT
        person_key,
        n_releases_before,
        count(*) FILTER (WHERE NOT is_transfer) AS n_admissions
    FROM in_order
    GROUP BY person_key, n_releases_before
    HAVING count(release_date) > 0
)

SELECT
    'krin'                                       AS layout,
    count(*)                                     AS n_rows,
    count(*) FILTER (WHERE n_admissions = 0)     AS n_broken
FROM runs
