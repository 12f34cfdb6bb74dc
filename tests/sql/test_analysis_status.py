"""analysis.status_day and analysis.status: one state a person and day, adding up to everyone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Check = Callable[..., None]

# Three months after release is 10 August 2016.
COHORT = """
    person_key | arm   | index_date
    1          | pilot | 2016-05-10
"""
FACTS = {
    "dead": ("core.death", "person_key | death_date\n1 | 2016-08-10"),
    "emigrated": ("core.absence", "person_key | start_date\n1 | 2016-08-10"),
    "in_custody": ("core.custody_stay", "person_key | start_date\n1 | 2016-08-10"),
    "employed": ("core.employment_month", "person_key | month_start | paid_hours\n1 | 2016-08-01 | 1"),
    "in_education": ("core.education_spell", "person_key | start_date\n1 | 2016-08-10"),
    "benefit": (
        "core.benefit_spell",
        "person_key | benefit_code | start_date | stop_date\n1 | 730 | 2016-08-08 | 2016-08-15",
    ),
}
ORDER = list(FACTS)


def state(name: str) -> str:
    return f"person_key | arm | month | state\n1 | pilot | 3 | {name}"


@pytest.mark.parametrize("first", range(len(ORDER)))
def test_of_several_states_the_first_in_the_order_stands(check: Check, first: int) -> None:
    given = {"analysis.cohort": COHORT, **dict(FACTS[name] for name in ORDER[first:])}
    check("analysis.status_day", given, state(ORDER[first]), status_months=[3])


def test_without_any_record_the_state_says_so(check: Check) -> None:
    check("analysis.status_day", {"analysis.cohort": COHORT}, state("no_record"), status_months=[3])


@pytest.mark.parametrize(
    ("table", "facts", "expected"),
    [
        ("core.death", "death_date\n1 | 2016-08-11", "no_record"),
        ("core.absence", "start_date | stop_date\n1 | 2016-07-01 | 2016-08-10", "no_record"),
        ("core.absence", "start_date | stop_date\n1 | 2016-07-01 | 2016-08-11", "emigrated"),
        ("core.absence", "start_date | stop_date\n1 | 2016-08-11 | -", "no_record"),
        ("core.custody_stay", "start_date | stop_date\n1 | 2016-07-01 | 2016-08-10", "no_record"),
        ("core.custody_stay", "start_date | stop_date\n1 | 2016-07-01 | 2016-08-11", "in_custody"),
        ("core.custody_stay", "start_date | stop_date\n1 | 2016-08-11 | -", "no_record"),
        ("core.employment_month", "month_start | paid_hours\n1 | 2016-07-01 | 160", "no_record"),
        ("core.employment_month", "month_start | paid_hours\n1 | 2016-09-01 | 160", "no_record"),
        ("core.employment_month", "month_start | paid_hours\n1 | 2016-08-01 | 0", "no_record"),
        ("core.employment_month", "month_start | paid_hours\n1 | 2016-08-01 | -", "no_record"),
        ("core.employment_month", "month_start | paid_hours\n1 | 2016-08-01 | 0.5", "employed"),
        ("core.education_spell", "start_date | stop_date\n1 | 2016-07-01 | 2016-08-10", "no_record"),
        ("core.education_spell", "start_date | stop_date\n1 | 2016-07-01 | 2016-08-11", "in_education"),
        ("core.education_spell", "start_date | stop_date\n1 | 2016-08-11 | -", "no_record"),
        ("core.benefit_spell", "benefit_code | start_date | stop_date\n1 | 730 | 2016-08-01 | 2016-08-08", "no_record"),
        ("core.benefit_spell", "benefit_code | start_date | stop_date\n1 | 730 | 2016-08-03 | 2016-08-10", "no_record"),
        ("core.benefit_spell", "benefit_code | start_date | stop_date\n1 | 730 | 2016-08-10 | 2016-08-17", "benefit"),
        ("core.benefit_spell", "benefit_code | start_date | stop_date\n1 | 730 | 2016-08-11 | 2016-08-18", "no_record"),
        ("core.benefit_spell", "benefit_code | start_date | stop_date\n1 | 997 | 2016-08-08 | 2016-08-15", "no_record"),
    ],
)
def test_a_fact_counts_on_its_own_days(check: Check, table: str, facts: str, expected: str) -> None:
    given = {"analysis.cohort": COHORT, table: f"person_key | {facts}"}
    check("analysis.status_day", given, state(expected), status_months=[3])


@pytest.mark.parametrize(("months", "month_start"), [(3, "2016-08-01"), (6, "2016-11-01"), (24, "2018-05-01")])
def test_work_is_looked_up_in_the_calendar_month_that_holds_the_day(
    check: Check, months: int, month_start: str
) -> None:
    facts = f"person_key | month_start | paid_hours\n1 | {month_start} | 10"
    expected = f"person_key | month | state\n1 | {months} | employed"
    given = {"analysis.cohort": COHORT, "core.employment_month": facts}
    check("analysis.status_day", given, expected, status_months=[months])


def test_the_study_sets_the_hours_of_a_job_and_the_codes_that_are_no_support(check: Check) -> None:
    facts = "person_key | month_start | paid_hours\n1 | 2016-08-01 | 37"
    given = {"analysis.cohort": COHORT, "core.employment_month": facts}
    check("analysis.status_day", given, state("no_record"), status_months=[3], min_paid_hours=37.0)
    check("analysis.status_day", {}, state("employed"), status_months=[3], min_paid_hours=36.9)
    benefit = {"core.benefit_spell": FACTS["benefit"][1]}
    check(
        "analysis.status_day",
        benefit,
        state("no_record"),
        status_months=[3],
        min_paid_hours=40,
        no_support_codes=["730"],
    )


def test_each_day_has_its_own_state(check: Check) -> None:
    # Inside again from month 3 to 6, employed at 12, dead at 24; the day at 24 months over a leap day.
    cohort = """
        person_key | arm   | index_date
        1          | pilot | 2016-02-29
    """
    given = {
        "analysis.cohort": cohort,
        "core.custody_stay": """
            person_key | start_date | stop_date
            1          | 2015-01-01 | 2016-02-29
            1          | 2016-05-01 | 2016-08-29
        """,
        "core.employment_month": """
            person_key | month_start | paid_hours
            1          | 2016-02-01  | 100
            1          | 2017-02-01  | 100
        """,
        "core.death": """
            person_key | death_date
            1          | 2018-02-28
        """,
    }
    expected = """
        person_key | arm   | month | state
        1          | pilot | 3     | in_custody
        1          | pilot | 6     | no_record
        1          | pilot | 12    | employed
        1          | pilot | 24    | dead
    """
    check("analysis.status_day", given, expected)


def test_each_person_has_their_own_states(check: Check) -> None:
    # Seven people released together; each fact is one person's and holds at 3 months only (death: at 6).
    cohort = "\n".join(["person_key | arm | index_date", *(f"{key} | pilot | 2016-05-10" for key in range(1, 8))])
    given = {
        "analysis.cohort": cohort,
        "core.death": "person_key | death_date\n1 | 2016-11-10",
        "core.absence": "person_key | start_date | stop_date\n2 | 2016-08-01 | 2016-09-01",
        "core.custody_stay": "person_key | start_date | stop_date\n3 | 2016-08-01 | 2016-09-01",
        "core.employment_month": "person_key | month_start | paid_hours\n4 | 2016-08-01 | 100",
        "core.education_spell": "person_key | start_date | stop_date\n5 | 2016-08-01 | 2016-09-01",
        "core.benefit_spell": "person_key | benefit_code | start_date | stop_date\n6 | 730 | 2016-08-01 | 2016-09-01",
    }
    first = ["no_record", "emigrated", "in_custody", "employed", "in_education", "benefit", "no_record"]
    second = ["dead", *["no_record"] * 6]
    lines = [
        f"{key} | {month} | {name}"
        for month, names in ((3, first), (6, second))
        for key, name in enumerate(names, start=1)
    ]
    check("analysis.status_day", given, "\n".join(["person_key | month | state", *lines]), status_months=[3, 6])


def test_several_records_of_one_kind_are_one_state(check: Check) -> None:
    given = {
        "analysis.cohort": COHORT,
        "core.education_spell": "person_key | start_date\n1 | 2016-08-01\n1 | 2016-07-01",
        "core.benefit_spell": "person_key | benefit_code | start_date | stop_date\n"
        "1 | 730 | 2016-08-08 | 2016-08-15\n1 | 651 | 2016-08-08 | 2016-08-15",
        "core.custody_stay": "person_key | start_date | stop_date\n1 | 2016-08-01 | -\n1 | 2016-08-05 | 2016-09-01",
    }
    check("analysis.status_day", given, state("in_custody"), status_months=[3])


def test_states_are_counted_by_arm_and_a_state_without_anyone_is_zero(check: Check) -> None:
    cohort = """
        person_key | arm
        1          | pilot
        2          | pilot
        3          | pilot
        4          | comparison
    """
    days = """
        person_key | arm        | month | state
        1          | pilot      | 3     | employed
        2          | pilot      | 3     | employed
        3          | pilot      | 3     | dead
        4          | comparison | 3     | employed
        1          | pilot      | 6     | employed
        2          | pilot      | 6     | benefit
        3          | pilot      | 6     | dead
        4          | comparison | 6     | no_record
    """
    counted = {
        ("pilot", 3, "employed"): 2,
        ("pilot", 3, "dead"): 1,
        ("comparison", 3, "employed"): 1,
        ("pilot", 6, "employed"): 1,
        ("pilot", 6, "benefit"): 1,
        ("pilot", 6, "dead"): 1,
        ("comparison", 6, "no_record"): 1,
    }
    expected = "arm | month | state | n_persons\n" + "\n".join(
        f"{arm} | {month} | {name} | {counted.get((arm, month, name), 0)}"
        for arm in ("comparison", "pilot")
        for month in (3, 6)
        for name in [*ORDER, "no_record"]
    )
    check("analysis.status", {"analysis.cohort": cohort, "analysis.status_day": days}, expected, status_months=[3, 6])
