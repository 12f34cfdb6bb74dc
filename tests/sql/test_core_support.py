"""core: benefits, work, education, plans, offers and contacts."""

from __future__ import annotations

from collections.abc import Callable

Check = Callable[..., None]


def test_spells_of_one_benefit_that_touch_are_one(check: Check) -> None:
    # One file ends with the last week of 2015, the next goes on with the first of 2016.
    spells = """
        person_key | benefit_code | start_date | stop_date
        1          | 730          | 2015-12-21 | 2016-01-04
        1          | 730          | 2016-01-04 | 2016-01-18
    """
    expected = """
        person_key | benefit_code | start_date | stop_date
        1          | 730          | 2015-12-21 | 2016-01-18
    """
    check("core.benefit_spell", {"staging.dream_spell": spells}, expected)


def test_the_same_weeks_told_twice_are_one_spell(check: Check) -> None:
    # A long spell swallows the short ones inside it, the repeated one, and the one that reaches beyond it.
    spells = """
        person_key | benefit_code | start_date | stop_date
        1          | 730          | 2016-01-04 | 2016-03-07
        1          | 730          | 2016-01-04 | 2016-03-07
        1          | 730          | 2016-01-11 | 2016-01-18
        1          | 730          | 2016-01-25 | 2016-02-01
        1          | 730          | 2016-02-29 | 2016-04-04
    """
    expected = """
        person_key | benefit_code | start_date | stop_date
        1          | 730          | 2016-01-04 | 2016-04-04
    """
    check("core.benefit_spell", {"staging.dream_spell": spells}, expected)


def test_a_week_without_or_with_another_benefit_parts_two_spells(check: Check) -> None:
    spells = """
        person_key | benefit_code | start_date | stop_date
        1          | 730          | 2016-01-04 | 2016-01-11
        1          | 730          | 2016-01-18 | 2016-01-25
        1          | 651          | 2016-01-25 | 2016-02-01
        1          | 730          | 2016-02-01 | 2016-02-08
        2          | 730          | 2016-01-11 | 2016-01-18
    """
    check("core.benefit_spell", {"staging.dream_spell": spells}, spells)


def test_all_jobs_of_a_calendar_month_are_added_up(check: Check) -> None:
    jobs = """
        person_key | start_date | stop_date  | paid_hours | wage_dkk
        1          | 2016-01-01 | 2016-02-01 | 100        | 15000
        1          | 2016-01-18 | 2016-02-01 | 20.5       | 2500
        1          | 2016-02-01 | 2016-03-01 | 0          | 0
        2          | 2016-01-01 | 2016-02-01 | -          | 900
    """
    expected = """
        person_key | month_start | paid_hours | wage_dkk
        1          | 2016-01-01  | 120.5      | 17500.0
        1          | 2016-02-01  | 0.0        | 0.0
        2          | 2016-01-01  | -          | 900.0
    """
    check("core.employment_month", {"staging.bfl": jobs}, expected)


def test_enrolments_in_education_keep_their_ends(check: Check) -> None:
    courses = """
        person_key | programme | start_date | stop_date  | exit_code
        1          | 5090      | 2016-01-01 | 2016-06-01 | 1
        1          | 5091      | 2017-01-01 | -          | -
    """
    check("core.education_spell", {"staging.kotre": courses}, courses)


def test_activities_bring_the_owner_of_their_own_plan(check: Check) -> None:
    # The same plan number belongs to another person; an activity without a plan is kept.
    plans = """
        person_key | plan_id | owner
        1          | p       | prison_service
        1          | q       | municipality
        2          | p       | municipality
    """
    activities = """
        person_key | plan_id | activity_id | domain  | planned_on | begun_on   | ended_on   | end_reason
        1          | p       | x           | housing | 2016-01-01 | 2016-02-01 | 2016-03-01 | completed
        1          | q       | y           | economy | 2016-01-02 | -          | -          | -
        2          | -       | z           | health  | -          | 2016-02-02 | -          | -
    """
    expected = """
        person_key | activity_id | owner          | domain  | planned_on | begun_on   | ended_on   | end_reason
        1          | x           | prison_service | housing | 2016-01-01 | 2016-02-01 | 2016-03-01 | completed
        1          | y           | municipality   | economy | 2016-01-02 | -          | -          | -
        2          | z           | -              | health  | -          | 2016-02-02 | -          | -
    """
    check("core.plan_activity", {"staging.handleplan": plans, "staging.planaktivitet": activities}, expected)


def test_offers_are_kept_whether_taken_up_or_not(check: Check) -> None:
    offers = """
        person_key | municipality | offered_on | accepted | enrolled_on | discharged_on | discharge_reason
        1          | 316          | 2016-01-01 | true     | 2016-02-01  | 2016-08-01    | done
        1          | 316          | 2017-01-01 | false    | -           | -             | -
    """
    check("core.enrolment", {"staging.tilbud": offers}, offers)


def test_each_contact_is_a_row(check: Check) -> None:
    contacts = """
        person_key | contact_date | contact_kind | attended
        1          | 2016-01-01   | visit        | true
        1          | 2016-01-01   | telephone    | -
    """
    check("core.contact", {"staging.kontakt": contacts}, contacts)
