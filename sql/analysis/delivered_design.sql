-- Grain: one row a person and covariate of durations that the data owner delivered: what a regression needs. A person
-- who lacks a covariate has a row without a value, so that nobody drops out unseen.
WITH names AS (
    SELECT DISTINCT name
    FROM staging.time_to_event_covariate
)

SELECT
    delivered.person_key,
    delivered.entry_time,
    delivered.exit_time,
    delivered.event_type,
    names.name,
    covariate.value
FROM staging.time_to_event AS delivered
CROSS JOIN names
LEFT JOIN staging.time_to_event_covariate AS covariate
    ON delivered.person_key = covariate.person_key
    AND names.name = covariate.name
ORDER BY delivered.person_key, names.name
