-- Grain: one row an arm: how many were in work or education on more than half of the first 365 days from the index date.
WITH days AS (
    SELECT
        person_key,
        sum(date_diff(
            'day',
            start_date,
            least(stop_date, CAST(index_date + INTERVAL 365 DAY AS DATE))
        )) AS n_days
    FROM analysis.state_spell
    WHERE episode = 1
        AND start_date < index_date + INTERVAL 365 DAY
        AND state IN (SELECT unnest($working_states))
    GROUP BY person_key
)

SELECT
    cohort.arm,
    count(*)               AS n_persons,
    count(days.person_key) AS n_most_of_year
FROM analysis.cohort AS cohort
LEFT JOIN days
    ON cohort.person_key = days.person_key
    AND 2 * days.n_days > 365
WHERE cohort.episode = 1
GROUP BY cohort.arm
ORDER BY cohort.arm
