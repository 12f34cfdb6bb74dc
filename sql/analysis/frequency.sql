-- Grain: one row an arm and number of events: persons, by the study's own outcome.
SELECT
    arm,
    CAST(n_reoffences AS INTEGER) AS n_reoffences,
    count(*)                      AS n_persons
FROM analysis.reoffending
GROUP BY arm, n_reoffences
ORDER BY arm, n_reoffences
