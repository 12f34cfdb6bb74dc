-- Grain: one row an arm and number of months: of those who began work or education early enough to be followed for the
-- longest of these times, how many are in work or education so many months after they began; with another employer or
-- after a break too.
WITH starters AS (
    SELECT
        person_key,
        arm,
        begin_date
    FROM analysis.work_begin
    WHERE begin_date <= add_months(index_date, $followed_months - $longest_retention_months)
),

working AS (
    SELECT
        starters.person_key,
        months.month
    FROM starters
    CROSS JOIN (SELECT unnest($retention_months) AS month) AS months
    INNER JOIN analysis.state_spell AS spell
        ON starters.person_key = spell.person_key
        AND spell.episode = 1
        AND spell.start_date <= add_months(starters.begin_date, months.month)
        AND spell.stop_date > add_months(starters.begin_date, months.month)
        AND spell.state IN (SELECT unnest($working_states))
)

SELECT
    arms.arm,
    months.month,
    count(starters.person_key) AS n_starters,
    count(working.person_key)  AS n_working
FROM (SELECT DISTINCT arm FROM analysis.cohort) AS arms
CROSS JOIN (SELECT unnest($retention_months) AS month) AS months
LEFT JOIN starters
    ON arms.arm = starters.arm
LEFT JOIN working
    ON starters.person_key = working.person_key
    AND months.month = working.month
GROUP BY arms.arm, months.month
ORDER BY arms.arm, months.month
