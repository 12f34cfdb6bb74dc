"""What the counts of a study add up to, and who is among whom, from what the tables mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import polars as pl

from evalkit.results import Result
from tests.disclosure.attack_names import HORIZON, LAST_STEPS, STATES, read_tables
from tests.disclosure.attack_process import add_process
from tests.disclosure.attack_programme import add_programme
from tests.disclosure.attack_states import add_states_in_time
from tests.disclosure.attacker import MIN_CELL, NEEDED, Attacker, Name

DOMAINS = ("housing", "economy", "education", "employment", "treatment", "health", "network")
CHECKPOINTS = ("resumed", "3", "6", "12", "24")
MONTHS = (3, 6, 12, 24)
FOLLOWED = (3, 6, 12, 24)
ENDS = ("completed", "discontinued", "unknown_end", "returned_to_custody", "died", "left")

Tables = Mapping[str, pl.DataFrame]


def attack(tables: Tables) -> Attacker:
    attacker = Attacker()
    read_tables(tables, attacker)
    arms = tables["risk"].get_column("arm").to_list()
    times = {arm: tables["curve"].filter(pl.col("arm") == arm).get_column("time").unique().to_list() for arm in arms}
    add_attrition(attacker, tables["attrition"], arms)
    add_follow_up(attacker, times)
    add_states(attacker, tables["baseline"], tables["status"].get_column("state").unique().to_list(), arms)
    add_reoffending(attacker, tables["maturity"].get_column("quarter").to_list(), arms)
    for arm in arms:
        add_plans(attacker, arm)
        add_course_of_plans(attacker, arm)
        add_gaps(attacker, arm)
        add_deaths(attacker, arm)
        add_left_out(attacker, arm)
        add_work(attacker, arm)
    add_process(attacker, tables, arms)
    add_groups(attacker, tables)
    add_states_in_time(attacker, tables, arms)
    add_programme(attacker, tables)
    return attacker


def true_counts(results: Mapping[str, Result], attacker: Attacker) -> dict[Name, int]:
    """Name the true counts as the attacker names them, and work out who is left over."""
    said = {
        name: result.frame.with_columns(
            pl.lit("published").alias(f"{column}_status")
            if not result.frame.get_column(column).null_count()
            else pl.when(pl.col(column).is_not_null())
            .then(pl.lit("published"))
            .otherwise(pl.lit("not_applicable"))
            .alias(f"{column}_status")
            for column in result.frame.columns
            if column.startswith("n_")
        )
        for name, result in results.items()
    }
    truth = Attacker()
    read_tables(said, truth)
    known = truth.known
    for one in (*attacker.sums, *attacker.sums):
        missing = [name for name in one if name not in known]
        if len(missing) == 1:
            known[missing[0]] = -one[missing[0]] * sum(
                sign * known[name] for name, sign in one.items() if name in known
            )
    return known


def followed_from_few(results: Mapping[str, Result], tables: Tables) -> dict[Name, float]:
    """Return the counts of one to four persons that the attacker narrows down too far, with how many values remain."""
    attacker = attack(tables)
    truth = true_counts(results, attacker)
    # Steps between the shown points of a curve are at least five; what hides between them is asked for by itself.
    sought = [name for name, value in truth.items() if 0 < value < MIN_CELL]
    asked = [name for name in sought if name in attacker.known or name in attacker.ends or name[0] == "rest of"]
    assert asked
    found = {name: attacker.n_values(name) for name in asked}
    return {name: n for name, n in found.items() if n < NEEDED}


def add_attrition(attacker: Attacker, steps: pl.DataFrame, arms: Sequence[str]) -> None:
    split = steps.filter(pl.col("reason") == "municipality_known").get_column("step").to_list()[0]
    last = steps.filter(pl.col("reason").is_in(LAST_STEPS)).get_column("step").to_list()[0]
    for arm, first, until in (("all", 1, split), *((arm, split, last) for arm in arms)):
        for step in range(first + 1, until + 1):
            after = ("n", arm) if step == last else ("step", step, arm)
            attacker.add_up([("step", step - 1, arm)], [after, ("excluded", step, arm)])
    attacker.add_up([("step", split, "all")], [("step", split, arm) for arm in arms])


def add_follow_up(attacker: Attacker, times: Mapping[str, Sequence[int]]) -> None:
    attacker.add_up([("n", "all")], [("n", arm) for arm in times])
    for word in ("events", "left", "followed"):
        attacker.add_up([(word, "all", HORIZON)], [(word, arm, HORIZON) for arm in times])
    for arm in ("all", *times):
        points = sorted({*times.get(arm, ()), HORIZON})
        for point in points:
            attacker.add_up([("n", arm)], [(word, arm, point) for word in ("events", "left", "followed")])
        for before, point in pairwise(points):
            for word in ("events", "left"):
                attacker.among([(word, arm, point)], [(word, arm, before)])


def add_states(attacker: Attacker, baseline: pl.DataFrame, states: Sequence[str], arms: Sequence[str]) -> None:
    for arm in arms:
        for variable in baseline.get_column("variable").unique():
            levels = baseline.filter(pl.col("arm") == arm, pl.col("variable") == variable).get_column("level")
            attacker.add_up([("n", arm)], [("baseline", arm, variable, level) for level in levels])
        for month in MONTHS:
            attacker.add_up([("n", arm)], [("status", arm, month, state) for state in states])


def add_reoffending(attacker: Attacker, quarters: Sequence[str], arms: Sequence[str]) -> None:
    """Tell those who reoffended apart by how severe and how often; who did not is the same person in both."""
    tiers, times = ("custodial", "community", "fine", "other"), range(1, 6)
    for arm in arms:
        events, nobody = ("events", arm, HORIZON), ("severity", arm, "none")
        attacker.add_up([events], [("severity", arm, tier) for tier in tiers])
        attacker.add_up([events], [("times", arm, n) for n in times])
        attacker.add_up([("n", arm)], [events, nobody])
        attacker.add_up([nobody], [("times", arm, 0)])
    attacker.add_up([("severity", "all", "custodial")], [("severity", arm, "custodial") for arm in arms])
    attacker.add_up([("n", "all")], [("quarter", quarter) for quarter in quarters])


def add_plans(attacker: Attacker, arm: str) -> None:
    for domain in ("any", *DOMAINS):
        without: list[Name] = [("no plan", arm, domain), *([("idle plan", arm, domain)] if domain == "any" else [])]
        attacker.add_up([("n", arm)], [*without, ("plan", arm, domain)])
        for point in CHECKPOINTS:
            attacker.add_up([("plan", arm, domain)], [("plan", arm, domain, point, state) for state in STATES])
        for point in CHECKPOINTS[1:]:
            # What goes on after three months was resumed.
            attacker.among(
                [("plan", arm, domain, "resumed", "continuing")], [("plan", arm, domain, point, "continuing")]
            )
    for domain in DOMAINS:
        attacker.among([("plan", arm, "any")], [("plan", arm, domain)])
        for point in CHECKPOINTS:
            attacker.among([("plan", arm, "any", point, "continuing")], [("plan", arm, domain, point, "continuing")])


def add_course_of_plans(attacker: Attacker, arm: str) -> None:
    """A plan that was resumed goes on or has ended in one way, and what has ended stays so."""
    for month in FOLLOWED:
        states = [("ended", arm, month, state) for state in ("going_on", *ENDS)]
        attacker.add_up([("plan", arm, "any", "resumed", "continuing")], states)
    for before, after in pairwise(FOLLOWED):
        attacker.among([("ended", arm, before, "going_on")], [("ended", arm, after, "going_on")])
        for state in ENDS:
            attacker.among([("ended", arm, after, state)], [("ended", arm, before, state)])
    # Resumed within a month of release: who died so many months after it is dead at the next look after release.
    for month, later in pairwise(MONTHS):
        attacker.among([("status", arm, later, "dead")], [("ended", arm, month, "died")])
    for month, later in pairwise(FOLLOWED):
        attacker.among([("plan", arm, "any", str(later), "dead")], [("ended", arm, month, "died")])


def add_gaps(attacker: Attacker, arm: str) -> None:
    """Each resumed plan had its first gap closed, or stands where it stands among all ends.

    A gap of more than a month, which is how long a plan can be resumed, has ended the plan in one of three ways; so all
    whose plan goes on, or was broken off from outside, had a short one.
    """
    short, long = ("days_1_7", "days_8_30"), ("days_31_90", "days_over_90")
    everyone = [("gap", arm, name) for name in (*short, *long, "going_on", *ENDS)]
    attacker.add_up([("plan", arm, "any", "resumed", "continuing")], everyone)
    closed = {
        state: attacker.among([("ended", arm, FOLLOWED[-1], state)], [("gap", arm, state)])
        for state in ("going_on", *ENDS)
    }
    attacker.among([closed[state] for state in ENDS[:3]], [("gap", arm, name) for name in long])


def add_deaths(attacker: Attacker, arm: str) -> None:
    """The dead stay dead, and the dead with a plan are some of the dead."""
    dead: list[Name] = [("status", arm, month, "dead") for month in MONTHS]
    with_plan: list[Name] = [("plan", arm, "any", point, "dead") for point in CHECKPOINTS]
    for chain in (dead, with_plan):
        for before, after in pairwise(chain):
            attacker.among([after], [before])
    without: list[Name] = []
    for month in MONTHS[:-1]:
        for state, plan_state in (("emigrated", "emigrated"), ("in_custody", "returned_to_custody")):
            attacker.among([("status", arm, month, state)], [("plan", arm, "any", str(month), plan_state)])
        without.append(attacker.among([("status", arm, month, "dead")], [("plan", arm, "any", str(month), "dead")]))
    for before, after in pairwise(without):
        attacker.among([after], [before])


def add_left_out(attacker: Attacker, arm: str) -> None:
    events, left = ("events", arm, HORIZON), ("left", arm, HORIZON)
    attacker.among([("n", arm)], [("left out", arm, "offence_before_release")])
    attacker.among([("n", arm)], [events, ("left out", arm, "decided_too_late")])
    attacker.among([events, left], [("left out", arm, "dated_by_decision")])


def add_work(attacker: Attacker, arm: str) -> None:
    """Who has begun work or education stays so; whoever is at it on a day, and whoever stayed, has begun."""
    begun: list[Name] = [("begun", arm, month) for month in MONTHS]
    for before, after in pairwise(begun):
        attacker.among([after], [before])
    for month, one in zip(MONTHS, begun, strict=True):
        attacker.among([("n", arm)], [one])
        attacker.among([one], [("status", arm, month, state) for state in ("employed", "in_education")])
    for month in (6, 12):
        attacker.among([("begun", arm, 12)], [("stayed", arm, month)])


def add_groups(attacker: Attacker, tables: Tables) -> None:
    """Tell everyone apart by the model of collaboration in the prison and municipality, in each of the main figures."""
    if "by_collaboration_model" not in tables:
        return
    told = tables["by_collaboration_model"]
    for arm in told.get_column("arm").unique().sort():
        groups = told.filter(pl.col("arm") == arm).get_column("group").unique().sort().to_list()
        totals: dict[tuple[str, int], list[Name]] = {
            ("reoffending", 0): [("events", arm, HORIZON)],
            ("plan_goes_on", 0): [("plan", arm, "any", "resumed", "continuing")],
            **{
                ("working", month): [("status", arm, month, state) for state in ("employed", "in_education")]
                for month in MONTHS
            },
        }
        attacker.add_up([("plan", arm, "any")], [("plan", arm, "any", "in", group) for group in groups])
        for measure, total in totals.items():
            attacker.add_up(total, [("reached", arm, group, *measure) for group in groups])
        for group in groups:
            member, planned = ("baseline", arm, "collaboration_model", group), ("plan", arm, "any", "in", group)
            attacker.among([member], [planned])
            for measure in totals:
                of = planned if measure[0] == "plan_goes_on" else member
                attacker.among([of], [("reached", arm, group, *measure)])
