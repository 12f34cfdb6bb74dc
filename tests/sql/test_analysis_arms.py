"""analysis.candidate: which event starts the clock, and who would be in which arm."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pytest

from evalkit.warehouse import Model, Warehouse
from tests.sql.cohort_chain import run_through

Check = Callable[..., None]
STEPS = ["released_in_window", "municipality_known"]


@pytest.fixture
def check_arms(warehouse: Warehouse, models: Mapping[str, Model], parameters: Mapping[str, object]) -> Check:
    """Run the models from the given facts to the candidates, and compare these with the expected ones."""

    def run(given: Mapping[str, str], expected: str, **changed: object) -> None:
        chain = ("analysis.candidate_date", "analysis.candidate")
        found, wanted = run_through(warehouse, models, chain, given, expected, {**parameters, **changed})
        assert found == wanted

    return run


@pytest.fixture
def exposed(
    warehouse: Warehouse, models: Mapping[str, Model], parameters: Mapping[str, object]
) -> Callable[..., set[int]]:
    """Say who of the given people is in an arm, when nothing but the exposure is asked."""

    def run(given: Mapping[str, str], **changed: Any) -> set[int]:
        last = {"offered": "offer", "took_part": "took_part", "resident": "exposure"}[
            changed.get("exposure", "offered")
        ]
        values = {**parameters, "steps": [*STEPS, last], **changed}
        chain = (
            "analysis.candidate_date",
            "analysis.candidate",
            "analysis.municipality_release",
            "analysis.vulnerability",
            "analysis.criterion",
            "analysis.eligibility",
            "analysis.index_event",
            "analysis.cohort",
        )
        found, _ = run_through(warehouse, models, chain, given, "person_key", values)
        return {int(row[0]) for row in found}

    return run


STAYS = """
    person_key | stay_number | start_date | stop_date  | release_type
    1          | 1           | 2016-02-01 | 2016-06-01 | parole
    2          | 1           | 2016-02-01 | 2016-06-01 | parole
    3          | 1           | 2016-02-01 | -          | -
"""
HOMES = """
    person_key | municipality | start_date
    1          | 316          | 2010-01-01
    2          | 101          | 2010-01-01
    3          | 101          | 2010-01-01
"""
OFFERS = """
    person_key | offered_on | enrolled_on | discharged_on
    1          | 2016-03-01 | 2016-03-11  | 2016-12-01
"""


def test_the_clock_starts_on_release(check_arms: Check) -> None:
    expected = """
        person_key | index_date | admission_date | release_date | stay_days | arm
        1          | 2016-06-01 | 2016-02-01     | 2016-06-01   | 121       | pilot
        2          | 2016-06-01 | 2016-02-01     | 2016-06-01   | 121       | comparison
    """
    check_arms({"core.custody_stay": STAYS, "core.residence": HOMES, "core.enrolment": OFFERS}, expected)


def test_the_clock_may_start_on_admission_and_then_the_release_is_not_known(check_arms: Check) -> None:
    expected = """
        person_key | index_date | admission_date | release_date | release_type | stay_days | arm
        1          | 2016-02-01 | 2016-02-01     | -            | -            | 0         | pilot
        2          | 2016-02-01 | 2016-02-01     | -            | -            | 0         | comparison
        3          | 2016-02-01 | 2016-02-01     | -            | -            | 0         | comparison
    """
    given = {"core.custody_stay": STAYS, "core.residence": HOMES, "core.enrolment": OFFERS}
    check_arms(given, expected, index_event="admission")


def test_the_clock_may_start_some_days_later_in_both_arms(check_arms: Check) -> None:
    expected = """
        person_key | index_date | release_date | arm
        1          | 2016-07-01 | 2016-06-01   | pilot
        2          | 2016-07-01 | 2016-06-01   | comparison
    """
    given = {"core.custody_stay": STAYS, "core.residence": HOMES}
    check_arms(given, expected, landmark_days=30)


@pytest.mark.parametrize(
    ("event", "day", "expected"),
    [
        (
            "offer",
            29,  # 1 February to 1 March 2016
            """
            person_key | index_date | arm        | stay_days | release_date
            1          | 2016-03-01 | pilot      | 29        | -
            2          | 2016-03-01 | comparison | 29        | -
            3          | 2016-03-01 | comparison | 29        | -
            """,
        ),
        (
            "programme_start",
            121,  # on the day of release nobody is inside
            """
            person_key | index_date | arm        | stay_days | release_date
            1          | 2016-03-11 | pilot      | 39        | -
            3          | 2016-06-01 | comparison | 121       | -
            """,
        ),
        (
            "programme_end",
            183,
            """
            person_key | index_date | arm        | stay_days | release_date
            1          | 2016-12-01 | pilot      | 121       | 2016-06-01
            2          | 2016-12-01 | comparison | 121       | 2016-06-01
            """,
        ),
    ],
)
def test_a_day_of_the_stay_stands_in_for_the_programmes(check_arms: Check, event: str, day: int, expected: str) -> None:
    given = {"core.custody_stay": STAYS, "core.residence": HOMES, "core.enrolment": OFFERS}
    check_arms(given, expected, index_event=event, comparison_index_day=day)


def test_an_offer_outside_custody_has_no_stay_and_residence_is_read_on_its_day(check_arms: Check) -> None:
    offers = """
        person_key | offered_on
        1          | 2016-01-15
    """
    expected = """
        person_key | index_date | stay_number | municipality
        1          | 2016-01-15 | -           | 316
    """
    given = {"core.residence": HOMES, "core.enrolment": offers}
    check_arms(given, expected, index_event="offer")


def test_residence_may_be_read_on_the_index_date(check_arms: Check) -> None:
    homes = """
        person_key | municipality | start_date | stop_date
        1          | 316          | 2010-01-01 | 2016-05-01
        1          | 101          | 2016-05-01 | -
    """
    stays = """
        person_key | stay_number | start_date | stop_date  | release_type
        1          | 1           | 2016-02-01 | 2016-06-01 | parole
    """
    given = {"core.custody_stay": stays, "core.residence": homes}
    expected = """
        person_key | municipality | arm        | residence_days
        1          | 101          | comparison | 31
    """
    check_arms(given, expected, residence_at="index_date")


def test_the_comparison_may_be_the_same_municipalities_before(check_arms: Check) -> None:
    # 2 lives elsewhere and is in neither arm; 1 and 4 live in a pilot municipality, before and in the period.
    stays = """
        person_key | stay_number | start_date | stop_date  | release_type
        1          | 1           | 2014-02-01 | 2014-06-01 | parole
        1          | 2           | 2016-02-01 | 2016-06-01 | parole
        2          | 1           | 2014-02-01 | 2014-06-01 | parole
        2          | 2           | 2016-02-01 | 2016-06-01 | parole
        4          | 1           | 2012-02-01 | 2013-12-31 | parole
        4          | 2           | 2015-02-01 | 2015-06-01 | parole
        4          | 3           | 2017-02-01 | 2017-06-01 | parole
    """
    homes = """
        person_key | municipality | start_date
        1          | 316          | 2010-01-01
        2          | 101          | 2010-01-01
        4          | 615          | 2010-01-01
    """
    expected = """
        person_key | index_date | arm
        1          | 2014-06-01 | comparison
        1          | 2016-06-01 | pilot
        4          | 2017-06-01 | pilot
    """
    check_arms(
        {"core.custody_stay": stays, "core.residence": homes},
        expected,
        comparison="pre_period",
        comparison_start=date(2014, 1, 1),
        comparison_end=date(2015, 1, 1),
    )


TOOK_PART = """
    person_key | offered_on | enrolled_on | discharged_on
    1          | 2016-03-01 | {enrolled}  | {discharged}
