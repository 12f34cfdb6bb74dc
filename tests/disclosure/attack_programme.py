"""What the counts of a programme's list of cases add up to, from what the tables mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import polars as pl

from tests.disclosure.attack_names import name_in_phase, name_of_target, name_over
from tests.disclosure.attacker import Attacker, Name

COURSE_MONTHS = (3, 6, 12)
LATER = (3, 6, 9)

Tables = Mapping[str, pl.DataFrame]


def add_programme(attacker: Attacker, tables: Tables) -> None:
    if "programme_end" not in tables:
        return
    ends = tables["programme_end"]
    add_ends(attacker, ends)
    if "money_by_year" in tables:
        years = tables["money_by_year"].get_column("year").unique().to_list()
        attacker.among([("cases", "enrolled")], [("began", year) for year in years])
        # The pilot arm is everyone who was offered the programme and is followed.
        attacker.among([("cases", "referred")], [("n", "pilot")])
    add_courses(attacker, ends.get_column("end_state").unique().to_list())
    if "programme_phase" in tables:
        add_phases(attacker, tables["programme_phase"])
        add_contacts(attacker, tables["programme_cadence"].get_column("rule").to_list())
        add_criteria(attacker, tables["criteria"].get_column("criterion").to_list())
        add_targets(attacker, tables["targets"])
        for state in tables["dose"].get_column("state"):
            attacker.among([("cases", "enrolled")], [("days", state)])
        for instrument, table in (("compass", "forandringskompas"), ("psychology", "tilvaerelsespsykologi")):
            add_measured(attacker, instrument, tables[f"assessments_{table}"])


def add_ends(attacker: Attacker, ends: pl.DataFrame) -> None:
    """Everybody on a list of cases has one end."""
    for (denominator,), part in ends.group_by("denominator"):
        attacker.add_up([("cases", denominator)], [("end", state) for state in part.get_column("end_state")])
    for state in ends.get_column("end_state").unique():
        attacker.among([("end", state)], [("died", state)])


def add_courses(attacker: Attacker, states: Sequence[str]) -> None:
    """Who is enrolled goes on, or has ended as the table of ends says; left is who is not known for so long."""
    interrupted: list[Name] = [
        ("end", state) for state in states if state not in ("completed", "died", "open", "not_enrolled")
    ]
    whole: dict[str, list[Name]] = {"completed": [("end", "completed")], "interrupted": interrupted}
    whole |= {word: [("end", state)] for word, state in (("died", "died"), ("left", "open")) if state in states}
    for month in COURSE_MONTHS:
        parts: list[Name] = [("course", month, state) for state in ("under_way", "died", "left", *list(whole)[:2])]
        attacker.add_up([("cases", "enrolled")], parts)
    for before, after in pairwise(COURSE_MONTHS):
        attacker.among([("course", before, "under_way")], [("course", after, "under_way")])
        for state in ("completed", "interrupted", "died", "left"):
            attacker.among([("course", after, state)], [("course", before, state)])
    for state, total in whole.items():
        attacker.among(total, [("course", COURSE_MONTHS[-1], state)])


def add_phases(attacker: Attacker, phases: pl.DataFrame) -> None:
    """One phase follows the other: who is in none of them any more is discharged, who is in one is open."""
    staying: dict[str, Name] = {}
    for row in phases.iter_rows(named=True):
        phase, there, over = row["phase"], name_in_phase(row), name_over(row)
        staying[phase] = attacker.among([there], [over])
        if row["n_long_status"] != "not_applicable":
            judged: Name = ("judged long", phase)
            attacker.among([there], [judged])
            attacker.among([judged], [("long", phase)])
            # Whose time is over can be judged, and of the others whoever has been there for too long already.
            too_long = attacker.among([judged], [over])
            attacker.among([("long", phase)], [too_long])
            attacker.among([staying[phase]], [too_long])
        if row["n_short_status"] != "not_applicable":
            attacker.among([over], [("short", phase)])
    attacker.add_up([staying["whole"]], [staying[phase] for phase in ("intro", "guidance", "outro")])
    attacker.among([("over", "intro")], [("phase", "guidance")])
    attacker.among([("over", "intro")], [("cases", "finished")])
    attacker.among([("cases", "finished")], [("over", "outro")])
    died: list[Name] = [one for one in attacker.known if one[0] == "died"]
    died += [one for one in attacker.ends if one[0] == "died" and one not in died]
    attacker.add_up([("cases", "finished")], [("phase", "follow_up"), *died])


def add_contacts(attacker: Attacker, rules: Sequence[str]) -> None:
    for rule in rules:
        came: Name = ("phase", "follow_up") if rule.startswith("follow_up") else ("cases", "enrolled")
        attacker.among([came], [("rule", rule)])
        attacker.among([("rule", rule)], [("kept", rule)])
    attacker.among([("cases", "enrolled")], [("with an appointment",)])
    attacker.among([("with an appointment",)], [("kept every appointment",)])


def add_criteria(attacker: Attacker, criteria: Sequence[str]) -> None:
    for one in criteria:
        answered, missing = ("criterion", one, "answered"), ("criterion", one, "not_answered")
        attacker.add_up([("cases", "enrolled")], [answered, missing])
        attacker.add_up([answered], [("criterion", one, "yes"), ("criterion", one, "no")])


def add_targets(attacker: Attacker, targets: pl.DataFrame) -> None:
    for row in targets.iter_rows(named=True):
        everyone, mature, reached = (name_of_target(word)(row) for word in ("persons", "mature", "reached"))
        attacker.among([everyone], [mature])
        if row["n_reached_status"] != "not_applicable":
            attacker.among([mature], [reached])
    attacker.among([("end", "completed")], [("target", "completed", "reached")])


def add_measured(attacker: Attacker, instrument: str, changes: pl.DataFrame) -> None:
    """Whoever was measured some months after the first time was measured a last time."""
    for arm, dimension in changes.select("arm", "dimension").unique(maintain_order=True).iter_rows():
        of = (arm, instrument, dimension)
        everyone: Name = ("measured", arm, instrument)
        first: Name = ("first", *of)
        attacker.among([("n", arm)], [everyone])
        attacker.among([everyone], [first])
        attacker.among([first], [("pairs", *of, 0)])
        for month in LATER:
            attacker.among([("pairs", *of, 0)], [("pairs", *of, month)])
        if instrument == "compass":
            for month in (0, *LATER):
                attacker.among([("pairs", *of, month)], [("lowest", *of, month), ("highest", *of, month)])
            for month in LATER:
                for end in ("lowest", "highest"):
                    attacker.among([(end, *of, 0)], [(end, *of, month)])
