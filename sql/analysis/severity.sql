-- Grain: one row an arm and tier: persons by the most severe decision on what they did in follow-up; none of those who
-- did not reoffend.
WITH tiers AS (
    SELECT
        unnest([0, 1, 2, 3, 4])                                        AS severity,
        unnest(['none', 'custodial', 'community', 'fine', 'other'])    AS tier
)

SELECT
    arms.arm,
    tiers.tier,
    count(person.person_key) AS n_persons
FROM (SELECT DISTINCT arm FROM analysis.reoffending) AS arms
CROSS JOIN tiers
LEFT JOIN analysis.reoffending AS person
    ON arms.arm = person.arm
    AND tiers.severity = person.severity
GROUP BY arms.arm, tiers.severity, tiers.tier
ORDER BY arms.arm, tiers.severity
