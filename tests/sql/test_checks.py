"""Rules across registers: so many rows looked at, so many that broke the rule, by register."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from evalkit.registers import layouts, load_contract
from evalkit.registers.evidence.cross_check import load_cross_rules
from evalkit.shipped import shipped
from evalkit.warehouse import load_models

Across = Callable[..., dict[str, tuple[int, int]]]

FOLDER = shipped("sql") / "checks"
NAMES = sorted(path.stem for path in FOLDER.glob("*.sql"))
LAYOUT_OF = {table: layout for layout in layouts() for table in (layout, *load_contract(layout).tables)}


def test_there_are_rules() -> None:
    assert set(NAMES) >= {
        "release_without_admission",
        "activity_before_birth",
        "decision_before_offence",
        "overlapping_stays",
        "activity_after_death",
    }
    assert [path.stem for path in sorted(FOLDER.glob("*.toml"))] == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_rule_says_what_it_reads_and_what_it_means(name: str) -> None:
    rule, _ = load_cross_rules(FOLDER)[name]
    assert 0 < rule.max_share <= 0.1
    assert rule.text.da.endswith(".")
    assert rule.text.en.endswith(".")
    model = next(model for model in load_models(FOLDER.parent, layers=("checks",)) if model.name == f"checks.{name}")
    assert model.parameters == ()
    assert {LAYOUT_OF[table.removeprefix("staging.")] for table in model.reads} == set(rule.reads)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_broken_where_nothing_is_delivered(name: str, across: Across) -> None:
    assert set(across(name).values()) <= {(0, 0)}


KRIN = "person_key | journal | admission_date | release_date | custody_code | is_transfer"


def test_a_release_after_nothing_but_transfers(across: Across) -> None:
    # 1 was admitted, moved and released; 2 was moved and released; 3 likewise, by the code; 4 is admitted and released,
    # then moved and released again without a new admission; 5 is inside.
    krin = f"""
        {KRIN}
        1 | a | 2016-01-01 | -          | 3 | false
        1 | b | 2016-02-01 | -          | 5 | true
        1 | b | 2016-03-01 | 2016-04-01 | 5 | true
        2 | a | 2016-01-01 | -          | 5 | true
        2 | a | 2016-03-01 | 2016-04-01 | 5 | true
        3 | a | 2006-01-01 | 2006-04-01 | 4 | false
        4 | a | 2016-01-01 | 2016-02-01 | 5 | false
        4 | b | 2016-03-01 | 2016-04-01 | 5 | true
        5 | a | 2016-01-01 | -          | 5 | true
    """
    assert across("release_without_admission", krin=krin) == {"krin": (5, 3)}


def test_a_decision_before_the_first_offence_of_its_case(across: Across) -> None:
    # 1 a: offences in January and March, decided in February; 1 b: decided before; 1 c: the same day; 1 d: no offence
    # date; 2 a: the charge is another person's.
    krsi = """
        person_key | journal | offence_start_date
        1 | a | 2016-01-01
        1 | a | 2016-03-01
        1 | b | 2016-03-01
        1 | c | 2016-02-01
        1 | d | -
    """
    kraf = """
        person_key | journal | decision_date
        1 | a | 2016-02-01
        1 | b | 2016-02-01
        1 | b | 2016-04-01
        1 | c | 2016-02-01
        1 | d | 2016-02-01
        2 | a | 2015-02-01
    """
    assert across("decision_before_offence", krsi=krsi, kraf=kraf) == {"kraf": (4, 1)}


def test_a_conferred_case_without_its_main_case(across: Across) -> None:
    # 1 x has no main case, 2 a another person's; of 3 nothing is decided yet.
    kraf = "person_key | journal\n1 | a\n1 | a"
    krko = """
        person_key | journal | own_journal | decision_code
        1 | a | k | 1
        1 | x | l | 1
        2 | a | m | 2
        3 | y | n | 0
        3 | y | o | -
    """
    assert across("conferred_without_decision", kraf=kraf, krko=krko) == {"krko": (3, 2)}


def test_an_activity_without_its_plan(across: Across) -> None:
    plans = "person_key | plan_id\n1 | p\n2 | q"
    activities = "person_key | plan_id | activity_id\n1 | p | a\n1 | q | b\n2 | q | c\n2 | - | d"
    found = across("activity_without_plan", handleplan=plans, planaktivitet=activities)
    assert found == {"planaktivitet": (4, 2)}


def test_stays_that_overlap(across: Across) -> None:
    # 1: two stays that touch; 2: the second begins inside the first, and so does the third, although the second has
    # ended; 3: an arrest is no stay; 4: the first was never closed in KRIN. In Norway an open stay reaches on.
    krin = f"""
        {KRIN}
        1 | a | 2016-01-01 | 2016-02-01 | 5 | false
        1 | b | 2016-02-01 | 2016-03-01 | 5 | false
        2 | a | 2016-01-01 | 2016-12-01 | 5 | false
        2 | b | 2016-02-01 | 2016-03-01 | 3 | false
        2 | c | 2016-11-30 | -          | 3 | false
        3 | a | 2016-01-01 | 2016-12-01 | 5 | false
        3 | b | 2016-02-01 | 2016-02-02 | 1 | false
        4 | a | 2016-01-01 | -          | 5 | false
        4 | b | 2016-02-01 | 2016-03-01 | 5 | false
    """
    norway = """
        person_key | admission_id | start_date | stop_date
        1 | a | 2016-01-01 | 2016-02-01
        1 | a | 2016-02-01 | -
        1 | b | 2016-03-01 | 2016-04-01
    """
    found = across("overlapping_stays", krin=krin, kriminalomsorgen=norway)
    assert found == {"krin": (8, 2), "kriminalomsorgen": (3, 1)}


def test_activity_before_birth(across: Across) -> None:
    # Born on 15 May 1990 by the earliest registration; person 2 is not in the population.
    bef = "person_key | birth_date | reference_date\n1 | 1990-05-15 | 2015-12-31\n1 | 1991-05-15 | 2016-12-31"
    admitted = ("1 | a | 1990-05-14", "1 | b | 1990-05-15", "2 | a | 1890-01-01")
    found = across(
        "activity_before_birth",
        bef=bef,
        krin="\n".join(["person_key | journal | admission_date", *admitted]),
        krsi="person_key | offence_start_date | charge_date\n1 | 1989-01-01 | -\n1 | - | 2016-01-01\n1 | - | -",
        kraf="person_key | decision_date\n1 | 2016-01-01",
        dod="person_key | death_date\n1 | 1980-01-01",
        vnds="person_key | event_date\n1 | 1990-05-15",
        bfl="person_key | start_date | stop_date\n1 | 1990-05-01 | 1990-06-01\n1 | 1990-04-01 | 1990-05-01",
        kotre="person_key | start_date\n1 | 1995-01-01",
        dream_spell="person_key | start_date | stop_date\n1 | 1990-05-14 | 1990-05-21\n1 | 1990-05-07 | 1990-05-14",
        tilbud="person_key | offered_on\n1 | 2016-01-01\n1 | -",
        planaktivitet="person_key | planned_on | begun_on\n1 | 1980-01-01 | 2016-01-01\n1 | 1980-01-01 | -",
        kontakt="person_key | contact_date\n1 | 2016-01-01",
    )
    assert found == {
        "krin": (2, 1),
        "krsi": (2, 1),
        "kraf": (1, 0),
        "dod": (1, 1),
        "vnds": (1, 0),
        "bfl": (2, 1),
        "kotre": (1, 0),
        "dream": (2, 1),
        "tilbud": (1, 0),
        "planaktivitet": (2, 1),
        "kontakt": (1, 0),
    }


def test_activity_after_death(across: Across) -> None:
    # Dead on 15 May 2016 by the earliest registration; person 2 is alive.
    admitted = ("1 | a | 2016-05-15", "1 | b | 2016-05-16", "2 | a | 2020-01-01")
    spells = ("1 | 730 | 2016-05-23 | 2016-06-06", "1 | 999 | 2016-05-23 | 2018-01-01")
    found = across(
        "activity_after_death",
        dod="person_key | death_date\n1 | 2016-05-15\n1 | 2016-06-15",
        krin="\n".join(["person_key | journal | admission_date", *admitted]),
        krsi="person_key | offence_start_date | charge_date\n1 | 2016-05-01 | 2016-08-01\n1 | - | 2016-08-01",
        bef="person_key | reference_date\n1 | 2015-12-31\n1 | 2016-12-31",
        vnds="person_key | event_date\n1 | 2016-05-16",
        bfl="person_key | start_date | stop_date\n1 | 2016-05-01 | 2016-06-01\n1 | 2016-06-01 | 2016-07-01",
        kotre="person_key | start_date\n1 | 2016-01-01",
        dream_spell="\n".join(["person_key | benefit_code | start_date | stop_date", *spells]),
        tilbud="person_key | offered_on\n1 | 2016-05-16",
        planaktivitet="person_key | planned_on | begun_on\n1 | 2016-08-01 | -\n1 | 2016-01-01 | 2016-08-01",
        kontakt="person_key | contact_date\n1 | 2016-05-15",
    )
    assert found == {
        "krin": (2, 1),
        "krsi": (1, 0),
        "bef": (2, 1),
        "vnds": (1, 1),
        "bfl": (2, 1),
        "kotre": (1, 0),
        "dream": (1, 1),
        "tilbud": (1, 1),
        "planaktivitet": (1, 1),
        "kontakt": (1, 0),
    }


def test_the_header_of_each_says_what_breaks_it() -> None:
    texts = {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.sql"))}
    assert [name for name, text in texts.items() if not text.startswith("-- Grain: one row a register, with ")] == []


def test_no_other_kind_of_file_lies_here() -> None:
    assert {Path(path).suffix for path in FOLDER.iterdir()} == {".sql", ".toml"}
