"""One SAS, Stata or SPSS file of a delivery: its rows as text, some at a time.

Codes stay codes: value labels are not looked at. Numbers whose display format says that they are dates become dates;
without such a format they stay numbers. Every kind of missing value is null: SAS's and Stata's ``.``, ``.A`` to ``.Z``,
and the values that an SPSS file declares missing.
"""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from evalkit.registers.files.column_text import frame_text
from evalkit.registers.files.display_formats import Program, unit_of, when_text
from evalkit.registers.files.fast_reader import FastReader, find_fast_reader
from evalkit.registers.files.file_bytes import find_bytes
from evalkit.registers.files.piece import Piece
from evalkit.registers.files.strict_reader import Outline, StrictReader, read_outline
from evalkit.registers.files.watched_file import WatchedFile, rows_a_piece

__all__ = ["StatisticalFile", "open_statistical"]


@dataclass(frozen=True, slots=True)
class StatisticalFile:
    """A file of a statistical program.

    Parameters
    ----------
    watched : WatchedFile
        The file.
    outline : Outline
        What it says of itself.
    fast : FastReader
        Reads those columns that it can be trusted with.
    """

    watched: WatchedFile
    outline: Outline
    fast: FastReader

    @property
    def path(self) -> Path:
        """Where it lies."""
        return self.watched.file.path

    @property
    def names(self) -> tuple[str, ...]:
        """The column names, in order."""
        return self.outline.names

    def pieces(self, columns: Mapping[str, int], *, codes: Collection[str] = ()) -> Generator[Piece, None, None]:
        """Read the file from its beginning, holding two pieces in memory.

        Parameters
        ----------
        columns : mapping of str to int
            Position in `names`, from 0, by the name that the piece gives the column.
        codes : collection of str
            Those among `columns` that may come as Int32.

        Returns
        -------
        generator of Piece
            In the order of the file.

        Raises
        ------
        LayoutError
            When the file is cut off or damaged, changes while it is read, or holds text that is not in its encoding.
        """
        return self.watched.pieces(self._frames(columns, codes), self.outline.n_rows)

    def n_rows(self) -> int:
        """Count the rows by what the file says of itself.

        Returns
        -------
        int
            Known once all pieces were read.
        """
        return self.watched.n_rows()

    def digest(self) -> str:
        """Digest the file's bytes.

        Returns
        -------
        str
            SHA-256, 64 hexadecimal digits; known once all pieces were read.
        """
        return self.watched.digest()

    def _frames(self, columns: Mapping[str, int], codes: Collection[str]) -> Generator[pl.DataFrame, None, None]:
        names = sorted({self.names[position] for position in columns.values()})
        for held in self._held(names or self.names[:1], rows_a_piece(len(names))):
            found = [self._dated(held[self.names[position]]).alias(name) for name, position in columns.items()]
            yield frame_text(found, codes) if found else pl.DataFrame(height=held.height)

    def _held(self, names: Sequence[str], size: int) -> Iterator[pl.DataFrame]:
        """Read rows as the file holds them: fast as far as that goes, then strictly."""
        n_read, n_rows = 0, self.outline.n_rows
        fast = [name for name in names if name in self.fast.names]
        beside = StrictReader(self.watched, self.outline, [name for name in names if name not in self.fast.names])
        for frame in self.fast.frames(fast, size) if fast else ():
            yield frame.hstack(beside.rows(n_read, frame.height)) if beside.names else frame
            n_read += frame.height
        strict = StrictReader(self.watched, self.outline, names)
        while n_read != n_rows and (frame := strict.rows(n_read, size)).height:
            yield frame
            n_read += frame.height

    def _dated(self, column: pl.Series) -> pl.Series:
        """Write the dates of a column that holds dates."""
        unit = unit_of(self.outline.program, self.outline.formats[column.name])
        if unit is None or column.dtype == pl.String:
            return column
        return when_text(column, self.outline.program, unit)


def open_statistical(path: Path, layout: str, program: Program) -> StatisticalFile:
    """Read what a file of a statistical program says of itself.

    Parameters
    ----------
    path : Path
        The file.
    layout : str
        Its layout, for the messages.
    program : {"SAS", "Stata", "SPSS"}
        Whose file it is.

    Returns
    -------
    StatisticalFile
        The file, ready to be read.

    Raises
    ------
    LayoutError
        When it is cut off or damaged.
    """
    watched = WatchedFile(find_bytes(path, layout), f"{'an' if program == 'SPSS' else 'a'} {program} file")
    outline = read_outline(watched, program)
    return StatisticalFile(watched, outline, find_fast_reader(watched, outline))
