"""analysis.characteristic and analysis.baseline: who was followed, as known on the index date."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from evalkit.warehouse import Model, Warehouse
from tests.sql.cohort_chain import run_through

Check = Callable[..., None]
CHAIN = (
    "analysis.outcome",
    "analysis.outcome_decision",
    "analysis.covariate_day",
    "analysis.earlier_decision",
    "analysis.covariate_person",
    "analysis.covariate_crime",
    "analysis.covariate_support",
    "analysis.characteristic",
)

COHORT = """
    person_key | episode | arm   | index_date | admission_date | release_type | stay_days | sex | origin | age_years
    1          | 1       | pilot | 2016-05-10 | 2016-02-01     | parole       | 99        | man | -      | 30
"""


@pytest.fixture
def check_levels(warehouse: Warehouse, models: Mapping[str, Model], parameters: Mapping[str, object]) -> Check:
    """Run the models from the given cohort and facts to the characteristics, and compare the rows."""

    def run(given: Mapping[str, str], expected: str, **changed: object) -> None:
        found, wanted = run_through(warehouse, models, CHAIN, given, expected, {**parameters, **changed})
        assert found == wanted

    return run


EXPECTED = {
    "sex": "man",
    "age": "25_34",
    "origin": "-",
    "release_type": "parole",
    "stay_length": "60_179_days",
    "prior_decisions_5y": "0",
    "worked_year_before_admission": "no",
}


def levels(**changed: str) -> str:
    lines = [f"1 | pilot | {variable} | {level}" for variable, level in {**EXPECTED, **changed}.items()]
    return "\n".join(["person_key | arm | variable | level", *lines])


def test_each_person_has_one_level_of_each_characteristic(check_levels: Check) -> None:
    check_levels({"analysis.cohort": COHORT}, levels())


@pytest.mark.parametrize(
    ("age", "level"),
    [(18, "18_24"), (24, "18_24"), (25, "25_34"), (34, "25_34"), (35, "35_49"), (49, "35_49"), (50, "50_plus")],
)
def test_age_bands(check_levels: Check, age: int, level: str) -> None:
    cohort = COHORT.replace("| 30", f"| {age}")
    check_levels({"analysis.cohort": cohort}, levels(age=level))


@pytest.mark.parametrize(
    ("days", "level"),
    [(14, "under_60_days"), (59, "under_60_days"), (60, "60_179_days"), (179, "60_179_days"), (180, "180_days_plus")],
)
def test_stay_length_bands(check_levels: Check, days: int, level: str) -> None:
    cohort = COHORT.replace("| 99 ", f"| {days} ")
    check_levels({"analysis.cohort": cohort}, levels(stay_length=level))


@pytest.mark.parametrize(("n_cases", "level"), [(0, "0"), (1, "1"), (2, "2_4"), (4, "2_4"), (5, "5_plus")])
def test_prior_decisions_are_cases(check_levels: Check, n_cases: int, level: str) -> None:
    # Each case comes twice, the second time after an appeal, and is counted once.
    lines = [f"1 | {journal} | 2015-0{turn}-01 | 1" for journal in range(n_cases) for turn in (5, 6)]
    decisions = "\n".join(["person_key | journal | decision_date | decision_code", *lines])
    given = {"analysis.cohort": COHORT, "core.case_decision": decisions}
    check_levels(given, levels(prior_decisions_5y=level))


@pytest.mark.parametrize(
    ("decision_date", "level"),
    [("2016-05-09", "1"), ("2016-05-10", "0"), ("2017-01-01", "0"), ("2011-05-10", "1"), ("2011-05-09", "0")],
)
def test_prior_decisions_lie_in_the_five_years_before_the_index_date(
    check_levels: Check, decision_date: str, level: str
) -> None:
    decisions = (
        f"person_key | journal | decision_date | decision_code\n1 | a | {decision_date} | 1\n2 | b | 2015-01-01 | 1"
    )
    given = {"analysis.cohort": COHORT, "core.case_decision": decisions}
    check_levels(given, levels(prior_decisions_5y=level))


@pytest.mark.parametrize(
    ("first", "appeal", "when", "level"),
    [
        ("1", "11", "2016-05-09", "0"),  # acquitted on appeal before the index date
        ("1", "11", "2016-05-10", "1"),  # and on the day itself or later, which nobody knew of then
        ("11", "1", "2016-05-10", "0"),
        ("11", "1", "2016-05-09", "1"),
    ],
)
def test_what_an_appeal_court_decides_later_was_not_known(
    check_levels: Check, first: str, appeal: str, when: str, level: str
) -> None:
    header = "person_key | journal | decision_date | decision_code"
    given = {
        "analysis.cohort": COHORT,
        "core.case_decision": f"{header}\n1 | a | 2015-01-01 | {first}\n1 | a | {when} | {appeal}",
    }
    check_levels(given, levels(prior_decisions_5y=level))


@pytest.mark.parametrize(
    ("code", "offence", "fine", "when", "level"),
    [
        ("2", "222080210", "2499", "2015-01-01", "0"),
        ("2", "222080210", "2500", "2015-01-01", "1"),
        ("2", "222080210", "1500", "2011-12-31", "1"),
        ("2", "222080210", "1499", "2011-12-31", "0"),
        ("2", "133672020", "500", "2015-01-01", "1"),
        ("2", "-", "500", "2015-01-01", "1"),
        ("2", "222080210", "-", "2015-01-01", "1"),
        ("1", "222080210", "500", "2015-01-01", "1"),
        ("69", "133672020", "-", "2015-01-01", "0"),
    ],
)
def test_small_traffic_fines_and_not_guilty_are_no_priors(
    check_levels: Check, code: str, offence: str, fine: str, when: str, level: str
) -> None:
    header = "person_key | journal | decision_date | decision_code | offence_code | fine_dkk"
    decisions = f"{header}\n1 | a | {when} | {code} | {offence} | {fine}"
    given = {"analysis.cohort": COHORT, "core.case_decision": decisions}
    check_levels(given, levels(prior_decisions_5y=level))


@pytest.mark.parametrize(
    ("month_start", "hours", "level"),
    [
        ("2016-01-01", "10", "yes"),
        ("2015-02-01", "10", "yes"),
        ("2015-01-01", "10", "no"),  # thirteen months before
        ("2016-02-01", "10", "no"),  # admitted on the first of the month: that month is inside
        ("2016-03-01", "10", "no"),
        ("2016-01-01", "0", "no"),
        ("2016-01-01", "-", "no"),
    ],
)
def test_work_in_the_year_before_admission(check_levels: Check, month_start: str, hours: str, level: str) -> None:
    months = f"person_key | month_start | paid_hours\n1 | {month_start} | {hours}\n2 | 2016-01-01 | 99"
    given = {"analysis.cohort": COHORT, "core.employment_month": months}
    check_levels(given, levels(worked_year_before_admission=level))


def test_several_months_of_work_are_one_yes(check_levels: Check) -> None:
    months = "person_key | month_start | paid_hours\n1 | 2016-01-01 | 9\n1 | 2015-12-01 | 9"
    given = {"analysis.cohort": COHORT, "core.employment_month": months}
    check_levels(given, levels(worked_year_before_admission="yes"))


def test_levels_are_counted_by_arm_with_zeros_and_the_unknown_shown(check: Check) -> None:
    cohort = """
        person_key | arm
        1          | pilot
        2          | pilot
        3          | comparison
    """
    characteristics = """
        person_key | episode | arm        | variable | level
        1          | 1       | pilot      | sex      | man
        2          | 1       | pilot      | sex      | -
        3          | 1       | comparison | sex      | woman
        1          | 1       | pilot      | origin   | danish
        2          | 1       | pilot      | origin   | -
        3          | 1       | comparison | origin   | danish
        3          | 2       | comparison | origin   | descendant
    """
    expected = """
        arm        | variable | level   | n_persons
        comparison | origin   | danish  | 1
        comparison | origin   | unknown | 0
        comparison | sex      | man     | 0
        comparison | sex      | unknown | 0
        comparison | sex      | woman   | 1
        pilot      | origin   | danish  | 1
        pilot      | origin   | unknown | 1
        pilot      | sex      | man     | 1
        pilot      | sex      | unknown | 1
        pilot      | sex      | woman   | 0
    """
    check("analysis.baseline", {"analysis.cohort": cohort, "analysis.characteristic": characteristics}, expected)
