-- Grain: one row a start event of Statistics Denmark's recidivism register: a person and cohort.
SELECT
    person_key,
    REC_STDATO                             AS start_date,
    REC_SLDATO                             AS end_date,
    REC_POPULKODE                          AS start_kind_code,
    REC_STJOURNR                           AS journal,
    REC_STAFGTYP3                          AS decision_class_code,
    REC_STAFGTYPKO                         AS decision_code,
    coalesce(REC_STGER9, REC_STGER7)       AS offence_code,
    REC_STBOEDEBEL                         AS fine_dkk,
    CASE
        WHEN REC_STBSTRFLGD = 9000 THEN 0
        WHEN REC_STBSTRFLGD > 0 THEN REC_STBSTRFLGD
    END                                    AS suspended_days,
    REC_ANTAL                              AS n_events,
    REC_STRENGESTE                         AS most_severe_code,
    REC_PID_REC_ALDER                      AS age_years,
    TIDL_ANTAL_DOMME                       AS n_convictions_5_years,
    UDD_PRUDD_GRP                          AS education_group_code,
    TP                                     AS cohort_period
FROM typed.rec_person
