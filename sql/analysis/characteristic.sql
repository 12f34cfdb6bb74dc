-- Grain: one row a person in the study, episode, and covariate that the study asks for. level is NULL where it is not
-- known, 'not_reached' where it looks back further than the extracts reach; neither is zero. value is the number behind
-- a level that has one.
WITH answers AS (
    SELECT person_key, episode, name, level, value
    FROM analysis.covariate_person
    UNION ALL
    SELECT person_key, episode, name, level, value
    FROM analysis.covariate_crime
    UNION ALL
    SELECT person_key, episode, name, level, value
    FROM analysis.covariate_support
    UNION ALL
    SELECT person_key, episode, name, level, value
    FROM analysis.covariate_collaboration
)

SELECT
    cohort.person_key,
    cohort.episode,
    cohort.arm,
    day.name                                                             AS variable,
    CASE WHEN day.is_reached THEN answers.level ELSE 'not_reached' END   AS level,
    CASE WHEN day.is_reached THEN answers.value END                      AS value
FROM analysis.covariate_day AS day
INNER JOIN analysis.cohort AS cohort
    ON day.person_key = cohort.person_key
    AND day.episode = cohort.episode
INNER JOIN answers
    ON day.person_key = answers.person_key
    AND day.episode = answers.episode
    AND day.name = answers.name
