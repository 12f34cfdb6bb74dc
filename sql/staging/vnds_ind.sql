-- Grain: one row a move into the country.
SELECT
    person_key,
    HAEND_DATO                AS event_date,
    'in'                      AS direction,
    INDV_LAND                 AS country
FROM typed.vnds_ind
