"""Reads SAS files with polars-readstat, as far as it keeps what the file holds.

It is several times faster than the strict reader and reads on from where it was, and it takes liberties: it turns
numbers into dates and times of day by the first letters of their format, makes nothing of what does not fit there, and
a replacement character of bytes that are no letters. So it is given only the columns of which it can be told that it
keeps them, and where a doubt comes up, it stops (see ``docs/adr/0006-statistical-files.md``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING

import polars as pl

from evalkit.registers.files.display_formats import unit_of
from evalkit.registers.files.strict_reader import Outline, read_rows
from evalkit.registers.files.watched_file import WatchedFile

if TYPE_CHECKING:
    from polars_readstat import ScanReadstat

__all__ = ["FastReader", "find_fast_reader"]

# Those that it decodes as they are; others, such as DOS code page 850, it takes for Windows-1252.
_ENCODINGS = frozenset({"UTF-8", "US-ASCII", "WINDOWS-1252", "ISO-8859-1", "ISO-8859-15"})
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_ERRORS = (RuntimeError, ValueError, OSError, pl.exceptions.PolarsError, pl.exceptions.PanicException)
_SAMPLE = 10_000
# Days and microseconds of more centuries than anyone means, and less than make it put the greatest number instead.
_ROOM = {pl.Date: 2 * 10**9, pl.Datetime: 9 * 10**18}
_DAYS_1960_TO_1970 = 3653


@dataclass(frozen=True, slots=True)
class FastReader:
    """Reads some columns of a file.

    Parameters
    ----------
    watched : WatchedFile
        The file.
    names : frozenset of str
        The columns that it keeps.
    """

    watched: WatchedFile
    names: frozenset[str]

    def frames(self, names: Sequence[str], size: int) -> Iterator[pl.DataFrame]:
        """Read the file from its beginning, until its end or until a doubt comes up.

        Parameters
        ----------
        names : sequence of str
            Columns among those that it keeps.
        size : int
            Rows at a time.

        Yields
        ------
        DataFrame
            Text and numbers as the file holds them, dates as numbers too.
        """
        try:
            scan = _scan(self.watched, size)
            may_replace = scan.metadata["file_encoding"] == "UTF-8"  # in the others every byte is a letter
            for frame in scan.df.select(names).collect_batches(chunk_size=size, maintain_order=True):
                if (may_replace and _is_replaced(frame)) or not all(map(_has_room, frame)):
                    return
                yield pl.DataFrame([_as_held(column) for column in frame])
        except _ERRORS:
            return


def find_fast_reader(watched: WatchedFile, outline: Outline) -> FastReader:
    """Find out which columns can be read fast.

    Parameters
    ----------
    watched : WatchedFile
        The file.
    outline : Outline
        What it says of itself.

    Returns
    -------
    FastReader
        Of no columns when the two readers do not understand the file alike.

    Raises
    ------
    LayoutError
        When its first rows cannot be read.
    """
    schema = _schema(watched, outline)
    kept = {name for name, dtype in schema.items() if _keeps(outline, name, dtype)}
    dates = [name for name in outline.names if name in kept and schema[name] == pl.Date]
    return FastReader(watched, frozenset(kept - _with_fractions(watched, outline, dates)))


def _schema(watched: WatchedFile, outline: Outline) -> Mapping[str, pl.DataType]:
    """Types by column as polars-readstat sees them; none when it sees another file, or is not there."""
    # It goes by the file's name, and has no wheel for every machine.
    is_known = outline.program == "SAS" and watched.file.path.suffix.lower() == ".sas7bdat"
    if not is_known or find_spec("polars_readstat") is None:
        return {}
    try:
        scan = _scan(watched, 1)
        schema, n_rows = scan.schema, scan.metadata["row_count"]
    except _ERRORS:
        return {}
    return schema if tuple(schema) == outline.names and n_rows == outline.n_rows else {}


def _scan(watched: WatchedFile, size: int) -> ScanReadstat:
    from polars_readstat import ScanReadstat  # noqa: PLC0415 - not on every machine

    # One thread: several hand on the rows in disorder, or hold them all until they are in order.
    return ScanReadstat(str(watched.file.path), threads=1, batch_size=size, missing_string_as_null=True)


def _keeps(outline: Outline, name: str, dtype: pl.DataType) -> bool:
    """Whether a column of a type can be given back as the file holds it."""
    if dtype == pl.String:
        return outline.types[name] == pl.String and outline.encoding in _ENCODINGS
    unit = unit_of("SAS", outline.formats[name])
    if dtype.is_temporal():
        return (dtype.base_type(), unit) in ((pl.Date, "day"), (pl.Datetime, "second"))
    return dtype == outline.types[name] == pl.Float64


def _with_fractions(watched: WatchedFile, outline: Outline, names: Sequence[str]) -> set[str]:
    """Name the dates that are moments divided by 24 hours: it would make another day of those after noon."""
    if not names:
        return set()
    sample = read_rows(watched, outline, names, 0, _SAMPLE)
    return {column.name for column in sample if (column != column.floor()).any()}


def _is_replaced(frame: pl.DataFrame) -> bool:
    found = frame.select(pl.col(pl.String).str.contains(_REPLACEMENT, literal=True).any())
    return any(found.row(0)) if found.width else False


def _has_room(column: pl.Series) -> bool:
    room = _ROOM.get(column.dtype.base_type())
    return room is None or column.to_physical().is_between(-room, room).all()


def _as_held(column: pl.Series) -> pl.Series:
    """Undo that numbers became dates: days since 1970, and microseconds."""
    if column.dtype == pl.Date:
        return column.to_physical() + _DAYS_1960_TO_1970
    if isinstance(column.dtype, pl.Datetime):
        return (column.to_physical() + _DAYS_1960_TO_1970 * 86_400_000_000) / 1_000_000
    return column
