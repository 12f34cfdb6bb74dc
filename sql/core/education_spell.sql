-- Grain: one row an enrolment in a programme, half-open; a current one has no stop.
SELECT
    person_key,
    programme,
    start_date,
    stop_date,
    exit_code
FROM staging.kotre
