-- Grain: one row a person, day and dimension; a blank score was not measured.
SELECT
    person_key,
    MAALT_DATO     AS assessed_on,
    ANLEDNING      AS occasion,
    CASE
        WHEN DIMENSION = 'vold' THEN 'violence'
        WHEN DIMENSION IN ('familie_netvaerk', 'familie_netværk') THEN 'family_network'
        WHEN DIMENSION IN ('beskaeftigelse_uddannelse', 'beskæftigelse_uddannelse') THEN 'work_education'
        WHEN DIMENSION = 'interesser_fritid' THEN 'leisure'
        WHEN DIMENSION = 'bolig' THEN 'housing'
        WHEN DIMENSION = 'kriminalitet' THEN 'crime'
        WHEN DIMENSION IN ('oekonomi', 'økonomi') THEN 'economy'
        WHEN DIMENSION = 'fysisk_helbred' THEN 'physical_health'
        WHEN DIMENSION = 'psykisk_helbred' THEN 'mental_health'
        WHEN DIMENSION = 'rusmidler' THEN 'substance_use'
    END            AS dimension,
    SCORE          AS score
FROM typed.forandringskompas
