-- Grain: one row a charge.
-- The offence code is GER9: GER7 lost its last three digits in 2020.
SELECT
    person_key,
    JOURNR                         AS journal,
    SIG_GER1DTO                    AS offence_start_date,
    SIG_GER2DTO                    AS offence_end_date,
    SIG_SIGTDTO                    AS charge_date,
    coalesce(SIG_GER9, SIG_GER7)   AS offence_code
FROM typed.krsi
