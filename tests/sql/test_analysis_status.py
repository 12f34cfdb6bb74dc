"""analysis.status_day and analysis.status: one state a person and day, adding up to everyone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Check = Callable[..., None]

# Three months after release is 10 August 2016.
COHORT = """
    person_key | episode | arm   | index_date
    1          | 1       | pilot | 2016-05-10
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
def test_of_several_states_the_first_in_the_order_stands(check_chain: Check, first: int) -> None:
    given = {"analysis.cohort": COHORT, **dict(FACTS[name] for name in ORDER[first:])}
    check_chain("analysis.status_day", given, state(ORDER[first]), status_months=[3])


def test_without_any_record_the_state_says_so(check_chain: Check) -> None:
    check_chain("analysis.status_day", {"analysis.cohort": COHORT}, state("no_record"), status_months=[3])


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
def test_a_fact_counts_on_its_own_days(check_chain: Check, table: str, facts: str, expected: str) -> None:
    given = {"analysis.cohort": COHORT, table: f"person_key | {facts}"}
    check_chain("analysis.status_day", given, state(expected), status_months=[3])


@pytest.mark.parametrize(("months", "month_start"), [(3, "2016-08-01"), (6, "2016-11-01"), (24, "2018-05-01")])
def test_work_is_looked_up_in_the_calendar_month_that_holds_the_day(
    check_chain: Check, months: int, month_start: str
) -> None:
    facts = f"person_key | month_start | paid_hours\n1 | {month_start} | 10"
    expected = f"person_key | month | state\n1 | {months} | employed"
    given = {"analysis.cohort": COHORT, "core.employment_month": facts}
    check_chain("analysis.status_day", given, expected, status_months=[months])


@pytest.mark.parametrize(("over_hours", "expected"), [(37.0, "no_record"), (36.9, "employed")])
def test_the_study_sets_the_hours_that_make_work(check_chain: Check, over_hours: float, expected: str) -> None:
    # Two jobs in the month, 37 hours together.
    facts = "person_key | month_start | paid_hours\n1 | 2016-08-01 | 30\n1 | 2016-08-01 | 7"
    given = {"analysis.cohort": COHORT, "core.employment_month": facts}
    work = [{"state": "employed", "over_hours": over_hours}]
    check_chain("analysis.status_day", given, state(expected), status_months=[3], work_states=work)


@pytest.mark.parametrize(("hours", "expected"), [(130, "employed"), (131, "employed_full_time"), (0, "no_record")])
def test_full_time_work_can_be_a_state_of_its_own(check_chain: Check, hours: int, expected: str) -> None:
    given = {
        "analysis.cohort": COHORT,
        "core.employment_month": f"person_key | month_start | paid_hours\n1 | 2016-08-01 | {hours}",
    }
    order = [*ORDER[:3], "employed_full_time", *ORDER[3:], "no_record"]
    check_chain(
        "analysis.status_day",
        given,
        state(expected),
        status_months=[3],
        states=[{"state": name, "state_bit": 2**place} for place, name in enumerate(order)],
        work_states=[{"state": "employed", "over_hours": 0.0}, {"state": "employed_full_time", "over_hours": 130.0}],
    )


@pytest.mark.parametrize(
    ("code", "expected"), [("730", "benefit"), ("771", "supported_work"), ("997", "no_record"), ("651", "no_record")]
)
def test_the_study_says_which_benefits_are_what(check_chain: Check, code: str, expected: str) -> None:
    facts = f"person_key | benefit_code | start_date | stop_date\n1 | {code} | 2016-08-08 | 2016-08-15"
    order = [*ORDER[:4], "supported_work", *ORDER[4:], "no_record"]
    check_chain(
        "analysis.status_day",
        {"analysis.cohort": COHORT, "core.benefit_spell": facts},
        state(expected),
        status_months=[3],
        states=[{"state": name, "state_bit": 2**place} for place, name in enumerate(order)],
        benefit_states=[{"state": "supported_work", "benefit_code": "771"}],
        no_support_codes=["997", "651"],
    )


