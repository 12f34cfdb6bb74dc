-- Grain: one row a person and covariate that has a value.
SELECT
    person_key,
    name,
    value
FROM typed.time_to_event_covariate
