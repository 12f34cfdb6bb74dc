"""What the layouts' SELECTs give is what the core models and the rules across registers read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from evalkit.warehouse import Model, Warehouse, build, open_warehouse
from tests.sql.typed_tables import create_staging, staging_tables

CORE_EXPECTS = Path(__file__).with_name("staging.sql")


def columns_of(warehouse: Warehouse) -> dict[str, list[tuple[str, str]]]:
    found = warehouse.fetch(
        "SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE schema_name = 'staging' "
        "ORDER BY table_name, column_index"
    )
    columns: dict[str, list[tuple[str, str]]] = {}
    for table, name, kind in found.iter_rows():
        columns.setdefault(table, []).append((name, kind))
    return columns


@pytest.mark.parametrize("table", staging_tables())
def test_staged_columns_are_snake_case_after_the_person_key(table: str, registers: Warehouse) -> None:
    columns = columns_of(registers)[table]
    assert columns[0] == ("person_key", "BIGINT")
    assert [name for name, _ in columns if not re.fullmatch(r"[a-z][a-z0-9_]*", name)] == []
    assert len({name for name, _ in columns}) == len(columns)


def test_the_layouts_give_what_the_core_tests_fill_by_hand(registers: Warehouse) -> None:
    with open_warehouse() as core:
        core.execute(CORE_EXPECTS.read_text(encoding="utf-8"))
        expected = columns_of(core)
    made = columns_of(registers)
    missing = {table: set(columns) - set(made.get(table, [])) for table, columns in expected.items()}
    assert {table: columns for table, columns in missing.items() if columns} == {}


def test_the_core_models_run_on_what_the_layouts_give(
    models: Mapping[str, Model], parameters: Mapping[str, object]
) -> None:
    core = [model for model in models.values() if model.name.startswith("core.")]
    sources = {name: "empty" for model in core for name in model.reads if name.startswith("staging.")}
    with open_warehouse() as warehouse:
        create_staging(warehouse)
        runs = build(warehouse, core, parameters=parameters, sources=sources)
    assert len(runs) == len(core) > 10


@pytest.mark.parametrize(
    ("followed", "successors"), [("vnds", ("vnds_hist", "vnds_ud", "vnds_ind")), ("kvp", ("kvp_2024",))]
)
def test_layouts_of_one_fact_give_the_same_columns(
    followed: str, successors: tuple[str, ...], registers: Warehouse
) -> None:
    made = columns_of(registers)
    assert [made[successor] for successor in successors] == [made[followed]] * len(successors)
