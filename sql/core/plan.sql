-- Grain: one row a plan of the prison service or a municipality; closed_on is NULL while it is open, signed_on where nobody
-- said that it was signed.
SELECT
    person_key,
    plan_id,
    owner,
    created_on,
    closed_on,
    signed_on
FROM staging.handleplan
