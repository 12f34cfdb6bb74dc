"""analysis: plan_course, plan_end: how long a plan that was resumed goes on, and its first gap.

In custody from 1 February 2016, released on 10 May 2016; day 30 after release is 9 June 2016. The data are complete
before 1 July 2023, so an end can be told before 1 June 2023.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

Check = Callable[..., None]

COHORT = """
    person_key | episode | arm   | admission_date | index_date
    1          | 1       | pilot | 2016-02-01     | 2016-05-10
    1          | 2       | pilot | 2017-02-01     | 2017-05-10
"""
PLANNED = """
    person_key | domain
    1          | housing
    1          | employment
"""
HEADER = "person_key | domain | begun_on | ended_on | end_reason"


def given(*activities: str, **core: str) -> dict[str, str]:
    rows = "\n".join(f"1 | {activity}" for activity in activities)
    tables = {"analysis.cohort": COHORT, "analysis.planned_domain": PLANNED, "core.plan_activity": f"{HEADER}\n{rows}"}
    return tables | {f"core.{name}": text for name, text in core.items()}


@pytest.mark.parametrize(
    ("activity", "resumed_on"),
    [
        ("housing | 2016-03-01 | -", "2016-05-10"),  # under way on the day of release
        ("housing | 2016-03-01 | 2016-05-11", "2016-05-10"),
        ("housing | 2016-03-01 | 2016-05-10", None),  # half-open: ended with the stay
        ("housing | 2016-06-09 | -", "2016-06-09"),  # day 30
        ("housing | 2016-06-10 | -", None),  # day 31
        ("employment | 2016-05-20 | -", "2016-05-20"),
        ("health | 2016-05-20 | -", None),  # no domain of the plan
        ("housing | - | -", None),  # never begun
    ],
)
def test_the_course_begins_on_the_day_the_plan_is_resumed(check: Check, activity: str, resumed_on: str | None) -> None:
    expected = "person_key | arm | resumed_on" + (f"\n1 | pilot | {resumed_on}" if resumed_on else "")
    check("analysis.plan_course", given(f"{activity} | -"), expected)


def test_a_gap_of_30_days_does_not_end_the_plan_and_one_of_31_does(check: Check) -> None:
    # 20 May to 19 June are 30 days; 1 July to 1 August are 31, and what begins then changes nothing more.
    activities = (
        "housing | 2016-03-01 | 2016-05-20 | interrupted",
        "employment | 2016-06-19 | 2016-07-01 | completed",
        "housing | 2016-08-01 | - | -",
    )
    expected = """
        gap_on     | next_begun_on | ended_on   | end_state
        2016-05-20 | 2016-06-19    | 2016-07-01 | completed
    """
    check("analysis.plan_course", given(*activities), expected)


def test_what_begins_on_the_day_the_other_ends_leaves_no_gap(check: Check) -> None:
    activities = ("housing | 2016-03-01 | 2016-05-20 | completed", "employment | 2016-05-20 | - | -")
    expected = """
        gap_on | next_begun_on | ended_on | end_state
        -      | -             | -        | -
    """
    check("analysis.plan_course", given(*activities), expected)


def test_a_long_activity_covers_the_short_ones_in_it(check: Check) -> None:
    activities = (
        "housing | 2016-03-01 | 2016-09-01 | interrupted",
        "employment | 2016-05-15 | 2016-05-20 | completed",
    )
    expected = "gap_on | ended_on | end_state\n2016-09-01 | 2016-09-01 | discontinued"
    check("analysis.plan_course", given(*activities), expected)


@pytest.mark.parametrize(
    ("reasons", "end_state"),
    [
        (("completed", "interrupted"), "completed"),
        (("interrupted", "-"), "discontinued"),
        (("-", "-"), "unknown_end"),
    ],
)
def test_of_several_that_end_on_the_last_day_the_best_reason_stands(
    check: Check, reasons: tuple[str, str], end_state: str
) -> None:
    activities = [f"housing | 2016-03-01 | 2016-06-01 | {reason}" for reason in reasons]
    check("analysis.plan_course", given(*activities), f"ended_on | end_state\n2016-06-01 | {end_state}")


@pytest.mark.parametrize(
    ("death", "absence", "stay", "expected"),
    [
        ("2016-06-01", "2016-06-01 | -", "2016-06-01 | -", "2016-06-01 | died"),
        ("2016-06-02", "2016-06-01 | -", "2016-06-01 | -", "2016-06-01 | emigrated"),
        ("2016-06-02", "2016-06-02 | -", "2016-06-01 | 2016-07-01", "2016-06-01 | returned_to_custody"),
        ("2016-06-02", "2016-06-02 | -", "2016-02-01 | 2016-05-10", "2016-06-02 | died"),  # the stay itself
        ("2016-06-02", "2015-01-01 | 2015-06-01", "2016-06-03 | -", "2016-06-02 | died"),  # abroad long ago
    ],
)
def test_what_happens_first(check: Check, death: str, absence: str, stay: str, expected: str) -> None:
    tables = given(
        "housing | 2016-03-01 | - | -",
        death=f"person_key | death_date\n1 | {death}",
        absence=f"person_key | start_date | stop_date\n1 | {absence}",
        custody_stay=f"person_key | start_date | stop_date\n1 | {stay}",
    )
    check("analysis.plan_course", tables, f"other_on | other_state\n{expected}")


@pytest.mark.parametrize(
    ("table", "row", "state"),
    [
        ("death", "death_date\n1 | 2016-05-15", "died"),
        ("absence", "start_date | stop_date\n1 | 2016-05-15 | -", "emigrated"),
        ("custody_stay", "start_date | stop_date\n1 | 2016-05-15 | -", "returned_to_custody"),
    ],
)
def test_what_had_happened_when_the_plan_was_resumed_happens_on_that_day(
    check: Check, table: str, row: str, state: str
) -> None:
    tables = given("housing | 2016-05-20 | - | -", **{table: f"person_key | {row}"})
    check("analysis.plan_course", tables, f"resumed_on | other_on | other_state\n2016-05-20 | 2016-05-20 | {state}")


COURSE = "person_key | arm | resumed_on | ended_on | end_state | other_on | other_state"


@pytest.mark.parametrize(
    ("course", "expected"),
    [
        ("2016-06-01 | completed | - | -", "22 | completed"),
        ("2016-05-10 | discontinued | - | -", "0 | discontinued"),  # resumed and broken off at once
        ("- | - | 2016-06-01 | died", "22 | died"),
        ("- | - | 2016-06-01 | emigrated", "22 | left"),
        # 10 May 2016 to 1 June 2023, the last day but 30 of the data: 7 years with one leap day, and 22 days.
        ("- | - | - | -", "2578 | left"),
        ("2023-05-31 | discontinued | - | -", "2577 | discontinued"),
        ("2023-06-01 | discontinued | - | -", "2578 | left"),
        # On the day of the end the other comes first; within 30 days of it too, unless the end was intended.
        ("2016-06-01 | completed | 2016-06-01 | returned_to_custody", "22 | returned_to_custody"),
        ("2016-06-01 | completed | 2016-06-02 | returned_to_custody", "22 | completed"),
        ("2016-06-01 | discontinued | 2016-07-01 | returned_to_custody", "52 | returned_to_custody"),
        ("2016-06-01 | discontinued | 2016-07-02 | returned_to_custody", "22 | discontinued"),
        ("2016-06-01 | unknown_end | 2016-07-01 | died", "52 | died"),
    ],
)
def test_the_end_of_a_plan(check: Check, course: str, expected: str) -> None:
    tables = {
        "analysis.cohort": COHORT,
        "analysis.plan_course": f"{COURSE}\n1 | pilot | 2016-05-10 | {course}",
    }
    check("analysis.plan_end", tables, f"arm | exit_time | exit_state | n_persons\npilot | {expected} | 1")


GAP = "person_key | arm | resumed_on | gap_on | next_begun_on | other_on | other_state"


@pytest.mark.parametrize(
    ("course", "expected"),
    [
        ("- | - | - | -", "- | -"),
        ("2016-06-01 | 2016-06-02 | - | -", "1 | 23"),
        ("2016-05-10 | 2016-05-11 | - | -", "1 | 1"),  # resumed and broken off on one day
        ("2016-06-01 | 2017-06-01 | 2017-06-02 | died", "365 | 387"),
        ("2016-06-01 | 2017-06-01 | 2017-06-01 | died", "- | -"),  # dead on the day it begins
        ("2016-06-01 | 2016-06-20 | 2016-06-10 | returned_to_custody", "- | -"),
        ("2016-06-01 | 2016-06-20 | 2016-06-10 | emigrated", "- | -"),
        ("2016-06-01 | - | - | -", "- | -"),
        ("2023-06-01 | 2023-06-30 | - | -", "29 | 2607"),  # the last day of the data
        ("2023-06-01 | 2023-07-01 | - | -", "- | -"),
    ],
)
def test_the_first_gap_that_is_closed(check: Check, course: str, expected: str) -> None:
    tables = {"analysis.cohort": COHORT, "analysis.plan_course": f"{GAP}\n1 | pilot | 2016-05-10 | {course}"}
    check("analysis.plan_end", tables, f"arm | gap_days | closed_time | n_persons\npilot | {expected} | 1")


def test_an_arm_in_which_nothing_was_resumed_has_a_row_with_nobody(check: Check) -> None:
    expected = "arm | exit_time | exit_state | gap_days | n_persons\npilot | - | - | - | 0"
    check("analysis.plan_end", {"analysis.cohort": COHORT}, expected)


def test_equal_exits_are_counted_together(check: Check) -> None:
    course = """
        person_key | arm   | resumed_on | ended_on   | end_state
        1          | pilot | 2016-05-10 | 2016-06-01 | completed
        2          | pilot | 2016-05-11 | 2016-06-02 | completed
        3          | pilot | 2016-05-11 | 2016-06-02 | discontinued
    """
    expected = """
        arm   | exit_time | exit_state   | n_persons
        pilot | 22        | completed    | 2
        pilot | 22        | discontinued | 1
    """
    check("analysis.plan_end", {"analysis.cohort": COHORT, "analysis.plan_course": course}, expected)
