"""What the definitions box says of who is included, sentence by sentence: each test shows the one that it quotes."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from evalkit.study import Study

Told: TypeAlias = Callable[..., dict[Any, Any]]

# Person 1 lives in Copenhagen and was released on 1 June 2016; person 2 is told of in each test.
PERSON_1 = {1: "comparison 2016-06-01"}


def stays(*rows: str) -> str:
    days = "person_key | journal | admission_date | release_date"
    return "\n".join((f"{days} | custody_code | facility | parole_expiry_date | serves_fine", *rows))


def people(*rows: str) -> str:
    header = "person_key | birth_date | sex | municipality | origin | reference_date | moved_in_date"
    return "\n".join((header, *rows))


def offers(*rows: str) -> str:
    return "\n".join(("person_key | municipality | offered_on | accepted", *rows))


COPENHAGEN = people("2 | 1990-01-01 | man | 101 | danish | 2015-12-31 | 2010-01-01")
HOLBAEK = people("2 | 1990-01-01 | man | 316 | danish | 2015-12-31 | 2010-01-01")
PRISON = stays("2 | a | 2016-03-01 | 2016-07-01 | 5 | F001 | - | -")


@pytest.mark.parametrize(
    ("release", "is_in"), [("2015-12-31", False), ("2016-01-01", True), ("2019-12-31", True), ("2020-01-01", False)]
)
def test_the_window_is_half_open(arms: Told, release: str, is_in: bool) -> None:
    """Releases from 1 January 2016 up to (not including) 1 January 2020"""
    prison = stays(f"2 | a | 2015-06-01 | {release} | 5 | F001 | - | -")
    assert arms(bef=COPENHAGEN, krin=prison) == PERSON_1 | ({2: f"comparison {release}"} if is_in else {})


@pytest.mark.parametrize("how", ["5 | F001 | 2017-01-01 | -", "5 | F001 | - | -", "3 | A001 | - | -"])
def test_three_kinds_of_release(arms: Told, how: str) -> None:
    """parole, release after the full term, release from remand"""
    prison = stays(f"2 | a | 2016-03-01 | 2016-07-01 | {how}")
    assert arms(bef=COPENHAGEN, krin=prison) == PERSON_1 | {2: "comparison 2016-07-01"}


@pytest.mark.parametrize(("release", "is_in"), [("2016-03-14", False), ("2016-03-15", True)])
def test_fourteen_days(arms: Told, release: str, is_in: bool) -> None:
    """At least 14 days in prison or remand."""
    prison = stays(f"2 | a | 2016-03-01 | {release} | 3 | A001 | - | -")
    assert arms(bef=COPENHAGEN, krin=prison) == PERSON_1 | ({2: f"comparison {release}"} if is_in else {})


@pytest.mark.parametrize(
    ("back", "releases"), [("2016-04-01", "2016-07-01"), ("2016-04-02", "2016-07-01"), ("2016-04-03", "2016-04-01")]
)
def test_a_gap_of_one_day_is_no_release(arms: Told, back: str, releases: str) -> None:
    """Transfers, and gaps of at most 1 day between two stays, count as one stay."""
    two = stays("2 | a | 2016-03-01 | 2016-04-01 | 3 | A001 | - | -", f"2 | b | {back} | 2016-07-01 | 5 | F001 | - | -")
    assert arms(bef=COPENHAGEN, krin=two) == PERSON_1 | {2: f"comparison {releases}"}


def test_a_transfer_is_no_release(arms: Told) -> None:
    """Transfers, and gaps of at most 1 day between two stays, count as one stay."""
    moved = stays("2 | a | 2016-03-01 | - | 3 | A001 | - | -", "2 | a | 2016-05-01 | 2016-07-01 | 5 | F001 | - | -")
    assert arms(bef=COPENHAGEN, krin=moved) == PERSON_1 | {2: "comparison 2016-07-01"}


def test_an_arrest_is_no_stay(arms: Told) -> None:
    """Arrests do not count."""
    arrest = stays("2 | a | 2016-03-01 | 2016-07-01 | 1 | A001 | - | -")
    assert arms(bef=COPENHAGEN, krin=arrest) == PERSON_1


@pytest.mark.parametrize("how", ["5 | F001 | - | true", "5 | HJEM | - | -", "5 | 9050 | - | -"])
def test_fines_and_the_tag_are_not_what_the_programme_is_for(arms: Told, how: str) -> None:
    """Serving a fine does not count, nor does a stay that ends at home with an electronic tag."""
    prison = stays(f"2 | a | 2016-03-01 | 2016-07-01 | {how}")
    assert arms(bef=COPENHAGEN, krin=prison) == PERSON_1


@pytest.mark.parametrize(("born", "is_in"), [("1998-07-01", True), ("1998-07-02", False)])
def test_eighteen_on_the_day_of_release(arms: Told, born: str, is_in: bool) -> None:
    """Aged 18 or more"""
    person = people(f"2 | {born} | man | 101 | danish | 2015-12-31 | 2010-01-01")
    assert arms(bef=person, krin=PRISON) == PERSON_1 | ({2: "comparison 2016-07-01"} if is_in else {})


@pytest.mark.parametrize(
    ("moves", "is_in"),
    [
        ("2 | 2016-07-01 | out", False),
        ("2 | 2016-07-02 | out", True),
        ("2 | 2016-02-01 | out\n2 | 2016-07-01 | in", True),
        ("2 | 2016-02-01 | out\n2 | 2016-07-02 | in", False),
    ],
)
def test_resident_on_the_day_of_release(arms: Told, moves: str, is_in: bool) -> None:
    """resident in Denmark on the day of release"""
    given = f"person_key | event_date | direction\n{moves}"
    expected = PERSON_1 | ({2: "comparison 2016-07-01"} if is_in else {})
    assert arms(bef=COPENHAGEN, krin=PRISON, vnds=given) == expected


@pytest.mark.parametrize("day", ["2016-06-30", "2016-07-01"])
def test_who_dies_inside_is_not_released(arms: Told, day: str) -> None:
    """resident in Denmark on the day of release"""
    assert arms(bef=COPENHAGEN, krin=PRISON, dod=f"person_key | death_date\n2 | {day}") == PERSON_1


@pytest.mark.parametrize(("moved_in", "is_in"), [("2016-03-01", True), ("2016-03-02", False)])
def test_a_municipality_at_admission(arms: Told, moved_in: str, is_in: bool) -> None:
    """with a known municipality of residence at admission"""
    person = people(f"2 | 1990-01-01 | man | 101 | danish | 2016-12-31 | {moved_in}")
    assert arms(bef=person, krin=PRISON) == PERSON_1 | ({2: "comparison 2016-07-01"} if is_in else {})


def test_the_first_release_that_meets_it_all(arms: Told) -> None:
    """Only each person's first release in the period that meets this counts."""
    three = stays(
        "2 | a | 2016-03-01 | 2016-03-05 | 3 | A001 | - | -",
        "2 | b | 2016-05-01 | 2016-07-01 | 5 | F001 | - | -",
        "2 | c | 2017-05-01 | 2017-07-01 | 5 | F001 | - | -",
    )
    assert arms(bef=COPENHAGEN, krin=three) == PERSON_1 | {2: "comparison 2016-07-01"}


