-- Grain: one row a municipality and calendar year: releases from custody of those who lived there at admission, whatever
-- the kind of release.
SELECT
    residence.municipality,
    extract('year' FROM stay.stop_date) AS calendar_year,
    count(*)                            AS n_releases
FROM core.custody_stay AS stay
INNER JOIN core.residence AS residence
    ON stay.person_key = residence.person_key
    AND residence.start_date <= stay.start_date
    AND coalesce(residence.stop_date, DATE '9999-12-31') > stay.start_date
WHERE stay.stop_date IS NOT NULL
    AND stay.release_type <> 'unknown_end'
GROUP BY residence.municipality, extract('year' FROM stay.stop_date)
