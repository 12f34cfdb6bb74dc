-- Grain: one row a decision as registered; acquittals are among them, and a case comes again after an appeal.
-- Lengths are days. 9000 says that there is no such sentence, 0 that its length is not stated, 9999 that it is for life;
-- life is left as 9999. The suspended part of a partly suspended sentence is given in years, months and days.
SELECT
    person_key,
    JOURNR                         AS journal,
    AFG_AFGOEDTO                   AS decision_date,
    AFG_AFGTYPKO                   AS decision_code,
    coalesce(AFG_GER9, AFG_GER7)   AS offence_code,
    CASE
        WHEN AFG_UBSTRFLG = 9000 THEN 0
        WHEN AFG_UBSTRFLG > 0 THEN AFG_UBSTRFLG
    END                            AS unsuspended_days,
    CASE
        WHEN AFG_BSTRFLGD = 9000 THEN 0
        WHEN AFG_BSTRFLGD > 0 THEN AFG_BSTRFLGD
    END                            AS suspended_days,
    AFG_BOEDEBLB                   AS fine_dkk,
    AFG_ANKEDTO                    AS appeal_date,
    AFG_ANKTYPKO                   AS appeal_code,
    AFG_AFGTYP3                    AS decision_class_code,
    AFG_AFGERKOD                   AS police_offence_code,
    AFG_UBSTRFKO                   AS unsuspended_kind,
    AFG_BSTRFKOD                   AS suspended_kind,
    AFG_BETAAR                     AS suspended_part_years,
    AFG_BETMND                     AS suspended_part_months,
    AFG_BETDAG                     AS suspended_part_days,
    AFG_BETSLDTO                   AS conditions_end_date,
    AFG_DAGBOANT                   AS n_day_fines,
    AFG_DAGBOBEL                   AS day_fine_dkk,
    AFG_SUBSTDG                    AS default_imprisonment_days,
    AFG_FRAKKOD                    AS disqualification_code,
    AFG_FRAFDTOX                   AS disqualification_start_date,
    AFG_FRATDTOX                   AS disqualification_end_date,
    AFG_ANDSTRKO                   AS other_penalty_code,
    AFG_AFGRETKO                   AS authority_code,
    AFG_AFGMAADKO                  AS decision_mode_code,
    AFG_SAGADTOX                   AS case_closed_date,
    AFG_STATUS                     AS tabulation_status,
    AFG_KONFSANT                   AS n_secondary_charges,
    CASE
        WHEN AFG_FORSMEDK IN ('F', '2') THEN 'attempt'
        WHEN AFG_FORSMEDK IN ('M', '1') THEN 'complicity'
        WHEN AFG_FORSMEDK = '0' THEN 'none'
    END                            AS involvement,
    AFG_AFGALD                     AS age_years,
    AFG_TAAR                       AS counting_year,
    CPRTJEK                        AS identity_check,
    CPRTYPE                        AS identity_type
FROM typed.kraf