@pytest.mark.parametrize("answer", ["true", "false", "-"])
def test_the_pilot_group_is_those_who_were_offered_it(arms: Told, answer: str) -> None:
    """was offered the programme during the stay, including those who declined."""
    offer = offers(f"2 | 316 | 2016-05-01 | {answer}")
    assert arms(bef=HOLBAEK, krin=PRISON, tilbud=offer) == PERSON_1 | {2: "pilot 2016-07-01"}


@pytest.mark.parametrize(
    ("day", "is_in"), [("2016-02-29", False), ("2016-03-01", True), ("2016-07-01", True), ("2016-07-02", False)]
)
def test_offered_during_the_stay(arms: Told, day: str, is_in: bool) -> None:
    """was offered the programme during the stay"""
    expected = PERSON_1 | ({2: "pilot 2016-07-01"} if is_in else {})
    assert arms(bef=HOLBAEK, krin=PRISON, tilbud=offers(f"2 | 316 | {day} | true")) == expected


def test_the_arm_is_where_the_person_lived_at_admission_not_at_release(arms: Told) -> None:
    """The pilot group lived in a pilot municipality at admission"""
    moved = people(
        "2 | 1990-01-01 | man | 316 | danish | 2015-12-31 | 2010-01-01",
        "2 | 1990-01-01 | man | 101 | danish | 2016-12-31 | 2016-05-15",
    )
    offer = offers("2 | 316 | 2016-05-01 | true")
    assert arms(bef=moved, krin=PRISON, tilbud=offer) == PERSON_1 | {2: "pilot 2016-07-01"}


@pytest.mark.parametrize(("day", "is_in"), [("2015-01-01", False), ("2016-07-01", False), ("2016-07-02", True)])
def test_a_later_offer_does_not_take_anyone_out_of_the_comparison(arms: Told, day: str, is_in: bool) -> None:
    """The comparison group lived in another municipality and had not been offered it by the day of release."""
    expected = PERSON_1 | ({2: "comparison 2016-07-01"} if is_in else {})
    assert arms(bef=COPENHAGEN, krin=PRISON, tilbud=offers(f"2 | 316 | {day} | true")) == expected


def test_without_an_offer_a_resident_of_a_pilot_municipality_is_in_neither_group(arms: Told) -> None:
    """Those who lived in a pilot municipality and were not offered it are left out."""
    assert arms(bef=HOLBAEK, krin=PRISON) == PERSON_1


def test_the_offer_does_not_choose_the_release(arms: Told) -> None:
    """Those who lived in a pilot municipality and were not offered it are left out."""
    two = stays(
        "2 | a | 2016-03-01 | 2016-07-01 | 5 | F001 | - | -", "2 | b | 2017-03-01 | 2017-07-01 | 5 | F001 | - | -"
    )
    assert arms(bef=HOLBAEK, krin=two, tilbud=offers("2 | 316 | 2017-05-01 | true")) == PERSON_1


def test_every_sentence_is_shown(study: Study) -> None:
    shown = [inspect.getdoc(test) or "" for name, test in globals().items() if name.startswith("test_")]
    sentences = study.definition.cohort.explanation.en if study.definition.cohort else ()
    assert len(sentences) > 0
    assert [said for said in sentences if not any(one and one in said for one in shown)] == []
