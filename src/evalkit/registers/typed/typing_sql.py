"""SQL that types the rows of a piece by their contract and names the first rule that each breaks.

A piece of a file is the view ``piece`` in the database: the layout's columns as text, ``_row`` and ``person_key``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from evalkit.registers.contracts.contract import Column, Contract, typed_columns
from evalkit.registers.contracts.matching import Matching
from evalkit.registers.sql_text import literal, quoted
from evalkit.registers.typed.rule_book import Check
from evalkit.registers.typed.typed_value import absent, code, number, sql_type, text_or_null, typed_value

__all__ = ["cells_table_sql", "insert_rows_sql", "rows_table_sql", "rows_view_sql", "typed_cell"]

_KEYS = {"_file": "INTEGER", "_row": "BIGINT", "person_key": "BIGINT"}


def rows_table_sql(table: str, contract: Contract, names: Collection[str]) -> str:
    """Write the statement that makes a delivery's table of rows.

    Parameters
    ----------
    table : str
        Its name as quoted SQL.
    contract : Contract
        The contract.
    names : collection of str
        The columns that any file of the delivery has; to store the others, all blank, would take as long again.

    Returns
    -------
    str
        SQL.
    """
    # Not made by a SELECT without rows: DuckDB 2.0 then misses rows inserted into it in the same transaction.
    there = {name: column for name, column in typed_columns(contract).items() if name in names}
    columns = [f"{quoted(name)} {sql_type(column)}" for name, column in there.items()]
    keys = [f"{name} {kind}" for name, kind in _KEYS.items()]
    return f"CREATE TABLE {table} ({', '.join([*keys, *columns, '_rule VARCHAR'])})"


def rows_view_sql(view: str, table: str, contract: Contract, names: Collection[str]) -> str:
    """Write the statement that shows a delivery's rows with all columns of the layout.

    Parameters
    ----------
    view, table : str
        The view's name and the table's, as quoted SQL.
    contract : Contract
        The contract.
    names : collection of str
        The columns that the table has.

    Returns
    -------
    str
        SQL.
    """
    columns = [
        quoted(name) if name in names else f"{absent(column)} AS {quoted(name)}"
        for name, column in typed_columns(contract).items()
    ]
    return f"CREATE VIEW {view} AS SELECT {', '.join([*_KEYS, *columns, '_rule'])} FROM {table}"  # noqa: S608 - identifiers


def cells_table_sql(table: str, *, dated: bool, numeric: bool) -> str:
    """Write the statement that makes a delivery's table of cells that became rows.

    Parameters
    ----------
    table : str
        Its name as quoted SQL.
    dated : bool
        The cells are runs of weeks or months, not single named cells.
    numeric : bool
        They hold numbers, not codes.

    Returns
    -------
    str
        SQL.
    """
    when = ["start_date DATE", "stop_date DATE"] if dated else ["name VARCHAR"]
    keys = [f"{name} {kind}" for name, kind in _KEYS.items()]
    return f"CREATE TABLE {table} ({', '.join([*keys, *when])}, value {'DOUBLE' if numeric else 'VARCHAR'})"


def insert_rows_sql(
    table: str, contract: Contract, names: Collection[str], matching: Matching, checks: Sequence[Check]
) -> str:
    """Write the statement that types a piece into a delivery's table.

    Parameters
    ----------
    table : str
        Its name as quoted SQL.
    contract : Contract
        The contract.
    names : collection of str
        The columns that the table has.
    matching : Matching
        The columns that the file has.
    checks : sequence of Check
        The file's checks.

    Returns
    -------
    str
        SQL with the parameter ``$file``, the file's number. Rows out of scope are left out; the others carry the name
        of the first rule that they break.
    """
    columns = typed_columns(contract)
    declared = {name: column for name, column in columns.items() if name in matching.declared}
    texts = [
        f"{text_or_null(column, f'piece.{quoted(name)}')} AS {quoted(f'text {name}')}"
        for name, column in declared.items()
    ]
    typed = [f"{_value(name, column, declared, contract)} AS {quoted(name)}" for name, column in columns.items()]
    stored = [quoted(name) for name in columns if name in names]
    out_of_scope = [check.broken for check in checks if check.kind == "scope"]
    keep = f" WHERE NOT ({' OR '.join(out_of_scope)})" if out_of_scope else ""
    return (
        f"INSERT INTO {table} "  # noqa: S608 - identifiers and our own SQL
        f"WITH texts AS (SELECT {', '.join(['_row', 'person_key', *texts])} FROM piece), "
        f"typed AS (SELECT {', '.join(['*', *typed])} FROM texts) "
        f"SELECT {', '.join(['$file', '_row', 'person_key', *stored, _first_broken(checks)])} FROM typed{keep}"
    )


def typed_cell(cell: str, *, numeric: bool) -> str:
    """Return SQL for the value of a cell that becomes a row; NULL when a number is due and none is there.

    Parameters
    ----------
    cell : str
        SQL of the cell's trimmed text.
    numeric : bool
        It holds a number, not a code.

    Returns
    -------
    str
        SQL.
    """
    return number(cell) if numeric else code(cell)


def _value(name: str, column: Column, declared: Mapping[str, Column], contract: Contract) -> str:
    if name not in declared:
        return absent(column)
    return typed_value(column, quoted(f"text {name}"), contract.no_date)


def _first_broken(checks: Sequence[Check]) -> str:
    cases = [
        f"WHEN {check.broken} THEN {literal(check.name)}"
        for check in checks
        if check.broken and check.kind in ("quarantine", "fail")
    ]
    return f"CASE {' '.join(cases)} END" if cases else "NULL"
