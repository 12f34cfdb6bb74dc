"""Tables written as texts: a header, then one line a row, columns parted by ``|``; ``-`` is NULL."""

from __future__ import annotations

from collections.abc import Mapping

from evalkit.warehouse import Warehouse

__all__ = ["Row", "fill", "lines", "rows_like", "turned"]

Row = tuple[str, ...]


def fill(warehouse: Warehouse, given: Mapping[str, str]) -> None:
    """Insert the rows of texts into tables; columns that a text leaves out are NULL."""
    for table, text in given.items():
        header, *rows = lines(text, ordered=False)
        types = _types(warehouse, table)
        cells = ", ".join(f"CAST(${name} AS {types[name]})" for name in header)
        statement = f"INSERT INTO {table} ({', '.join(header)}) VALUES ({cells})"  # noqa: S608 - names of a test
        for row in rows:
            values = {name: None if cell == "-" else cell for name, cell in zip(header, row, strict=True)}
            warehouse.execute(statement, values)


def rows_like(warehouse: Warehouse, sql: str, expected: str, values: Mapping[str, object] | None = None) -> list[Row]:
    """Run a SELECT and return, sorted, all its rows with the columns that an expected text has."""
    warehouse.execute(f"CREATE OR REPLACE TEMP TABLE result AS {sql}", values)
    columns = ", ".join(f"coalesce(CAST({name} AS VARCHAR), '-')" for name in lines(expected)[0])
    return sorted(warehouse.fetch(f"SELECT {columns} FROM result").rows())  # noqa: S608 - names of a test


def lines(text: str, *, ordered: bool = True) -> list[Row]:
    """Part a text into its header and its rows, which are sorted unless that is not wanted."""
    header, *rows = [tuple(cell.strip() for cell in line.split("|")) for line in text.strip().splitlines()]
    return [header, *(sorted(rows) if ordered else rows)]


def turned(text: str) -> str:
    """Turn a text with one line a column into one with one line a row: what is too wide is written so."""
    columns = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    return "\n".join(" | ".join(row) for row in zip(*columns, strict=True))


def _types(warehouse: Warehouse, table: str) -> Mapping[str, str]:
    described = warehouse.fetch(f"SELECT column_name, column_type FROM (DESCRIBE {table})")  # noqa: S608 - names of a test
    return dict(described.iter_rows())
