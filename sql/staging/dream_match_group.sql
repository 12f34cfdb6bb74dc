-- Grain: one row a person, scheme and quarter in which the job centre had placed the person in a group. The column's name
-- ends in the quarter and the year: MATCH_3KV2012.
SELECT
    person_key,
    CASE
        WHEN upper(name) LIKE 'MATCH%' THEN 'match'
        WHEN upper(name) LIKE 'VISIT%' THEN 'visitation'
    END          AS scheme,
    CAST(
        substr(name, length(name) - 3, 4)
        || CASE substr(name, length(name) - 6, 1)
            WHEN '1' THEN '-01-01'
            WHEN '2' THEN '-04-01'
            WHEN '3' THEN '-07-01'
            WHEN '4' THEN '-10-01'
        END AS DATE
    )            AS quarter_start,
    value        AS group_code
FROM typed.dream_match_group
