"""What the definitions box says of plan continuity, sentence by sentence: each test shows the one that it quotes."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from datetime import date
from typing import Any, TypeAlias

import polars as pl
import pytest

from evalkit.indicators import PLAN_STATES, ContinuityDefinition, plan_continuity
from evalkit.results import Provenance
from evalkit.study import Study

Told: TypeAlias = Callable[..., dict[Any, Any]]

# What says who chose the limit or who wrote the facts has nothing to show.
NOT_ABOUT_ROWS = (
    (
        "The programme sets neither a time limit nor a target; the limit is this study's choice, and no target has "
        "been added."
    ),
    "The facts are what caseworkers recorded; municipalities record differently.",
)

# Person 1 was inside from 1 March to 1 June 2016; day 30 is 1 July.
GOES_ON = {0: "continuing", 3: "continuing", 6: "continuing", 12: "continuing", 24: "continuing"}
DOES_NOT = {0: "not_continued", 3: "not_continued", 6: "not_continued", 12: "not_continued", 24: "not_continued"}
NO_PLAN = {
    0: "no_plan_recorded",
    3: "no_plan_recorded",
    6: "no_plan_recorded",
    12: "no_plan_recorded",
    24: "no_plan_recorded",
}


_ALL_STATES = ("no_plan_recorded", "plan_without_activity", *PLAN_STATES)


def activities(*rows: str) -> str:
    header = "person_key | plan_id | activity_id | domain | planned_on | begun_on | ended_on | end_reason"
    return "\n".join((header, *(f"1 | p | {number} | {row}" for number, row in enumerate(rows))))


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ("2016-04-01 | - | - | -", DOES_NOT),
        ("- | 2016-04-01 | - | -", GOES_ON),
        ("2016-03-01 | 2016-06-10 | - | -", GOES_ON),
        ("2016-05-31 | 2016-06-10 | - | -", GOES_ON),
        ("2016-06-01 | 2016-06-10 | - | -", NO_PLAN),
        ("2016-02-29 | 2016-02-29 | - | -", NO_PLAN),
    ],
)
def test_planned_or_begun_inside(plan: Told, days: str, expected: dict[int, str]) -> None:
    """A person has a plan when at least one activity was planned or begun during the stay."""
    assert plan(planaktivitet=activities(f"housing | {days}")) == expected


def test_no_plan_is_a_state_of_its_own(plan: Told) -> None:
    """The others are shown as "no plan recorded" or "plan without activity" and do not enter the share."""
    assert plan() == NO_PLAN
    without = "person_key | plan_id | owner | created_on\n1 | p | prison_service | 2016-03-05"
    assert set(plan(handleplan=without).values()) == {"plan_without_activity"}
    counts = pl.DataFrame(
        [
            {"arm": "pilot", "domain": "any", "months": 0, "state": state, "n_persons": n}
            for state, n in zip(_ALL_STATES, (80, 10, 6, 1, 1, 1, 1, 0, 0), strict=True)
        ]
    )
    row = plan_continuity(counts, Provenance("d", date(2023, 7, 1), {}, "1")).frame.row(0, named=True)
    assert (row["n_persons"], row["n_with_plan"], row["n_continuing"], row["share"]) == (100, 10, 6, 0.6)


@pytest.mark.parametrize(
    ("days", "state"),
    [
        ("2016-04-01 | 2016-05-01 | 2016-06-01 | interrupted", "not_continued"),
        ("2016-04-01 | 2016-05-01 | 2016-06-02 | interrupted", "continuing"),
        ("2016-04-01 | 2016-07-01 | - | -", "continuing"),
        ("2016-04-01 | 2016-07-02 | - | -", "not_continued"),
    ],
)
def test_under_way_on_a_day_up_to_day_30(plan: Told, days: str, state: str) -> None:
    """The plan goes on when an activity in the same domain is under way on at least one day from release to day 30."""
    assert plan(planaktivitet=activities(f"housing | {days}"))[0] == state


@pytest.mark.parametrize(("domain", "state"), [("housing", "continuing"), ("health", "not_continued")])
def test_another_activity_of_the_same_domain_is_enough(plan: Told, domain: str, state: str) -> None:
    """The plan goes on when an activity in the same domain is under way on at least one day from release to day 30."""
    inside, after = "housing | 2016-04-01 | - | - | -", f"{domain} | 2016-06-05 | 2016-06-10 | - | -"
    assert plan(planaktivitet=activities(inside, after))[0] == state


@pytest.mark.parametrize("owner", ["prison_service", "municipality"])
def test_whose_plan_it_is_does_not_matter(plan: Told, owner: str) -> None:
    """The prison service's and the municipality's activities count alike."""
    owned = f"person_key | plan_id | owner | created_on\n1 | p | {owner} | 2016-03-05"
    assert plan(handleplan=owned, planaktivitet=activities("housing | 2016-04-01 | 2016-06-10 | - | -")) == GOES_ON


@pytest.mark.parametrize(
    ("rows", "at_3", "at_6"),
    [
        (("housing | 2016-04-01 | 2016-05-01 | 2016-09-01 | interrupted",), "not_continued", "not_continued"),
        (("housing | 2016-04-01 | 2016-05-01 | 2016-09-02 | interrupted",), "continuing", "not_continued"),
        (("housing | 2016-04-01 | 2016-07-02 | - | -",), "not_continued", "not_continued"),
        (("housing | 2016-04-01 | 2016-05-01 | 2016-09-02 | -",), "continuing", "unknown_end"),
        (
            (
                "housing | 2016-04-01 | 2016-05-01 | 2016-06-20 | interrupted",
                "housing | 2016-11-01 | 2016-11-01 | 2016-12-31 | interrupted",
            ),
            "not_continued",
            "continuing",
        ),
    ],
)
def test_still_at_whole_months(plan: Told, rows: tuple[str, ...], at_3: str, at_6: str) -> None:
    """the plan was resumed within 30 days, and an activity in the same domain is under way on that day."""
    told = plan(planaktivitet=activities(*rows))
    assert (told[3], told[6]) == (at_3, at_6)


def test_completed_is_not_going_on_but_shown(plan: Told) -> None:
    """A person whose activity is completed, without another under way, does not count as going on."""
    inside = "housing | 2016-03-05 | 2016-03-10 | 2016-05-01 | completed"
    assert set(plan(planaktivitet=activities(inside)).values()) == {"completed"}


def test_completed_with_another_under_way_goes_on(plan: Told) -> None:
    """A person whose activity is completed, without another under way, does not count as going on."""
    done, next_one = (
        "housing | 2016-03-05 | 2016-03-10 | 2016-05-01 | completed",
        "housing | 2016-04-01 | 2016-06-10 | - | -",
    )
    assert plan(planaktivitet=activities(done, next_one)) == GOES_ON


@pytest.mark.parametrize(
    ("table", "fact", "state"),
    [
        ("dod", "person_key | death_date\n1 | 2016-09-01", "dead"),
        ("vnds", "person_key | event_date | direction\n1 | 2016-09-01 | out", "emigrated"),
        (
            "krin",
            (
                "person_key | journal | admission_date | release_date | custody_code | facility\n"
                "1 | x | 2016-09-01 | 2019-01-01 | 5 | F001"
            ),
            "returned_to_custody",
        ),
    ],
)
def test_leaving_ends_it_on_the_day(plan: Told, table: str, fact: str, state: str) -> None:
    """After whole months, nor does one who on that day is dead, abroad or back in custody."""
    told = plan(planaktivitet=activities("housing | 2016-04-01 | 2016-05-01 | - | -"), **{table: fact})
    assert told == {0: "continuing", 3: state, 6: state, 12: state, 24: state}


def test_every_sentence_is_shown(study: Study) -> None:
    shown = [inspect.getdoc(test) or "" for name, test in globals().items() if name.startswith("test_")]
    sentences = study.definition.continuity.explanation.en
    assert study.definition.continuity == ContinuityDefinition()
    assert tuple(said for said in sentences if not any(one and one in said for one in shown)) == NOT_ABOUT_ROWS
