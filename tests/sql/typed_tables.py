"""Typed tables as the ingest leaves them, made from the contracts and without rows."""

from __future__ import annotations

from collections.abc import Callable

from evalkit.registers import layouts, load_contract
from evalkit.registers.contracts.contract import Contract, Unpivot, staging_sql
from evalkit.warehouse import Warehouse
from tests.sql.text_tables import fill, lines, rows_like

__all__ = ["create_staging", "create_typed", "staging_check", "staging_tables"]

_SQL_TYPES = {
    "text": "VARCHAR",
    "code": "VARCHAR",
    "date": "DATE",
    "integer": "INTEGER",
    "number": "DOUBLE",
    "flag": "BOOLEAN",
}


def create_typed(warehouse: Warehouse, layout: str, contract: Contract) -> None:
    """Create ``typed.<layout>``, with ``person_key`` in place of the pseudonym, and the tables its columns become."""
    warehouse.execute("CREATE SCHEMA IF NOT EXISTS typed")
    columns = [
        f'"{name}" {_SQL_TYPES[column.type]}'
        for name, column in contract.columns.items()
        if name != contract.person.column
    ]
    warehouse.execute(f'CREATE TABLE typed."{layout}" (person_key BIGINT, {", ".join(columns)})')
    for unpivot in contract.unpivot:
        warehouse.execute(f'CREATE TABLE typed."{unpivot.into}" (person_key BIGINT, {_cells(unpivot)})')


def create_staging(warehouse: Warehouse) -> None:
    """Create the typed and the staging table of everything that any layout becomes."""
    for layout in layouts():
        create_typed(warehouse, layout, load_contract(layout))
    for table in staging_tables():
        warehouse.execute(f'CREATE TABLE staging."{table}" AS {staging_sql(table)}')


def staging_check(warehouse: Warehouse) -> Callable[[str, str, str], None]:
    """Return what runs a layout's SELECT on given typed rows and compares its rows with the expected ones."""

    def run(table: str, given: str, expected: str) -> None:
        fill(warehouse, {f"typed.{table}": given})
        assert rows_like(warehouse, staging_sql(table), expected) == lines(expected)[1:]

    return run


def staging_tables() -> list[str]:
    """Name the staging tables of all layouts."""
    return [table for layout in layouts() for table in (layout, *load_contract(layout).tables)]


def _cells(unpivot: Unpivot) -> str:
    value = f"value {_SQL_TYPES[unpivot.type]}"
    return f"name VARCHAR, {value}" if unpivot.names == "text" else f"start_date DATE, stop_date DATE, {value}"
