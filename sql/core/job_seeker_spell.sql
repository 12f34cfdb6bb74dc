-- Grain: one row a spell of one main state at the Norwegian labour service, half-open; one that lasts has no stop.
SELECT
    person_key,
    state,
    start_date,
    stop_date
FROM staging.arbeidssoker
