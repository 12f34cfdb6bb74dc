"""Looks at an extract before anything is written: is it the file that its layout says?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pyarrow.lib
import pyarrow.parquet as pq

from evalkit.errors import DeliveryError, LayoutError
from evalkit.registers.chunks import is_parquet
from evalkit.registers.contract import Contract, contract_for
from evalkit.registers.csv_file import CsvFile, CsvScan, column_frame, open_csv, scan_blocks
from evalkit.registers.extract import ExtractSpec
from evalkit.registers.leaks import Leak, count_leaks, suspect_columns
from evalkit.registers.matching import Matching, expected_names, match_columns
from evalkit.registers.records import RecordCounter
from evalkit.registers.source import locate

__all__ = ["Inspection", "inspect_extract"]


@dataclass(frozen=True, slots=True)
class Inspection:
    """An extract that has its layout.

    Parameters
    ----------
    spec : ExtractSpec
        The extract.
    contract : Contract
        Its layout's contract.
    path : Path
        Its file.
    csv : CsvFile, optional
        The file as CSV; None when it is Parquet.
    names : tuple of str
        The file's column names.
    matching : Matching
        Which column is which.
    n_rows : int
        Rows delivered, counted without the database.
    n_malformed : int
        Those among them with a wrong number of fields.
    is_even : bool
        The database can read the file as it stands, as far as its lines go.
    """

    spec: ExtractSpec
    contract: Contract
    path: Path
    csv: CsvFile | None
    names: tuple[str, ...]
    matching: Matching
    n_rows: int
    n_malformed: int = 0
    is_even: bool = True


def inspect_extract(spec: ExtractSpec, root: Path) -> Inspection:
    """Look at one extract.

    Parameters
    ----------
    spec : ExtractSpec
        The extract.
    root : Path
        The folder that its path is relative to.

    Returns
    -------
    Inspection
        What it is.

    Raises
    ------
    ConfigError
        When the extract renames a column that the layout does not have.
    LayoutError
        When there is no such layout, or the file or its columns are wrong.
    DeliveryError
        When it holds what looks like national identity numbers.
    """
    contract = contract_for(spec)
    expected = expected_names(contract, spec)
    path = locate(spec, root)
    if is_parquet(path):
        return _inspect_parquet(spec, contract, path)
    return _inspect_csv(spec, contract, open_csv(path, spec.layout, expected))


def _inspect_csv(spec: ExtractSpec, contract: Contract, file: CsvFile) -> Inspection:
    matching = _matched(spec, contract, file.path, file.header.names)
    checked = _checked_columns(contract, matching)
    scan = _new_scan(file)
    suspects: set[str] = set()
    for frame in _frames(file, scan, checked):
        suspects |= suspect_columns(frame)
    if suspects:
        columns = {name: index for name, index in checked.items() if name in suspects}
        _refuse(spec, file.path, count_leaks(_frames(file, _new_scan(file), columns)))
    _refuse_empty(spec, contract, file.path, scan.n_rows)
    return Inspection(
        spec,
        contract,
        file.path,
        file,
        file.header.names,
        matching,
        scan.n_rows,
        n_malformed=len(scan.malformed_rows),
        is_even=scan.is_even,
    )


def _inspect_parquet(spec: ExtractSpec, contract: Contract, path: Path) -> Inspection:
    try:
        metadata = pq.read_metadata(path)
        names = tuple(str(name) for name in metadata.schema.to_arrow_schema().names)
        matching = _matched(spec, contract, path, names)
        columns = _checked_columns(contract, matching)
        # By place and not by name: Parquet may hold the same name twice.
        wanted = [pl.nth(index).cast(pl.String).alias(name) for name, index in columns.items()]
        frame = pl.scan_parquet(path).select(wanted).collect()
    except (pyarrow.lib.ArrowException, pl.exceptions.PolarsError, OSError):
        raise LayoutError(
            f"extract {spec.layout}: {path.name} is a Parquet file that is cut off or damaged.",
            hint="Fetch the file again.",
        ) from None
    suspects = sorted(suspect_columns(frame))
    _refuse(spec, path, count_leaks([frame.select(suspects)]) if suspects else ())
    _refuse_empty(spec, contract, path, metadata.num_rows)
    return Inspection(spec, contract, path, None, names, matching, metadata.num_rows)


def _frames(file: CsvFile, scan: CsvScan, columns: dict[str, int]) -> Iterator[pl.DataFrame]:
    for number, block in enumerate(scan_blocks(file, scan)):
        yield column_frame(file, block, columns, skip_header=number == 0)


def _new_scan(file: CsvFile) -> CsvScan:
    return CsvScan(RecordCounter(file.delimiter, len(file.header.names)))


def _checked_columns(contract: Contract, matching: Matching) -> dict[str, int]:
    """Name the columns in which an identity number could hide: all but numbers and the cells that become rows."""
    numeric = {name for name, column in contract.columns.items() if column.type in ("integer", "number")}
    declared = {name: index for name, index in matching.declared.items() if name not in numeric}
    return declared | dict(matching.extra)


def _matched(spec: ExtractSpec, contract: Contract, path: Path, names: tuple[str, ...]) -> Matching:
    matching = match_columns(contract, spec, names)
    if matching.findings:
        raise LayoutError(
            f"extract {spec.layout}: {path.name}: {'; '.join(matching.findings)}.",
            hint="Have the columns delivered, or name them under [extract.columns] in the study file.",
        )
    return matching


def _refuse(spec: ExtractSpec, path: Path, leaks: tuple[Leak, ...]) -> None:
    if not leaks:
        return
    listed = ", ".join(f"{leak.n_values} in column {leak.column}" for leak in leaks)
    raise DeliveryError(
        f"extract {spec.layout}: {path.name} holds what look like national identity numbers: {listed}.",
        hint="Delete the file; have it delivered with pseudonyms (with letters in them if these are opaque numbers).",
    )


def _refuse_empty(spec: ExtractSpec, contract: Contract, path: Path, n_rows: int) -> None:
    if n_rows == 0 and not contract.may_be_empty:
        raise LayoutError(f"extract {spec.layout}: {path.name} has a header and no rows.", hint="Fetch the file again.")
