"""One CSV file of a delivery, read once: its rows as text, what is no row, how many there are, and its digest."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import polars as pl

from evalkit.errors import InternalError, LayoutError
from evalkit.registers.files.csv_blocks import Block, BlockCutter, sort_records
from evalkit.registers.files.csv_cells import CellReader
from evalkit.registers.files.file_bytes import FileBytes, find_bytes
from evalkit.registers.files.file_text import FileText
from evalkit.registers.files.header import Header, parse_header
from evalkit.registers.files.piece import Piece
from evalkit.registers.files.read_ahead import read_ahead
from evalkit.registers.files.record_count import Form
from evalkit.registers.files.records import split_records

__all__ = ["CsvFile", "open_csv"]

# Blocks that fit the processor's cache and the allocator are read fastest; larger pieces are taken in fastest.
_BLOCK = 8 * 1024 * 1024
_BLOCKS_A_PIECE = 4
_HEAD = 64 * 1024
_LONGEST_HEADER = 1024 * 1024


@dataclass
class CsvFile:
    """A CSV file whose header has been read.

    Parameters
    ----------
    text : FileText
        Its text.
    header : Header
        Column names and delimiter.
    n_bytes_before_rows : int
        Bytes of UTF-8 before the first row.
    """

    text: FileText
    header: Header
    n_bytes_before_rows: int
    _read: tuple[int, str] | None = field(default=None, init=False)

    @property
    def path(self) -> Path:
        """Where it lies."""
        return self.text.file.path

    @property
    def names(self) -> tuple[str, ...]:
        """The column names as delivered, trimmed, in order."""
        return self.header.names

    def pieces(self, columns: Mapping[str, int], *, codes: Collection[str] = ()) -> Generator[Piece, None, None]:
        """Read the file from its beginning, holding one piece of about 32 MB and a little more in memory.

        Parameters
        ----------
        columns : mapping of str to int
            Position in `names`, from 0, by the name that the piece gives the column.
        codes : collection of str
            Those among `columns` that may come as Int32. A column comes as String from the first piece on in which a
            cell of it is neither blank nor a plain whole number: ``007``, ``+5``, ``7.0`` and `` 730`` are text.

        Yields
        ------
        Piece
            In the order of the file.

        Raises
        ------
        LayoutError
            When the file is cut off, damaged, no text, or changes while it is read.
        """
        self._read = None
        sha256 = hashlib.sha256()
        form = Form(self.header.delimiter.encode(), len(self.names))
        cutter, cells = BlockCutter(self.text.file, form), CellReader(form, columns, codes)
        texts = _after(self.n_bytes_before_rows, self.text.pieces(_BLOCK, sha256.update))
        with closing(read_ahead(cutter.blocks(texts))) as blocks:
            pieces = (self._piece(block, cells) for block in blocks)
            while some := list(islice(pieces, _BLOCKS_A_PIECE)):
                yield _joined(some)
        self._read = cutter.n_records, sha256.hexdigest()

    def n_rows(self) -> int:
        """Count the rows, malformed ones among them, by line breaks outside quotation marks.

        Returns
        -------
        int
            Known once all pieces were read.
        """
        return self._known[0]

    def digest(self) -> str:
        """Digest the file's bytes as they lie on the disk.

        Returns
        -------
        str
            SHA-256, 64 hexadecimal digits; known once all pieces were read.
        """
        return self._known[1]

    @property
    def _known(self) -> tuple[int, str]:
        if self._read is None:
            raise InternalError("a file's rows and digest are known once all its pieces were read")
        return self._read

    def _piece(self, block: Block, cells: CellReader) -> Piece:
        rows = cells.read(block)
        if rows is None and not block.malformed:
            # A field too many in one record can hide one too few in another: the counts agree, and Polars refuses.
            block = sort_records(block.text, cells.form, int(block.numbers[0]))[0]
            rows = cells.read(block)
        if rows is None:
            raise _unreadable(self.text.file, block)
        return Piece(block.numbers, rows, block.malformed)


def open_csv(path: Path, layout: str, expected: Collection[str]) -> CsvFile:
    """Read a file's header.

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
    text = FileText(find_bytes(path, layout))
    head = _head(text)
    lines = head.lstrip(b"\r\n")
    first = lines.split(b"\n", 1)[0]
    header = parse_header(first.rstrip(b"\r"), expected)
    record = next(split_records(lines, header.delimiter.encode()), None)
    if record is None:  # a quotation mark in the header is never closed, or there is no line break
        return CsvFile(text, header, len(head) - len(lines) + len(first) + 1)
    return CsvFile(text, parse_header(record.text, expected), len(head) - len(lines) + record.end)


def _head(text: FileText) -> bytes:
    head = b""
    for piece in text.pieces(_HEAD):
        head += piece
        if b"\n" in head.lstrip(b"\r\n") or len(head) > _LONGEST_HEADER:
            break
    if not head.strip():
        raise text.file.refusal(" is empty", "Fetch the file again.")
    if len(head) > _LONGEST_HEADER:
        raise text.file.refusal(
            " begins with a line of more than 1 MB", "Have it exported again, with a header and line breaks."
        )
    return head


def _after(n_bytes: int, texts: Iterable[bytes]) -> Iterator[bytes]:
    for text in texts:
        yield text[n_bytes:]
        n_bytes = max(n_bytes - len(text), 0)


def _joined(pieces: Sequence[Piece]) -> Piece:
    return Piece(
        pl.concat([piece.numbers for piece in pieces]),
        # A column that is text in one of them is text in all.
        pl.concat([piece.rows for piece in pieces], how="vertical_relaxed"),
        tuple(row for piece in pieces for row in piece.malformed),
    )


def _unreadable(file: FileBytes, block: Block) -> LayoutError:
    first, last = block.numbers[0], block.numbers[-1]
    return file.refusal(
        f": rows {first} to {last} cannot be read as a table",
        "Have it exported again as plain CSV (quotation marks in text doubled) or as Parquet.",
    )
