-- Grain: one row a referral; result is NULL while it goes on. A death stands apart from the other ends.
SELECT
    person_key,
    HENVIST_DATO             AS referred_on,
    FAENGSEL                 AS facility,
    AFSLUTTET_DATO           AS ended_on,
    CASE UDFALD
        WHEN 'positivt' THEN 'positive'
        WHEN 'uden_resultat' THEN 'no_visible_result'
        WHEN 'andet' THEN 'other'
    END                      AS result,
    CASE
        WHEN ANDET_AARSAG = 'udeblevet_orlov' THEN 'absent_from_leave'
        WHEN ANDET_AARSAG IN ('doedsfald', 'dødsfald') THEN 'died'
        WHEN ANDET_AARSAG = 'andet' THEN 'other'
    END                      AS other_reason,
    MATCHGRUPPE              AS match_group,
    OVERFOERSELSINDKOMST     AS had_transfer_income,
    GENGANGER                AS was_in_prison_before
FROM typed.jobupdate_henvisning
