"""Median and other quantiles of the time to an event."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from evalkit.errors import EstimationError
from evalkit.survival.arrays import FloatArray, GroupLabel
from evalkit.survival.curve_labels import CurveLabels
from evalkit.survival.estimate import whole
from evalkit.survival.interval_plot import plot_intervals
from evalkit.survival.kaplan_meier import KaplanMeier
from evalkit.survival.shown_figure import ShownFigure
from evalkit.survival.shown_result import ShownResult

__all__ = ["Quantile", "quantile"]

_SAME = 1e-9  # a curve of products of fractions meets one half only up to rounding


@dataclass(frozen=True, slots=True, repr=False)
class Quantile(ShownResult):
    """The time by which a share of a group has had the event.

    Parameters
    ----------
    group : str or int
        The group's label.
    probability : float
        The share.
    estimate, conf_low, conf_high : float
        Time and its limits; NaN where the curve or its limit does not go so far.
    n_persons, n_events : float
        In the group.
    """

    group: GroupLabel
    probability: float
    estimate: float
    conf_low: float
    conf_high: float
    n_persons: float
    n_events: float

    def tidy(self) -> pl.DataFrame:
        """Return one row.

        Returns
        -------
        DataFrame
            group, probability, estimate, conf_low, conf_high, n_persons, n_events; null where the curve or its limit
            does not go so far.
        """
        row: dict[str, list[object]] = {"group": [self.group], "probability": [self.probability]}
        row |= {name: [getattr(self, name)] for name in ("estimate", "conf_low", "conf_high")}
        row |= {name: [whole(getattr(self, name))] for name in ("n_persons", "n_events")}
        return pl.DataFrame(row).with_columns(pl.col("estimate", "conf_low", "conf_high").fill_nan(None))

    def plot(self, *, labels: CurveLabels | None = None) -> ShownFigure:
        """Draw the time as a dot with its interval; an arrow where a limit is not known.

        Parameters
        ----------
        labels : CurveLabels, optional
            The words of the figure; `arms` names the group.

        Returns
        -------
        ShownFigure
            A matplotlib figure with `alt_text`. Not disclosure-checked.

        Raises
        ------
        EstimationError
            When the curve does not go so far.
        """
        words = labels or CurveLabels(x=f"Time by which {100.0 * self.probability:g} % had the event")
        return plot_intervals(self.tidy().rename({"group": "name"}), labels=words)


def quantile(curve: KaplanMeier, probability: float = 0.5, *, group: GroupLabel | None = None) -> Quantile:
    """Return the time by which a share of a group has had the event.

    The first time at which the curve is below 1 - probability; when the curve is exactly there for a while, the middle
    of that while, as is usual for a median. Limits are where the curve's limits cross the same line [1]_.

    Parameters
    ----------
    curve : KaplanMeier
        Curves by group.
    probability : float
        Between 0 and 1; 0.5 is the median.
    group : str or int, optional
        The group's label; may be left out when there is one.

    Returns
    -------
    Quantile
        With limits at the curve's confidence level.

    Raises
    ------
    EstimationError
        When there is no such group, or the probability is not between 0 and 1.

    References
    ----------
    .. [1] Brookmeyer & Crowley (1982), Biometrics 38, 29-41.

    Examples
    --------
    >>> from evalkit.survival.kaplan_meier import kaplan_meier
    >>> quantile(kaplan_meier([1, 2, 3, 4], [1, 1, 1, 1])).estimate
    2.5
    """
    if not 0.0 < probability < 1.0:
        raise EstimationError(f"probability {probability:g}: not between 0 and 1.", hint="0.5 is the median.")
    row = curve.life_table.group_index(group)
    left = (curve.life_table.persons.events.sum(axis=2) + curve.life_table.persons.censored)[row] > 0
    time = curve.time[left].astype(np.float64)
    estimate, low, high = (
        _crossing(time, steps[row, left], 1.0 - probability)
        for steps in (curve.estimate, curve.conf_low, _until_it_stays_below(curve.conf_high))
    )
    table = curve.life_table
    n_persons, n_events = float(table.n_persons[row]), float(table.n_events[row].sum())
    return Quantile(curve.groups[row], probability, estimate, low, high, n_persons, n_events)


def _until_it_stays_below(steps: FloatArray) -> FloatArray:
    """Return the highest value from each time on: a limit may rise again, and then the last crossing counts."""
    return np.maximum.accumulate(steps[:, ::-1], axis=1)[:, ::-1]


def _crossing(time: FloatArray, steps: FloatArray, level: float) -> float:
    reached = np.flatnonzero(steps <= level + _SAME)
    if not reached.size:
        return float("nan")
    first = float(time[reached[0]])
    if steps[reached[0]] < level - _SAME:
        return first
    below = np.flatnonzero(steps < level - _SAME)
    return (first + float(time[below[0] if below.size else -1])) / 2.0
