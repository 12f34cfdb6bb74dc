"""Types a raw extract by its contract and says of each row which rule it breaks first, if any."""

from __future__ import annotations

from collections.abc import Sequence

from evalkit.registers.contract import Contract, Unpivot, typed_columns
from evalkit.registers.inspection import Inspection
from evalkit.registers.matching import Matching, iso_week_monday
from evalkit.registers.rule_book import Check
from evalkit.registers.sql_text import literal, quoted
from evalkit.registers.typed_value import absent, code, number, text_or_null, typed_value
from evalkit.warehouse import Warehouse

__all__ = ["scratch", "type_cells", "type_rows"]


def scratch(table: str) -> str:
    """Name the temporary table behind ``typed.<table>``, as quoted SQL.

    Parameters
    ----------
    table : str
        The table.

    Returns
    -------
    str
        The temporary table's name.
    """
    return quoted(f"typed_{table}")


def type_rows(warehouse: Warehouse, inspection: Inspection, checks: Sequence[Check]) -> None:
    """Make a temporary table of the typed rows, with ``_rule``, the number of the first check that a row breaks.

    Parameters
    ----------
    warehouse : Warehouse
        Where ``raw.<layout>`` and ``vault.person`` are.
    inspection : Inspection
        The extract.
    checks : sequence of Check
        Its checks; their numbers begin at 1.
    """
    layout, contract = inspection.spec.layout, inspection.contract
    warehouse.execute(_rows_sql(layout, contract, inspection.matching, checks))
    numbers = {check.name: number for number, check in enumerate(checks, start=1)}
    if contract.key:
        _mark_duplicates(warehouse, layout, contract, numbers["duplicate_key"])
    if contract.unpivot and contract.unpivot.type == "number":
        names = list(inspection.matching.unpivoted)
        first = numbers[f"{names[0]}_not_a_number"] if names else 0
        _mark_bad_cells(warehouse, layout, contract.unpivot.into, names, first)


def type_cells(warehouse: Warehouse, inspection: Inspection, unpivot: Unpivot) -> None:
    """Make a temporary table of the cells of the rows that broke no rule.

    Parameters
    ----------
    warehouse : Warehouse
        Where ``raw.<into>`` is; the typed rows hold no row with a broken rule any more.
    inspection : Inspection
        The extract.
    unpivot : Unpivot
        What the cells are.
    """
    cell = "trim(cell.value)"
    value = number(cell) if unpivot.type == "number" else code(cell)
    name, join = "cell.name", ""
    if unpivot.names == "iso_week":
        weeks = ((column, iso_week_monday(column)) for column in inspection.matching.unpivoted)
        listed = ", ".join(f"({literal(column)}, DATE '{monday}')" for column, monday in weeks)
        name, join = "week.week_start", f"JOIN (VALUES {listed}) AS week(name, week_start) ON week.name = cell.name"
    rows, cells = scratch(inspection.spec.layout), quoted(unpivot.into)
    warehouse.execute(
        f"CREATE OR REPLACE TEMP TABLE {scratch(unpivot.into)} AS "  # noqa: S608 - identifiers and our own SQL
        f"SELECT cell._row, typed.person_key, {name}, {value} AS value FROM raw.{cells} AS cell "
        f"JOIN {rows} AS typed ON typed._row = cell._row {join} WHERE {cell} <> '' ORDER BY cell._row, {name}"
    )


def _rows_sql(layout: str, contract: Contract, matching: Matching, checks: Sequence[Check]) -> str:
    columns = typed_columns(contract)
    texts = [
        f"{text_or_null(column, f'delivered.{quoted(name)}')} AS {quoted(f'text {name}')}"
        for name, column in columns.items()
        if name in matching.declared
    ]
    values = [
        f"{typed_value(column, quoted(f'text {name}'), contract.no_date)} AS {quoted(name)}"
        if name in matching.declared
        else f"{absent(column)} AS {quoted(name)}"
        for name, column in columns.items()
    ]
    cases = [f"WHEN {check.broken} THEN {number}" for number, check in enumerate(checks, start=1) if check.broken]
    names = ", ".join(["_row", "person_key", *(quoted(name) for name in columns)])
    person = _person_id(contract)
    return (
        f"CREATE OR REPLACE TEMP TABLE {scratch(layout)} AS "  # noqa: S608 - identifiers and our own SQL
        f"WITH texts AS (SELECT {', '.join(['delivered._row', 'person.person_key', *texts])} "
        f"FROM raw.{quoted(layout)} AS delivered LEFT JOIN vault.person AS person ON person.person_id = {person}), "
        f"typed AS (SELECT {', '.join(['*', *values])} FROM texts) "
        f"SELECT {names}, CASE {' '.join(cases)} END AS _rule FROM typed ORDER BY _row"
    )


def _person_id(contract: Contract) -> str:
    return f"trim(delivered.{quoted(contract.person.column)})"


def _mark_duplicates(warehouse: Warehouse, layout: str, contract: Contract, rule: int) -> None:
    key = ", ".join("person_key" if name == contract.person.column else quoted(name) for name in contract.key)
    table = scratch(layout)
    warehouse.execute(
        f"UPDATE {table} SET _rule = $rule WHERE _row IN (SELECT _row FROM ("  # noqa: S608 - identifiers
        f"SELECT _row, row_number() OVER (PARTITION BY {key} ORDER BY _row) AS nth FROM {table} WHERE _rule IS NULL"
        ") AS numbered WHERE nth > 1)",
        {"rule": rule},
    )


def _mark_bad_cells(warehouse: Warehouse, layout: str, into: str, names: list[str], first: int) -> None:
    if not names:
        return
    bad = f"trim(value) <> '' AND {number('trim(value)')} IS NULL"
    warehouse.execute(
        f"UPDATE {scratch(layout)} AS typed SET _rule = bad.rule FROM ("  # noqa: S608 - identifiers and our own SQL
        f"SELECT _row, $first - 1 + min(list_position($names, name)) AS rule FROM raw.{quoted(into)} "
        f"WHERE {bad} GROUP BY _row) AS bad WHERE bad._row = typed._row AND typed._rule IS NULL",
        {"names": names, "first": first},
    )
