"""Runs a layout's SELECTs over its typed rows: ``typed.<table>`` → ``staging.<table>``.

``typed.<table>`` is there only while the SELECT runs: the layout's columns with their types, ``person_key`` in place of
the pseudonym, and no row that broke a rule.
"""

from __future__ import annotations

from collections.abc import Sequence

from evalkit.errors import ModelError
from evalkit.registers.contract import staging_sql
from evalkit.registers.inspection import Inspection
from evalkit.registers.rule_book import Check
from evalkit.registers.screening import quarantine_rows
from evalkit.registers.sql_text import quoted
from evalkit.registers.typing_pass import scratch, type_cells
from evalkit.warehouse import Warehouse

__all__ = ["drop_scratch", "stage"]


def stage(warehouse: Warehouse, inspection: Inspection, checks: Sequence[Check]) -> tuple[int, int]:
    """Quarantine the rows that broke a rule and stage the others.

    Parameters
    ----------
    warehouse : Warehouse
        Where the typed rows are.
    inspection : Inspection
        The extract.
    checks : sequence of Check
        Its checks.

    Returns
    -------
    tuple of int
        Rows staged and rows quarantined, counted in the tables.

    Raises
    ------
    ModelError
        When a layout's SELECT is wrong.
    """
    layout, contract = inspection.spec.layout, inspection.contract
    quarantine_rows(warehouse, inspection, checks)
    if contract.unpivot:
        type_cells(warehouse, inspection, contract.unpivot)
    warehouse.execute("CREATE SCHEMA typed")
    for table in (layout, *contract.tables):
        _stage_table(warehouse, table)
    # A table dropped in the transaction that made it cannot be committed; hence views over temporary tables.
    warehouse.execute("DROP SCHEMA typed CASCADE")
    n_quarantined = warehouse.fetch(
        "SELECT count(*) AS n FROM quarantine.row WHERE layout = $layout", {"layout": layout}
    ).item()
    return warehouse.count(f"staging.{layout}"), int(n_quarantined)


def drop_scratch(warehouse: Warehouse, inspection: Inspection) -> None:
    """Drop the temporary tables of a layout.

    Parameters
    ----------
    warehouse : Warehouse
        Where they are.
    inspection : Inspection
        The extract.
    """
    for table in (inspection.spec.layout, *inspection.contract.tables):
        warehouse.execute(f"DROP TABLE IF EXISTS {scratch(table)}")


def _stage_table(warehouse: Warehouse, table: str) -> None:
    warehouse.execute(f"CREATE VIEW typed.{quoted(table)} AS SELECT * FROM temp.{scratch(table)}")  # noqa: S608 - identifiers
    try:
        warehouse.execute(f"CREATE TABLE staging.{quoted(table)} AS {staging_sql(table)}")
    except ModelError as error:
        raise ModelError(f"sql/staging/{table}.sql: {error}") from None
