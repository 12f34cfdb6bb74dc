"""Reads SAS and Stata files with polars-readstat, as far as it keeps what the file holds.

It is several times faster than the strict reader, and it takes liberties: it turns numbers into dates and times of day
by the first letters of their format, makes nothing of what does not fit there, and a replacement character of bytes
that are no letters. So it is given only the columns of which it can be told that it keeps them, and where a doubt comes
up, it stops (see ``docs/adr/0006-statistical-files.md``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING

import polars as pl

from evalkit.registers.display_formats import unit_of
from evalkit.registers.strict_reader import Outline, read_rows
from evalkit.registers.watched_file import WatchedFile

if TYPE_CHECKING:
    from polars_readstat import ScanReadstat

__all__ = ["FastReader", "find_fast_reader"]

_SUFFIXES = {"SAS": ".sas7bdat", "Stata": ".dta"}
# Those that it decodes as they are; others, such as DOS code page 850, it takes for Windows-1252. Stata names none.
_ENCODINGS = frozenset({"", "UTF-8", "US-ASCII", "WINDOWS-1252", "ISO-8859-1", "ISO-8859-15"})
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_ERRORS = (RuntimeError, ValueError, OSError, pl.exceptions.PolarsError, pl.exceptions.PanicException)
_SAMPLE = 10_000
# Days and microseconds of more centuries than anyone means, and less than make it put the greatest number instead.
_ROOM = {pl.Date: 2 * 10**9, pl.Datetime: 9 * 10**18}
_1960 = 3653


@dataclass(frozen=True, slots=True)
class FastReader:
    """Reads some columns of a file.

    Parameters
    ----------
    watched : WatchedFile
        The file.
    names : frozenset of str
        The columns that it keeps.
    is_utf8 : bool
        There can be bytes that are no letters; in the other encodings every byte is one.
    """

    watched: WatchedFile
    names: frozenset[str]
    is_utf8: bool = True

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
            scan = _scan(self.watched, size).df.select(names)
            for frame in scan.collect_batches(chunk_size=size, maintain_order=True):
                if _is_doubtful(frame, is_utf8=self.is_utf8):
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
    kept -= _with_fractions(watched, outline, dates)
    return FastReader(watched, frozenset(kept), is_utf8=outline.encoding == "UTF-8")


def _schema(watched: WatchedFile, outline: Outline) -> Mapping[str, pl.DataType]:
    """Types by column as polars-readstat sees them; none when it sees another file, or is not there."""
    # It goes by the file's name, and has no wheel for every machine.
    is_known = watched.file.path.suffix.lower() == _SUFFIXES.get(outline.program)
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
    unit = unit_of(outline.program, outline.formats[name])
    if dtype == pl.Date:
        return unit == "day" or outline.program == "Stata"
    if isinstance(dtype, pl.Datetime):
        return unit in ("second", "millisecond")
    if dtype == pl.String:
        return outline.types[name] == pl.String and outline.encoding in _ENCODINGS
    return dtype.is_numeric() and outline.types[name].is_numeric()


def _with_fractions(watched: WatchedFile, outline: Outline, names: Sequence[str]) -> set[str]:
    """Name the dates that are moments divided by 24 hours: it would make another day of those after noon."""
    if not names:
        return set()
    sample = read_rows(watched, outline, names, 0, _SAMPLE)
    return {column.name for column in sample if (column != column.floor()).any()}


def _is_doubtful(frame: pl.DataFrame, *, is_utf8: bool) -> bool:
    """Whether it may have put something else in the place of bytes or numbers that it has no room for."""
    if is_utf8:
        replaced = frame.select(pl.col(pl.String).str.contains(_REPLACEMENT, literal=True).any())
        if any(replaced.row(0) if replaced.width else ()):
            return True
    dates = [column for column in frame if column.dtype.is_temporal()]
    return any(not _has_room(column.to_physical(), _ROOM[column.dtype.base_type()]) for column in dates)


def _has_room(numbers: pl.Series, room: int) -> bool:
    return numbers.is_between(-room, room).all()


def _as_held(column: pl.Series) -> pl.Series:
    """Undo that numbers became dates."""
    if column.dtype == pl.Date:
        return column.to_physical().cast(pl.Int64) + _1960
    if not isinstance(column.dtype, pl.Datetime):
        return column
    ticks, per_second = column.to_physical(), 1000 if column.dtype.time_unit == "ms" else 1_000_000
    since_1960 = ticks + _1960 * 86_400 * per_second
    # Stata counts milliseconds, SAS seconds.
    return since_1960 if per_second == 1000 else since_1960 / per_second
