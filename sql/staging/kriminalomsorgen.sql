-- Grain: one row a person and stay in one prison, half-open; a stay that goes on has no stop. A transfer parts two rows of
-- one admission.
SELECT
    person_key,
    INNSETTELSE_ID            AS admission_id,
    INNSATT_DATO              AS start_date,
    UTGANG_DATO               AS stop_date,
    CASE
        WHEN GRUNNLAG = 'varetekt' THEN 'remand'
        WHEN GRUNNLAG = 'dom' THEN 'serving'
        WHEN GRUNNLAG = 'forvaring' THEN 'preventive_detention'
        WHEN GRUNNLAG IN ('botesoning', 'bøtesoning') THEN 'fine'
        WHEN GRUNNLAG = 'annet' THEN 'other'
    END                       AS kind,
    CASE
        WHEN UTGANG IN ('proveloslatelse', 'prøveløslatelse') THEN 'parole'
        WHEN UTGANG = 'endt_straff' THEN 'full_term'
        WHEN UTGANG = 'varetekt_opphevet' THEN 'remand_end'
        WHEN UTGANG = 'hjemmesoning' THEN 'home'
        WHEN UTGANG IN ('overforing', 'overføring') THEN 'transfer'
        WHEN UTGANG IN ('romning', 'rømning') THEN 'escape'
        WHEN UTGANG IN ('dod', 'død') THEN 'death'
        WHEN UTGANG = 'annet' THEN 'other'
    END                       AS exit_kind,
    FENGSEL                   AS facility,
    CASE
        WHEN SIKKERHETSNIVA IN ('hoyt', 'høyt') THEN 'closed'
        WHEN SIKKERHETSNIVA = 'lavt' THEN 'open'
        WHEN SIKKERHETSNIVA = 'overgangsbolig' THEN 'halfway_house'
    END                       AS security,
    PLANLAGT_LOSLATELSE_DATO  AS planned_release_date,
    CASE
        WHEN length(KOMMUNE_NR) = 3 THEN '0' || KOMMUNE_NR
        ELSE KOMMUNE_NR
    END                       AS municipality
FROM typed.kriminalomsorgen
