"""The difference of two arms' cumulative incidence, time by time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from evalkit.survival.aalen_johansen import CumulativeIncidence
from evalkit.survival.arrays import FloatArray, GroupLabel
from evalkit.survival.contrasts import Contrast, risk_difference
from evalkit.survival.curve_labels import CurveLabels
from evalkit.survival.plots import plot_curves
from evalkit.survival.shown_figure import ShownFigure
from evalkit.survival.shown_result import ShownResult
from evalkit.survival.steps import check_grid, counts_on_grid

__all__ = ["DifferenceCurve", "difference_curve"]

_LINES = 12  # of a curve in a table


@dataclass(frozen=True, repr=False)
class DifferenceCurve(ShownResult):
    """The treated arm's risk minus the reference arm's, time by time.

    Parameters
    ----------
    time : float array, shape (n_times,)
        The times.
    contrasts : tuple of Contrast
        The difference at each of them; limits are pointwise.
    n_at_risk : float array, shape (n_times,)
        Persons at risk in both arms together.
    has_every_step : bool
        Whether every time is there at which a curve steps.
    """

    time: FloatArray
    contrasts: tuple[Contrast, ...]
    n_at_risk: FloatArray
    has_every_step: bool

    def tidy(self) -> pl.DataFrame:
        """Return one row a time.

        Returns
        -------
        DataFrame
            time, measure, reference, treated, estimate, std_error, conf_low, conf_high, statistic, p_value, n_persons,
            n_events (up to and including t), n_at_risk; both arms together.
        """
        frame = pl.concat([contrast.tidy() for contrast in self.contrasts], how="vertical_relaxed")
        is_whole = all(bool(np.all(values == np.round(values))) for values in (self.time, self.n_at_risk))
        kind = np.int64 if is_whole else np.float64
        return frame.insert_column(0, pl.Series("time", self.time.astype(kind))).with_columns(
            n_at_risk=pl.Series(self.n_at_risk.astype(kind))
        )

    def _readable(self) -> pl.DataFrame:
        return self.tidy()[:: -(-self.time.size // _LINES)]

    def plot(self, *, labels: CurveLabels | None = None) -> ShownFigure:
        """Draw the difference with its pointwise limits, a line where the arms are alike, and numbers below.

        Parameters
        ----------
        labels : CurveLabels, optional
            The words of the figure.

        Returns
        -------
        ShownFigure
            A matplotlib figure with `alt_text`. Not disclosure-checked.
        """
        first = self.contrasts[0]
        name = f"{first.treated} minus {first.reference}"
        words = labels or CurveLabels(x="Time", y="Risk difference", arms={first.measure: name})
        return plot_curves(self.tidy(), labels=words, arm="measure", joined=not self.has_every_step)


def difference_curve(
    incidence: CumulativeIncidence,
    *,
    reference: GroupLabel,
    treated: GroupLabel,
    times: npt.ArrayLike | None = None,
    cause: int = 1,
) -> DifferenceCurve:
    """Return the risk difference at each of some times; the limits are pointwise.

    Parameters
    ----------
    incidence : CumulativeIncidence
        Cumulative incidence by arm.
    reference, treated : str or int
        The arms' labels.
    times : array, shape (n_times,), optional
        The grid; by default 0 and every time at which somebody had an event or left, until one of the arms ends.
    cause : int
        The event.

    Returns
    -------
    DifferenceCurve
        Frozen.

    Raises
    ------
    EstimationError
        When there is no such arm or cause, both arms are the same, or an arm is not followed to a time.

    Examples
    --------
    >>> from evalkit.survival.aalen_johansen import aalen_johansen
    >>> curves = aalen_johansen([1, 2, 3, 4], [1, 0, 1, 0], group=["a", "a", "b", "b"])
    >>> difference_curve(curves, reference="a", treated="b").tidy()["estimate"].to_list()
    [0.0, -0.5, -0.5]
    """
    arms = [incidence.life_table.group_index(label) for label in (treated, reference)]
    grid = _every_step(incidence, arms) if times is None else np.sort(check_grid(times))
    contrasts = tuple(
        risk_difference(incidence, time=float(time), reference=reference, treated=treated, cause=cause) for time in grid
    )
    at_risk = counts_on_grid(incidence.life_table, grid)[0][arms].sum(axis=0)
    return DifferenceCurve(grid, contrasts, at_risk, times is None)


def _every_step(incidence: CumulativeIncidence, arms: list[int]) -> FloatArray:
    table = incidence.life_table
    time = np.union1d(0.0, table.time)
    ends = [table.last_time[arm] if incidence.event_free[arm, -1] > 0 else np.inf for arm in arms]
    return np.asarray(time[time <= min(ends)])
