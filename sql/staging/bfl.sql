-- Grain: one row a job and month, half-open: the register's last day counts, so the stop is the day after.
SELECT
    person_key,
    AJO_JOB_START_DATO                                     AS start_date,
    CAST(AJO_JOB_SLUT_DATO + INTERVAL '1' DAY AS DATE)     AS stop_date,
    AJO_LOENTIMER                                          AS paid_hours,
    AJO_SMALT_LOENBELOEB                                   AS wage_dkk
FROM typed.bfl
