-- Grain: one row a decision as registered; acquittals are among them, and a case comes again after an appeal.
-- Lengths are days. 9000 says that there is no such sentence, 0 that its length is not stated, 9999 that it is for life;
-- life is left as 9999.
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
    AFG_ANKEDTO                    AS appeal_date
FROM typed.kraf
