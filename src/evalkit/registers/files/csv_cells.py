"""Reads the cells of whole records with Polars, as text, and as numbers where that loses nothing."""

from __future__ import annotations

import codecs
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import polars as pl

from evalkit.registers.files.csv_blocks import Block
from evalkit.registers.files.record_count import QUOTE, Form

__all__ = ["CellReader"]


@dataclass
class CellReader:
    """Reads the blocks of one file.

    Parameters
    ----------
    form : Form
        How records are written.
    columns : mapping of str to int
        Position by the name that the column gets.
    codes : collection of str
        Those of them that may be numbers.
    """

    form: Form
    columns: Mapping[str, int]
    codes: Collection[str]
    _numeric: set[int] = field(init=False)

    def __post_init__(self) -> None:
        texts = {position for name, position in self.columns.items() if name not in self.codes}
        self._numeric = {self.columns[name] for name in self.codes} - texts

    def read(self, block: Block) -> pl.DataFrame | None:
        """Read some rows.

        Parameters
        ----------
        block : Block
            The rows.

        Returns
        -------
        DataFrame or None
            The wanted columns; None when Polars cannot read the text, or finds more or fewer rows in it than were
            counted.
        """
        cells = self._parse(block.text, self._numeric)
        if cells is not None and self._numeric and _n_bytes(cells) != block.n_cell_bytes:
            cells = self._with_less_numbers(block.text, cells)
        if cells is None or cells.height != block.numbers.len():
            return None
        return cells.select(pl.col(_name(position)).alias(name) for name, position in self.columns.items())

    def _parse(self, text: bytes, numeric: Collection[int]) -> pl.DataFrame | None:
        schema = {_name(i): pl.Int32 if i in numeric else pl.String for i in range(self.form.n_fields)}
        try:
            # All columns, also those that nobody wants: Polars sees a field too many only in a row that it reads whole.
            cells = pl.read_csv(
                # Polars takes a byte order mark off any block, though only the file may begin with one.
                codecs.BOM_UTF8 + text if text.startswith(codecs.BOM_UTF8) else text,
                has_header=False,
                separator=self.form.delimiter.decode(),
                schema=schema,
                ignore_errors=bool(numeric),
                raise_if_empty=False,
            )
        except pl.exceptions.PolarsError:
            return None
        return _nothing_as_null(cells) if QUOTE in text else cells

    def _with_less_numbers(self, text: bytes, numbers: pl.DataFrame) -> pl.DataFrame | None:
        """Read columns as text, in this block and all later ones, that numbers cannot give back as they stand."""
        cells = self._parse(text, ())
        if cells is None:
            return None
        kept = {_name(i) for i in self._numeric if cells[_name(i)].equals(numbers[_name(i)].cast(pl.String))}
        self._numeric = {i for i in self._numeric if _name(i) in kept}
        return cells.with_columns(numbers.select(sorted(kept)))


def _name(position: int) -> str:
    return f"c{position}"


def _nothing_as_null(cells: pl.DataFrame) -> pl.DataFrame:
    text = pl.col(pl.String)
    return cells.with_columns(pl.when(text != "").then(text))


def _n_bytes(cells: pl.DataFrame) -> int:
    """Count the bytes that the cells take as text; numbers without sign, zeros or blanks before them.

    A cell that Polars reads as a number and that is written in any other way, such as ``007``, ``+5`` or `` 730``,
    takes more in the file; so does one that is no number, which Polars reads as nothing.
    """
    texts = cells.select(pl.col(pl.String).str.len_bytes().cast(pl.Int64).sum())
    return int(sum(texts.row(0))) + sum(_n_digits(column) for column in cells if column.dtype == pl.Int32)


def _n_digits(column: pl.Series) -> int:
    low, high = column.min(), column.max()
    if not isinstance(low, int):
        return 0
    if low >= 0 and len(str(low)) == len(str(high)):
        return len(str(low)) * (column.len() - column.null_count())
    return int(column.cast(pl.String).str.len_bytes().sum())
