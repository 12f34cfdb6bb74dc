-- The staging tables with the columns that the core models may read, without rows. Tests fill them by hand; that the
-- layouts' SELECTs give these columns, test_staging_columns.py holds.
CREATE TABLE staging.krin (
    person_key BIGINT, journal VARCHAR, admission_date DATE, release_date DATE, custody_code VARCHAR,
    release_code VARCHAR, is_transfer BOOLEAN, facility VARCHAR, offence_code VARCHAR, sentence_kind VARCHAR,
    parole_expiry_date DATE, serves_fine BOOLEAN, decision_code VARCHAR, has_release_dates BOOLEAN
);
CREATE TABLE staging.kriminalomsorgen (
    person_key BIGINT, admission_id VARCHAR, start_date DATE, stop_date DATE, kind VARCHAR, exit_kind VARCHAR,
    facility VARCHAR
);
CREATE TABLE staging.krsi (
    person_key BIGINT, journal VARCHAR, offence_start_date DATE, offence_end_date DATE, charge_date DATE,
    offence_code VARCHAR
);
CREATE TABLE staging.kraf (
    person_key BIGINT, journal VARCHAR, decision_date DATE, decision_code VARCHAR, offence_code VARCHAR,
    unsuspended_days INTEGER, suspended_days INTEGER, fine_dkk DOUBLE, appeal_date DATE
);
CREATE TABLE staging.krko (
    person_key BIGINT, journal VARCHAR, own_journal VARCHAR, decision_code VARCHAR, offence_code VARCHAR
);
CREATE TABLE staging.bef (
    person_key BIGINT, birth_date DATE, sex VARCHAR, municipality VARCHAR, origin VARCHAR, reference_date DATE,
    moved_in_date DATE
);
CREATE TABLE staging.dod (person_key BIGINT, death_date DATE);
CREATE TABLE staging.vnds (person_key BIGINT, event_date DATE, direction VARCHAR);
CREATE TABLE staging.vnds_hist (person_key BIGINT, event_date DATE, direction VARCHAR);
CREATE TABLE staging.vnds_ud (person_key BIGINT, event_date DATE, direction VARCHAR);
CREATE TABLE staging.vnds_ind (person_key BIGINT, event_date DATE, direction VARCHAR);
CREATE TABLE staging.dream_spell (person_key BIGINT, benefit_code VARCHAR, start_date DATE, stop_date DATE);
CREATE TABLE staging.bfl (
    person_key BIGINT, start_date DATE, stop_date DATE, paid_hours DOUBLE, wage_dkk DOUBLE
);
CREATE TABLE staging.udda (person_key BIGINT, highest_programme VARCHAR, highest_from_date DATE);
CREATE TABLE staging.kotre (
    person_key BIGINT, programme VARCHAR, start_date DATE, stop_date DATE, exit_code VARCHAR
);
CREATE TABLE staging.tilbud (
    person_key BIGINT, municipality VARCHAR, offered_on DATE, accepted BOOLEAN, enrolled_on DATE, discharged_on DATE,
    discharge_reason VARCHAR, referred_on DATE
);
CREATE TABLE staging.exit_sag (
    person_key BIGINT, case_id VARCHAR, municipality VARCHAR, referred_on DATE, enrolled_on DATE, discharged_on DATE,
    discharge_reason VARCHAR, decision VARCHAR, had_employment_offer BOOLEAN, employment_offer_ended_on DATE, crime_or_risk BOOLEAN,
    in_gang BOOLEAN, without_work_and_education BOOLEAN, needs_effort BOOLEAN, motivated BOOLEAN,
    has_potential BOOLEAN, severe_mental_illness BOOLEAN, staff_at_risk BOOLEAN, untreated_addiction BOOLEAN,
    funding_promised BOOLEAN, assessed_on DATE, guidance_from DATE, outro_from DATE, follow_up_ended_on DATE
);
CREATE TABLE staging.jobupdate_henvisning (
    person_key BIGINT, referred_on DATE, ended_on DATE, result VARCHAR, other_reason VARCHAR, match_group VARCHAR,
    had_transfer_income BOOLEAN, was_in_prison_before BOOLEAN
);
CREATE TABLE staging.handleplan (
    person_key BIGINT, plan_id VARCHAR, owner VARCHAR, created_on DATE, closed_on DATE, signed_on DATE
);
CREATE TABLE staging.planaktivitet (
    person_key BIGINT, plan_id VARCHAR, activity_id VARCHAR, domain VARCHAR, planned_on DATE, begun_on DATE,
    ended_on DATE, end_reason VARCHAR
);
CREATE TABLE staging.kontakt (person_key BIGINT, contact_date DATE, contact_kind VARCHAR, attended BOOLEAN);
CREATE TABLE staging.time_to_event (
    person_key BIGINT, arm VARCHAR, entry_time INTEGER, exit_time INTEGER, event_type INTEGER
);
CREATE TABLE staging.time_to_event_covariate (person_key BIGINT, name VARCHAR, value DOUBLE);

CREATE TABLE staging.forandringskompas (
    person_key BIGINT, assessed_on DATE, occasion VARCHAR, dimension VARCHAR, score DOUBLE
);

CREATE TABLE staging.tilvaerelsespsykologi (
    person_key BIGINT, assessed_on DATE, form VARCHAR, theme_number INTEGER, occasion VARCHAR, score DOUBLE
);
CREATE TABLE staging.kvp (
    person_key BIGINT, municipality VARCHAR, reporting_year INTEGER, begun_on DATE, ended_on DATE, state VARCHAR,
    exit_ordinary_work BOOLEAN, exit_subsidised_work BOOLEAN, exit_labour_market_measure BOOLEAN, exit_education BOOLEAN,
    exit_disability_pension BOOLEAN, exit_work_assessment BOOLEAN, exit_social_assistance_waiting BOOLEAN,
    exit_social_assistance BOOLEAN, exit_other BOOLEAN, exit_unknown BOOLEAN
);
CREATE TABLE staging.kvp_2024 (
    person_key BIGINT, municipality VARCHAR, reporting_year INTEGER, begun_on DATE, ended_on DATE, state VARCHAR,
    exit_ordinary_work BOOLEAN, exit_subsidised_work BOOLEAN, exit_labour_market_measure BOOLEAN, exit_education BOOLEAN,
    exit_disability_pension BOOLEAN, exit_work_assessment BOOLEAN, exit_social_assistance_waiting BOOLEAN,
    exit_social_assistance BOOLEAN, exit_other BOOLEAN, exit_unknown BOOLEAN
);
CREATE TABLE staging.arbeidssoker (person_key BIGINT, state VARCHAR, start_date DATE, stop_date DATE);
