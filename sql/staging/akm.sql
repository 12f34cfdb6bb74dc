-- Grain: one row a person and year: what the person mainly lived by. status_code is SOCIO13, and SOCIO02 where a file
-- has only that.
SELECT
    person_key,
    CAST(substr(AAR, 1, 4) AS INTEGER)   AS year,
    coalesce(SOCIO13, SOCIO02)           AS status_code,
    CASE
        WHEN coalesce(SOCIO13, SOCIO02) IN ('110', '111', '112', '113', '114', '120') THEN 'self_employed'
        WHEN coalesce(SOCIO13, SOCIO02) IN ('130', '131', '132', '133', '134', '135', '139') THEN 'employed'
        WHEN coalesce(SOCIO13, SOCIO02) = '210' THEN 'unemployed'
        WHEN coalesce(SOCIO13, SOCIO02) = '220' THEN 'sick_or_leave'
        WHEN coalesce(SOCIO13, SOCIO02) = '310' THEN 'in_education'
        WHEN coalesce(SOCIO13, SOCIO02) = '321' THEN 'disability_pension'
        WHEN coalesce(SOCIO13, SOCIO02) = '322' THEN 'state_pension'
        WHEN coalesce(SOCIO13, SOCIO02) = '323' THEN 'early_retirement'
        WHEN coalesce(SOCIO13, SOCIO02) = '330' THEN 'social_assistance'
        WHEN coalesce(SOCIO13, SOCIO02) = '410' THEN 'other'
        WHEN coalesce(SOCIO13, SOCIO02) = '420' THEN 'child'
        WHEN coalesce(SOCIO13, SOCIO02) IN ('0', '999') THEN 'not_in_register'
    END                                  AS status,
    BESKST13                             AS income_source_code,
    FUNK_TIMEANT                         AS working_hours
FROM typed.akm
