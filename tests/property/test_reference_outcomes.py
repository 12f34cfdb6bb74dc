"""DuckDB and the slow reference agree on what came first, by every preset and by definitions nobody has made yet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evalkit.outcomes import PRESETS, OutcomeDefinition, load_outcome, outcome_rules
from evalkit.shipped import shipped
from evalkit.warehouse import Model, Warehouse, load_models, open_warehouse
from tests.property.reference_outcomes import Act, Conferred, Exit, Life, Ruling, Stay, what_came_first

STAGING = Path(__file__).parents[1] / "sql" / "staging.sql"
GIVEN = ("analysis.cohort", "core.custody_stay", "core.death", "core.absence")
VINTAGES = [date(2023, 7, 1), date(2020, 2, 29), date(2018, 12, 31)]
EDGES = [-366, -31, -1, 0, 1, 2, 30, 31, 91, 92, 365, 366, 547, 548, 729, 730, 731, 732, 912, 1095, 1096, 1461, 1827]
ANCHORS = [date(2016, 6, 1), date(2016, 2, 29), date(2015, 12, 31), date(2017, 1, 1), date(2016, 8, 31)]
CODES = ["138072000", "125275210", "129275610", "112073110", "222080210", "139077112", None]
T = TypeVar("T")
Scene = tuple[date, list[OutcomeDefinition], list[Life]]


def mostly(usual: T, *others: T) -> st.SearchStrategy[T]:
    """Draw the usual value about every other time."""
    return st.sampled_from([usual] * len(others) + list(others))


def near(anchor: date) -> st.SearchStrategy[date]:
    """Draw days at which a rule may turn."""
    turns = [date(anchor.year + years, *day) for years in range(6) for day in ((12, 31), (1, 1))]
    offsets = st.one_of(st.sampled_from(EDGES), st.integers(-400, 1900))
    return st.one_of(offsets.map(lambda days: anchor + timedelta(days)), st.sampled_from(turns))


@st.composite
def definitions(draw: st.DrawFn) -> OutcomeDefinition:
    """A preset with any of its judgement calls changed."""
    outcome = load_outcome(draw(st.sampled_from(PRESETS)))
    deadlines: list[dict[str, Any]] = [
        {"calendar_years": 2},
        {"calendar_years": 3},
        {"months_after_follow_up": 6},
        {"days_after_follow_up": 30},
    ]
    changes: dict[str, Any] = {
        "follow_up_months": draw(st.sampled_from([6, 12, 24, 36])),
        "decision_deadline": draw(st.sampled_from(deadlines)),
        "waivers_count": draw(st.booleans()),
        "conferred_cases_count": draw(st.booleans()),
        "cleared_charges_count": draw(st.booleans()),
        "custody_kinds": draw(st.sampled_from([("remand",), ("remand", "serving"), ("serving", "home", "fine")])),
        "index_day_counts": draw(st.booleans()),
        "window_end_counts": draw(st.booleans()),
        "missing_offence_date": draw(st.sampled_from(["decision_date", "charge_date", "leave_out"])),
        "offence_interval": draw(st.sampled_from(["start", "end"])),
        "acts_dated": draw(st.sampled_from(["own", "case"])),
        "appeal": draw(st.sampled_from(["latest_in_time", "latest", "first"])),
        "tie_order": draw(st.permutations(("event", "death", "censoring"))),
        "residence": draw(st.sampled_from(["until_emigration", "resident_throughout", "ignored"])),
        "death": draw(st.sampled_from(["competes", "censors"])),
        "clock": draw(st.sampled_from(["calendar", "at_risk"])),
        "offences": draw(
            st.sampled_from([{}, {"include": ["12", "1380"], "exclude": ["1292"]}, {"exclude": ["2"], "include": []}])
        ),
    }
    wanted = draw(st.sets(st.sampled_from(sorted(changes))))
    content = {**outcome.model_dump(), **{name: changes[name] for name in wanted}}
    return OutcomeDefinition.model_validate(content)


@st.composite
def lives(draw: st.DrawFn) -> Life:
    """One person with cases under few numbers, so that they meet."""
    index = draw(st.sampled_from(ANCHORS))
    cases, days, offence = st.sampled_from("pqr"), near(index), st.sampled_from(CODES)
    act = st.builds(Act, cases, st.one_of(st.none(), days, days), st.none(), days, offence)
    acts = draw(st.lists(act, max_size=4))
    lasting = [draw(st.sampled_from([None, 0, 3, 40])) for _ in acts]
    ruling = st.builds(
        Ruling,
        journal=cases,
        day=days,
        code=mostly("1", "4", "2", "21", "11", "69", "22", "3", "81", "7"),
        offence=offence,
        fine=st.sampled_from([0.0, 1500.0, 2499.0, 2500.0, None]),
    )
    conferred = st.builds(Conferred, cases, st.sampled_from("qrs"), mostly("1", "0", "11", "2"), offence)
    return Life(
        index=index,
        acts=[
            Act(one.journal, one.start, one.start + timedelta(long), one.charged, one.offence)
            if one.start and long is not None
            else one
            for one, long in zip(acts, lasting, strict=True)
        ],
        # Which of two decisions in a case on one day is the last, nobody can say.
        rulings=draw(st.lists(ruling, max_size=4, unique_by=lambda one: (one.journal, one.day))),
        conferred=[
            one for one in draw(st.lists(conferred, max_size=2, unique_by=lambda one: one.own)) if one.main != one.own
        ],
        stays=draw(stays(index)),
        death=draw(st.one_of(st.none(), st.none(), days.filter(lambda day: day > index))),
        departures=draw(st.one_of(st.just([]), st.lists(days, max_size=2, unique=True))),
    )


@st.composite
def stays(draw: st.DrawFn, index: date) -> list[Stay]:
    """Stays after the index day that do not overlap."""
    found, day = [], index
    for _ in range(draw(st.integers(0, 2))):
        start = day + timedelta(draw(st.sampled_from([2, 60, 364, 365, 729, 730])))
        stop = start + timedelta(draw(st.sampled_from([1, 30, 400])))
        found.append(Stay(start, stop, draw(st.sampled_from(["remand", "serving", "home", "fine"]))))
        day = stop
    return found


@st.composite
def scenes(draw: st.DrawFn) -> Scene:
    presets = [load_outcome(name) for name in PRESETS]
    return (
        draw(st.sampled_from(VINTAGES)),
        [*presets, draw(definitions())],
        draw(st.lists(lives(), min_size=1, max_size=4)),
    )


class Outcomes:
    """A warehouse with the models that lead from the cohort and its crime to what came first."""

    def __init__(self, warehouse: Warehouse, models: Sequence[Model]) -> None:
        self.warehouse = warehouse
        self.models = models

    def exits(self, vintage: date, outcomes: Sequence[OutcomeDefinition], people: Sequence[Life]) -> dict[Any, Exit]:
        load(self.warehouse, people)
        rules = outcome_rules({str(place): outcome for place, outcome in enumerate(outcomes)}, vintage)
        parameters = {"vintage": vintage, "outcomes": rules}
        for model in self.models:
            values = {name: parameters[name] for name in model.parameters}
            self.warehouse.execute(f"CREATE OR REPLACE TABLE {model.name} AS {model.sql}", values)
        rows = self.warehouse.connection.execute(
            "SELECT outcome, person_key, exit_time, event_type, censoring_reason FROM analysis.time_to_event"
        ).fetchall()
        return {(int(outcome), person): (time, event, reason) for outcome, person, time, event, reason in rows}


@pytest.fixture(scope="module")
def outcomes() -> Iterator[Outcomes]:
    loaded = load_models(shipped("sql"))
    wanted = {"analysis.time_to_event"}
    for model in reversed(loaded):
        if model.name in wanted:
            wanted.update(set(model.reads) - set(GIVEN))
    with open_warehouse(threads=1) as warehouse:
        warehouse.execute(STAGING.read_text(encoding="utf-8"))
        warehouse.execute(
            """
            CREATE TABLE analysis.cohort (person_key BIGINT, episode INTEGER, arm VARCHAR, index_date DATE);
            CREATE TABLE core.custody_stay (person_key BIGINT, start_date DATE, stop_date DATE, kind VARCHAR);
            CREATE TABLE core.death (person_key BIGINT, death_date DATE);
            CREATE TABLE core.absence (person_key BIGINT, start_date DATE, stop_date DATE);
            """
        )
        yield Outcomes(warehouse, [model for model in loaded if model.name in wanted])


def load(warehouse: Warehouse, people: Sequence[Life]) -> None:
    keyed = list(enumerate(people, start=1))
    tables: dict[str, tuple[str, list[tuple[object, ...]]]] = {
        "analysis.cohort": (
            "person_key, episode, arm, index_date",
            [(key, 1, "pilot", one.index) for key, one in keyed],
        ),
        "core.custody_stay": (
            "person_key, start_date, stop_date, kind",
            [(key, stay.start, stay.stop, stay.kind) for key, one in keyed for stay in one.stays],
        ),
        "core.death": ("person_key, death_date", [(key, one.death) for key, one in keyed if one.death]),
        "core.absence": ("person_key, start_date", [(key, day) for key, one in keyed for day in one.departures]),
        "staging.krsi": (
            "person_key, journal, offence_start_date, offence_end_date, charge_date, offence_code",
            [(key, a.journal, a.start, a.end, a.charged, a.offence) for key, one in keyed for a in one.acts],
        ),
        "staging.kraf": (
            "person_key, journal, decision_date, decision_code, offence_code, fine_dkk",
            [(key, r.journal, r.day, r.code, r.offence, r.fine) for key, one in keyed for r in one.rulings],
        ),
        "staging.krko": (
            "person_key, journal, own_journal, decision_code, offence_code",
            [(key, c.main, c.own, c.code, c.offence) for key, one in keyed for c in one.conferred],
        ),
    }
    for table, (columns, rows) in tables.items():
        warehouse.execute(f"DELETE FROM {table}")  # noqa: S608 - a literal
        if rows:
            marks = ", ".join("?" * (columns.count(",") + 1))
            warehouse.connection.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)  # noqa: S608 - literals


def reference(scene: Scene) -> dict[Any, Exit]:
    vintage, asked, people = scene
    found = {
        (place, key): what_came_first(one, outcome, vintage)
        for place, outcome in enumerate(asked)
        for key, one in enumerate(people, start=1)
    }
    return {who: exit_ for who, exit_ in found.items() if exit_ is not None}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(scene=scenes())
def test_models_and_reference_agree(outcomes: Outcomes, scene: Scene) -> None:
    assert outcomes.exits(*scene) == reference(scene)


@pytest.mark.slow
@settings(max_examples=1000, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(scene=scenes())
def test_models_and_reference_agree_on_a_thousand_populations(outcomes: Outcomes, scene: Scene) -> None:
    assert outcomes.exits(*scene) == reference(scene)
