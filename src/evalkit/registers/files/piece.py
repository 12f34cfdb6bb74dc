"""What every reader hands on, whatever the file is: its rows as text, some at a time."""

from __future__ import annotations

from collections.abc import Collection, Generator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import polars as pl

__all__ = ["ExtractFile", "MalformedRow", "Piece"]


@dataclass(frozen=True, slots=True)
class MalformedRow:
    """A record that cannot be read as a row.

    Parameters
    ----------
    number : int
        Its number in the file, from 1, the header not counted.
    text : str
        What it says.
    """

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Piece:
    """Some rows of a file.

    Parameters
    ----------
    numbers : Series
        Each row's number in the file, Int64, from 1, the header not counted.
    rows : DataFrame
        One column a wanted column, under the name it was asked for: String, or Int32 where that was allowed; null where
        nothing is written. Cells are as delivered, not trimmed; a whole number that the file holds as a float is
        written without a fraction, a date as ``YYYY-MM-DD``.
    malformed : tuple of MalformedRow
        Records between these rows, or after them, that are no rows.
    """

    numbers: pl.Series
    rows: pl.DataFrame
    malformed: tuple[MalformedRow, ...] = ()


class ExtractFile(Protocol):
    """A file of a delivery whose column names are known."""

    @property
    def path(self) -> Path:
        """Where it lies."""
        ...

    @property
    def names(self) -> tuple[str, ...]:
        """The column names as delivered, in order."""
        ...

    def pieces(self, columns: Mapping[str, int], *, codes: Collection[str] = ()) -> Generator[Piece, None, None]:
        """Read the file from its beginning, holding one piece in memory.

        Parameters
        ----------
        columns : mapping of str to int
            Position in `names`, from 0, by the name that the piece gives the column.
        codes : collection of str
            Those among `columns` that may come as Int32 when every cell of theirs in a piece is blank or a plain
            whole number, such as the hundreds of week columns of DREAM; otherwise they come as String.

        Yields
        ------
        Piece
            In the order of the file.

        Raises
        ------
        LayoutError
            When the file is cut off, damaged or of another kind.
        """
        ...

    def n_rows(self) -> int:
        """Count the rows, malformed ones among them, in another way than by reading them as a table.

        Returns
        -------
        int
            What the file itself says of its rows; known once all pieces were read.
        """
        ...

    def digest(self) -> str:
        """Digest the file's bytes.

        Returns
        -------
        str
            SHA-256, 64 hexadecimal digits; known once all pieces were read.
        """
        ...
