"""Shows chosen deliveries as ``staging``: views over their rows, so that choosing another vintage moves no row.

``typed.<layout>`` is the layout's columns with their types, ``person_key`` in place of the pseudonym, and no row that
broke a rule; ``staging.<layout>`` is the layout's SELECT over it.
"""

from __future__ import annotations

from collections.abc import Iterable

from evalkit.errors import ModelError
from evalkit.registers.contracts.contract import Contract, load_contract, staging_sql, typed_columns
from evalkit.registers.deliveries.delivery import Delivery
from evalkit.registers.sql_text import quoted
from evalkit.warehouse import Warehouse

__all__ = ["show"]


def show(warehouse: Warehouse, deliveries: Iterable[Delivery]) -> None:
    """Make ``typed`` and ``staging`` the views of some deliveries and of nothing else.

    Parameters
    ----------
    warehouse : Warehouse
        Where the deliveries are; inside a transaction.
    deliveries : iterable of Delivery
        One a layout.

    Raises
    ------
    ModelError
        When a layout's SELECT is wrong.
    """
    for schema in ("staging", "typed"):
        warehouse.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
        warehouse.execute(f"CREATE SCHEMA {schema}")
    for one in deliveries:
        contract = load_contract(one.layout)
        warehouse.execute(_typed_rows(one, contract))
        for unpivot in contract.unpivot:
            warehouse.execute(
                f"CREATE VIEW typed.{quoted(unpivot.into)} AS SELECT * EXCLUDE (_file, _row) "  # noqa: S608 - identifiers
                f"FROM delivered.{quoted(f'{unpivot.into}_{one.number}')}"
            )
        for table in (one.layout, *contract.tables):
            _stage(warehouse, table)


def _typed_rows(delivery: Delivery, contract: Contract) -> str:
    names = ", ".join(["person_key", *(quoted(name) for name in typed_columns(contract))])
    table = quoted(f"{delivery.layout}_{delivery.number}")
    return f"CREATE VIEW typed.{quoted(delivery.layout)} AS SELECT {names} FROM delivered.{table} WHERE _rule IS NULL"  # noqa: S608 - identifiers


def _stage(warehouse: Warehouse, table: str) -> None:
    try:
        warehouse.execute(f"CREATE VIEW staging.{quoted(table)} AS {staging_sql(table)}")
    except ModelError as error:
        raise ModelError(f"sql/staging/{table}.sql: {error}") from None
