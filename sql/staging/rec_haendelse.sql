-- Grain: one row a new offence that led to a guilty decision, as Statistics Denmark's recidivism register counts them.
SELECT
    person_key,
    H_RECIDIVNR                    AS event_number,
    H_GERDATO                      AS offence_date,
    H_GERDATOTYP                   AS offence_date_source,
    H_AFGDATO                      AS decision_date,
    H_AFGTYP3                      AS decision_class_code,
    H_AFGTYPKO                     AS decision_code,
    coalesce(H_AFGER9, H_AFGER7)   AS offence_code,
    H_HAENDTYP                     AS event_kind_code,
    H_STRENG                       AS most_severe_code,
    H_STRENGHED                    AS severity_code,
    H_GER_ALDER                    AS age_at_offence_years,
    H_AFG_ALDER                    AS age_at_decision_years,
    TP                             AS cohort_period
FROM typed.rec_haendelse
