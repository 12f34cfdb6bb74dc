-- Grain: one row a person in the study and grouping that the study asks for: the group that the person is in, by what was
-- known on the index date or before.
SELECT
    person_key,
    arm,
    variable                                    AS grouping_name,
    coalesce(level, 'unknown')                  AS member_of
FROM analysis.characteristic
WHERE episode = 1
    AND array_contains($groupings, variable)
