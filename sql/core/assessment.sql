-- Grain: one row a person, instrument, dimension and day: what was scored; a blank score was not measured.
SELECT
    person_key,
    'forandringskompas' AS instrument,
    dimension,
    assessed_on,
    score
FROM staging.forandringskompas
UNION ALL
SELECT
    person_key,
    'tilvaerelsespsykologi' AS instrument,
    CASE WHEN form = 'theme' THEN 'theme_' || CAST(theme_number AS VARCHAR) ELSE 'test' END AS dimension,
    assessed_on,
    score
FROM staging.tilvaerelsespsykologi
