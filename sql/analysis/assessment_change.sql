-- Grain: one row an arm, instrument, dimension and later time: how many were assessed with the instrument at all, had a
-- first score, and a later one to compare it with; sums over those with both; how many of them began at either end of the
-- scale, and changed by at least what the study calls a reliable change. Without a scale or such a change these are NULL.
WITH rules AS (
    SELECT
        rule.instrument,
        CAST(rule.lowest AS DOUBLE)          AS lowest,
        CAST(rule.highest AS DOUBLE)         AS highest,
        CAST(rule.reliable_change AS DOUBLE) AS reliable_change
    FROM (SELECT unnest($assessments) AS rule)
),

assessed AS (
    SELECT
        arm,
        instrument,
        count(DISTINCT person_key) AS n_persons
    FROM analysis.assessment_pair
    GROUP BY arm, instrument
)

SELECT
    pair.arm,
    pair.instrument,
    pair.dimension,
    pair.month,
    assessed.n_persons,
    count(pair.first_score)                                                       AS n_first,
    count(pair.later_score)                                                       AS n_pairs,
    coalesce(sum(CASE WHEN pair.later_score IS NOT NULL THEN pair.first_score END), 0) AS sum_first,
    coalesce(sum(pair.later_score), 0)                                            AS sum_later,
    coalesce(sum((pair.later_score - pair.first_score) * (pair.later_score - pair.first_score)), 0) AS sum_squares,
    CASE WHEN min(rules.lowest) IS NOT NULL THEN
        count(CASE WHEN pair.later_score IS NOT NULL AND pair.first_score <= rules.lowest THEN 1 END)
    END                                                                           AS n_lowest_first,
    CASE WHEN min(rules.highest) IS NOT NULL THEN
        count(CASE WHEN pair.later_score IS NOT NULL AND pair.first_score >= rules.highest THEN 1 END)
    END                                                                           AS n_highest_first,
    CASE WHEN min(rules.reliable_change) IS NOT NULL THEN
        count(CASE WHEN pair.later_score - pair.first_score >= rules.reliable_change THEN 1 END)
    END                                                                           AS n_risen,
    CASE WHEN min(rules.reliable_change) IS NOT NULL THEN
        count(CASE WHEN pair.first_score - pair.later_score >= rules.reliable_change THEN 1 END)
    END                                                                           AS n_fallen
FROM analysis.assessment_pair AS pair
INNER JOIN assessed
    ON pair.arm = assessed.arm
    AND pair.instrument = assessed.instrument
INNER JOIN rules
    ON pair.instrument = rules.instrument
GROUP BY pair.arm, pair.instrument, pair.dimension, pair.month, assessed.n_persons
ORDER BY pair.arm, pair.instrument, pair.dimension, pair.month
