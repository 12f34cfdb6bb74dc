"""Someone has the whole bundle: can a count of one to four persons be worked out from all its tables together?

The attacker knows what the numbers mean, not how the door works: the identities below are written from the definitions
alone. All are put into one integer programme, and every hidden count is asked for its least and greatest value.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from evalkit.api import synth
from evalkit.disclosure import Policy, Released, load_policy, release, release_all, write_bundle
from evalkit.errors import DisclosureError
from evalkit.evaluation import Evaluation, evaluate
from evalkit.study import load_study

MIN_CELL = 5
NEEDED = 4
ARMS = ("comparison", "pilot")
DOMAINS = ("housing", "economy", "education", "employment", "treatment", "health", "network")
CHECKPOINTS = ("resumed", "3", "6", "12")
MONTHS = (3, 6, 12, 24)
HORIZON = 731
STATES = ("continuing", "completed", "not_continued", "returned_to_custody", "dead", "emigrated")
STUDIES = [(700, 1), (1500, 1), (2500, 2), (4000, 1), (6000, 1)]

Name = tuple[object, ...]
Sum = dict[Name, int]
"""Counts with their signs; they add up to 0."""


class Attacker:
    """Collects named counts and what they add up to; a name seen in two tables is one count."""

    def __init__(self) -> None:
        self.known: dict[Name, int] = {}
        self.ends: dict[Name, tuple[float, float]] = {}
        self.sums: list[Sum] = []

    def read(self, name: Name, value: int | None, status: str) -> None:
        if status == "published":
            assert value is not None
            assert self.known.setdefault(name, value) == value, f"{name}: two tables disagree"
        elif status == "suppressed_primary":
            self.ends[name] = (1, MIN_CELL - 1)
        elif status == "suppressed_secondary":
            self.ends.setdefault(name, (0, math.inf))

    def add_up(self, total: Sequence[Name], parts: Sequence[Name]) -> None:
        self.sums.append(dict.fromkeys(total, 1) | dict.fromkeys(parts, -1))

    def among(self, total: Sequence[Name], parts: Sequence[Name]) -> Name:
        """The parts are some of the total; who is left over is a count too."""
        rest: Name = ("rest of", *total, "less", *parts)
        self.add_up(total, [*parts, rest])
        return rest

    def n_values(self, sought: Name) -> float:
        """Count the whole numbers between the least and the greatest that a count can be."""
        if sought in self.known:
            return 1
        names = self._tied_to(sought)
        if names == [sought] and not any(sought in one for one in self.sums):
            return self.ends[sought][1] - self.ends[sought][0] + 1
        ends = [self.ends.get(name, (0, math.inf)) for name in names]
        rows = [one for one in self.sums if any(name in one for name in names)]
        left = np.array([[one.get(name, 0) for name in names] for one in rows], dtype=float)
        right = np.array([-sum(sign * self.known.get(name, 0) for name, sign in one.items()) for one in rows])
        aim = np.array([float(name == sought) for name in names])
        answers = [
            milp(
                sign * aim,
                constraints=LinearConstraint(left, right, right),
                integrality=np.ones(len(names), dtype=np.int64),
                bounds=Bounds(np.array([low for low, _ in ends]), np.array([min(high, 1e5) for _, high in ends])),
            )
            for sign in (1, -1)
        ]
        assert all(answer.status == 0 for answer in answers), "the true counts are no solution"
        least, negative = (float(answer.fun) for answer in answers if answer.fun is not None)
        return round(-negative) - round(least) + 1

    def _tied_to(self, sought: Name) -> list[Name]:
        found, frontier = {sought}, [sought]
        while frontier:
            name = frontier.pop()
            for one in self.sums:
                if name in one:
                    new = {other for other in one if other not in self.known} - found
                    found |= new
                    frontier.extend(new)
        return sorted(found, key=repr)


Namer = Callable[[Mapping[str, object]], Name]


def name_in_attrition(row: Mapping[str, object]) -> Name:
    return ("n", row["arm"]) if row["step"] == 8 else ("step", row["step"], row["arm"])


def name_of_arm(row: Mapping[str, object]) -> Name:
    return "n", row["arm"]


def name_at_horizon(word: str) -> Namer:
    return lambda row: (word, row.get("arm", "all"), row.get("time", HORIZON))


def name_of_state(state: str) -> Namer:
    return lambda row: ("plan", row["arm"], row["domain"], row["checkpoint"], state)


def name_counted(row: Mapping[str, object]) -> Name:
    arm = row.get("arm", "all")
    return ("severity", arm, "custodial") if row["measure"] == "custodial_rate" else ("events", arm, HORIZON)


AT_HORIZON = {"n_events": name_at_horizon("events"), "n_left": name_at_horizon("left")}
ON_CURVE = {**AT_HORIZON, "n_at_risk": name_at_horizon("followed")}
NAMES: dict[str, dict[str, Namer]] = {
    "attrition": {
        "n_persons": name_in_attrition,
        "n_excluded": lambda row: ("excluded", row["step"], row["arm"]),
    },
    "baseline": {"n_persons": lambda row: ("baseline", row["arm"], row["variable"], row["level"])},
    "risk": {"n_persons": name_of_arm, **AT_HORIZON},
    "overall": {"n_persons": name_of_arm, **AT_HORIZON},
    "contrast": {"n_persons": lambda _: ("n", "all"), "n_events": name_at_horizon("events")},
    "curve": ON_CURVE,
    "survival": ON_CURVE,
    "continuity": {
        "n_persons": name_of_arm,
        "n_no_plan_recorded": lambda row: ("no plan", row["arm"], row["domain"]),
        "n_with_plan": lambda row: ("plan", row["arm"], row["domain"]),
        **{f"n_{state}": name_of_state(state) for state in STATES},
    },
    "severity": {"n_persons": lambda row: ("severity", row["arm"], row["tier"])},
    "frequency": {"n_persons": lambda row: ("times", row["arm"], row["times"])},
    "reoffending_set": {"n_persons": name_of_arm, "n_counted": name_counted},
    "reoffending_set_contrast": {"n_persons": lambda _: ("n", "all"), "n_counted": name_counted},
    "definition_panel": {"n_persons": name_of_arm},
    "sensitivity": {"n_persons": name_of_arm},
    "maturity": {"n_persons": lambda row: ("quarter", row["quarter"])},
    "left_out": {"n_persons": lambda row: ("left out", row["arm"], row["reason"])},
    "status": {"n_persons": lambda row: ("status", row["arm"], row["month"], row["state"])},
    "work_start": {"n_persons": name_of_arm, "n_started": lambda row: ("begun", row["arm"], row["month"])},
    "retention": {
        # Followed for 24 months, 12 of them after work began: these are who had begun within 12.
        "n_starters": lambda row: ("begun", row["arm"], 12),
        "n_working": lambda row: ("stayed", row["arm"], row["month"]),
    },
    "programme_end": {
        "n_persons": lambda row: ("end", row["end_state"]),
        "n_died": lambda row: ("died", row["end_state"]),
        "n_total": lambda row: ("cases", row["denominator"]),
    },
    "money_by_year": {"n_persons": lambda row: ("began", row["year"])},
}
"""Table and column to what a row of it counts."""


def read_tables(tables: Mapping[str, pl.DataFrame], attacker: Attacker) -> None:
    """Give every count of every table about persons the name of what it counts."""
    assert set(tables) == {*NAMES, "delivery"}, "a table that the attacker does not use"
    for table, columns in NAMES.items():
        unread = [name for name in tables[table].columns if name.startswith("n_") and not name.endswith("_status")]
        assert set(unread) == set(columns), f"{table}: a count that the attacker does not use"
        for row in tables[table].iter_rows(named=True):
            for column, name in columns.items():
                attacker.read(name(row), row[column], row[f"{column}_status"])


def add_attrition(attacker: Attacker) -> None:
    arms = {"all": range(2, 4), **dict.fromkeys(ARMS, range(4, 9))}
    for arm, steps in arms.items():
        for step in steps:
            after = ("n", arm) if step == 8 else ("step", step, arm)
            attacker.add_up([("step", step - 1, arm)], [after, ("excluded", step, arm)])
    attacker.add_up([("step", 3, "all")], [("step", 3, arm) for arm in ARMS])


def add_follow_up(attacker: Attacker, times: Mapping[str, Sequence[int]]) -> None:
    attacker.add_up([("n", "all")], [("n", arm) for arm in ARMS])
    for word in ("events", "left", "followed"):
        attacker.add_up([(word, "all", HORIZON)], [(word, arm, HORIZON) for arm in ARMS])
    for arm in ("all", *ARMS):
        points = sorted({*times.get(arm, ()), HORIZON})
        for point in points:
            attacker.add_up([("n", arm)], [(word, arm, point) for word in ("events", "left", "followed")])
        for before, point in pairwise(points):
            for word in ("events", "left"):
                attacker.among([(word, arm, point)], [(word, arm, before)])


def add_states(attacker: Attacker, baseline: pl.DataFrame, states: Sequence[str]) -> None:
    for arm in ARMS:
        for variable in baseline.get_column("variable").unique():
            levels = baseline.filter(pl.col("arm") == arm, pl.col("variable") == variable).get_column("level")
            attacker.add_up([("n", arm)], [("baseline", arm, variable, level) for level in levels])
        for month in MONTHS:
            attacker.add_up([("n", arm)], [("status", arm, month, state) for state in states])


def add_plans(attacker: Attacker) -> None:
    for arm in ARMS:
        for domain in ("any", *DOMAINS):
            attacker.add_up([("n", arm)], [("no plan", arm, domain), ("plan", arm, domain)])
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
                attacker.among(
                    [("plan", arm, "any", point, "continuing")], [("plan", arm, domain, point, "continuing")]
                )


def add_deaths(attacker: Attacker) -> None:
    """The dead stay dead, and the dead with a plan are some of the dead."""
    for arm in ARMS:
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


def add_left_out(attacker: Attacker) -> None:
    for arm in ARMS:
        events, left = ("events", arm, HORIZON), ("left", arm, HORIZON)
        attacker.among([("n", arm)], [("left out", arm, "offence_before_release")])
        attacker.among([("n", arm)], [events, ("left out", arm, "decided_too_late")])
        attacker.among([events, left], [("left out", arm, "dated_by_decision")])


def add_reoffending(attacker: Attacker, quarters: Sequence[str]) -> None:
    """Tell those who reoffended apart by how severe and how often; who did not is the same person in both."""
    tiers, times = ("custodial", "community", "fine", "other"), range(1, 6)
    for arm in ARMS:
        events, nobody = ("events", arm, HORIZON), ("severity", arm, "none")
        attacker.add_up([events], [("severity", arm, tier) for tier in tiers])
        attacker.add_up([events], [("times", arm, n) for n in times])
        attacker.add_up([("n", arm)], [events, nobody])
        attacker.add_up([nobody], [("times", arm, 0)])
    attacker.add_up([("severity", "all", "custodial")], [("severity", arm, "custodial") for arm in ARMS])
    attacker.add_up([("n", "all")], [("quarter", quarter) for quarter in quarters])


def add_work(attacker: Attacker) -> None:
    """Who has begun work or education stays so; whoever is at it on a day, and whoever stayed, has begun."""
    for arm in ARMS:
        begun: list[Name] = [("begun", arm, month) for month in MONTHS]
        for before, after in pairwise(begun):
            attacker.among([after], [before])
        for month, one in zip(MONTHS, begun, strict=True):
            attacker.among([("n", arm)], [one])
            attacker.among([one], [("status", arm, month, state) for state in ("employed", "in_education")])
        for month in (6, 12):
            attacker.among([("begun", arm, 12)], [("stayed", arm, month)])


def add_cases(attacker: Attacker, ends: pl.DataFrame, years: Sequence[int]) -> None:
    """Everybody on a list of cases has one end; the pilot arm, and who began in the budget years, are among them."""
    for (denominator,), part in ends.group_by("denominator"):
        attacker.add_up([("cases", denominator)], [("end", state) for state in part.get_column("end_state")])
    for state in ends.get_column("end_state").unique():
        attacker.among([("end", state)], [("died", state)])
    attacker.among([("cases", "enrolled")], [("began", year) for year in years])
    attacker.among([("cases", "referred")], [("n", "pilot")])


def attack(tables: Mapping[str, pl.DataFrame]) -> Attacker:
    attacker = Attacker()
    read_tables(tables, attacker)
    add_attrition(attacker)
    times = {arm: tables["curve"].filter(pl.col("arm") == arm).get_column("time").unique().to_list() for arm in ARMS}
    add_follow_up(attacker, times)
    add_states(attacker, tables["baseline"], tables["status"].get_column("state").unique().to_list())
    add_plans(attacker)
    add_deaths(attacker)
    add_left_out(attacker)
    add_work(attacker)
    add_reoffending(attacker, tables["maturity"].get_column("quarter").to_list())
    add_cases(attacker, tables["programme_end"], tables["money_by_year"].get_column("year").unique().to_list())
    return attacker


def true_counts(evaluation: Evaluation, attacker: Attacker) -> dict[Name, int]:
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
        for name, result in evaluation.items()
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


@pytest.fixture(scope="module", params=STUDIES, ids=lambda study: f"{study[0]}-{study[1]}")
def evaluation(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    persons, seed = request.param
    folder = tmp_path_factory.mktemp("study")
    return evaluate(load_study(synth(folder / "in", persons=persons, seed=seed)))


@pytest.fixture(scope="module")
def tables(evaluation: Evaluation) -> dict[str, pl.DataFrame]:
    released = release_all(tuple(evaluation.values()), load_policy("standard"))
    return {one.name: one.tidy() for one in released}


def test_no_count_of_a_few_follows_from_all_tables_together(
    evaluation: Evaluation, tables: dict[str, pl.DataFrame]
) -> None:
    attacker = attack(tables)
    truth = true_counts(evaluation, attacker)
    # Steps between the shown points of a curve are at least five; what hides between them is asked for below.
    sought = [name for name, value in truth.items() if 0 < value < MIN_CELL]
    asked = [name for name in sought if name in attacker.known or name in attacker.ends or name[0] == "rest of"]
    assert asked
    found = {name: attacker.n_values(name) for name in asked}
    assert {name: n for name, n in found.items() if n < NEEDED} == {}


def test_steps_of_a_curve_do_not_tell_how_few_left(evaluation: Evaluation, tables: dict[str, pl.DataFrame]) -> None:
    """Between two points d events made a step of 1 - r: those followed were d/(1-r) of them, if nobody left."""
    truth = evaluation["survival"].frame
    for arm in ARMS:
        rows = tables["survival"].filter(pl.col("arm") == arm).sort("time")
        n = truth.filter(pl.col("arm") == arm, pl.col("time") == 0).get_column("n_at_risk").item()
        if rows.get_column("estimate").null_count():
            continue
        unit = next(unit for unit in UNITS if unit >= 2 * MIN_CELL / n)
        points = list(
            zip(*(rows.get_column(c).to_list() for c in ("time", "estimate", "n_events", "n_left")), strict=True)
        )
        ends = bounds_from_steps(points, n, unit / 2)
        left = dict(truth.filter(pl.col("arm") == arm).select("time", "n_left").rows())
        for (time, _, _, shown), (least, most) in zip(points, ends, strict=True):
            assert least <= left[time] <= most, "the attack itself is wrong"
            if shown is None and 0 < left[time] < MIN_CELL:
                assert most - least + 1 >= NEEDED, (arm, n, time)


UNITS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5)


def bounds_from_steps(
    points: Sequence[tuple[int, float, int, int | None]], n: int, half: float
) -> list[tuple[int, int]]:
    """Bound how many had left by each point: all of them may have left at once, or after the last event."""
    least = [0 if shown is None else shown for *_, shown in points]
    most = [n - events if shown is None else shown for _, _, events, shown in points]
    for i, (time, before, events, _) in enumerate(points):
        low, high = (before, before) if time == 0 else (before - half, min(1.0, before + half))
        for j in range(i + 1, len(points)):
            d = points[j][2] - events
            kept_least, kept_most = max(0.0, points[j][1] - half) / high, (points[j][1] + half) / max(low, 1e-9)
            if d and kept_least < 1:
                most[i] = min(most[i], math.floor(n - events - d / (1 - kept_least) + 1e-9))
            if d and kept_most < 1:
                least[j] = max(least[j], math.ceil(n - events - d / (1 - kept_most) - 1e-9))
    for i in range(1, len(points)):
        least[i] = max(least[i], least[i - 1])
    for i in reversed(range(len(points) - 1)):
        most[i] = min(most[i], most[i + 1])
    return list(zip(least, most, strict=True))


def test_the_numbers_that_matter_are_shown(evaluation: Evaluation, tables: dict[str, pl.DataFrame]) -> None:
    risk = tables["risk"]
    for column in ("n_persons", "n_events", "estimate", "conf_low", "conf_high"):
        assert risk.get_column(column).null_count() == 0
    sizes = dict(risk.select("arm", "n_persons").rows())
    # Small arms lose single numbers of plans and states, but never the risk: which ones depends on the data.
    arms = [arm for arm in ARMS if sizes[arm] >= 1000]
    together = tables["continuity"].filter(pl.col("domain") == "any", pl.col("arm").is_in(arms))
    for column in ("n_persons", "n_with_plan", "n_continuing", "share"):
        assert together.get_column(column).null_count() == 0
    status = evaluation["status"].frame.filter(pl.col("arm").is_in(arms))
    large = status.filter(pl.col("n_persons") >= 50).select("arm", "month", "state")
    assert large.join(tables["status"], on=["arm", "month", "state"]).get_column("n_persons").null_count() == 0


def test_released_one_by_one_is_refused_and_would_leak(evaluation: Evaluation, tmp_path: Path) -> None:
    policy: Policy = load_policy("standard")
    apart: list[Released] = [release(result, policy) for result in evaluation.values()]
    with pytest.raises(DisclosureError, match="checked one by one"):
        write_bundle(tmp_path / "b", apart, study={}, definitions={}, provenance=evaluation.provenance)
    attacker = attack({one.name: one.tidy() for one in apart})
    truth = true_counts(evaluation, attacker)
    hidden = [name for name in attacker.ends if name not in attacker.known and 0 < truth[name] < MIN_CELL]
    shown = [name for name in attacker.known if name[0] == "rest of"]
    rests = [name for name in truth if name[0] == "rest of" and 0 < truth[name] < MIN_CELL]
    assert not shown
    assert any(attacker.n_values(name) == 1 for name in (*hidden, *rests)), "the joint check would not be needed"
