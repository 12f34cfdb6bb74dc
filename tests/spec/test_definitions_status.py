"""What the definitions box says of where people are, sentence by sentence: each test shows the one that it quotes."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from evalkit.study import Study

Told: TypeAlias = Callable[..., dict[Any, Any]]

# Person 1 was released on 1 June 2016: the days are 1 September and 1 December 2016, 1 June 2017 and 1 June 2018.
NO_RECORD = {3: "no_record", 6: "no_record", 12: "no_record", 24: "no_record"}

# One fact of each state that holds on 1 September 2016, in the order of the definition.
FACTS = (
    ("dead", "dod", "person_key | death_date\n1 | 2016-08-01"),
    ("emigrated", "vnds", "person_key | event_date | direction\n1 | 2016-08-01 | out"),
    (
        "in_custody",
        "krin",
        (
            "person_key | journal | admission_date | release_date | custody_code | facility\n"
            "1 | x | 2016-08-01 | 2016-10-01 | 5 | F001"
        ),
    ),
    ("employed", "bfl", "person_key | start_date | stop_date | paid_hours\n1 | 2016-09-01 | 2016-10-01 | 37"),
    ("in_education", "kotre", "person_key | programme | start_date | stop_date\n1 | 5101 | 2016-08-01 | 2016-10-01"),
    ("benefit", "dream_spell", "person_key | benefit_code | start_date | stop_date\n1 | 730 | 2016-08-29 | 2016-09-05"),
)


def test_everyone_has_one_state_each_time(states: Told) -> None:
    """Everyone has exactly one status 3, 6, 12 and 24 months after release"""
    assert states() == NO_RECORD


@pytest.mark.parametrize("first", range(len(FACTS)))
def test_the_first_that_fits(states: Told, first: int) -> None:
    """Order when several fit: dead, emigrated, in custody, employed, in education, on public support, no record."""
    given = {table: text for _, table, text in FACTS[first:]}
    assert states(**given)[3] == FACTS[first][0]


@pytest.mark.parametrize(
    ("days", "state"),
    [
        ("2016-09-01 | 2016-09-02", "in_custody"),
        ("2016-08-01 | 2016-09-01", "employed"),
        ("2016-09-02 | 2016-10-01", "employed"),
        ("2016-08-01 | -", "in_custody"),
    ],
)
@pytest.mark.parametrize("where", ["5 | F001", "3 | A001", "5 | HJEM", "5 | 9050"])
def test_custody_on_the_day_at_home_too(states: Told, days: str, state: str, where: str) -> None:
    """In custody: in prison or remand on the day, or at home with an electronic tag, whatever they earn there."""
    header = "person_key | journal | admission_date | release_date | custody_code | facility"
    work = "person_key | start_date | stop_date | paid_hours\n1 | 2016-09-01 | 2016-10-01 | 37"
    assert states(krin=f"{header}\n1 | x | {days} | {where}", bfl=work)[3] == state


@pytest.mark.parametrize(
    ("month", "hours", "state"),
    [
        ("2016-09-01 | 2016-10-01", "0.5", "employed"),
        ("2016-09-01 | 2016-10-01", "0", "no_record"),
        ("2016-09-20 | 2016-10-01", "20", "employed"),
        ("2016-08-01 | 2016-09-01", "160", "no_record"),
        ("2016-10-01 | 2016-11-01", "160", "no_record"),
    ],
)
def test_paid_hours_in_the_month_of_the_day(states: Told, month: str, hours: str, state: str) -> None:
    """Employed: more than 0 paid hours in the calendar month that holds the day, all jobs together (BFL)."""
    assert states(bfl=f"person_key | start_date | stop_date | paid_hours\n1 | {month} | {hours}")[3] == state


@pytest.mark.parametrize(
    ("days", "state"),
    [
        ("2016-09-01 | 2016-09-02", "in_education"),
        ("2016-08-01 | 2016-09-01", "no_record"),
        ("2016-08-01 | -", "in_education"),
    ],
)
def test_enrolled_on_the_day(states: Told, days: str, state: str) -> None:
    """In education: an education spell is under way on the day (KOTRE)."""
    assert states(kotre=f"person_key | programme | start_date | stop_date\n1 | 5101 | {days}")[3] == state


@pytest.mark.parametrize(
    ("week", "code", "state"),
    [
        ("2016-08-29 | 2016-09-05", "730", "benefit"),
        ("2016-08-29 | 2016-09-05", "651", "benefit"),
        ("2016-08-29 | 2016-09-05", "783", "benefit"),
        ("2016-08-29 | 2016-09-05", "998", "benefit"),
        ("2016-08-29 | 2016-09-05", "997", "no_record"),
        ("2016-08-22 | 2016-08-29", "730", "no_record"),
        ("2016-09-05 | 2016-09-12", "730", "no_record"),
    ],
)
def test_the_code_of_the_week(states: Told, week: str, code: str, state: str) -> None:
    """On public support: a benefit code in DREAM that week, student grants and pensions too, but not 997."""
    assert states(dream_spell=f"person_key | start_date | stop_date | benefit_code\n1 | {week} | {code}")[3] == state


def test_no_code_is_not_work(states: Told) -> None:
    """A week without a code does not mean that the person is in work."""
    assert set(states().values()) == {"no_record"}


def test_every_sentence_is_shown(study: Study) -> None:
    shown = [inspect.getdoc(test) or "" for name, test in globals().items() if name.startswith("test_")]
    sentences = study.definition.status.explanation.en
    assert [said for said in sentences if not any(one and one in said for one in shown)] == []
