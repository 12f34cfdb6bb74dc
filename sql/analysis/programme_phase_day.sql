-- Grain: one row a person and phase of the Exit programme that the person came to, half-open, as it was known before the
-- vintage; until_date is NULL while it lasts. A phase ends where the next begins, or with discharge; nobody is followed up
-- after a death.
WITH cases AS (
    SELECT
        listed.person_key,
        listed.referred_on,
        listed.enrolled_on,
        listed.ended_on,
        listed.died,
        CASE WHEN sag.assessed_on < $vintage THEN sag.assessed_on END                   AS assessed_on,
        CASE WHEN sag.guidance_from < $vintage THEN sag.guidance_from END               AS guidance_from,
        CASE WHEN sag.outro_from < $vintage THEN sag.outro_from END                     AS outro_from,
        CASE WHEN sag.follow_up_ended_on < $vintage THEN sag.follow_up_ended_on END     AS follow_up_ended_on
    FROM analysis.programme_case AS listed
    INNER JOIN staging.exit_sag AS sag
        ON listed.person_key = sag.person_key
        AND listed.case_id = sag.case_id
    WHERE listed.layout = 'exit_sag'
)

SELECT person_key, 'visitation' AS phase, referred_on AS from_date, assessed_on AS until_date
FROM cases
UNION ALL
SELECT
    person_key,
    'intro'                                             AS phase,
    enrolled_on                                         AS from_date,
    coalesce(guidance_from, outro_from, ended_on)       AS until_date
FROM cases
WHERE enrolled_on IS NOT NULL
UNION ALL
SELECT
    person_key,
    'guidance'                                          AS phase,
    guidance_from                                       AS from_date,
    coalesce(outro_from, ended_on)                      AS until_date
FROM cases
WHERE guidance_from IS NOT NULL
UNION ALL
SELECT person_key, 'outro' AS phase, outro_from AS from_date, ended_on AS until_date
FROM cases
WHERE outro_from IS NOT NULL
UNION ALL
SELECT person_key, 'follow_up' AS phase, ended_on AS from_date, follow_up_ended_on AS until_date
FROM cases
WHERE ended_on IS NOT NULL
    AND NOT died
UNION ALL
SELECT person_key, 'whole' AS phase, enrolled_on AS from_date, ended_on AS until_date
FROM cases
WHERE enrolled_on IS NOT NULL
