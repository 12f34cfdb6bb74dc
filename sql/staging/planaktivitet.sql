-- Grain: one row an activity of a plan; end_reason is NULL while it is open.
SELECT
    person_key,
    PLAN_ID                    AS plan_id,
    AKTIVITET_ID               AS activity_id,
    CASE
        WHEN OMRAADE = 'bolig' THEN 'housing'
        WHEN OMRAADE IN ('oekonomi', 'økonomi') THEN 'economy'
        WHEN OMRAADE = 'uddannelse' THEN 'education'
        WHEN OMRAADE IN ('beskaeftigelse', 'beskæftigelse') THEN 'employment'
        WHEN OMRAADE = 'behandling' THEN 'treatment'
        WHEN OMRAADE = 'helbred' THEN 'health'
        WHEN OMRAADE IN ('netvaerk', 'netværk') THEN 'network'
    END                        AS domain,
    PLANLAGT_DATO              AS planned_on,
    BEGYNDT_DATO               AS begun_on,
    SLUT_DATO                  AS ended_on,
    CASE
        WHEN SLUT_AARSAG IN ('gennemfoert', 'gennemført') THEN 'completed'
        WHEN SLUT_AARSAG = 'afbrudt' THEN 'interrupted'
    END                        AS end_reason
FROM typed.planaktivitet
