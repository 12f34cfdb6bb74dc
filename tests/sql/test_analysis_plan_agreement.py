"""analysis: plan_agreement: which areas stand in the prison service's plan, the municipality's, or both.

In custody from 1 February 2016, released on 10 May 2016.
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
PLANS = "person_key | plan_id | owner | created_on | closed_on"
ACTIVITIES = "person_key | plan_id | domain | planned_on | begun_on"
PRISON = "1 | k | prison_service | 2016-03-01 | -"
MUNICIPAL = "1 | m | municipality | 2015-03-01 | -"
IN_BOTH = ("1 | k | housing | 2016-03-01 | -", "1 | m | housing | - | 2015-04-01")


def given(plans: tuple[str, ...], activities: tuple[str, ...], cohort: str = COHORT) -> dict[str, str]:
    return {
        "analysis.cohort": cohort,
        "core.plan": "\n".join((PLANS, *plans)),
        "staging.planaktivitet": "\n".join((ACTIVITIES, *activities)),
    }


def expect(**domains: str) -> str:
    header = "arm | domain | n_persons | n_both | n_prison_only | n_municipality_only | n_plan_unknown"
    names = ("any", "housing", "economy", "education", "employment", "treatment", "health", "network")
    n_persons = domains.pop("n_persons", "1")
    rows = [f"pilot | {name} | {n_persons} | {domains.get(name, '0 | 0 | 0 | 0')}" for name in names]
    return "\n".join((header, *rows))


def test_areas_of_both_of_one_and_of_plans_not_known(check: Check) -> None:
    activities = (
        *IN_BOTH,
        "1 | m | housing | 2016-03-01 | -",  # once more in the same plan
        "1 | k | health | 2016-05-09 | -",
        "1 | m | network | - | 2016-05-09",
        "1 | m | treatment | 2016-05-10 | 2016-05-10",  # on the day of release: too late
        "1 | lost | economy | 2016-03-01 | -",
        "1 | lost | health | 2016-03-01 | -",
        "2 | m | education | 2016-03-01 | -",  # not in the study
    )
    expected = expect(
        any="1 | 0 | 0 | 1",
        housing="1 | 0 | 0 | 0",
        health="0 | 1 | 0 | 1",
        network="0 | 0 | 1 | 0",
        economy="0 | 0 | 0 | 1",
    )
    check("analysis.plan_agreement", given((PRISON, MUNICIPAL), activities), expected)


def test_two_plans_without_a_shared_area(check: Check) -> None:
    activities = ("1 | k | housing | 2016-03-01 | -", "1 | m | health | 2016-03-01 | -")
    expected = expect(housing="0 | 1 | 0 | 0", health="0 | 0 | 1 | 0")
    check("analysis.plan_agreement", given((PRISON, MUNICIPAL), activities), expected)


@pytest.mark.parametrize(
    ("prison", "municipal", "has_both"),
    [
        (PRISON, MUNICIPAL, True),
        ("1 | k | prison_service | 2016-02-01 | -", MUNICIPAL, True),  # made on the day of admission
        ("1 | k | prison_service | 2016-01-31 | -", MUNICIPAL, False),  # before the stay
        ("1 | k | prison_service | 2016-05-09 | 2016-05-09", MUNICIPAL, True),
        ("1 | k | prison_service | 2016-05-10 | -", MUNICIPAL, False),  # on the day of release
        (PRISON, "1 | m | municipality | 2015-03-01 | 2016-02-01", False),  # closed on the day of admission
        (PRISON, "1 | m | municipality | 2015-03-01 | 2016-02-02", True),
        (PRISON, "1 | m | municipality | 2016-05-09 | -", True),
        (PRISON, "1 | m | municipality | 2016-05-10 | -", False),
        (PRISON, "1 | m | prison_service | 2016-03-01 | -", False),
        (PRISON, "1 | other | municipality | 2016-03-01 | -", False),  # a plan without an activity
    ],
)
def test_who_has_both_plans(check: Check, prison: str, municipal: str, *, has_both: bool) -> None:
    both = "1 | 0 | 0 | 0"
    expected = expect(any=both, housing=both) if has_both else expect(n_persons="0")
    check("analysis.plan_agreement", given((prison, municipal), IN_BOTH), expected)


def test_only_plans_of_the_stay_are_compared(check: Check) -> None:
    # The municipality's plan for health was closed before the stay, so health is in the prison's plan only.
    plans = (PRISON, MUNICIPAL, "1 | old | municipality | 2014-01-01 | 2015-01-01")
    activities = (*IN_BOTH, "1 | old | health | 2014-02-01 | -", "1 | k | health | 2016-03-01 | -")
    expected = expect(any="1 | 0 | 0 | 0", housing="1 | 0 | 0 | 0", health="0 | 1 | 0 | 0")
    check("analysis.plan_agreement", given(plans, activities), expected)
