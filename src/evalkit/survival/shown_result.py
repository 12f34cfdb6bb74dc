"""How a result shows itself in a notebook: a table under a banner, a figure, and a short name without numbers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import numpy.typing as npt
import polars as pl

from evalkit.errors import EstimationError
from evalkit.survival.arrays import FloatArray
from evalkit.survival.curve_labels import CurveLabels

if TYPE_CHECKING:
    from great_tables import GT

    from evalkit.survival.shown_figure import ShownFigure

__all__ = ["BANNER", "ShownCurve", "ShownResult", "round_times"]

BANNER = "Not disclosure-checked – must not leave the secure zone"
_ROUND = (1, 2, 5)
_THIN_SPACE = "\N{NARROW NO-BREAK SPACE}"
_SMALLEST_P = 1e-4


class ShownResult(ABC):
    """A frozen result that is read in a notebook inside the secure zone."""

    __slots__ = ()

    figure_hint: ClassVar[str] = "Use table() or tidy()."
    """What to draw instead, where a result has no figure of its own."""

    @abstractmethod
    def tidy(self) -> pl.DataFrame:
        """Return the one table that everything else is derived from.

        Returns
        -------
        DataFrame
            One row an estimate.
        """

    def _readable(self) -> pl.DataFrame:
        """Return the rows that `table` shows."""
        return self.tidy()

    def table(self) -> GT:
        """Return the estimates for reading, under a banner.

        Returns
        -------
        great_tables.GT
            Not disclosure-checked. Curves are read at round times.
        """
        return _as_table(self._readable(), type(self).__name__)

    def plot(self, *, labels: CurveLabels | None = None) -> ShownFigure:
        """Draw the result.

        Parameters
        ----------
        labels : CurveLabels, optional
            The words of the figure.

        Returns
        -------
        ShownFigure
            A matplotlib figure with `alt_text`. Not disclosure-checked.

        Raises
        ------
        EstimationError
            When this kind of result has no figure.
        """
        del labels
        raise EstimationError(f"{type(self).__name__}: this result has no figure.", hint=self.figure_hint)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: not disclosure-checked; see tidy() or table()>"

    def _repr_html_(self) -> str:
        return str(self.table().as_raw_html())


class ShownCurve(ShownResult):
    """A result that is a curve over time, and is read on a grid."""

    __slots__ = ()

    @abstractmethod
    def tidy(self, grid: npt.ArrayLike | None = None) -> pl.DataFrame:
        """Return one row a curve and time.

        Parameters
        ----------
        grid : array, shape (n_grid,), optional
            Times; without it all those at which something changes.

        Returns
        -------
        DataFrame
            One row an estimate.
        """

    @property
    @abstractmethod
    def last_time(self) -> float:
        """The last time at which anybody was followed."""

    def table(self, grid: npt.ArrayLike | None = None) -> GT:
        """Return the estimates for reading, under a banner.

        Parameters
        ----------
        grid : array, shape (n_grid,), optional
            Times; by default about ten round ones.

        Returns
        -------
        great_tables.GT
            Not disclosure-checked.
        """
        return _as_table(self._readable() if grid is None else self.tidy(grid), type(self).__name__)

    def _readable(self) -> pl.DataFrame:
        return self.tidy(round_times(self.last_time))


def round_times(last: float, *, at_most: int = 12) -> npt.NDArray[np.float64]:
    """Return round times from 0 on, at which a curve is read.

    Parameters
    ----------
    last : float
        Last time, at least 0.
    at_most : int
        Most times, at least 2.

    Returns
    -------
    float array, shape (n,)
        Multiples of 1, 2 or 5 times a power of ten, 0 first.

    Examples
    --------
    >>> round_times(52).tolist()
    [0.0, 5.0, 10.0, 15.0, 20.0, 25.0, 30.0, 35.0, 40.0, 45.0, 50.0]
    """
    step = next(first * ten for ten in 10 ** np.arange(18) for first in _ROUND if last < first * ten * at_most)
    times: FloatArray = np.arange(0, last + 1e-9, step, dtype=np.float64)
    return times


def _as_table(frame: pl.DataFrame, title: str) -> GT:
    from great_tables import GT  # noqa: PLC0415 - half a second that a batch run does not need

    floats = [name for name, kind in frame.schema.items() if kind.is_float() and name not in {"time", "p_value"}]
    counts = [name for name, kind in frame.schema.items() if kind.is_integer() and name.startswith("n_")]
    shown = GT(frame).tab_header(title=title, subtitle=BANNER)
    shown = shown.fmt_number(floats, n_sigfig=4, sep_mark=_THIN_SPACE).fmt_integer(counts, sep_mark=_THIN_SPACE)
    if "p_value" in frame.columns:
        shown = shown.fmt(_p_value, columns="p_value")
    return shown.sub_missing(missing_text="–")


def _p_value(value: float | None) -> str:
    if value is None:
        return "–"
    return f"&lt;{_SMALLEST_P:.4f}" if value < _SMALLEST_P else f"{value:.4f}"
