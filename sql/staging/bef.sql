-- Grain: one row a resident and reference day.
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
    BOP_VFRA                          AS moved_in_date
FROM typed.bef
