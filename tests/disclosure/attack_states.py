"""What people's states over time add up to, and who is among whom, from what the tables mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import polars as pl

from tests.disclosure.attacker import Attacker, Name

MONTHS = (3, 6, 12, 24)
LEAST_DAYS = {3: 89, 6: 181, 12: 365, 24: 730}
MOST_DAYS = {3: 92, 6: 184, 12: 366, 24: 731}

Tables = Mapping[str, pl.DataFrame]


def add_states_in_time(attacker: Attacker, tables: Tables, arms: Sequence[str]) -> None:
    states = tables["status"].get_column("state").unique().sort().to_list()
    for arm in arms:
        if "working_year" in tables:
            attacker.among([("begun", arm, 12)], [("most of the year", arm)])
        if "self_support" in tables:
            add_self_support(attacker, arm)
        if "time_in_state" in tables:
            add_ever(attacker, arm, states)
        if "state_weeks" in tables:
            add_weeks(attacker, arm, tables["state_weeks"].get_column("week").unique().sort().to_list(), states)
        if "transitions" in tables:
            add_changes(attacker, arm, tables["transitions"].filter(pl.col("arm") == arm))
        if "continuity_evidence" in tables:
            add_evidence(attacker, arm, tables["continuity_evidence"])


def add_self_support(attacker: Attacker, arm: str) -> None:
    """Whoever supports themselves works, studies or stands in no register; who has a benefit or is away does not."""
    for month in MONTHS:
        themselves, by_work = ("self-supporting", arm, month), ("self-supporting by work", arm, month)
        away: list[Name] = [("status", arm, month, state) for state in ("benefit", "dead", "emigrated", "in_custody")]
        attacker.among([("n", arm)], [themselves, *away])
        attacker.among([("status", arm, month, "employed")], [by_work])
        studying = attacker.among([themselves], [by_work, ("status", arm, month, "no_record")])
        attacker.among([("status", arm, month, "in_education")], [studying])


def add_ever(attacker: Attacker, arm: str, states: Sequence[str]) -> None:
    """Whoever is in a state on some day was in it at all; the dead of the last day are all who died."""
    for state in states:
        attacker.among([("n", arm)], [("ever", arm, state)])
        for month in MONTHS:
            attacker.among([("ever", arm, state)], [("status", arm, month, state)])
    attacker.add_up([("status", arm, MONTHS[-1], "dead")], [("ever", arm, "dead")])


def add_weeks(attacker: Attacker, arm: str, weeks: Sequence[int], states: Sequence[str]) -> None:
    """The dead stay dead, from week to week and between weeks and months."""
    for week in weeks:
        attacker.add_up([("n", arm)], [("week", arm, week, state) for state in states])
        for state in states:
            attacker.among([("ever", arm, state)], [("week", arm, week, state)])
    for before, after in pairwise(weeks):
        attacker.among([("week", arm, after, "dead")], [("week", arm, before, "dead")])
    for month in MONTHS:
        dead: Name = ("status", arm, month, "dead")
        before = max(week for week in weeks if 7 * week <= LEAST_DAYS[month])
        attacker.among([dead], [("week", arm, before, "dead")])
        for week in [week for week in weeks if 7 * week >= MOST_DAYS[month]][:1]:
            attacker.among([("week", arm, week, "dead")], [dead])


def add_changes(attacker: Attacker, arm: str, changes: pl.DataFrame) -> None:
    """Whoever changes was in the one state and in the other; everybody who died did so once, or was dead at once."""
    made = changes.select("from_state", "to_state").rows()
    for before, after in made:
        attacker.among([("ever", arm, before)], [("changed", arm, before, after)])
        attacker.among([("ever", arm, after)], [("changed", arm, before, after)])
    died: list[Name] = [("changed", arm, before, after) for before, after in made if after == "dead"]
    attacker.add_up([("ever", arm, "dead")], [("week", arm, 0, "dead"), *died])


def add_evidence(attacker: Attacker, arm: str, evidence: pl.DataFrame) -> None:
    """What the caseworker says is what goes on; all who are asked are at liberty, so the others are not."""
    for domain, point in evidence.select("domain", "checkpoint").unique(maintain_order=True).iter_rows():
        said: list[Name] = [("evidence", arm, domain, point, kind) for kind in ("both", "said_only")]
        unsaid: list[Name] = [("evidence", arm, domain, point, kind) for kind in ("register_only", "neither")]
        attacker.add_up([("plan", arm, domain, point, "continuing")], said)
        away = attacker.among([("plan", arm, domain)], [*said, *unsaid])
        elsewhere = ("returned_to_custody", "dead", "emigrated")
        attacker.among([("plan", arm, "any", point, state) for state in elsewhere], [away])
