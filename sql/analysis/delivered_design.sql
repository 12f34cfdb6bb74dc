-- Grain: one row a person and covariate of durations that the data owner delivered: what a regression needs.
SELECT
    delivered.person_key,
    delivered.entry_time,
    delivered.exit_time,
    delivered.event_type,
    covariate.name,
    covariate.value
FROM staging.time_to_event AS delivered
INNER JOIN staging.time_to_event_covariate AS covariate
    ON delivered.person_key = covariate.person_key
ORDER BY delivered.person_key, covariate.name
