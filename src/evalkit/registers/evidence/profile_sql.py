"""SQL that counts a delivery by year: rows, persons, blanks of each column, codes, and the cells that became rows."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from evalkit.registers.contracts.contract import Contract, Unpivot, typed_columns
from evalkit.registers.evidence.dating import dating_column, year_sql
from evalkit.registers.sql_text import quoted

__all__ = ["BLANKS", "CODES", "OTHER_CODES", "ProfileSql", "filled_sql", "profile_sql"]

BLANKS, CODES = "blank ", "codes "
"""What the columns of the counts of rows begin with, before the column that they are about."""

OTHER_CODES = "(other)"
"""Stands for the codes of a column without a code list that are not shown, taken together."""

# A short code is no person's value; anything longer may have slipped in from another column. Of a long one that is at
# least written as codes are, the first two signs are shown: in a classification they are the group that it is in.
_BEGINNING = f"CASE WHEN regexp_full_match(code, '[A-Za-z0-9.-]+') THEN left(code, 2) || '…' ELSE '{OTHER_CODES}' END"
_SHORT = f"CASE WHEN regexp_full_match(code, '[A-Za-z0-9-]{{1,4}}') THEN code ELSE {_BEGINNING} END"
# A week is of the year that its Monday is in; the week of 7 January is the year's first.
_MONDAY = "CAST(date_trunc('week', make_date({}, 1, 7)) AS DATE)"
_DATED_CELLS = {
    "iso_week": (
        "year(stop_date - 7)",
        f"(least(stop_date, {_MONDAY.format('year + 1')}) - greatest(start_date, {_MONDAY.format('year')})) // 7",
    ),
    "month": (
        "year(stop_date - 1)",
        "date_diff('month', greatest(start_date, make_date(year, 1, 1)), least(stop_date, make_date(year + 1, 1, 1)))",
    ),
}


@dataclass(frozen=True, slots=True)
class ProfileSql:
    """The queries that count one delivery.

    Parameters
    ----------
    rows : str
        One row a year: year, n_rows, n_persons, and for each column how many rows are blank in it (``blank <column>``)
        and, for columns of codes without a list, about how many different codes there are (``codes <column>``).
    codes : mapping of str to str
        Column to its query: year, code, n.
    listed : tuple of str
        Those among `codes` that have a code list or are flags, and so have few values.
    beginnings : mapping of str to str
        Those that are not listed to the query of their codes' first two signs: year, code (``12…``), n.
    cells : mapping of str to str
        Table of cells that became rows to its query: year, code (empty where codes have no list), n cells.
    """

    rows: str
    codes: Mapping[str, str]
    listed: tuple[str, ...]
    beginnings: Mapping[str, str]
    cells: Mapping[str, str]


def filled_sql(layout: str, number: int, columns: Collection[str]) -> str:
    """Write the query that tells which columns have any value at all.

    Most registers are delivered with some columns of their contract; to count the blanks of the others year by year
    would be most of the work.

    Parameters
    ----------
    layout : str
        The delivery's layout.
    number : int
        Its number.
    columns : collection of str
        The columns.

    Returns
    -------
    str
        SQL of one row with a flag a column.
    """
    table = f"delivered.{quoted(f'{layout}_{number}')}"
    named = [(quoted(name), f"(FROM {table} WHERE {quoted(name)} IS NOT NULL)") for name in columns]
    return f"SELECT {', '.join(f'EXISTS {values} AS {name}' for name, values in named)}"


def profile_sql(layout: str, number: int, contract: Contract, tables: Mapping[str, Collection[str]]) -> ProfileSql:
    """Write the queries for a delivery.

    Parameters
    ----------
    layout : str
        Its layout.
    number : int
        Its number.
    contract : Contract
        The layout's contract; it can be newer than the delivery.
    tables : mapping of str to collection of str
        The tables that the warehouse holds in ``delivered``, and their columns with any value.

    Returns
    -------
    ProfileSql
        The queries, over those columns.
    """
    name = f"{layout}_{number}"
    there = tables[name]
    columns = {column: spec for column, spec in typed_columns(contract).items() if column in there}
    dating = dating_column(contract)
    year = year_sql(contract, dating if dating in there else None)
    source = f"FROM delivered.{quoted(name)} WHERE _rule IS NULL"
    coded = {column: spec for column, spec in columns.items() if spec.type in ("code", "flag")}
    listed = tuple(column for column, spec in coded.items() if spec.codes or spec.type == "flag")
    counts = [
        f"{year} AS year",
        "count(*) AS n_rows",
        "count(DISTINCT person_key) AS n_persons",
        *(f"count(*) - count({quoted(column)}) AS {quoted(BLANKS + column)}" for column in columns),
        *(f"approx_count_distinct({quoted(c)}) AS {quoted(CODES + c)}" for c in coded if c not in listed),
    ]
    return ProfileSql(
        rows=f"SELECT {', '.join(counts)} {source} GROUP BY 1",
        codes={column: _codes(column, year, source, "code" if column in listed else _SHORT) for column in coded},
        listed=listed,
        beginnings={column: _codes(column, year, source, _BEGINNING) for column in coded if column not in listed},
        cells={one.into: _cells(one, number) for one in contract.unpivot if f"{one.into}_{number}" in tables},
    )


def _codes(column: str, year: str, source: str, shown: str) -> str:
    code = quoted(column)
    counted = f"SELECT {year} AS year, CAST({code} AS VARCHAR) AS code, count(*) AS n {source} AND {code} IS NOT NULL"
    return f"SELECT year, {shown} AS code, CAST(sum(n) AS BIGINT) AS n FROM ({counted} GROUP BY 1, 2) GROUP BY 1, 2"  # noqa: S608 - identifiers


def _cells(unpivot: Unpivot, number: int) -> str:
    table = f"delivered.{quoted(f'{unpivot.into}_{number}')}"
    code = "value" if unpivot.codes else "''"
    if unpivot.names == "text":
        return f"SELECT CAST(NULL AS INTEGER) AS year, {code} AS code, count(*) AS n FROM {table} GROUP BY 1, 2"  # noqa: S608 - an identifier
    last_year, n_cells = _DATED_CELLS[unpivot.names]
    return (
        f"SELECT CAST(year AS INTEGER) AS year, code, CAST(sum({n_cells}) AS BIGINT) AS n FROM ("  # noqa: S608 - an identifier
        f"SELECT {code} AS code, start_date, stop_date, unnest(range(year(start_date), {last_year} + 1)) AS year "
        f"FROM {table}) GROUP BY 1, 2"
    )