def test_another_order_gives_another_state(check_chain: Check) -> None:
    order = ["dead", "emigrated", "employed", "in_custody", "in_education", "benefit", "no_record"]
    given = {"analysis.cohort": COHORT, **dict([FACTS["in_custody"], FACTS["employed"]])}
    states = [{"state": name, "state_bit": 2**place} for place, name in enumerate(order)]
    check_chain("analysis.status_day", given, state("employed"), status_months=[3], states=states)


def test_spells_follow_one_after_the_other_and_neighbours_of_one_state_are_one(check_chain: Check) -> None:
    # Followed for three months, up to and with 10 August. Two months of work touch; a benefit lies inside them; custody
    # from 20 July; the education that began before release ends on 20 May.
    given = {
        "analysis.cohort": COHORT,
        "core.education_spell": "person_key | start_date | stop_date\n1 | 2016-01-01 | 2016-05-20",
        "core.employment_month": """
            person_key | month_start | paid_hours
            1          | 2016-06-01  | 100
            1          | 2016-07-01  | 100
        """,
        "core.benefit_spell": """
            person_key | benefit_code | start_date | stop_date
            1          | 730          | 2016-05-16 | 2016-05-23
            1          | 730          | 2016-06-06 | 2016-06-13
        """,
        "core.custody_stay": "person_key | start_date\n1 | 2016-07-20",
    }
    expected = """
        person_key | spell_number | state        | start_date | stop_date
        1          | 1            | in_education | 2016-05-10 | 2016-05-20
        1          | 2            | benefit      | 2016-05-20 | 2016-05-23
        1          | 3            | no_record    | 2016-05-23 | 2016-06-01
        1          | 4            | employed     | 2016-06-01 | 2016-07-20
        1          | 5            | in_custody   | 2016-07-20 | 2016-08-11
    """
    check_chain("analysis.state_spell", given, expected, followed_months=3)


def test_each_day_has_its_own_state(check_chain: Check) -> None:
    # Inside again from month 3 to 6, employed at 12, dead at 24; the day at 24 months over a leap day.
    cohort = """
        person_key | episode | arm   | index_date
        1          | 1       | pilot | 2016-02-29
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
    check_chain("analysis.status_day", given, expected)


def test_each_person_has_their_own_states(check_chain: Check) -> None:
    # Seven people released together; each fact is one person's and holds at 3 months only (death: at 6).
    cohort = "\n".join(
        ["person_key | episode | arm | index_date", *(f"{key} | 1 | pilot | 2016-05-10" for key in range(1, 8))]
    )
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
    check_chain("analysis.status_day", given, "\n".join(["person_key | month | state", *lines]), status_months=[3, 6])


def test_several_records_of_one_kind_are_one_state(check_chain: Check) -> None:
    given = {
        "analysis.cohort": COHORT,
        "core.education_spell": "person_key | start_date\n1 | 2016-08-01\n1 | 2016-07-01",
        "core.benefit_spell": "person_key | benefit_code | start_date | stop_date\n"
        "1 | 730 | 2016-08-08 | 2016-08-15\n1 | 651 | 2016-08-08 | 2016-08-15",
        "core.custody_stay": "person_key | start_date | stop_date\n1 | 2016-08-01 | -\n1 | 2016-08-05 | 2016-09-01",
    }
    check_chain("analysis.status_day", given, state("in_custody"), status_months=[3])


def test_states_are_counted_by_arm_and_a_state_without_anyone_is_zero(check: Check) -> None:
    cohort = """
        person_key | arm
        1          | pilot
        2          | pilot
        3          | pilot
        4          | comparison
    """
    # What follows on a later release of the same person is not counted: persons are.
    days = """
        person_key | episode | arm        | month | state
        1          | 1       | pilot      | 3     | employed
        1          | 2       | pilot      | 3     | benefit
        2          | 1       | pilot      | 3     | employed
        3          | 1       | pilot      | 3     | dead
        4          | 1       | comparison | 3     | employed
        1          | 1       | pilot      | 6     | employed
        2          | 1       | pilot      | 6     | benefit
        3          | 1       | pilot      | 6     | dead
        4          | 1       | comparison | 6     | no_record
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
