-- Grain: one row a move into or out of the country.
SELECT
    person_key,
    HAEND_DATO                AS event_date,
    CASE INDUD_KODE
        WHEN 'U' THEN 'out'
        WHEN 'I' THEN 'in'
    END                       AS direction,
    INDUD_LAND                AS country
FROM typed.vnds_hist
