"""Limits that hold a whole curve at once: the result, whichever way they were made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from evalkit.survival.aalen_johansen import CumulativeIncidence
from evalkit.survival.arrays import FloatArray, GroupLabel
from evalkit.survival.curve_influence import Curve
from evalkit.survival.plots import CurveLabels, plot_curves
from evalkit.survival.recurrent import MeanCumulativeCount
from evalkit.survival.shown_figure import ShownFigure
from evalkit.survival.shown_result import ShownCurve
from evalkit.survival.steps import check_grid, read_steps, start_and, tidy_rows

__all__ = ["BandScale", "SimultaneousBand"]

BandScale: TypeAlias = Literal["log-log", "log", "plain"]


@dataclass(frozen=True, repr=False)
class SimultaneousBand(ShownCurve):
    """Limits that hold a curve at all times at once, with the curve's confidence level.

    Parameters
    ----------
    curve : KaplanMeier, CumulativeIncidence or MeanCumulativeCount
        The curve.
    cause : int
        The event, for cumulative incidence.
    band_low, band_high : float array, shape (n_groups, n_times)
        From each time of the curve on; NaN where the band does not hold.
    critical_value : float array, shape (n_groups,)
        By group, what the pointwise standard error is multiplied by; for a Hall-Wellner band, what a Brownian bridge
        stays within.
    from_time, until : float array, shape (n_groups,)
        The times over which the band holds.
    scale : str
        Scale on which it is symmetric.
    n_draws : int or None
        Draws of the multiplier bootstrap; None for a Hall-Wellner band.
    """

    curve: Curve
    cause: int
    band_low: FloatArray
    band_high: FloatArray
    critical_value: FloatArray
    from_time: FloatArray
    until: FloatArray
    scale: BandScale
    n_draws: int | None

    @property
    def groups(self) -> tuple[GroupLabel, ...]:
        """The groups' labels."""
        return self.curve.life_table.groups

    def tidy(self, grid: npt.ArrayLike | None = None) -> pl.DataFrame:
        """Return one row a group and time.

        Parameters
        ----------
        grid : array, shape (n_grid,), optional
            Times; without it those of the band at which somebody of the group left.

        Returns
        -------
        DataFrame
            group, time, estimate, band_low, band_high. Limits where the band does not hold are null.
        """
        frame = self._limits(grid).select("group", "time", "estimate", "band_low", "band_high")
        return frame if grid is not None else frame.filter(pl.col("band_low").is_not_null())

    @property
    def last_time(self) -> float:
        """The last time at which a group's band holds."""
        return float(self.until.max())

    def plot(self, *, labels: CurveLabels | None = None) -> ShownFigure:
        """Draw the whole curves with the bands where they hold, and persons at risk and events below.

        Parameters
        ----------
        labels : CurveLabels, optional
            The words of the figure.

        Returns
        -------
        ShownFigure
            Not disclosure-checked.
        """
        frame = self._limits(start_and(self.curve.life_table.time)).drop("conf_low", "conf_high")
        band = frame.rename({"band_low": "conf_low", "band_high": "conf_high"})
        words = labels or CurveLabels(x="Time", y=self._what())
        return plot_curves(band, labels=words, is_share=not isinstance(self.curve, MeanCumulativeCount))

    def _what(self) -> str:
        if isinstance(self.curve, CumulativeIncidence):
            return f"Cumulative incidence of cause {self.cause}"
        return "Mean number of events" if isinstance(self.curve, MeanCumulativeCount) else "Free of the event"

    def _limits(self, grid: npt.ArrayLike | None) -> pl.DataFrame:
        """Return the curve's rows with the band beside them."""
        frame = self.curve.tidy(grid)
        if isinstance(self.curve, CumulativeIncidence):
            frame = frame.filter(pl.col("cause") == self.cause)
        table = self.curve.life_table
        times = table.time.astype(np.float64) if grid is None else check_grid(grid)
        holds = (times >= self.from_time[:, None]) & (times <= self.until[:, None])
        columns = {
            name: np.where(holds, read_steps(table.time, limit, times, start=np.nan), np.nan)
            for name, limit in (("band_low", self.band_low), ("band_high", self.band_high))
        }
        band = tidy_rows(table, columns, None if grid is None else times)
        return frame.hstack(band.select("band_low", "band_high"))
