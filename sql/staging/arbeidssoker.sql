-- Grain: one row a spell of one main state at NAV, half-open: the last day counts, so the stop is the day after; NULL while
-- it lasts.
SELECT
    person_key,
    HOVEDSTATUS                                   AS state_code,
    CASE
        WHEN HOVEDSTATUS = '1' THEN 'unemployed'
        WHEN HOVEDSTATUS = '2' THEN 'partly_employed'
        WHEN HOVEDSTATUS = '3' THEN 'on_measure'
        WHEN HOVEDSTATUS = '14' THEN 'on_measure_reduced_capacity'
        ELSE 'other'
    END                                           AS state,
    FRA_DATO                                      AS start_date,
    CAST(TIL_DATO + INTERVAL '1' DAY AS DATE)     AS stop_date
FROM typed.arbeidssoker
