"""Hands on the rows of a file that a library reads, and sees to it that the file was one and the same all the while.

The library reads the file in its own way, here and there; so its bytes are digested beside that, in a thread of their
own, and its rows are counted against what the file says of itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Event

import polars as pl

from evalkit.errors import InternalError, LayoutError
from evalkit.registers.files.file_bytes import FileBytes, find_bytes
from evalkit.registers.files.piece import Piece
from evalkit.registers.files.read_ahead import read_ahead

__all__ = ["WatchedFile", "rows_a_piece"]

_LOOK = 4 * 1024 * 1024
_CELLS, _ROWS = 8_000_000, 250_000


def rows_a_piece(n_columns: int) -> int:
    """Tell how many rows to read at a time: some 100 MB of text.

    Parameters
    ----------
    n_columns : int
        Columns to read.

    Returns
    -------
    int
        At least 1.

    Examples
    --------
    >>> rows_a_piece(12), rows_a_piece(1800)
    (250000, 4444)
    """
    return max(min(_CELLS // max(n_columns, 1), _ROWS), 1)


@dataclass
class WatchedFile:
    """A file whose rows a library reads.

    Parameters
    ----------
    file : FileBytes
        The file as it was when it was opened.
    kind : str
        What it is, for the messages: ``a Parquet file``.
    """

    file: FileBytes
    kind: str
    _read: tuple[int, str] | None = field(default=None, init=False)

    def pieces(self, frames: Generator[pl.DataFrame, None, None], n_rows: int | None) -> Generator[Piece, None, None]:
        """Give rows their numbers and hand them on; the next ones are read while these are used.

        Parameters
        ----------
        frames : generator of DataFrame
            Makes the rows, in the order of the file.
        n_rows : int, optional
            How many there are, as the file says; None when it says nothing.

        Yields
        ------
        Piece
            The rows.

        Raises
        ------
        LayoutError
            When the file does not have the rows that it says it has, or does not have the size any more that it had.
        """
        self._read, n_read, abandoned = None, 0, Event()
        with ThreadPoolExecutor(1) as thread:
            hashing = thread.submit(self._hash, abandoned)
            try:
                for frame in read_ahead(frames):
                    first, n_read = n_read + 1, n_read + frame.height
                    yield Piece(pl.int_range(first, n_read + 1, dtype=pl.Int64, eager=True), frame)
                digest = hashing.result()
            except LayoutError:
                hashing.result()  # a file that is still being written is no damaged one
                raise
            finally:
                abandoned.set()
        self._require_size()
        if n_rows not in (None, n_read):
            raise self.damaged()
        self._read = n_read, digest

    def damaged(self) -> LayoutError:
        """Make the error that says that the file is damaged.

        Returns
        -------
        LayoutError
            To be raised.
        """
        return self.file.refusal(f" is {self.kind} that is cut off or damaged", "Fetch the file again.")

    def n_rows(self) -> int:
        """Count the rows.

        Returns
        -------
        int
            Known once all pieces were read.
        """
        return self._known[0]

    def digest(self) -> str:
        """Digest the file's bytes.

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

    def _hash(self, abandoned: Event) -> str:
        sha256 = hashlib.sha256()
        for _ in self.file.pieces(_LOOK, sha256.update):
            if abandoned.is_set():
                break
        return sha256.hexdigest()

    def _require_size(self) -> None:
        if find_bytes(self.file.path, self.file.layout).n_bytes != self.file.n_bytes:
            raise self.file.changed()