"""


@pytest.mark.parametrize(
    ("enrolled", "discharged", "is_in"),
    [
        ("2016-05-02", "-", True),  # 30 days before release
        ("2016-05-03", "-", False),
        ("2016-05-03", "2016-12-01", False),  # what comes after the index date is not looked at
        ("2016-03-01", "2016-03-31", True),
        ("2016-03-01", "2016-03-30", False),
        ("-", "-", False),
    ],
)
def test_who_took_part_long_enough_before_the_clock_starts(
    exposed: Callable[..., set[int]], enrolled: str, discharged: str, *, is_in: bool
) -> None:
    offers = TOOK_PART.format(enrolled=enrolled, discharged=discharged)
    given = {"core.custody_stay": STAYS, "core.residence": HOMES, "core.enrolment": offers}
    assert exposed(given, exposure="took_part") == ({1, 2} if is_in else {2})


@pytest.mark.parametrize(("discharged", "is_in"), [("-", True), ("2016-07-01", True), ("2016-06-30", False)])
def test_days_after_release_count_up_to_the_landmark(
    exposed: Callable[..., set[int]], discharged: str, *, is_in: bool
) -> None:
    offers = TOOK_PART.format(enrolled="2016-05-20", discharged=discharged)
    given = {"core.custody_stay": STAYS, "core.residence": HOMES, "core.enrolment": offers}
    found = exposed(given, exposure="took_part", participation_from="release", landmark_days=30)
    assert found == ({1, 2} if is_in else {2})


@pytest.mark.parametrize(("exposure", "found"), [("offered", {2}), ("resident", {1, 2})])
def test_everyone_who_lives_there_may_be_the_pilot_arm(
    exposed: Callable[..., set[int]], exposure: str, found: set[int]
) -> None:
    given = {"core.custody_stay": STAYS, "core.residence": HOMES}
    assert exposed(given, exposure=exposure) == found


ALONE = {"comparison": "none", "exposure": "resident"}


def test_without_a_comparison_everyone_is_in_the_one_arm(check_arms: Check) -> None:
    expected = """
        person_key | index_date | municipality | arm
        1          | 2016-06-01 | 316          | pilot
        2          | 2016-06-01 | 101          | pilot
    """
    check_arms({"core.custody_stay": STAYS, "core.residence": HOMES}, expected, pilot_municipalities=[], **ALONE)


def test_without_a_comparison_the_municipalities_can_still_be_named(check_arms: Check) -> None:
    expected = "person_key | arm\n1 | pilot"
    given = {"core.custody_stay": STAYS, "core.residence": HOMES}
    check_arms(given, expected, pilot_municipalities=["316"], **ALONE)


def test_without_a_comparison_the_end_of_the_programme_is_the_clock_of_its_own_people(check_arms: Check) -> None:
    """Nobody's release stands in for it, and who never was in custody is there too."""
    offers = """
        person_key | offered_on | enrolled_on | discharged_on
        1          | 2016-03-01 | 2016-03-11  | 2016-12-01
        9          | 2016-03-01 | 2016-03-11  | 2016-11-01
    """
    expected = """
        person_key | index_date | municipality | arm
        1          | 2016-12-01 | 316          | pilot
        9          | 2016-11-01 | -            | pilot
    """
    given = {"core.custody_stay": STAYS, "core.residence": HOMES, "core.enrolment": offers}
    choices = {**ALONE, "pilot_municipalities": [], "index_event": "programme_end", "residence_at": "index_date"}
    check_arms(given, expected, **choices)
