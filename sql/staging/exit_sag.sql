-- Grain: one row a case of the Exit programme. The intro phase begins with enrolment, follow-up with discharge.
SELECT
    person_key,
    SAG_ID                         AS case_id,
    KOMMUNE                        AS municipality,
    HENVIST_DATO                   AS referred_on,
    VISITATION_DATO                AS assessed_on,
    CASE
        WHEN AFGOERELSE = 'indskrevet' THEN 'enrolled'
        WHEN AFGOERELSE = 'afvist' THEN 'not_in_target_group'
        WHEN AFGOERELSE = 'henvist_videre' THEN 'referred_on'
        WHEN AFGOERELSE IN ('afslaaet', 'afslået') THEN 'declined'
    END                            AS decision,
    INDSKREVET_DATO                AS enrolled_on,
    VEJLEDNING_DATO                AS guidance_from,
    OUTRO_DATO                     AS outro_from,
    UDSKREVET_DATO                 AS discharged_on,
    CASE
        WHEN UDSKRIVNING IN ('gennemfoert', 'gennemført') THEN 'completed'
        WHEN UDSKRIVNING = 'afbrudt_frivilligt' THEN 'interrupted_by_person'
        WHEN UDSKRIVNING = 'afbrudt_ufrivilligt' THEN 'interrupted_by_programme'
        WHEN UDSKRIVNING IN ('doed', 'død') THEN 'died'
    END                            AS discharge_reason,
    OPFOELGNING_SLUT_DATO          AS follow_up_ended_on,
    LAB_TILBUD                     AS had_employment_offer,
    LAB_TILBUD_SLUT_DATO           AS employment_offer_ended_on,
    NEC_NIVEAU                     AS police_level,
    KRIMINALITET_ELLER_RISIKO      AS crime_or_risk,
    BANDE                          AS in_gang,
    UDEN_ARBEJDE_OG_UDDANNELSE     AS without_work_and_education,
    BEHOV_FOR_INDSATS              AS needs_effort,
    MOTIVERET                      AS motivated,
    UDVIKLINGSPOTENTIALE           AS has_potential,
    ALVORLIG_PSYKISK_SYGDOM        AS severe_mental_illness,
    SIKKERHED_TRUET                AS staff_at_risk,
    MISBRUG_UDEN_BEHANDLING        AS untreated_addiction,
    BETALINGSTILSAGN               AS funding_promised
FROM typed.exit_sag
