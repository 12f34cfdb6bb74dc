"""Reads SAS, Stata and SPSS files with pyreadstat: every cell as the file holds it, or an error.

It is the slower of the two readers (see ``docs/adr/0006-statistical-files.md``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import polars as pl
import pyreadstat

from evalkit.registers.files.display_formats import Program
from evalkit.registers.files.watched_file import WatchedFile

__all__ = ["Outline", "StrictReader", "read_outline", "read_rows"]

_READERS: dict[Program, Callable[..., tuple[Any, Any]]] = {
    "SAS": pyreadstat.read_sas7bdat,
    "Stata": pyreadstat.read_dta,
    "SPSS": pyreadstat.read_sav,
}
_TYPES: dict[str, pl.DataType] = {"string": pl.String(), "float": pl.Float32()}
# Python objects take some 60 bytes a cell.
_CELLS = 4_000_000


@dataclass(frozen=True, slots=True)
class Outline:
    """What a file says of itself.

    Parameters
    ----------
    program : {"SAS", "Stata", "SPSS"}
        Whose file it is.
    names : tuple of str
        Its columns, in order.
    types : mapping of str to DataType
        What each holds: String, Float32 or Float64, whatever the whole numbers among them are stored as.
    formats : mapping of str to str
        Each column's display format, empty where it has none.
    n_rows : int, optional
        Its rows; None when it does not say.
    encoding : str
        What its text is written in, in capitals; empty when it does not say.
    """

    program: Program
    names: tuple[str, ...]
    types: Mapping[str, pl.DataType]
    formats: Mapping[str, str]
    n_rows: int | None
    encoding: str


@dataclass
class StrictReader:
    """Reads rows of a file.

    Reading any rows costs passing over all that come before them, so more are read than are asked for and kept.

    Parameters
    ----------
    watched : WatchedFile
        The file.
    outline : Outline
        What it says of itself.
    names : sequence of str
        The columns to read.
    """

    watched: WatchedFile
    outline: Outline
    names: Sequence[str]
    _first: int = field(default=0, init=False)
    _kept: pl.DataFrame = field(default_factory=pl.DataFrame, init=False)
    _is_last: bool = field(default=False, init=False)

    def rows(self, first: int, n: int) -> pl.DataFrame:
        """Read some rows.

        Parameters
        ----------
        first : int
            How many rows come before them.
        n : int
            How many to read at most.

        Returns
        -------
        DataFrame
            String and Float64 columns; dates as the numbers that the file holds. Fewer rows at the end of the file.

        Raises
        ------
        LayoutError
            When the file is damaged, or holds text that is not in its encoding.
        """
        skipped = first - self._first
        if not (0 <= skipped <= self._kept.height - n or (self._is_last and skipped >= 0)):
            self._first, skipped = first, 0
            # As many as are asked for, or twice, or three times: others would be read and thrown away.
            n_ahead = n * max(_CELLS // max(len(self.names) * n, 1), 1)
            self._kept = read_rows(self.watched, self.outline, self.names, first, n_ahead)
            self._is_last = self._kept.height < n_ahead
        return self._kept.slice(skipped, n)


def read_rows(watched: WatchedFile, outline: Outline, names: Sequence[str], first: int, n: int) -> pl.DataFrame:
    """Read some rows of a file.

    Parameters
    ----------
    watched : WatchedFile
        The file.
    outline : Outline
        What it says of itself.
    names : sequence of str
        The columns to read.
    first : int
        How many rows come before them.
    n : int
        How many to read at most.

    Returns
    -------
    DataFrame
        As :meth:`StrictReader.rows`.

    Raises
    ------
    LayoutError
        As :meth:`StrictReader.rows`.
    """
    with _damage_named(watched):
        cells, _ = _READERS[outline.program](
            watched.file.path,
            usecols=list(names),
            row_offset=first,
            row_limit=n,
            disable_datetime_conversion=True,
            output_format="dict",
        )
    return pl.DataFrame([pl.Series(name, cells[name], outline.types[name], strict=False) for name in names])


def read_outline(watched: WatchedFile, program: Program) -> Outline:
    """Read what a file says of itself.

    Parameters
    ----------
    watched : WatchedFile
        The file.
    program : {"SAS", "Stata", "SPSS"}
        Whose file it is.

    Returns
    -------
    Outline
        Columns, formats, number of rows.

    Raises
    ------
    LayoutError
        When it is cut off or damaged.
    """
    with _damage_named(watched):
        _, said = _READERS[program](watched.file.path, metadataonly=True, output_format="dict")
    names = tuple(said.column_names)
    return Outline(
        program,
        names,
        {name: _TYPES.get(said.readstat_variable_types[name], pl.Float64()) for name in names},
        {name: said.original_variable_types[name] or "" for name in names},
        said.number_rows,
        (said.file_encoding or "").upper(),
    )


@contextmanager
def _damage_named(watched: WatchedFile) -> Iterator[None]:
    try:
        yield
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, OSError, OverflowError, ValueError) as error:
        if isinstance(error, UnicodeError) or "convert string" in str(error):
            raise watched.file.refusal(
                " holds text that is not in the encoding that it names", "Have it exported again in UTF-8."
            ) from None
        raise watched.damaged() from None
