"""What the definitions box says of reoffending, sentence by sentence: each test shows the one that it quotes."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from evalkit.outcomes import load_outcome

Told: TypeAlias = Callable[..., dict[Any, Any]]

# What says where a limit of the definition lies has nothing to show.
NOT_ABOUT_ROWS = (
    (
        "The rule for what counts is that of Statistics Denmark. Who is followed is this study's choice, so the "
        "figures are not those of the official statistic."
    ),
)

# Person 1 was released on 1 June 2016 and is followed to 1 June 2018, which is 730 days later.
NOTHING = {1: "study_end 731"}


def charged(*rows: str) -> str:
    return "\n".join(
        ("person_key | journal | offence_start_date | offence_end_date | charge_date | offence_code", *rows)
    )


def decided(*rows: str) -> str:
    return "\n".join(("person_key | journal | decision_date | decision_code | offence_code | fine_dkk", *rows))


THEFT = charged("1 | a | 2016-09-01 | - | 2016-09-02 | 133200000")
GUILTY = decided("1 | a | 2017-01-10 | 1 | 133200000 | -")


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2016-06-01", NOTHING),
        ("2016-06-02", {1: "reoffended 1"}),
        ("2018-06-01", {1: "reoffended 730"}),
        ("2018-06-02", NOTHING),
    ],
)
def test_after_the_day_of_release_and_two_years_at_most(first_event: Told, day: str, expected: dict[int, str]) -> None:
    """an offence was committed after the day of release and at most two years later"""
    crime = charged(f"1 | a | {day} | - | {day} | 133200000")
    assert first_event(krsi=crime, kraf=decided("1 | a | 2019-01-10 | 1 | 133200000 | -")) == expected


def test_the_day_of_the_offence_counts_not_that_of_the_decision(first_event: Told) -> None:
    """an offence was committed after the day of release and at most two years later, and led to a decision"""
    assert first_event(krsi=THEFT, kraf=GUILTY) == {1: "reoffended 92"}


def test_a_charge_alone_is_not_reoffending(first_event: Told) -> None:
    """led to a decision that found the person guilty"""
    assert first_event(krsi=THEFT) == NOTHING


@pytest.mark.parametrize(
    ("day", "expected"), [("2019-12-31", {1: "reoffended 92"}), ("2020-01-01", NOTHING), ("2023-06-30", NOTHING)]
)
def test_the_decision_is_waited_for_until_the_third_year_ends(
    first_event: Told, day: str, expected: dict[int, str]
) -> None:
    """The decision must fall in the year of release or one of the three following calendar years."""
    assert first_event(krsi=THEFT, kraf=decided(f"1 | a | {day} | 1 | 133200000 | -")) == expected


@pytest.mark.parametrize(("first", "last", "expected"), [("1", "11", NOTHING), ("11", "1", {1: "reoffended 92"})])
def test_the_decision_on_appeal_stands(first_event: Told, first: str, last: str, expected: dict[int, str]) -> None:
    """Where a case has several decisions, for instance after an appeal, the latest stands."""
    cases = decided(f"1 | a | 2017-01-10 | {first} | 133200000 | -", f"1 | a | 2017-09-10 | {last} | 133200000 | -")
    assert first_event(krsi=THEFT, kraf=cases) == expected


@pytest.mark.parametrize("code", ["11", "69", "72", "34", "74", "75", "100", "101", "118"])
def test_no_finding_of_guilt(first_event: Told, code: str) -> None:
    """Acquittals, abandoned prosecutions, unfounded charges and dropped cases do not count."""
    assert first_event(krsi=THEFT, kraf=decided(f"1 | a | 2017-01-10 | {code} | 133200000 | -")) == NOTHING


@pytest.mark.parametrize("code", ["22", "25", "33", "42", "62", "65", "71", "73"])
def test_a_waived_prosecution_counts(first_event: Told, code: str) -> None:
    """A waived prosecution (tiltalefrafald) does."""
    crime = decided(f"1 | a | 2017-01-10 | {code} | 133200000 | -")
    assert first_event(krsi=THEFT, kraf=crime) == {1: "reoffended 92"}


def test_an_old_offence_decided_after_release_is_no_new_crime(first_event: Told) -> None:
    """Offences committed before release do not count, even when the decision came afterwards."""
    old = charged("1 | a | 2015-09-01 | - | 2016-09-02 | 133200000")
    assert first_event(krsi=old, kraf=GUILTY) == NOTHING


@pytest.mark.parametrize(
    ("law", "code", "fine", "counts"),
    [
        ("222080210", "21", "2499", False),
        ("222080210", "21", "2500", True),
        ("133200000", "21", "500", True),
        ("222080210", "4", "500", True),
        ("-", "21", "500", True),
    ],
)
def test_small_traffic_fines_and_only_they(first_event: Told, law: str, code: str, fine: str, counts: bool) -> None:
    """Traffic fines under DKK 2,500 (decided before 2012: DKK 1,500) do not count."""
    crime = charged(f"1 | a | 2016-09-01 | - | 2016-09-02 | {law}")
    decision = decided(f"1 | a | 2017-01-10 | {code} | {law} | {fine}")
    assert first_event(krsi=crime, kraf=decision) == ({1: "reoffended 92"} if counts else NOTHING)


def test_an_unknown_amount_is_not_a_small_one(first_event: Told) -> None:
    """A traffic fine whose amount is not stated does."""
    crime = charged("1 | a | 2016-09-01 | - | 2016-09-02 | 222080210")
    assert first_event(krsi=crime, kraf=decided("1 | a | 2017-01-10 | 21 | 222080210 | -")) == {1: "reoffended 92"}


@pytest.mark.parametrize(("start", "expected"), [("2016-05-30", NOTHING), ("2016-06-05", {1: "reoffended 4"})])
def test_an_act_over_several_days_is_dated_by_its_first(
    first_event: Told, start: str, expected: dict[int, str]
) -> None:
    """The offence date is the first day of the act in the charge."""
    crime = charged(f"1 | a | {start} | 2016-07-30 | 2016-08-02 | 133200000")
    assert first_event(krsi=crime, kraf=GUILTY) == expected


@pytest.mark.parametrize("charge", [charged(), charged("1 | a | - | - | 2016-09-02 | 133200000")])
def test_without_an_offence_date_the_decision_dates_it(first_event: Told, charge: str) -> None:
    """Where the charge or its date is missing, the date of the decision is used."""
    assert first_event(krsi=charge, kraf=GUILTY) == {1: "reoffended 223"}


def test_a_case_decided_with_another_has_no_decision_of_its_own(first_event: Told) -> None:
    """Cases that were decided together with another case (KRKO) are not read."""
    charges = charged(
        "1 | main | 2016-01-05 | - | 2016-01-06 | 133200000", "1 | other | 2016-09-01 | - | 2016-09-02 | -"
    )
    assert first_event(krsi=charges, kraf=decided("1 | main | 2017-01-10 | 1 | 133200000 | -")) == NOTHING


def test_death_comes_before_what_is_registered_later(first_event: Told) -> None:
    """Death competes: a person who has died can no longer reoffend."""
    death = "person_key | death_date\n1 | 2016-08-01"
    assert first_event(dod=death, krsi=THEFT, kraf=GUILTY) == {1: "died 61"}


def test_emigration_ends_follow_up_for_good(first_event: Told) -> None:
    """A person who emigrates is followed until emigration."""
    moves = "person_key | event_date | direction\n1 | 2016-07-01 | out\n1 | 2016-08-15 | in"
    assert first_event(vnds=moves, krsi=THEFT, kraf=GUILTY) == {1: "emigrated 30"}


def test_time_in_custody_is_time_followed(first_event: Told) -> None:
    """A return to custody does not end follow-up."""
    header = "person_key | journal | admission_date | release_date | custody_code | facility"
    again = f"{header}\n1 | x | 2016-07-01 | - | 3 | A1"
    assert first_event(krin=again, krsi=THEFT, kraf=GUILTY) == {1: "reoffended 92"}


def test_every_sentence_is_shown() -> None:
    shown = [inspect.getdoc(test) or "" for name, test in globals().items() if name.startswith("test_")]
    sentences = load_outcome("dst_two_year").explanation.en
    assert tuple(said for said in sentences if not any(one and one in said for one in shown)) == NOT_ABOUT_ROWS
