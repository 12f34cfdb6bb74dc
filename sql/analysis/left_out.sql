-- Grain: one row an arm and reason why registered crime after release is not counted, or not dated by the charge, with
-- the persons it concerns. The reasons are not exclusive: one person can stand under several.
WITH found AS (
    -- Decided during follow-up for an offence on the day of release or before it.
    SELECT
        cohort.person_key,
        cohort.arm,
        'offence_before_release' AS reason
    FROM analysis.cohort AS cohort
    INNER JOIN analysis.guilty_offence AS offence
        ON cohort.person_key = offence.person_key
        AND offence.offence_date <= cohort.index_date
        AND offence.decision_date > cohort.index_date
        AND offence.decision_date <= cohort.follow_up_end
    UNION
    -- Nothing counts, but an offence within follow-up was decided after the calendar years in which decisions are read.
    SELECT
        cohort.person_key,
        cohort.arm,
        'decided_too_late' AS reason
    FROM analysis.cohort AS cohort
    INNER JOIN analysis.guilty_offence AS offence
        ON cohort.person_key = offence.person_key
        AND offence.offence_date > cohort.index_date
        AND offence.offence_date <= cohort.follow_up_end
        AND extract('year' FROM offence.decision_date)
            > extract('year' FROM cohort.index_date) + $decision_calendar_years
    LEFT JOIN analysis.reoffence AS reoffence
        ON cohort.person_key = reoffence.person_key
    WHERE reoffence.person_key IS NULL
    UNION
    -- Counted, but the charge is missing, so that the day of the decision stands in for the day of the offence.
    SELECT
        cohort.person_key,
        cohort.arm,
        'dated_by_decision' AS reason
    FROM analysis.cohort AS cohort
    INNER JOIN analysis.reoffence AS reoffence
        ON cohort.person_key = reoffence.person_key
    WHERE reoffence.offence_date_source = 'A'
),

reasons AS (
    SELECT unnest(['offence_before_release', 'decided_too_late', 'dated_by_decision']) AS reason
)

SELECT
    arms.arm,
    reasons.reason,
    count(found.person_key) AS n_persons
FROM (SELECT DISTINCT arm FROM analysis.cohort) AS arms
CROSS JOIN reasons
LEFT JOIN found
    ON arms.arm = found.arm
    AND reasons.reason = found.reason
GROUP BY arms.arm, reasons.reason
ORDER BY arms.arm, reasons.reason
