"""Deliveries as the ingest leaves them, made by hand: typed rows in ``delivered`` and no file anywhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from evalkit.registers import Delivery, load_contract
from evalkit.registers.contracts.contract import typed_columns
from evalkit.registers.deliveries.delivery import remember
from evalkit.registers.evidence.profile import delivered_tables
from evalkit.registers.typed.typed_value import absent
from evalkit.registers.typed.typing_sql import cells_table_sql
from evalkit.warehouse import Warehouse

__all__ = ["Rows", "deliver", "profile_frame"]

Rows = Mapping[str, Sequence[Any]]


def deliver(
    warehouse: Warehouse, layout: str, vintage: date, rows: Rows, cells: Mapping[str, Rows] | None = None
) -> Delivery:
    """Take in a delivery: columns by name, `person_key` among them; what is left out is NULL."""
    contract = load_contract(layout)
    number = 1 + max((int(table.rpartition("_")[2]) for table in delivered_tables(warehouse)), default=0)
    columns = {name: absent(column) for name, column in typed_columns(contract).items()}
    columns |= {"_file": "1", "_row": "1", "person_key": "NULL", "_rule": "CAST(NULL AS VARCHAR)"}
    said = ", ".join(f'"{name}"' if name in rows else f'{empty} AS "{name}"' for name, empty in columns.items())
    with warehouse.rows("given", pl.DataFrame(rows)):
        warehouse.execute(f'CREATE TABLE delivered."{layout}_{number}" AS SELECT {said} FROM given')  # noqa: S608 - names of a test
    for unpivot in contract.unpivot:
        table, dated = f'delivered."{unpivot.into}_{number}"', unpivot.names != "text"
        warehouse.execute(cells_table_sql(table, dated=dated, numeric=unpivot.type == "number"))
        if unpivot.into in (cells or {}):
            with warehouse.rows("given", pl.DataFrame((cells or {})[unpivot.into])):
                warehouse.execute(f"INSERT INTO {table} BY NAME SELECT * FROM given")  # noqa: S608 - names of a test
    tables = tuple(f"staging.{table}" for table in (layout, *contract.tables))
    delivery = Delivery(number, layout, vintage, f"fingerprint {number}", (), tables)
    remember(warehouse, delivery)
    return delivery


def profile_frame(counts: Mapping[tuple[int | None, str, str, str], int], part: str = "kraf") -> pl.DataFrame:
    """Make a profile of counts by (year, measure, column, code)."""
    schema = {"part": pl.String, "year": pl.Int32, "measure": pl.String, "name": pl.String, "code": pl.String}
    rows = [(part, *key, n) for key, n in counts.items()]
    return pl.DataFrame(rows, schema={**schema, "n": pl.Int64}, orient="row")
