"""DuckDB and the reference engine agree on generated careers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from evalkit.shipped import shipped
from evalkit.warehouse import Model, Warehouse, build, load_models, open_warehouse
from tests.property.careers import Careers, load
from tests.property.reference_engine import Account, Rules, account_for
from tests.property.reference_records import Person
from tests.sql.cohort_parameters import COHORT_PARAMETERS
from tests.sql.outcome_parameters import FINES, NOT_GUILTY, OUTCOME_PARAMETERS
from tests.sql.status_parameters import STATUS_PARAMETERS

STAGING = Path(__file__).parents[1] / "sql" / "staging.sql"
PARAMETERS: Mapping[str, object] = {
    "vintage": date(2023, 7, 1),
    **COHORT_PARAMETERS,
    **OUTCOME_PARAMETERS,
    **STATUS_PARAMETERS,
}
RULES = Rules(
    vintage=date(2023, 7, 1),
    not_guilty=frozenset(NOT_GUILTY),
    fines=frozenset(FINES),
)
Told = dict[str, object]
TARGETS = ("core.custody_stay", "core.absence", "analysis.time_to_event", "analysis.status_day")


class Models:
    """A warehouse with the models that lead from staging to what the two engines are compared on."""

    def __init__(self, warehouse: Warehouse, models: tuple[Model, ...]) -> None:
        self.warehouse = warehouse
        self.models = models

    def accounts_for(self, careers: Sequence[Person]) -> list[Told]:
        load(self.warehouse, careers)
        for model in self.models:
            self.warehouse.execute(f"DELETE FROM {model.name}")  # noqa: S608 - a model's name
            values = {name: PARAMETERS[name] for name in model.parameters}
            self.warehouse.execute(f"INSERT INTO {model.name} {model.sql}", values)
        return from_models(self.warehouse, len(careers))


@pytest.fixture(scope="module")
def duckdb_models() -> Iterator[Models]:
    wanted = set(TARGETS)
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


def told(account: Account) -> Told:
    """What the reference engine says, in plain values."""
    index = account.index
    return {
        "stays": [(stay.start, stay.stop, stay.what, stay.ended) for stay in account.stays],
        "absences": [(absence.start, absence.stop) for absence in account.absences],
        "index": [(index.admission, index.release, index.steps, index.arm or "unassigned")] if index else [],
        "exit": [account.exit] if account.exit else [],
        "statuses": sorted(account.statuses.items()),
    }


def from_models(warehouse: Warehouse, n_persons: int) -> list[Told]:
    """What the models say, in the same plain values."""
    queries = {
        "stays": "SELECT person_key, start_date, stop_date, kind, release_type FROM core.custody_stay ORDER BY 1, 2",
        "absences": "SELECT person_key, start_date, stop_date FROM core.absence ORDER BY 1, 2",
        "index": """
            SELECT person_key, admission_date, release_date, n_steps_passed, index_event.arm
            FROM analysis.index_event JOIN analysis.candidate USING (person_key, event_number)
        """,
        "exit": "SELECT person_key, exit_time, event_type, censoring_reason FROM analysis.time_to_event",
        "statuses": "SELECT person_key, month, state FROM analysis.status_day ORDER BY 1, 2",
    }
    found: list[Told] = [{name: [] for name in queries} for _ in range(n_persons)]
    for name, query in queries.items():
        for key, *values in warehouse.connection.execute(query).fetchall():
            said = found[key - 1][name]
            if isinstance(said, list):
                said.append(tuple(values))
    return found


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(careers=Careers)
def test_models_and_reference_engine_agree(duckdb_models: Models, careers: list[Person]) -> None:
    assert duckdb_models.accounts_for(careers) == [told(account_for(person, RULES)) for person in careers]


@pytest.mark.slow
@settings(max_examples=3000, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(careers=Careers)
def test_models_and_reference_engine_agree_on_many(duckdb_models: Models, careers: list[Person]) -> None:
    assert duckdb_models.accounts_for(careers) == [told(account_for(person, RULES)) for person in careers]
