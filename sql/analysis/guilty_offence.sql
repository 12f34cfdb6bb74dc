-- Grain: one row an offence that the outcome's definition counts as a guilty decision, at any time.
-- Only what is known to be a small traffic fine is left out: an unknown law or an unknown amount is not a small fine.
SELECT
    person_key,
    journal,
    offence_date,
    offence_date_source,
    offence_code,
    decision_date
FROM core.offence
WHERE decision_code IS NOT NULL
    AND decision_code NOT IN (SELECT unnest($not_guilty_codes))
    AND decision_date < $vintage
    AND NOT (
        coalesce(offence_code LIKE '2%', FALSE)
        AND decision_code IN (SELECT unnest($fine_codes))
        AND coalesce(
            fine_dkk < CASE
                WHEN extract('year' FROM decision_date) >= $traffic_from_year THEN $traffic_limit_dkk
                ELSE $traffic_limit_before_dkk
            END,
            FALSE
        )
    )
