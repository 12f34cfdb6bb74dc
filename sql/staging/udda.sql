-- Grain: one row a person and state of the register: the highest completed education then, and the programme under way.
SELECT
    person_key,
    HFAUDD                               AS highest_programme,
    HF_VFRA                              AS highest_from_date,
    HF_KILDE                             AS highest_source_code,
    UDD                                  AS current_programme,
    IG_VFRA                              AS current_from_date,
    ALMAUDD                              AS general_programme,
    ALM_VFRA                             AS general_from_date,
    ERHAUDD                              AS vocational_programme,
    ERH_VFRA                             AS vocational_from_date,
    CAST(substr(AAR, 1, 4) AS INTEGER)   AS year
FROM typed.udda
