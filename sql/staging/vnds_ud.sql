-- Grain: one row a move out of the country.
SELECT
    person_key,
    HAEND_DATO                AS event_date,
    'out'                     AS direction,
    UDV_LAND                  AS country
FROM typed.vnds_ud
