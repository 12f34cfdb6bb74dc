"""Brings an extract into the warehouse as text: ``raw.<layout>``, and ``raw.<into>`` for columns that become rows."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from evalkit.errors import DeliveryError, LayoutError, ModelError
from evalkit.registers.chunks import is_compressed, text_chunks
from evalkit.registers.csv_file import write_clean_copy
from evalkit.registers.inspection import Inspection
from evalkit.registers.leaks import count_leaks
from evalkit.registers.sql_text import literal, quoted
from evalkit.warehouse import Warehouse

__all__ = ["MALFORMED", "load_raw"]

MALFORMED = "malformed_row"
"""The rule that a record with the wrong number of fields breaks."""


def load_raw(warehouse: Warehouse, inspection: Inspection, folder: Path) -> None:
    """Read an extract as text, with the file's name and each row's number.

    Malformed rows go to ``quarantine.row`` with their text and are not in ``raw``.

    Parameters
    ----------
    warehouse : Warehouse
        Where the tables are made.
    inspection : Inspection
        The extract.
    folder : Path
        Where a readable copy of the file may be written.

    Raises
    ------
    LayoutError
        When the database cannot read the file.
    DeliveryError
        When it did not find the rows that were counted, or malformed rows hold national identity numbers.
    """
    layout = inspection.spec.layout
    path, malformed = _readable(inspection, folder)
    _refuse_leaks(inspection, malformed)
    values = {"path": _without_wildcards(path)}
    try:
        warehouse.execute(_raw_sql(inspection), {**values, "file": inspection.path.name})
        if inspection.contract.unpivot:
            warehouse.execute(*_unpivot_sql(inspection, inspection.contract.unpivot.into, values))
    except ModelError:
        raise LayoutError(
            f"extract {layout}: {inspection.path.name} cannot be read as a table.",
            hint="Have it exported again as plain CSV (quotation marks in text doubled) or as Parquet.",
        ) from None
    n_read = warehouse.count(f"raw.{layout}")
    if n_read != inspection.n_rows:
        raise DeliveryError(
            f"extract {layout}: {inspection.path.name}: {inspection.n_rows} rows counted, {n_read} read.",
            hint="Is the file still being written? Otherwise have it exported again.",
        )
    _set_aside(warehouse, inspection, malformed)


def _readable(inspection: Inspection, folder: Path) -> tuple[Path, dict[int, str]]:
    file = inspection.csv
    if file is None:
        return inspection.path, {}
    if inspection.is_even and file.encoding == "utf-8" and not is_compressed(file.path):
        return file.path, {}
    target = folder / f"{file.layout}.csv"
    if not inspection.is_even:
        return target, write_clean_copy(file, target)
    with target.open("wb") as copy:
        for piece in text_chunks(file.path, file.encoding, layout=file.layout):
            copy.write(piece)
    return target, {}


def _relation(inspection: Inspection) -> str:
    """Return SQL for the file's columns c0, c1, … as text, whatever their names are."""
    if inspection.csv is None:
        casts = ", ".join(f"CAST({quoted(name)} AS VARCHAR) AS c{i}" for i, name in enumerate(inspection.names))
        return f"(SELECT {casts} FROM read_parquet($path))"  # noqa: S608 - quoted identifiers
    columns = ", ".join(f"'c{index}': 'VARCHAR'" for index in range(len(inspection.names)))
    return (
        "read_csv($path, auto_detect = false, header = false, skip = 1, "
        f"delim = {literal(inspection.csv.header.delimiter)}, quote = '\"', escape = '\"', nullstr = '', "
        f"columns = {{{columns}}})"
    )


def _raw_sql(inspection: Inspection) -> str:
    matching, person = inspection.matching, inspection.contract.person
    columns = [f"c{index} AS {quoted(name)}" for name, index in {**matching.declared, **matching.extra}.items()]
    if person.or_row_number and person.column not in matching.declared:
        columns.append(f"CAST(row_number() OVER () AS VARCHAR) AS {quoted(person.column)}")
    listed = ", ".join(["$file AS _file", "row_number() OVER () AS _row", *columns])
    table = quoted(inspection.spec.layout)
    return f"CREATE TABLE raw.{table} AS SELECT {listed} FROM {_relation(inspection)}"  # noqa: S608 - identifiers


def _unpivot_sql(
    inspection: Inspection, into: str, values: Mapping[str, object]
) -> tuple[str, Mapping[str, object] | None]:
    columns = inspection.matching.unpivoted
    table = quoted(into)
    if not columns:
        return f"CREATE TABLE raw.{table} (_row BIGINT, name VARCHAR, value VARCHAR)", None
    named = ", ".join(f"c{index} AS {quoted(name)}" for name, index in columns.items())
    listed = ", ".join(quoted(name) for name in columns)
    numbered = f"SELECT row_number() OVER () AS _row, {named} FROM {_relation(inspection)}"  # noqa: S608 - identifiers
    rows = f"SELECT _row, name, value FROM (UNPIVOT ({numbered}) ON {listed} INTO NAME name VALUE value)"  # noqa: S608
    return f"CREATE TABLE raw.{table} AS {rows}", values


def _set_aside(warehouse: Warehouse, inspection: Inspection, malformed: Mapping[int, str]) -> None:
    if not malformed:
        return
    values = {
        "layout": inspection.spec.layout,
        "file": inspection.path.name,
        "rule": MALFORMED,
        "rows": list(malformed),
        "lines": list(malformed.values()),
    }
    warehouse.execute("INSERT INTO quarantine.row SELECT $layout, $file, unnest($rows), $rule, unnest($lines)", values)
    table = quoted(inspection.spec.layout)
    warehouse.execute(
        f"DELETE FROM raw.{table} WHERE _row IN (SELECT unnest($rows))",  # noqa: S608 - a quoted identifier
        {"rows": values["rows"]},
    )


def _refuse_leaks(inspection: Inspection, malformed: Mapping[int, str]) -> None:
    leaks = count_leaks([pl.DataFrame({"line": list(malformed.values())})]) if malformed else ()
    if leaks:
        raise DeliveryError(
            f"extract {inspection.spec.layout}: {inspection.path.name} holds what look like national identity numbers "
            f"in {leaks[0].n_values} of its malformed rows.",
            hint="Delete the file and have it delivered with pseudonyms.",
        )


def _without_wildcards(path: Path) -> str:
    # The database takes *, ? and [ in a path for wildcards.
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in str(path))
