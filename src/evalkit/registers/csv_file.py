"""One CSV extract: its shape, its whole records in pieces, and a copy that the database can read as it stands."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from evalkit.errors import LayoutError
from evalkit.registers.chunks import Encoding, text_chunks
from evalkit.registers.header import Header, parse_header
from evalkit.registers.records import RecordCounter, split_records

__all__ = ["CsvFile", "CsvScan", "column_frame", "open_csv", "scan_blocks", "write_clean_copy"]

_LONGEST_RECORD = 1024 * 1024


@dataclass(frozen=True, slots=True)
class CsvFile:
    """A CSV file whose header has been read.

    Parameters
    ----------
    path : Path
        The file.
    layout : str
        Its layout.
    encoding : {"utf-8", "cp1252"}
        Its encoding.
    header : Header
        Column names and delimiter.
    """

    path: Path
    layout: str
    encoding: Encoding
    header: Header

    @property
    def delimiter(self) -> bytes:
        """The delimiter as one byte."""
        return self.header.delimiter.encode()


@dataclass
class CsvScan:
    """What reading a whole file has shown; complete once :func:`scan_blocks` is exhausted.

    Parameters
    ----------
    counter : RecordCounter
        Counts the records, the header among them.
    n_bytes : int
        Bytes of text.
    n_line_feeds, n_carriage_returns, n_both : int
        Line feeds, carriage returns, and the two together.
    """

    counter: RecordCounter
    n_bytes: int = 0
    n_line_feeds: int = 0
    n_carriage_returns: int = 0
    n_both: int = 0

    @property
    def n_rows(self) -> int:
        """Records without the header."""
        return max(self.counter.n_records - 1, 0)

    @property
    def malformed_rows(self) -> tuple[int, ...]:
        """Row numbers, from 1, of the records with a wrong number of fields."""
        return tuple(number - 1 for number in self.counter.malformed)

    @property
    def is_even(self) -> bool:
        """Whether every line ends alike, none is blank and none malformed, so that it can be read as it stands."""
        lines_alike = self.n_carriage_returns == self.n_both and self.n_both in (0, self.n_line_feeds)
        return lines_alike and not self.counter.n_blank and not self.counter.malformed

    def see(self, piece: bytes) -> None:
        """Count line breaks of a piece of text; a pair that two pieces share makes the file uneven, no worse."""
        self.n_bytes += len(piece)
        self.n_line_feeds += piece.count(b"\n")
        self.n_carriage_returns += piece.count(b"\r")
        self.n_both += piece.count(b"\r\n")


def open_csv(path: Path, layout: str, expected: Collection[str]) -> CsvFile:
    """Find out a file's encoding and read its header.

    Parameters
    ----------
    path : Path
        The file.
    layout : str
        Its layout.
    expected : collection of str
        Column names that the layout knows, in lower case.

    Returns
    -------
    CsvFile
        The file, ready to be read.

    Raises
    ------
    LayoutError
        When it is empty, damaged or no text.
    """
    encoding = _encoding(path, layout)
    text = next((text for text in text_chunks(path, encoding, layout=layout) if text.strip()), b"")
    if not text:
        raise LayoutError(f"extract {layout}: {path.name} is empty.", hint="Fetch the file again.")
    first = text.lstrip(b"\r\n").split(b"\n", 1)[0].rstrip(b"\r")
    return CsvFile(path, layout, encoding, parse_header(first, expected))


def scan_blocks(file: CsvFile, scan: CsvScan) -> Iterator[bytes]:
    """Read a file as blocks of whole records, counting as it goes.

    Parameters
    ----------
    file : CsvFile
        The file.
    scan : CsvScan
        Told about every record.

    Yields
    ------
    bytes
        Whole records, each with its line break; the header is in the first block.

    Raises
    ------
    LayoutError
        When the last record is cut off, or a quotation mark is never closed.
    """
    rest = b""
    for piece in text_chunks(file.path, file.encoding, layout=file.layout):
        scan.see(piece)
        text = rest + piece
        lines = text[: text.rfind(b"\n") + 1]
        n_bytes = scan.counter.count(lines)
        yield text[:n_bytes]
        rest = text[n_bytes:]
        if len(rest) > _LONGEST_RECORD:
            raise _unclosed(file, scan)
    if rest:
        yield _last_record(file, scan, rest)


def column_frame(file: CsvFile, block: bytes, columns: Mapping[str, int], *, skip_header: bool) -> pl.DataFrame:
    """Read some columns of a block as text, to look for what should not be there.

    Parameters
    ----------
    file : CsvFile
        The file.
    block : bytes
        Whole records.
    columns : mapping of str to int
        Position by the name that the frame gives the column.
    skip_header : bool
        The block begins with the header.

    Returns
    -------
    DataFrame
        Text columns in the order of `columns`.
    """
    names = [f"c{index}" for index in range(len(file.header.names))]
    lines = block.lstrip(b"\r\n") if skip_header else block
    if not lines or not columns:
        return pl.DataFrame(schema=dict.fromkeys(columns, pl.String))
    try:
        frame = _read_block(file, lines, names, columns, skip_rows=int(skip_header))
    except pl.exceptions.PolarsError:
        # Polars refuses a quotation mark in the middle of a text, which the database and this package let stand.
        return _read_slowly(file, lines, columns, skip_rows=int(skip_header))
    return frame.select(pl.col(f"c{index}").alias(name) for name, index in columns.items())


def _read_block(
    file: CsvFile, lines: bytes, names: Sequence[str], columns: Mapping[str, int], *, skip_rows: int
) -> pl.DataFrame:
    return pl.read_csv(
        lines,
        has_header=False,
        skip_rows=skip_rows,
        separator=file.header.delimiter,
        schema=dict.fromkeys(names, pl.String),
        columns=sorted(set(columns.values())),
        truncate_ragged_lines=True,
        raise_if_empty=False,
    )


def _read_slowly(file: CsvFile, lines: bytes, columns: Mapping[str, int], *, skip_rows: int) -> pl.DataFrame:
    text = io.StringIO(lines.decode(errors="replace"), newline="")
    try:
        rows = list(csv.reader(text, delimiter=file.header.delimiter))[skip_rows:]
    except csv.Error:
        raise LayoutError(
            f"extract {file.layout}: {file.path.name} has a cell of more than 128 kB.",
            hint="Have the file exported again, with quotation marks inside text doubled.",
        ) from None
    cells = {name: [row[index] if index < len(row) else None for row in rows] for name, index in columns.items()}
    return pl.DataFrame(cells, schema=dict.fromkeys(columns, pl.String))


def write_clean_copy(file: CsvFile, target: Path) -> dict[int, str]:
    """Write the file as even UTF-8 with a blank record in place of each malformed one, so that row numbers stay.

    Parameters
    ----------
    file : CsvFile
        The file.
    target : Path
        Where to write.

    Returns
    -------
    dict of int to str
        The text of the malformed records by row number.
    """
    n_fields, delimiter = len(file.header.names), file.delimiter
    blank = delimiter * (n_fields - 1) + b"\n"
    malformed: dict[int, str] = {}
    row = -1
    with target.open("wb") as copy:
        for block in scan_blocks(file, CsvScan(RecordCounter(delimiter, n_fields))):
            for record, _ in split_records(block, delimiter):
                if not record.text:
                    continue
                row += 1
                if record.n_fields == n_fields:
                    copy.write(_without_lone_returns(record.text) + b"\n")
                else:
                    malformed[row] = record.text.decode(errors="replace")
                    copy.write(blank)
    return malformed


def _without_lone_returns(text: bytes) -> bytes:
    return text if b'"' in text else text.replace(b"\r", b" ")


def _encoding(path: Path, layout: str) -> Encoding:
    encodings: tuple[Encoding, ...] = ("utf-8", "cp1252")
    for encoding in encodings:
        try:
            for _ in text_chunks(path, encoding, layout=layout):
                pass
        except UnicodeDecodeError:
            continue
        return encoding
    raise LayoutError(
        f"extract {layout}: {path.name} is not a text file in UTF-8, Latin-1 or Windows-1252.",
        hint="Deliver it as UTF-8.",
    )


def _last_record(file: CsvFile, scan: CsvScan, rest: bytes) -> bytes:
    """Count the last record of a file that does not end with a line break."""
    counter = scan.counter
    block = rest + b"\n"
    if counter.count(block) < len(block):
        if b"\n" in rest:
            raise _unclosed(file, scan)
        raise _truncated(file, f"row {counter.n_records} ends inside quotation marks")
    if 0 < counter.n_fields_of_last < counter.n_fields and counter.n_records > 1:
        last = f"its last row, {counter.n_records - 1}, has {counter.n_fields_of_last} of {counter.n_fields} columns"
        raise _truncated(file, last)
    return block


def _truncated(file: CsvFile, how: str) -> LayoutError:
    return LayoutError(
        f"extract {file.layout}: {file.path.name} is truncated: {how}.",
        hint="Fetch the file again; nothing of it was taken in.",
    )


def _unclosed(file: CsvFile, scan: CsvScan) -> LayoutError:
    return LayoutError(
        f"extract {file.layout}: {file.path.name}: a quotation mark in row {scan.counter.n_records} is never closed.",
        hint="Have the file exported again, with quotation marks inside text doubled.",
    )
