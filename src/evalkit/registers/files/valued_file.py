"""A file with columns whose value the study gives, the same in every row: a register that comes without its year."""

from __future__ import annotations

from collections.abc import Collection, Generator, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from evalkit.registers.files.piece import ExtractFile, Piece

__all__ = ["ValuedFile"]


@dataclass(frozen=True, slots=True)
class ValuedFile:
    """A file that has some columns more than are written in it.

    Parameters
    ----------
    file : ExtractFile
        The file as it was delivered.
    values : mapping of str to str
        The value in every row, by column; the file has none of these columns.
    """

    file: ExtractFile
    values: Mapping[str, str]

    @property
    def path(self) -> Path:
        """Where it lies."""
        return self.file.path

    @property
    def names(self) -> tuple[str, ...]:
        """The column names as delivered, then the others."""
        return (*self.file.names, *self.values)

    def pieces(self, columns: Mapping[str, int], *, codes: Collection[str] = ()) -> Generator[Piece, None, None]:
        """Read the file from its beginning, as :meth:`ExtractFile.pieces`.

        Parameters
        ----------
        columns : mapping of str to int
            Position in `names` by the name that the piece gives the column.
        codes : collection of str
            Those that may come as Int32.

        Yields
        ------
        Piece
            In the order of the file.
        """
        n_delivered, given = len(self.file.names), tuple(self.values.values())
        delivered = {name: place for name, place in columns.items() if place < n_delivered}
        said = [
            pl.lit(given[place - n_delivered], dtype=pl.String).alias(name)
            for name, place in columns.items()
            if place >= n_delivered
        ]
        for piece in self.file.pieces(delivered, codes=[name for name in codes if name in delivered]):
            yield Piece(piece.numbers, piece.rows.with_columns(said), piece.malformed)

    def n_rows(self) -> int:
        """Count the rows, as :meth:`ExtractFile.n_rows`."""
        return self.file.n_rows()

    def digest(self) -> str:
        """Digest the bytes of the file as it was delivered."""
        return self.file.digest()
