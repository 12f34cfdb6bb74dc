-- Grain: one row a case list, way of ending, month in which the case began, and whether the end was a death.
SELECT
    layout,
    end_state,
    CAST(date_trunc('month', coalesce(enrolled_on, referred_on)) AS DATE)    AS began_in,
    died,
    count(*)                                                                AS n_persons
FROM analysis.programme_case
GROUP BY layout, end_state, began_in, died
ORDER BY layout, end_state, began_in, died
