"""Puts made-up lives, one a person, into tables that stand empty otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from evalkit.warehouse import Warehouse

__all__ = ["fill"]

Rows = Mapping[str, Sequence[tuple[object, ...]]]


def fill(warehouse: Warehouse, tables: Sequence[str], lives: Sequence[Rows]) -> None:
    """Empty the tables and put in each life's rows, a table's first column being the person's key."""
    for table in tables:
        warehouse.execute(f"DELETE FROM {table}")  # noqa: S608 - names of a test
    for key, rows in enumerate(lives, start=1):
        for table, values in rows.items():
            for row in values:
                cells = {f"c{place}": cell for place, cell in enumerate((key, *row))}
                named = ", ".join(f"${name}" for name in cells)
                warehouse.execute(f"INSERT INTO {table} VALUES ({named})", cells)  # noqa: S608 - names of a test
