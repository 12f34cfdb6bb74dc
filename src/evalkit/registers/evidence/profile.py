"""The profile of a delivery: its counts by year, made once and kept for as long as the delivery is."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence

import polars as pl

from evalkit.registers.contracts.contract import Contract, typed_columns
from evalkit.registers.deliveries.delivery import Delivery
from evalkit.registers.evidence.profile_sql import BLANKS, CODES, filled_sql, profile_sql
from evalkit.warehouse import Warehouse

__all__ = ["PROFILE_SCHEMA", "delivered_tables", "profile", "store_profiles", "whole_years_of_both"]

PROFILE_SCHEMA = pl.Schema(
    {
        "part": pl.String,
        "year": pl.Int32,
        "measure": pl.String,
        "name": pl.String,
        "code": pl.String,
        "n": pl.Int64,
    }
)
"""A profile: `part` is the layout or a table that its columns became; `measure` is ``rows``, ``persons``, ``missing``
(rows without a value in the column `name`), ``code`` (rows with `code` in the column `name`) or ``beginning`` (rows
with a code that begins so)."""

_MANY_CODES = 200
"""A column without a code list that has more codes than this a year is a classification, of which single codes say
little; the beginnings of its codes do."""


def delivered_tables(warehouse: Warehouse) -> dict[str, list[str]]:
    """Look up the tables of all deliveries.

    Parameters
    ----------
    warehouse : Warehouse
        The warehouse.

    Returns
    -------
    dict of str to list of str
        Table in ``delivered`` to its columns.
    """
    found = warehouse.fetch(
        "SELECT table_name, list(column_name) AS names FROM duckdb_columns() WHERE schema_name = 'delivered' GROUP BY 1"
    )
    return dict(found.iter_rows())


def store_profiles(
    warehouse: Warehouse,
    deliveries: Sequence[Delivery],
    contracts: Mapping[str, Contract],
    tables: Mapping[str, Collection[str]],
) -> None:
    """Count the deliveries that have not been counted yet.

    Parameters
    ----------
    warehouse : Warehouse
        Where they are, and ``meta.profile`` is kept.
    deliveries : sequence of Delivery
        The deliveries.
    contracts : mapping of str to Contract
        Their layouts' contracts.
    tables : mapping of str to collection of str
        As :func:`delivered_tables` returns it.
    """
    warehouse.execute("CREATE TABLE IF NOT EXISTS meta.profiled (delivery INTEGER, fingerprint VARCHAR)")
    warehouse.execute(
        "CREATE TABLE IF NOT EXISTS meta.profile "
        "(delivery INTEGER, part VARCHAR, year INTEGER, measure VARCHAR, name VARCHAR, code VARCHAR, n BIGINT)"
    )
    done = dict(warehouse.fetch("SELECT delivery, fingerprint FROM meta.profiled").iter_rows())
    for one in {one.number: one for one in deliveries}.values():
        contract = contracts[one.layout]
        columns = [name for name in typed_columns(contract) if name in tables[f"{one.layout}_{one.number}"]]
        sql = profile_sql(one.layout, one.number, contract, tables)
        fingerprint = hashlib.sha256(f"{one.fingerprint} {sql}".encode()).hexdigest()[:12]
        if done.get(one.number) != fingerprint:
            _forget(warehouse, one.number)
            _store(warehouse, one, contract, tables, columns)
            warehouse.execute("INSERT INTO meta.profiled VALUES ($n, $said)", {"n": one.number, "said": fingerprint})


def profile(warehouse: Warehouse, delivery: Delivery) -> pl.DataFrame:
    """Fetch a delivery's profile.

    Parameters
    ----------
    warehouse : Warehouse
        Where it is stored.
    delivery : Delivery
        The delivery.

    Returns
    -------
    DataFrame
        As :data:`PROFILE_SCHEMA` says; a count of 0 has a row only where it is of blanks.
    """
    return warehouse.fetch(
        "SELECT part, year, measure, name, code, n FROM meta.profile WHERE delivery = $number",
        {"number": delivery.number},
    ).cast(PROFILE_SCHEMA)


def whole_years_of_both(warehouse: Warehouse, before: Delivery, now: Delivery) -> list[int]:
    """List the years that two deliveries of a register hold whole and have rows in.

    Parameters
    ----------
    warehouse : Warehouse
        Where their profiles are stored.
    before, now : Delivery
        The deliveries, the earlier first: whatever is a whole year to it is so to both.

    Returns
    -------
    list of int
        In order; empty for rows without a date.
    """
    found = warehouse.fetch(
        "SELECT year FROM meta.profile WHERE delivery IN ($before, $now) AND part = $layout AND measure = 'rows' "
        "AND year < $open_year GROUP BY year HAVING count(*) = 2 ORDER BY year",
        {
            "before": before.number,
            "now": now.number,
            "layout": before.layout,
            "open_year": before.vintage.year,
        },
    )
    return found.get_column("year").to_list()


def _forget(warehouse: Warehouse, number: int) -> None:
    """Forget a delivery's counts, and those of deliveries that the warehouse no longer holds."""
    for table in ("meta.profile", "meta.profiled"):
        warehouse.execute(
            f"DELETE FROM {table} WHERE delivery NOT IN (SELECT number FROM meta.delivered) OR delivery = $number",  # noqa: S608 - our own names
            {"number": number},
        )


