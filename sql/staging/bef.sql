-- Grain: one row a resident and reference day, be it the end of a year or of a quarter.
SELECT
    person_key,
    FOED_DAG                          AS birth_date,
    CASE KOEN
        WHEN '1' THEN 'man'
        WHEN '2' THEN 'woman'
    END                               AS sex,
    KOM                               AS municipality,
    CASE IE_TYPE
        WHEN '1' THEN 'danish'
        WHEN '2' THEN 'immigrant'
        WHEN '3' THEN 'descendant'
    END                               AS origin,
    REFERENCETID                      AS reference_date,
    BOP_VFRA                          AS moved_in_date,
    CASE CIVST
        WHEN 'U' THEN 'unmarried'
        WHEN 'G' THEN 'married'
        WHEN 'F' THEN 'divorced'
        WHEN 'E' THEN 'widowed'
        WHEN 'P' THEN 'partnership'
        WHEN 'O' THEN 'partnership_dissolved'
        WHEN 'L' THEN 'partner_survived'
        WHEN 'D' THEN 'dead'
    END                               AS civil_status,
    ANTBOERNF                         AS n_children,
    ANTPERSH                          AS n_household_members,
    FAMILIE_TYPE                      AS family_type_code,
    HUSTYPE                           AS household_type_code,
    PLADS                             AS family_position_code,
    OPR_LAND                          AS origin_country,
    STATSB                            AS citizenship,
    BETALINGSKOM                      AS paying_municipality,
    FOERSTE_INDVANDRING               AS first_immigration_date,
    SENESTE_INDVANDRING               AS latest_immigration_date,
    CPRTJEK                           AS identity_check,
    CPRTYPE                           AS identity_type
FROM typed.bef
