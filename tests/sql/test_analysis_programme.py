"""analysis.programme_*: cases of a programme's own list, how they ended, and who was in its target group."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Check = Callable[..., None]


def test_the_first_enrolment_stands_for_a_person_and_nothing_after_the_vintage_is_known(check: Check) -> None:
    """The vintage is 1 July 2023. A referral on that day is not known, a discharge on it neither."""
    given = {
        "staging.exit_sag": """
            person_key | case_id | referred_on | enrolled_on | discharged_on | discharge_reason
            1          | a       | 2020-01-10  | -           | -             | -
            1          | b       | 2020-06-01  | 2020-06-10  | 2021-01-01    | interrupted_by_person
            1          | c       | 2021-06-01  | 2021-06-10  | 2022-01-01    | completed
            2          | d       | 2023-01-01  | 2023-02-01  | 2023-07-01    | completed
            3          | e       | 2023-06-30  | 2023-07-01  | -             | -
            4          | f       | 2023-07-01  | -           | -             | -
            5          | g       | 2020-01-01  | 2020-01-02  | 2020-05-05    | died
            6          | h       | 2020-01-01  | 2020-01-02  | 2020-05-05    | -
        """
    }
    expected = """
        layout   | person_key | case_id | enrolled_on | ended_on   | end_state             | died
        exit_sag | 1          | b       | 2020-06-10  | 2021-01-01 | interrupted_by_person | false
        exit_sag | 2          | d       | 2023-02-01  | -          | open                  | false
        exit_sag | 3          | e       | -           | -          | not_enrolled          | false
        exit_sag | 5          | g       | 2020-01-02  | 2020-05-05 | died                  | true
        exit_sag | 6          | h       | 2020-01-02  | 2020-05-05 | unknown               | false
    """
    check("analysis.programme_case", given, expected)


def test_a_list_without_enrolments_counts_from_referral_and_keeps_deaths_apart(check: Check) -> None:
    given = {
        "staging.jobupdate_henvisning": """
            person_key | referred_on | ended_on   | result   | other_reason
            1          | 2012-01-02  | 2012-05-01 | positive | -
            2          | 2012-01-02  | -          | -        | -
            3          | 2012-01-02  | 2012-05-01 | other    | died
            4          | 2012-01-02  | 2012-05-01 | other    | absent_from_leave
            4          | 2012-08-01  | 2012-09-01 | positive | -
        """,
        "staging.tilbud": """
            person_key | offered_on | referred_on | enrolled_on | discharged_on | discharge_reason
            1          | 2016-02-01 | 2016-01-01  | 2016-02-02  | 2016-12-01    | completed
            9          | 2016-02-01 | -           | -           | -             | -
        """,
    }
    expected = """
        layout               | person_key | referred_on | end_state    | died
        jobupdate_henvisning | 1          | 2012-01-02  | positive     | false
        jobupdate_henvisning | 2          | 2012-01-02  | open         | false
        jobupdate_henvisning | 3          | 2012-01-02  | other        | true
        jobupdate_henvisning | 4          | 2012-01-02  | other        | false
        tilbud               | 1          | 2016-01-01  | completed    | false
        tilbud               | 9          | 2016-02-01  | not_enrolled | false
    """
    check("analysis.programme_case", given, expected)


def test_ends_are_counted_by_the_month_in_which_the_case_began(check: Check) -> None:
    given = {
        "analysis.programme_case": """
            layout   | person_key | referred_on | enrolled_on | end_state    | died
            exit_sag | 1          | 2020-01-30  | 2020-02-01  | completed    | false
            exit_sag | 2          | 2020-01-30  | 2020-02-29  | completed    | false
            exit_sag | 3          | 2020-01-30  | -           | not_enrolled | false
            exit_sag | 4          | 2020-01-30  | 2020-02-29  | died         | true
        """
    }
    expected = """
        layout   | end_state    | began_in   | died  | n_persons
        exit_sag | completed    | 2020-02-01 | false | 2
        exit_sag | died         | 2020-02-01 | true  | 1
        exit_sag | not_enrolled | 2020-01-01 | false | 1
    """
    check("analysis.programme_end", given, expected)


def test_criteria_of_the_target_group_and_what_was_not_answered(check: Check) -> None:
    """Somebody elsewhere without a promise of money is out; in Copenhagen it does not matter; a blank is no answer."""
    given = {
        "analysis.programme_case": """
            layout               | person_key | case_id    | enrolled_on
            exit_sag             | 1          | a          | 2020-01-01
            exit_sag             | 2          | b          | 2020-01-01
            exit_sag             | 3          | c          | -
            exit_sag             | 4          | d          | 2020-01-01
            jobupdate_henvisning | 1          | 2012-01-02 | -
            jobupdate_henvisning | 2          | 2012-01-02 | -
        """,
        "staging.exit_sag": """
            person_key | case_id | municipality | funding_promised | in_gang
            1          | a       | 101          | -                | true
            2          | b       | 147          | false            | true
            3          | c       | 147          | true             | false
            4          | d       | 147          | -                | -
            4          | e       | 147          | false            | false
        """,
        "staging.jobupdate_henvisning": """
            person_key | referred_on | match_group | had_transfer_income | was_in_prison_before
            1          | 2012-01-02  | 1           | true                | -
            2          | 2012-01-02  | 3           | true                | false
        """,
    }
    expected = """
        layout               | criterion                 | answer       | enrolled | n_persons
        exit_sag             | elsewhere_without_funding | no           | false    | 1
        exit_sag             | elsewhere_without_funding | no           | true     | 1
        exit_sag             | elsewhere_without_funding | not_answered | true     | 1
        exit_sag             | elsewhere_without_funding | yes          | true     | 1
        exit_sag             | in_gang                   | no           | false    | 1
        exit_sag             | in_gang                   | not_answered | true     | 1
        exit_sag             | in_gang                   | yes          | true     | 2
        jobupdate_henvisning | in_prison_before          | no           | false    | 1
        jobupdate_henvisning | in_prison_before          | not_answered | false    | 1
        jobupdate_henvisning | match_group_2_or_3        | no           | false    | 1
        jobupdate_henvisning | match_group_2_or_3        | yes          | false    | 1
        jobupdate_henvisning | transfer_income           | yes          | false    | 2
    """
    others = ["crime_or_risk", "has_potential", "motivated", "needs_effort", "severe_mental_illness", "staff_at_risk"]
    others += ["untreated_addiction", "without_work_and_education"]
    unanswered = [
        f"exit_sag | {one} | not_answered | {enrolled} | {n}"
        for one in others
        for enrolled, n in (("false", 1), ("true", 3))
    ]
    head, *rows = [line.strip() for line in expected.strip().splitlines()]
    ordered = sorted([*rows, *unanswered], key=lambda row: [cell.strip() for cell in row.split("|")])
    check("analysis.programme_criterion", given, "\n".join([head, *ordered]))


def test_where_people_are_three_months_after_an_offer(check: Check) -> None:
    """The offer ended on 10 January 2020, so 10 April counts: pay in April, or an education spell on that day."""
    given = {
        "analysis.programme_case": """
            layout   | person_key | case_id
            exit_sag | 1          | a
            exit_sag | 2          | b
            exit_sag | 3          | c
            exit_sag | 4          | d
            exit_sag | 5          | e
            exit_sag | 6          | f
            exit_sag | 7          | g
        """,
        "staging.exit_sag": """
            person_key | case_id | had_employment_offer | employment_offer_ended_on
            1          | a       | true                 | 2020-01-10
            2          | b       | true                 | 2020-01-10
            3          | c       | true                 | 2020-01-10
            4          | d       | true                 | 2023-04-01
            5          | e       | true                 | -
            6          | f       | false                | 2020-01-10
            7          | g       | true                 | 2023-03-31
        """,
        "core.employment_month": """
            person_key | month_start | paid_hours
            1          | 2020-04-01  | 20
            2          | 2020-03-01  | 20
            2          | 2020-05-01  | 20
            3          | 2020-04-01  | 0
        """,
        "core.education_spell": """
            person_key | start_date | stop_date
            1          | 2020-04-10 | -
            2          | 2020-04-10 | 2020-04-11
            3          | 2020-01-01 | 2020-04-10
        """,
    }
    expected = """
        state        | n_persons
        employed     | 1
        in_education | 1
        neither      | 2
        open         | 2
    """
    check("analysis.programme_offer_state", given, expected, offer_months=3)


def test_charges_while_enrolled(check: Check) -> None:
    """From the day of enrolment to the day before discharge; robbery (1380) counts here, theft (1390) does not."""
    given = {
        "analysis.programme_case": """
            layout   | person_key | enrolled_on | ended_on
            exit_sag | 1          | 2020-01-01  | 2020-06-01
            exit_sag | 2          | 2020-01-01  | 2020-06-01
            exit_sag | 3          | 2020-01-01  | 2020-06-01
            exit_sag | 4          | 2020-01-01  | -
            exit_sag | 5          | -           | -
            exit_sag | 6          | 2020-01-01  | 2020-06-01
        """,
        "core.charge": """
            person_key | journal | offence_code | charge_date
            1          | a       | 138080210    | 2020-01-01
            1          | b       | 138080210    | 2020-03-01
            2          | c       | 138080210    | 2020-06-01
            2          | d       | 138080210    | 2019-12-31
            3          | e       | 139080210    | 2020-03-01
            4          | f       | 138080210    | 2023-06-30
            5          | g       | 138080210    | 2020-03-01
        """,
    }
    expected = """
        layout   | ended | charged | n_persons
        exit_sag | false | true    | 1
        exit_sag | true  | false   | 3
        exit_sag | true  | true    | 1
    """
    check("analysis.programme_charge", given, expected, programme_offences=["1380", "12"])


def test_completers_whose_plan_goes_on(check: Check) -> None:
    """Completed on 1 June 2020; within 30 days is up to 1 July."""
    given = {
        "analysis.programme_case": """
            layout   | person_key | ended_on   | end_state
            exit_sag | 1          | 2020-06-01 | completed
            exit_sag | 2          | 2020-06-01 | completed
            exit_sag | 3          | 2020-06-01 | completed
            exit_sag | 4          | 2020-06-01 | completed
            exit_sag | 5          | 2020-06-01 | interrupted_by_person
            exit_sag | 6          | 2023-06-15 | completed
            exit_sag | 7          | 2020-06-01 | completed
            exit_sag | 8          | 2020-06-01 | completed
        """,
        "core.plan_activity": """
            person_key | domain     | planned_on | begun_on   | ended_on
            1          | education  | 2020-01-01 | 2020-02-01 | -
            2          | employment | 2020-01-01 | 2020-07-01 | 2020-08-01
            3          | employment | 2020-01-01 | 2020-07-02 | -
            4          | housing    | 2020-01-01 | 2020-02-01 | -
            5          | education  | 2020-01-01 | 2020-02-01 | -
            6          | education  | 2020-01-01 | 2020-02-01 | -
            7          | education  | 2020-01-01 | 2020-02-01 | 2020-06-01
            8          | education  | 2020-06-02 | 2020-06-03 | -
        """,
    }
    expected = """
        layout   | state            | n_persons
        exit_sag | continuing       | 2
        exit_sag | no_plan_recorded | 2
        exit_sag | not_continued    | 2
        exit_sag | open             | 1
    """
    check("analysis.programme_plan", given, expected)


def test_days_of_a_course_by_where_the_person_was(check: Check) -> None:
    """Person 1: 100 days from 1 January 2020 to 10 April, 10 of them in remand and 20 serving, so 70 free.

    Person 2 sat all of 31 days. Person 3 goes on: from 1 June 2023 to the vintage on 1 July are 30 days, 5 serving.
    """
    given = {
        "analysis.programme_case": """
            layout   | person_key | enrolled_on | ended_on
            exit_sag | 1          | 2020-01-01  | 2020-04-10
            exit_sag | 2          | 2020-01-01  | 2020-02-01
            exit_sag | 3          | 2023-06-01  | -
            exit_sag | 4          | -           | -
        """,
        "core.custody_stay": """
            person_key | start_date | stop_date  | kind
            1          | 2019-12-01 | 2020-01-11 | remand
            1          | 2020-03-21 | 2020-05-01 | serving
            1          | 2020-04-10 | 2020-06-01 | serving
            2          | 2019-01-01 | 2021-01-01 | serving
            3          | 2023-06-26 | -          | home
            4          | 2020-01-01 | 2020-02-01 | remand
        """,
    }
    expected = """
        layout   | state   | n_persons | days
        exit_sag | free    | 2         | 95.0
        exit_sag | remand  | 1         | 10.0
        exit_sag | serving | 3         | 56.0
    """
    check("analysis.programme_dose", given, expected)


ENROLLED = "layout | person_key | enrolled_on | ended_on"
ACTIVITY = "domain | begun_on | ended_on"
MOVE = "event_date | direction"


@pytest.mark.parametrize(
    ("table", "rows", "state", "days"),
    [
        # The course runs from 1 January to 1 March 2020: 60 days.
        ("staging.planaktivitet", f"{ACTIVITY}\n1 | treatment | 2020-01-11 | 2020-01-21", "addiction_treatment", 10),
        ("staging.planaktivitet", f"{ACTIVITY}\n1 | treatment | 2020-02-20 | -", "addiction_treatment", 10),
        ("staging.planaktivitet", f"{ACTIVITY}\n1 | housing | 2020-01-11 | 2020-01-21", "", 0),
        ("staging.planaktivitet", f"{ACTIVITY}\n1 | treatment | - | -", "", 0),
        ("staging.kotre", "start_date | stop_date\n1 | 2019-08-01 | 2020-01-11", "education", 10),
        ("staging.bfl", "start_date | stop_date | paid_hours\n1 | 2020-02-01 | 2020-02-11 | 20", "employment", 10),
        ("staging.bfl", "start_date | stop_date | paid_hours\n1 | 2020-02-01 | 2020-02-11 | 0", "", 0),
        ("staging.vnds", f"{MOVE}\n1 | 2020-01-11 | out\n1 | 2020-02-11 | in", "abroad", 31),
        ("staging.vnds", f"{MOVE}\n1 | 2020-01-11 | out\n1 | 2020-02-10 | in", "", 0),  # not a month
        ("staging.vnds", f"{MOVE}\n1 | 2020-02-20 | out", "abroad", 10),
    ],
)  # fmt: skip
def test_days_elsewhere_while_enrolled(check: Check, table: str, rows: str, state: str, days: int) -> None:
    given = {
        "analysis.programme_case": f"{ENROLLED}\nexit_sag | 1 | 2020-01-01 | 2020-03-01",
        table: f"person_key | {rows}",
    }
    elsewhere = f"\nexit_sag | {state} | 1 | {days}.0" if days else ""
    places = sorted([f"exit_sag | free | 1 | {60 - days}.0", *elsewhere.strip().splitlines()])
    check("analysis.programme_dose", given, "\n".join(["layout | state | n_persons | days", *places]))


def test_of_two_places_on_a_day_the_first_counts(check: Check) -> None:
    """In treatment to 31 January, inside from the 11th, in work all January."""
    given = {
        "analysis.programme_case": f"{ENROLLED}\nexit_sag | 1 | 2020-01-01 | 2020-03-01",
        "core.custody_stay": "person_key | start_date | stop_date | kind\n1 | 2020-01-11 | 2020-01-31 | serving",
        "staging.planaktivitet": "person_key | domain | begun_on | ended_on\n1 | treatment | 2019-12-01 | 2020-01-31",
        "staging.bfl": "person_key | start_date | stop_date | paid_hours\n1 | 2020-01-01 | 2020-02-01 | 100",
    }
    expected = """
        layout   | state               | n_persons | days
        exit_sag | addiction_treatment | 1         | 10.0
        exit_sag | employment          | 1         | 1.0
        exit_sag | free                | 1         | 29.0
        exit_sag | serving             | 1         | 20.0
    """
    check("analysis.programme_dose", given, expected)
