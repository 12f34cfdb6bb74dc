"""One Parquet file of a delivery: its rows as text, some at a time."""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from evalkit.registers.files.column_text import frame_text, has_text
from evalkit.registers.files.file_bytes import find_bytes
from evalkit.registers.files.piece import Piece
from evalkit.registers.files.watched_file import WatchedFile, rows_a_piece

__all__ = ["ParquetFile", "open_parquet"]

_BUFFER = 1024 * 1024


@dataclass(frozen=True, slots=True)
class ParquetFile:
    """A Parquet file whose columns are known.

    Parameters
    ----------
    watched : WatchedFile
        The file.
    names : tuple of str
        Its columns, in order; a name may stand there twice.
    n_rows_said : int
        How many rows it says that it has.
    """

    watched: WatchedFile
    names: tuple[str, ...]
    n_rows_said: int

    @property
    def path(self) -> Path:
        """Where it lies."""
        return self.watched.file.path

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
            When the file is cut off or damaged, changes while it is read, or a wanted column holds no single values.
        """
        return self.watched.pieces(self._frames(columns, codes), self.n_rows_said)

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
        wanted = sorted({self.names[position] for position in columns.values()})
        with _damage_named(self.watched), _opened(self.path) as file:
            for batch in file.iter_batches(rows_a_piece(len(columns)), columns=wanted):
                found = [self._column(batch, position).alias(name) for name, position in columns.items()]
                yield frame_text(found, codes) if found else pl.DataFrame(height=batch.num_rows)

    def _column(self, batch: pa.RecordBatch, position: int) -> pl.Series:
        """Find a column among those that were read: by its name, and by which of that name it is."""
        name, nth = self.names[position], self.names[:position].count(self.names[position])
        places = [place for place, found in enumerate(batch.schema.names) if found == name]
        column = pl.Series(batch.column(places[nth]))
        if not has_text(column.dtype):
            raise self.watched.file.refusal(
                f": column {name} holds lists, records, bytes or spans of time, which are no cells",
                "Have it delivered with one value a cell.",
            )
        return column


def open_parquet(path: Path, layout: str) -> ParquetFile:
    """Read what a Parquet file says of itself.

    Parameters
    ----------
    path : Path
        The file.
    layout : str
        Its layout, for the messages.

    Returns
    -------
    ParquetFile
        The file, ready to be read.

    Raises
    ------
    LayoutError
        When it is cut off or damaged.
    """
    watched = WatchedFile(find_bytes(path, layout), "a Parquet file")
    with _damage_named(watched):
        metadata = pq.read_metadata(path)
        names = tuple(str(name) for name in metadata.schema.to_arrow_schema().names)
        return ParquetFile(watched, names, int(metadata.num_rows))


def _opened(path: Path) -> pq.ParquetFile:
    # Otherwise whole row groups would be held, and a file may be one row group.
    return pq.ParquetFile(path, pre_buffer=False, buffer_size=_BUFFER, page_checksum_verification=True)


@contextmanager
def _damage_named(watched: WatchedFile) -> Iterator[None]:
    try:
        yield
    except (pa.ArrowException, pl.exceptions.PolarsError, OSError):
        raise watched.damaged() from None
