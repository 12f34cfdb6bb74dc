"""Nothing that happens after the index date changes who is studied, from when, in which arm, and how they looked then.

Custody itself is kept whole: that somebody who is back inside within the merge gap was not released is known a day
later, in both arms alike. So are the yearly readings of the population register, which tell of earlier days.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evalkit.cohorts import CohortDefinition, cohort_parameters
from evalkit.cohorts.covariates import covariates
from evalkit.shipped import shipped
from evalkit.warehouse import Model, Warehouse, build, load_models, open_warehouse
from tests.property.careers import load
from tests.property.reference_records import Charge, Custody, Decision, Offer, Person, Reading, Spell
from tests.sql.outcome_parameters import OUTCOME_PARAMETERS

STAGING = Path(__file__).parents[1] / "sql" / "staging.sql"
COHORT = CohortDefinition.model_validate(
    {
        "index_start": date(2016, 1, 1),
        "index_end": date(2020, 1, 1),
        "pilot_municipalities": ["316", "615"],
        "covariates": list(covariates()),
        "require": [
            {"step": "municipality_known"},
            {"step": "resident"},
            {"step": "vulnerability", "any_of": ["on_cash_benefit", "without_work"]},
        ],
    }
)
PARAMETERS: dict[str, object] = {
    **OUTCOME_PARAMETERS,
    **cohort_parameters(COHORT),
    "vintage": date(2023, 7, 1),
    "follow_up_months": 24,
    "min_paid_hours": 0.0,
    "no_support_codes": ["997"],
}
Row = tuple[object, ...]
RELEASE = date(2017, 6, 15)
DAYS = st.sampled_from([-900, -400, -200, -91, -30, -1, 0, 1, 2, 30, 90, 200, 400]).map(
    lambda days: RELEASE + timedelta(days)
)


@st.composite
def released(draw: st.DrawFn) -> Person:
    """Somebody who was released on one day, with all else on days around it."""
    return Person(
        birth=date(1985, 5, 5),
        custody=[Custody("a", RELEASE - timedelta(90), RELEASE, "5")],
        readings=[Reading(date(2015, 12, 31), draw(st.sampled_from(["101", "316"])), date(2010, 1, 1))],
        moves=[(day, draw(st.sampled_from(["out", "in"]))) for day in draw(st.sets(DAYS, max_size=1))],
        death=draw(st.none() | DAYS),
        charges=[Charge("a", draw(DAYS), "138072000")],
        decisions=[
            Decision(draw(st.sampled_from("ab")), day, draw(st.sampled_from(["1", "11"])), "138072000", None)
            for day in draw(st.sets(DAYS, max_size=3))
        ],
        offers=[Offer(day, day) for day in draw(st.sets(DAYS, max_size=1))],
        jobs=[(day, 37.0) for day in draw(st.sets(DAYS, max_size=2))],
        courses=[Spell(day, day + timedelta(500)) for day in draw(st.sets(DAYS, max_size=1))],
        benefit_weeks=[(day - timedelta(day.weekday()), "730") for day in draw(st.sets(DAYS, max_size=2))],
    )


def known_by(person: Person, day: date) -> Person:
    """Forget all that happened to somebody after a day, but custody."""
    return replace(
        person,
        moves=[one for one in person.moves if one[0] <= day],
        death=person.death if person.death and person.death <= day else None,
        charges=[one for one in person.charges if one.offence_day is None or one.offence_day <= day],
        decisions=[one for one in person.decisions if one.day <= day],
        offers=[one for one in person.offers if one.day <= day],
        jobs=[one for one in person.jobs if one[0] <= day],
        courses=[one for one in person.courses if one.start <= day],
        # A week that begins before the day is known, but not that it went on.
        benefit_weeks=[one for one in person.benefit_weeks if one[0] <= day],
    )


class Models:
    """A warehouse with the models from staging to the characteristics."""

    def __init__(self, warehouse: Warehouse, models: tuple[Model, ...]) -> None:
        self.warehouse = warehouse
        self.models = models

    def tell(self, careers: Sequence[Person]) -> tuple[dict[int, Row], list[Row]]:
        """Return who is in the study, and all their characteristics."""
        load(self.warehouse, careers)
        for model in self.models:
            self.warehouse.execute(f"DELETE FROM {model.name}")  # noqa: S608 - a model's name
            values = {name: PARAMETERS[name] for name in model.parameters}
            self.warehouse.execute(f"INSERT INTO {model.name} {model.sql}", values)
        cohort = self.warehouse.connection.execute(
            "SELECT person_key, index_date, arm, municipality, age_years FROM analysis.cohort"
        ).fetchall()
        levels = self.warehouse.connection.execute(
            "SELECT person_key, variable, level, value FROM analysis.characteristic ORDER BY ALL"
        ).fetchall()
        return {row[0]: row[1:] for row in cohort}, levels


@pytest.fixture(scope="module")
def baseline_models() -> Iterator[Models]:
    wanted = {"analysis.characteristic"}
    loaded = load_models(shipped("sql"))
    for model in reversed(loaded):
        if model.name in wanted:
            wanted.update(model.reads)
    models = tuple(model for model in loaded if model.name in wanted)
    with open_warehouse(threads=1) as warehouse:
        warehouse.execute(STAGING.read_text(encoding="utf-8"))
        sources = {name: "generated" for model in models for name in model.reads if name.startswith("staging.")}
        build(warehouse, models, parameters=PARAMETERS, sources=sources)
        yield Models(warehouse, models)


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(careers=st.lists(released(), min_size=10, max_size=15))
def test_the_future_changes_nothing(baseline_models: Models, careers: list[Person]) -> None:
    cohort, levels = baseline_models.tell(careers)
    then = [
        known_by(person, day) if key in cohort and isinstance(day := cohort[key][0], date) else person
        for key, person in enumerate(careers, start=1)
    ]
    assert baseline_models.tell(then) == (cohort, levels)


def test_every_covariate_is_asked() -> None:
    assert [one.name for one in COHORT.baseline] == list(covariates())
