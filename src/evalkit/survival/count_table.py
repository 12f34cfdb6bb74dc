"""The numbers below the curves: persons at risk and events, aligned with the ticks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from math import ceil
from typing import Any

import polars as pl
from matplotlib.axes import Axes

from evalkit.survival.curve_labels import CurveLabels
from evalkit.survival.figure_style import INK, TEXT_COLOURS

__all__ = ["CountTable"]

_GAP = 0.5  # lines between two blocks
_LONG = 18  # letters of a name that takes a line of its own, so that it does not squeeze the curves
_LETTER = 5.4  # points, of a digit in the table
_AXIS = 0.85  # of the figure's width
_NOT_PUBLISHED = ("suppressed_primary", "suppressed_secondary")
_COLUMNS = ("n_at_risk", "effective_at_risk", "n_events")


@dataclass(frozen=True)
class CountTable:
    """What stands below the curves.

    Parameters
    ----------
    arms : tuple of (object, DataFrame)
        The arms' machine names and their rows, sorted by time.
    marks : tuple of float
        The ticks.
    words : CurveLabels
        The words of the figure.
    shared : tuple of str
        Columns that are the same for all arms, and are shown once.
    """

    arms: tuple[tuple[Any, pl.DataFrame], ...]
    marks: tuple[float, ...]
    words: CurveLabels
    shared: tuple[str, ...] = ()

    @property
    def lines(self) -> float:
        """Height, in lines of text; 0 when there is nothing to show."""
        return sum(self._height(column) + _GAP for column in self._columns)

    def draw(self, axes: Axes, x_limits: tuple[float, float], *, width: float) -> None:
        """Write the numbers.

        Parameters
        ----------
        axes : Axes
            Below the curves.
        x_limits : tuple of float
            Of the curves.
        width : float
            Of the figure, in inches.
        """
        axes.axis("off")
        axes.set(xlim=x_limits, ylim=(self.lines - 0.4, -0.6))
        stride, top = self._stride(72.0 * _AXIS * width / (x_limits[1] - x_limits[0])), 0.0
        for column in self._columns:
            self._draw_block(axes, column, top, stride)
            top += self._height(column) + _GAP

    @property
    def _columns(self) -> list[str]:
        return [column for column in _COLUMNS if column in self.arms[0][1].columns]

    @cached_property
    def _cells(self) -> dict[str, list[list[str]]]:
        """The texts by column, arm and mark."""
        return {
            column: [[self._cell(rows, column, mark) for mark in self.marks] for _, rows in self.arms]
            for column in self._columns
        }

    def _longest(self, marks: slice) -> int:
        return max(len(text) for arms in self._cells.values() for texts in arms for text in texts[marks])

    @property
    def _has_long_names(self) -> bool:
        return max(len(self.words.of(name)) for name, _ in self.arms) > _LONG

    @property
    def _pitch(self) -> float:
        """Lines from one arm to the next; a little air tells which name is whose numbers."""
        return 2.3 if self._has_long_names else 1.0

    def _stride(self, points_per_unit: float) -> int:
        """Every which tick has numbers, so that they do not run into each other."""
        gaps = [points_per_unit * (after - before) for before, after in pairwise(self.marks)]
        return max(1, ceil(_LETTER * (2 + self._longest(slice(None))) / min(gaps))) if gaps else 1

    def _is_one_line(self, column: str) -> bool:
        return len(self.arms) == 1 or column in self.shared

    def _height(self, column: str) -> float:
        if self._is_one_line(column):
            return 2 if len(self._heading(column)) > _LONG else 1
        return 1 + len(self.arms) * self._pitch

    def _heading(self, column: str) -> str:
        return str(getattr(self.words, column))

    def _draw_block(self, axes: Axes, column: str, top: float, stride: int) -> None:
        one_line, long_heading = self._is_one_line(column), len(self._heading(column)) > _LONG
        above = long_heading if one_line else long_heading or self._has_long_names
        self._say(axes, self._heading(column), top, INK, weight="bold", above=above)
        if one_line:
            self._draw_line(axes, self._cells[column][0], top + long_heading, stride)
            return
        for number, (name, _) in enumerate(self.arms):
            line = top + 1 + number * self._pitch
            colour = TEXT_COLOURS[number % len(TEXT_COLOURS)]
            self._say(axes, self.words.of(name), line, colour, above=self._has_long_names)
            self._draw_line(axes, self._cells[column][number], line + self._has_long_names, stride)

    def _draw_line(self, axes: Axes, cells: list[str], line: float, stride: int) -> None:
        for mark, cell in list(zip(self.marks, cells, strict=True))[::stride]:
            axes.text(mark, line, cell, ha="center", va="center", fontsize=8.5, color=INK)

    def _say(self, axes: Axes, text: str, line: float, colour: str, *, weight: str = "normal", above: bool) -> None:
        """Write a name beside its numbers, or where it is long above them."""
        axes.annotate(
            text,
            (0.0, line),
            xycoords=("axes fraction", "data"),
            xytext=(-max(24.0, 10.0 + _LETTER / 2 * self._longest(slice(1))), 0),  # half of the first numbers
            textcoords="offset points",
            ha="left" if above else "right",
            va="center",
            fontsize=8.5,
            color=colour,
            fontweight=weight,
        )

    def _cell(self, rows: pl.DataFrame, column: str, mark: float) -> str:
        """Return the count, the sign for suppressed, or nothing after the end."""
        upto = rows.filter(pl.col("time") <= mark)
        if upto.is_empty():
            return ""
        row = upto.row(-1, named=True)
        if row.get(f"{column}_status") in _NOT_PUBLISHED:
            return self.words.suppressed
        return "" if row[column] is None else self.words.count(row[column])
