"""The eligibility steps that a study may add: whom each leaves out."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from evalkit.warehouse import Model, Warehouse
from tests.sql.cohort_chain import run_through

Check = Callable[..., None]
CHAIN = ("analysis.municipality_release", "analysis.vulnerability", "analysis.criterion")


@pytest.fixture
def check_step(warehouse: Warehouse, models: Mapping[str, Model], parameters: Mapping[str, object]) -> Check:
    """Ask one step of the given candidates and compare its answers with the expected ones."""

    def run(step: str, given: Mapping[str, str], expected: str, **changed: object) -> None:
        values = {**parameters, "steps": ["released_in_window", step, "none"], **changed}
        found, wanted = run_through(warehouse, models, CHAIN, given, expected, values)
        assert found == wanted

    return run


def test_how_long_somebody_has_lived_there(check_step: Check) -> None:
    candidates = """
        person_key | event_number | residence_days
        1          | 1            | 364
        2          | 1            | 365
        3          | 1            | -
    """
    expected = """
        person_key | step      | passes
        1          | residence | false
        2          | residence | true
        3          | residence | false
    """
    check_step("residence", {"analysis.candidate": candidates}, expected, min_residence_days=365)


def test_neighbours_are_left_out(check_step: Check) -> None:
    candidates = """
        person_key | event_number | municipality
        1          | 1            | 326
        2          | 1            | 101
        3          | 1            | -
    """
    expected = """
        person_key | passes
        1          | false
        2          | true
        3          | false
    """
    check_step("not_neighbour", {"analysis.candidate": candidates}, expected, neighbours=["326", "320"])


def test_a_municipality_with_many_releases_the_year_before(check_step: Check) -> None:
    # In 316 three were released in 2015 and one in 2016, in 101 two in 2015; what happens in the year of the index date
    # or later is not looked at, and a stay whose end is unknown is no release.
    stays = """
        person_key | stay_number | start_date | stop_date  | release_type
        11         | 1           | 2015-01-01 | 2015-02-01 | parole
        11         | 2           | 2015-03-01 | 2015-12-31 | fine
        12         | 1           | 2014-12-01 | 2015-01-01 | parole
        12         | 2           | 2015-06-01 | 2016-01-01 | parole
        13         | 1           | 2015-01-01 | 2015-02-01 | parole
        14         | 1           | 2015-01-01 | 2015-02-01 | parole
        14         | 2           | 2015-04-01 | 2015-04-02 | unknown_end
        14         | 3           | 2015-05-01 | -          | -
    """
    homes = """
        person_key | municipality | start_date | stop_date
        11         | 316          | 2010-01-01 | -
        12         | 316          | 2010-01-01 | -
        13         | 101          | 2010-01-01 | 2015-01-15
        13         | 316          | 2015-01-15 | -
        14         | 101          | 2010-01-01 | -
    """
    candidates = """
        person_key | event_number | municipality | index_date
        1          | 1            | 316          | 2016-01-01
        2          | 1            | 316          | 2015-12-31
        3          | 1            | 101          | 2016-06-01
        4          | 1            | 316          | 2017-06-01
        5          | 1            | 999          | 2016-06-01
    """
    expected = """
        person_key | passes
        1          | true
        2          | false
        3          | false
        4          | false
        5          | false
    """
    given = {"core.custody_stay": stays, "core.residence": homes, "analysis.candidate": candidates}
    check_step("municipality_releases", given, expected, more_releases_than=2)


VULNERABLE = """
    person_key | event_number | index_date | admission_date
    1          | 1            | 2016-06-01 | 2016-03-01
    2          | 1            | 2016-06-01 | 2016-03-01
    3          | 1            | 2016-06-01 | 2016-03-01
    4          | 1            | 2016-06-01 | 2016-03-01
    5          | 1            | 2016-06-01 | 2016-03-01
"""
# 1 worked in the year before, 2 only while inside and long before. 3 had cash benefit until the year began, 4 in it.
WORK = """
    person_key | month_start | paid_hours
    1          | 2016-02-01  | 10
    2          | 2016-04-01  | 10
    2          | 2015-02-01  | 10
    3          | 2016-01-01  | 10
    4          | 2016-01-01  | 10
    5          | 2016-01-01  | 10
"""
BENEFITS = """
    person_key | benefit_code | start_date | stop_date
    3          | 730          | 2014-01-01 | 2015-03-01
    4          | 730          | 2014-01-01 | 2015-03-02
    1          | 651          | 2015-06-01 | 2016-03-01
"""
# 5's plan for a home was made before release, 1's plan for treatment on the day of it.
PLANS = """
    person_key | domain    | planned_on | begun_on
    5          | housing   | 2016-05-31 | -
    1          | treatment | 2016-06-01 | -
    1          | education | 2016-04-01 | -
"""


@pytest.mark.parametrize(
    ("flags", "passing"),
    [
        (["without_work"], {2}),
        (["on_cash_benefit"], {4}),
        (["housing_need"], {5}),
        (["treatment_need", "debt_need"], set()),
        (["without_work", "housing_need"], {2, 5}),
    ],
)
def test_any_sign_of_vulnerability_is_enough(check_step: Check, flags: list[str], passing: set[int]) -> None:
    given = {
        "analysis.candidate": VULNERABLE,
        "core.employment_month": WORK,
        "core.benefit_spell": BENEFITS,
        "core.plan_activity": PLANS,
    }
    expected = "person_key | passes\n" + "\n".join(f"{key} | {str(key in passing).lower()}" for key in range(1, 6))
    check_step(
        "vulnerability", given, expected, vulnerability_flags=flags, vulnerability_months=12, cash_benefit_codes=["730"]
    )


def test_an_offer_in_an_earlier_stay(check_step: Check) -> None:
    candidates = """
        person_key | event_number | offered_before_stay
        1          | 1            | true
        2          | 1            | false
    """
    expected = """
        person_key | passes
        1          | false
        2          | true
    """
    check_step("not_previously_offered", {"analysis.candidate": candidates}, expected)


def test_the_registers_reach_back_and_so_does_the_person(check_step: Check) -> None:
    # 24 months before 1 January 2016 the registers begin. 3 came back inside the two years, 4 on their first day; 5
    # leaves on the index date, which is after all that is looked back on.
    candidates = """
        person_key | event_number | index_date
        1          | 1            | 2016-01-01
        2          | 1            | 2015-12-31
        3          | 1            | 2018-01-01
        4          | 1            | 2018-01-01
        5          | 1            | 2018-01-01
    """
    absences = """
        person_key | start_date | stop_date
        3          | 2010-01-01 | 2016-01-02
        4          | 2010-01-01 | 2016-01-01
        5          | 2018-01-01 | -
    """
    expected = """
        person_key | passes
        1          | true
        2          | false
        3          | false
        4          | true
        5          | true
    """
    given = {"analysis.candidate": candidates, "core.absence": absences}
    check_step("lookback", given, expected, lookback_months=24, history_from="2014-01-01")
