-- Grain: one row a plan.
SELECT
    person_key,
    PLAN_ID                    AS plan_id,
    CASE EJER
        WHEN 'kriminalforsorgen' THEN 'prison_service'
        WHEN 'kommune' THEN 'municipality'
    END                        AS owner,
    OPRETTET_DATO              AS created_on,
    AFSLUTTET_DATO             AS closed_on,
    UNDERSKREVET_DATO          AS signed_on
FROM typed.handleplan
