"""Hand-made tables in, the rows of one model, layout or rule out.

A table is a text, see `text_tables`. Columns that a given table leaves out are NULL; of the result only the expected
columns are looked at, but all of its rows.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date
from pathlib import Path

import pytest

from evalkit.shipped import shipped
from evalkit.warehouse import Model, Warehouse, build, load_models, open_warehouse
from tests.sql.cohort_parameters import COHORT_PARAMETERS
from tests.sql.outcome_parameters import OUTCOME_PARAMETERS
from tests.sql.status_parameters import STATUS_PARAMETERS
from tests.sql.text_tables import Row, fill, lines, rows_like
from tests.sql.typed_tables import create_staging, staging_check

__all__ = ["PARAMETERS"]

Check = Callable[..., None]

STAGING = Path(__file__).parent / "staging.sql"

# The values of reports/haandholdt_inklusion/study.toml and of the preset dst_two_year, written out on purpose.
PARAMETERS: Mapping[str, object] = {
    "vintage": date(2023, 7, 1),
    **COHORT_PARAMETERS,
    **OUTCOME_PARAMETERS,
    "resume_within_days": 30,
    "checkpoints_months": [3, 6, 12, 24],
    "offer_months": 0,
    "least_talks": 1,
    "agreements": [
        {"facility": "", "model": 1, "start_date": date(9999, 12, 31), "end_date": date(9999, 12, 31), "place": 0}
    ],
    "facility_municipalities": [{"facility": "", "municipality": ""}],
    "groupings": [],
    "phases": [{"phase": phase, "least_months": 0, "most_months": -1, "most_days": -1} for phase in ("", "whole")],
    "contact_rules": [{"rule": "", "phase": "", "every_days": 0, "every_months": 0, "from_month": 0, "until_month": 0}],
    "programme_offences": [],
    **STATUS_PARAMETERS,
    "assessments": [
        {"instrument": "", "from_days": 0, "window_days": 0, "lowest": 0.0, "highest": 0.0, "reliable_change": 0.0}
    ],
    "assessment_months": [3],
}


@pytest.fixture(scope="session")
def parameters() -> Mapping[str, object]:
    return PARAMETERS


@pytest.fixture(scope="session")
def models() -> Mapping[str, Model]:
    """All models by name, each after those that it reads."""
    return {model.name: model for model in load_models(shipped("sql"))}


@pytest.fixture(scope="session")
def _empty(models: Mapping[str, Model]) -> Iterator[Warehouse]:
    """A warehouse in which every table exists, with the types it really has, and no table has rows."""
    with open_warehouse(threads=1) as warehouse:
        warehouse.execute(STAGING.read_text(encoding="utf-8"))
        sources = {name: "empty" for model in models.values() for name in model.reads if name.startswith("staging.")}
        build(warehouse, tuple(models.values()), parameters=PARAMETERS, sources=sources)
        for name in models:
            warehouse.execute(f"DELETE FROM {name}")  # noqa: S608 - a model's name
        yield warehouse


@pytest.fixture
def warehouse(_empty: Warehouse) -> Iterator[Warehouse]:
    """The empty tables; whatever a test does to them is undone."""
    _empty.execute("BEGIN TRANSACTION")
    yield _empty
    _empty.execute("ROLLBACK")


@pytest.fixture
def check(warehouse: Warehouse, models: Mapping[str, Model]) -> Check:
    """Run one model on the given tables and compare its rows with the expected ones."""

    def run(model: str, given: Mapping[str, str], expected: str, **changed: object) -> None:
        fill(warehouse, given)
        assert _rows(warehouse, models[model], expected, changed) == lines(expected)[1:]

    return run


@pytest.fixture
def check_chain(warehouse: Warehouse, models: Mapping[str, Model]) -> Check:
    """Like `check`, but every model between the given tables, staging ones or others, and the named one is run too."""

    def run(model: str, given: Mapping[str, str], expected: str, **changed: object) -> None:
        fill(warehouse, given)
        for one in _upstream(models, model, given):
            values = {name: {**PARAMETERS, **changed}[name] for name in one.parameters}
            warehouse.execute(f"INSERT INTO {one.name} {one.sql}", values)
        assert _rows(warehouse, models[model], expected, changed) == lines(expected)[1:]

    return run


@pytest.fixture(scope="session")
def _layouts() -> Iterator[Warehouse]:
    """A warehouse with every layout's typed and staging tables, without rows."""
    with open_warehouse(threads=1) as warehouse:
        create_staging(warehouse)
        yield warehouse


@pytest.fixture
def registers(_layouts: Warehouse) -> Iterator[Warehouse]:
    """The empty tables of the layouts; whatever a test does to them is undone."""
    _layouts.execute("BEGIN TRANSACTION")
    yield _layouts
    _layouts.execute("ROLLBACK")


@pytest.fixture
def check_staging(registers: Warehouse) -> Check:
    """Run one layout's SELECT on the given typed rows and compare its rows with the expected ones."""
    return staging_check(registers)


@pytest.fixture
def broken_rows(registers: Warehouse) -> Callable[[str, str, str], list[int]]:
    """Say which of the given typed rows, counted from 1, break a rule of their layout."""

    def run(layout: str, holds: str, given: str) -> list[int]:
        fill(registers, {f"typed.{layout}": given})
        query = f"SELECT NOT coalesce({holds}, TRUE) AS broken FROM typed.{layout}"  # noqa: S608 - a contract's rule
        broken = registers.fetch(query)["broken"]
        return [number for number, one in enumerate(broken, start=1) if one]

    return run


@pytest.fixture
def across(registers: Warehouse) -> Callable[..., dict[str, tuple[int, int]]]:
    """Run one rule across registers on the given staging tables: rows looked at and broken, by layout."""
    checks = {model.name: model for model in load_models(shipped("sql"), layers=("checks",))}

    def run(name: str, **given: str) -> dict[str, tuple[int, int]]:
        fill(registers, {f"staging.{table}": text for table, text in given.items()})
        found = registers.fetch(checks[f"checks.{name}"].sql)
        assert found.columns == ["layout", "n_rows", "n_broken"]
        return {layout: (looked_at, broken) for layout, looked_at, broken in found.iter_rows()}

    return run


def _upstream(models: Mapping[str, Model], target: str, given: Collection[str]) -> list[Model]:
    wanted = set(models[target].reads) - set(given)
    for name in reversed(list(models)):
        if name in wanted:
            wanted.update(set(models[name].reads) - set(given))
    return [model for model in models.values() if model.name in wanted]


def _rows(warehouse: Warehouse, model: Model, expected: str, changed: Mapping[str, object]) -> list[Row]:
    values = {name: {**PARAMETERS, **changed}[name] for name in model.parameters}
    return rows_like(warehouse, model.sql, expected, values)
