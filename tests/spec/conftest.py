"""Register rows as text in, what a definition makes of them out, as a plain dict.

Every table is staged as the registers' own models would leave it; every model of the shipped study is then run with
the study's own choices. A table is a header and one line a row, columns parted by ``|``; ``-`` is NULL.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from evalkit.outcomes import OutcomeDefinition, outcome_rules
from evalkit.shipped import shipped
from evalkit.study import Study, load_study
from evalkit.study_models import parameters
from evalkit.warehouse import Model, Warehouse, build, load_models, open_warehouse

Told: TypeAlias = Callable[..., dict[Any, Any]]
Tell: TypeAlias = Callable[..., Warehouse]

EMPTY_STAGING = Path(__file__).parents[1] / "sql" / "staging.sql"

# Person 1: born in 1990, lives in Copenhagen, in prison from 1 March to 1 June 2016.
PERSON_1 = {
    "bef": """
        person_key | birth_date | sex | municipality | origin | reference_date | moved_in_date
        1          | 1990-01-01 | man | 101          | danish | 2015-12-31     | 2010-01-01
        """,
    "krin": """
        person_key | journal | admission_date | release_date | custody_code | facility
        1          | index   | 2016-03-01     | 2016-06-01   | 5            | F001
        """,
}


@pytest.fixture(scope="session")
def study() -> Study:
    return load_study(shipped("reports") / "haandholdt_inklusion" / "study.toml")


@pytest.fixture(scope="session")
def _choices(study: Study) -> Mapping[str, object]:
    return parameters(study)


@pytest.fixture(scope="session")
def _models() -> tuple[Model, ...]:
    return load_models(shipped("sql"))


@pytest.fixture(scope="session")
def _empty(_choices: Mapping[str, object], _models: tuple[Model, ...]) -> Iterator[Warehouse]:
    """Hold every table, with its types and without rows."""
    with open_warehouse(threads=1) as warehouse:
        warehouse.execute(EMPTY_STAGING.read_text(encoding="utf-8"))
        sources = {name: "empty" for model in _models for name in model.reads if name.startswith("staging.")}
        build(warehouse, _models, parameters=_choices, sources=sources)
        yield warehouse


@pytest.fixture
def _told(_empty: Warehouse, _choices: Mapping[str, object], _models: tuple[Model, ...]) -> Iterator[Tell]:
    _empty.execute("BEGIN TRANSACTION")

    def tell(tables: Mapping[str, str], target: str, **changed: object) -> Warehouse:
        for given in (PERSON_1, tables):
            for table, text in given.items():
                _fill(_empty, f"staging.{table}", text)
        for model in _upstream(_models, target):
            _empty.execute(f"DELETE FROM {model.name}")  # noqa: S608 - a model's name
            values = {name: {**_choices, **changed}[name] for name in model.parameters}
            _empty.execute(f"INSERT INTO {model.name} {model.sql}", values)
        return _empty

    yield tell
    _empty.execute("ROLLBACK")


@pytest.fixture
def arms(_told: Tell) -> Told:
    """Return person to arm and index date, of those in the study."""

    def run(**tables: str) -> dict[Any, Any]:
        rows = _told(tables, "analysis.cohort").fetch(
            "SELECT person_key, arm || ' ' || index_date FROM analysis.cohort ORDER BY person_key"
        )
        return dict(rows.iter_rows())

    return run


@pytest.fixture
def first_event(_told: Tell, _choices: Mapping[str, object]) -> Told:
    """Return person to what came first after release by an outcome, and on which day after it."""

    def run(outcome: OutcomeDefinition, **tables: str) -> dict[Any, Any]:
        vintage = _choices["vintage"]
        assert isinstance(vintage, date)
        changed = {
            "outcomes": outcome_rules({"primary": outcome}, vintage),
            "follow_up_months": outcome.follow_up_months,
        }
        warehouse = _told(tables, "analysis.time_to_event", **changed)
        rows = warehouse.fetch(
            """
            SELECT
                person_key,
                CASE
                    WHEN event_type = 1 THEN 'reoffended'
                    WHEN event_type = 2 THEN 'died'
                    WHEN censoring_reason = 'died' THEN 'died (censored)'
                    ELSE censoring_reason
                END || ' ' || exit_time
            FROM analysis.time_to_event
            """
        )
        warehouse.execute("ROLLBACK")
        warehouse.execute("BEGIN TRANSACTION")
        return dict(rows.iter_rows())

    return run


@pytest.fixture
def plan(_told: Tell) -> Told:
    """Return months to where person 1's plan stands; 0 is the first 30 days."""

    def run(*, domain: str = "any", **tables: str) -> dict[Any, Any]:
        rows = _told(tables, "analysis.continuity_state").fetch(
            "SELECT months, state FROM analysis.continuity_state WHERE domain = $domain AND n_persons > 0",
            {"domain": domain},
        )
        return dict(rows.iter_rows())

    return run


@pytest.fixture
def states(_told: Tell) -> Told:
    """Return months to person 1's one state."""

    def run(**tables: str) -> dict[Any, Any]:
        rows = _told(tables, "analysis.status_day").fetch("SELECT month, state FROM analysis.status_day ORDER BY month")
        return dict(rows.iter_rows())

    return run


def _upstream(models: tuple[Model, ...], target: str) -> list[Model]:
    wanted = {target}
    for model in reversed(models):
        if model.name in wanted:
            wanted.update(model.reads)
    return [model for model in models if model.name in wanted]


def _fill(warehouse: Warehouse, table: str, text: str) -> None:
    lines = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    types = dict(warehouse.fetch(f"SELECT column_name, column_type FROM (DESCRIBE {table})").iter_rows())  # noqa: S608 - a name
    for row in lines[1:]:
        cells = ", ".join(f"CAST(${name} AS {types[name]})" for name in lines[0])
        values = {name: None if cell == "-" else cell for name, cell in zip(lines[0], row, strict=True)}
        warehouse.execute(f"INSERT INTO {table} ({', '.join(lines[0])}) VALUES ({cells})", values)  # noqa: S608 - names
