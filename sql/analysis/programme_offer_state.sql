-- Grain: one row a state of the persons who had an offer of employment, so many months after the offer ended.
-- An offer that goes on, and a day that the registers do not reach yet, are open. Work comes before education.
WITH offers AS (
    SELECT
        one.person_key,
        add_months(listed.employment_offer_ended_on, $offer_months) AS on_day
    FROM staging.exit_sag AS listed
    INNER JOIN analysis.programme_case AS one
        ON one.layout = 'exit_sag'
        AND listed.person_key = one.person_key
        AND listed.case_id = one.case_id
    WHERE listed.had_employment_offer
),

employed AS (
    SELECT DISTINCT offers.person_key
    FROM offers
    INNER JOIN core.employment_month AS employment
        ON offers.person_key = employment.person_key
        AND employment.month_start = CAST(date_trunc('month', offers.on_day) AS DATE)
        AND employment.paid_hours > $min_paid_hours
),

in_education AS (
    SELECT DISTINCT offers.person_key
    FROM offers
    INNER JOIN core.education_spell AS education
        ON offers.person_key = education.person_key
        AND education.start_date <= offers.on_day
        AND coalesce(education.stop_date, DATE '9999-12-31') > offers.on_day
),

states AS (
    SELECT
        offers.person_key,
        CASE
            WHEN offers.on_day IS NULL OR offers.on_day >= $vintage THEN 'open'
            WHEN employed.person_key IS NOT NULL THEN 'employed'
            WHEN in_education.person_key IS NOT NULL THEN 'in_education'
            ELSE 'neither'
        END AS state
    FROM offers
    LEFT JOIN employed
        ON offers.person_key = employed.person_key
    LEFT JOIN in_education
        ON offers.person_key = in_education.person_key
)

SELECT
    state,
    count(*) AS n_persons
FROM states
GROUP BY state
ORDER BY state
