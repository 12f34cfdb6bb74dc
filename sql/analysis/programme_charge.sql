-- Grain: one row a case list, whether the enrolled person's case has ended, and whether the person was charged with a
-- counted offence while enrolled: from the day of enrolment to the day before discharge, or to the vintage.
WITH offences AS (
    SELECT CAST(unnest($programme_offences) AS VARCHAR) AS beginning
),

charged_while_enrolled AS (
    SELECT DISTINCT
        one.layout,
        one.person_key
    FROM analysis.programme_case AS one
    INNER JOIN core.charge AS charge
        ON one.person_key = charge.person_key
        AND charge.charge_date >= one.enrolled_on
        AND charge.charge_date < coalesce(one.ended_on, $vintage)
    INNER JOIN offences
        ON charge.offence_code LIKE offences.beginning || '%'
)

SELECT
    one.layout,
    one.ended_on IS NOT NULL            AS ended,
    hit.person_key IS NOT NULL          AS charged,
    count(*)                            AS n_persons
FROM analysis.programme_case AS one
LEFT JOIN charged_while_enrolled AS hit
    ON one.layout = hit.layout
    AND one.person_key = hit.person_key
WHERE one.enrolled_on IS NOT NULL
GROUP BY one.layout, ended, charged
ORDER BY one.layout, ended, charged