def _store(
    warehouse: Warehouse,
    one: Delivery,
    contract: Contract,
    tables: Mapping[str, Collection[str]],
    columns: Sequence[str],
) -> None:
    flags = warehouse.fetch(filled_sql(one.layout, one.number, columns)).row(0, named=True)
    filled = [name for name in columns if flags[name]]
    sql = profile_sql(one.layout, one.number, contract, {**tables, f"{one.layout}_{one.number}": filled})
    blank = [pl.col("n_rows").alias(BLANKS + name) for name in columns if name not in filled]
    years = warehouse.fetch(sql.rows).with_columns(blank)
    with warehouse.rows("counts", _long(years)):
        warehouse.execute(
            "INSERT INTO meta.profile SELECT $number, $layout, year, measure, name, '', n FROM counts",
            {"number": one.number, "layout": one.layout},
        )
    for column, query in sql.codes.items():
        if column in sql.listed or (years.get_column(CODES + column) <= _MANY_CODES).all():
            _store_codes(warehouse, one, "code", column, query)
    for column, query in sql.beginnings.items():
        _store_codes(warehouse, one, "beginning", column, query)
    for part, query in sql.cells.items():
        _store_cells(warehouse, one.number, part, query)


def _store_codes(warehouse: Warehouse, one: Delivery, measure: str, column: str, query: str) -> None:
    warehouse.execute(
        f"INSERT INTO meta.profile SELECT $number, $part, year, $measure, $name, code, n FROM ({query})",  # noqa: S608 - our own SQL
        {"number": one.number, "part": one.layout, "measure": measure, "name": column},
    )


def _long(years: pl.DataFrame) -> pl.DataFrame:
    """One row a year and count, from one row a year."""
    counts = [name for name in years.columns if name != "year" and not name.startswith(CODES)]
    measure = pl.col("count").replace({"n_rows": "rows", "n_persons": "persons"})
    return (
        years.unpivot(counts, index="year", variable_name="count", value_name="n")
        .with_columns(
            name=pl.when(pl.col("count").str.starts_with(BLANKS)).then(pl.col("count").str.slice(len(BLANKS)))
        )
        .with_columns(measure=pl.when(pl.col("name").is_null()).then(measure).otherwise(pl.lit("missing")))
        .select("year", "measure", pl.col("name").fill_null(""), "n")
    )


def _store_cells(warehouse: Warehouse, number: int, part: str, query: str) -> None:
    with warehouse.rows("cells", warehouse.fetch(query)):
        for measure, name, code in (("rows", "''", "''"), ("code", "'value'", "code")):
            warehouse.execute(
                f"INSERT INTO meta.profile SELECT $number, $part, year, $measure, {name}, {code}, "  # noqa: S608 - our own SQL
                "CAST(sum(n) AS BIGINT) FROM cells WHERE $measure = 'rows' OR code <> '' GROUP BY ALL",
                {"number": number, "part": part, "measure": measure},
            )
