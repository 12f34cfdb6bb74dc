"""One fixed-width file of a delivery: lines without delimiters and header, each cell at its place in the line.

A line may lack the blanks at its end: what it does not reach is blank. It is no row when it ends before the end of the
pseudonym, or before a cell begins that every row has, since then it was cut; nor when anything but blanks stands after
the last cell. Empty lines are no records. Places are counted in letters, not bytes.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Generator, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from evalkit.errors import InternalError, LayoutError
from evalkit.registers.contracts.contract import Contract
from evalkit.registers.files.column_text import frame_text
from evalkit.registers.files.file_bytes import find_bytes
from evalkit.registers.files.file_text import FileText
from evalkit.registers.files.piece import MalformedRow, Piece
from evalkit.registers.files.read_ahead import read_ahead

__all__ = ["FixedWidthFile", "open_fixed_width"]

_PIECE = 16 * 1024 * 1024
_LONGEST_LINE = 1024 * 1024
_EMPTY_LINE = re.compile(rb"(?<![^\n])\n")
_LINE_BREAK = re.compile(rb"\r+\n")


@dataclass
class FixedWidthFile:
    """A file in which every cell has its place in the line.

    Parameters
    ----------
    text : FileText
        Its text.
    places : mapping of str to tuple of int
        First and last letter of each cell, counted from 1.
    n_letters : int
        Fewest letters of a row.
    width : int
        Most letters of a row.
    """

    text: FileText
    places: Mapping[str, tuple[int, int]]
    n_letters: int
    width: int
    _read: tuple[int, str] | None = field(default=None, init=False)

    @property
    def path(self) -> Path:
        """Where it lies."""
        return self.text.file.path

    @property
    def names(self) -> tuple[str, ...]:
        """The contract's columns: the file names none."""
        return tuple(self.places)

    def pieces(self, columns: Mapping[str, int], *, codes: Collection[str] = ()) -> Generator[Piece, None, None]:
        """Read the file from its beginning, holding two pieces in memory.

        Parameters
        ----------
        columns : mapping of str to int
            Position in `names`, from 0, by the name that the piece gives the column.
        codes : collection of str
            Those among `columns` that may come as Int32.

        Yields
        ------
        Piece
            In the order of the file.

        Raises
        ------
        LayoutError
            When the file is cut off, damaged, no text, or changes while it is read.
        """
        self._read, n_records, shortest, sha256 = None, 0, self.width, hashlib.sha256()
        for block in read_ahead(self._blocks(self.text.pieces(_PIECE, sha256.update))):
            lines = pl.Series([line for line in block.decode().split("\n") if line], dtype=pl.String)
            fewest = int(lines.str.len_chars().to_numpy().min())
            if n_records and not block.endswith(b"\n") and fewest < self.width <= shortest:
                raise self._truncated(n_records + 1)
            shortest = min(shortest, fewest)
            yield self._piece(lines, n_records + 1, columns, codes)
            n_records += _count_lines(block)
        self._read = n_records, sha256.hexdigest()

    def n_rows(self) -> int:
        """Count the rows, malformed ones among them, by line breaks.

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

    def _blocks(self, texts: Iterator[bytes]) -> Generator[bytes, None, None]:
        """Cut the text into whole lines; the last block is the last line alone if nothing ends that."""
        rest, n_lines = b"", 0
        for text in texts:
            lines, line_feed, rest = (rest + text).rpartition(b"\n")
            n_lines += lines.count(b"\n") + len(line_feed)
            if len(rest) > _LONGEST_LINE:
                raise self.text.file.refusal(
                    f": line {n_lines + 1} is longer than 1 MB", "Have the file exported again, with line breaks."
                )
            if lines.strip(b"\r\n"):
                yield _LINE_BREAK.sub(b"\n", lines + b"\n")
        if rest.strip(b"\r"):
            yield rest.rstrip(b"\r")

    def _piece(self, lines: pl.Series, first: int, columns: Mapping[str, int], codes: Collection[str]) -> Piece:
        numbers = pl.int_range(first, first + lines.len(), dtype=pl.Int64, eager=True)
        beyond = lines.str.slice(self.width).str.strip_chars(" ")
        is_row = (lines.str.len_chars() >= self.n_letters) & (beyond == "")
        rows, places = lines.filter(is_row), list(self.places.values())
        cells = [
            rows.str.slice(places[position][0] - 1, places[position][1] - places[position][0] + 1).alias(name)
            for name, position in columns.items()
        ]
        malformed = zip(numbers.filter(~is_row), lines.filter(~is_row), strict=True)
        return Piece(
            numbers.filter(is_row),
            frame_text(cells, codes) if cells else pl.DataFrame(height=rows.len()),
            tuple(MalformedRow(number, line) for number, line in malformed),
        )

    def _truncated(self, number: int) -> LayoutError:
        return self.text.file.refusal(
            f" is truncated: its last row, {number}, is shorter than all others",
            "Fetch the file again; nothing of it was taken in.",
        )


def _count_lines(block: bytes) -> int:
    return block.count(b"\n") - len(_EMPTY_LINE.findall(block)) + (not block.endswith(b"\n"))


def open_fixed_width(path: Path, layout: str, contract: Contract) -> FixedWidthFile:
    """Prepare the reading of a fixed-width file.

    Parameters
    ----------
    path : Path
        The file.
    layout : str
        Its layout, for the messages.
    contract : Contract
        Says where each cell is.

    Returns
    -------
    FixedWidthFile
        The file, ready to be read.

    Raises
    ------
    LayoutError
        When it is of a kind that holds no text.
    """
    places = contract.fixed_width
    ends = [last for name, (_, last) in places.items() if name == contract.person.column]
    filled = {name for name, column in contract.columns.items() if column.filled}
    begins = [start for name, (start, _) in places.items() if name in filled]
    width = max(contract.line_length, *(last for _, last in places.values()))
    return FixedWidthFile(FileText(find_bytes(path, layout)), places, max([0, *ends, *begins]), width)
