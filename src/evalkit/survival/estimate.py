"""One arm's number with its uncertainty."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from evalkit.survival.arrays import GroupLabel
from evalkit.survival.curve_labels import CurveLabels
from evalkit.survival.interval_plot import plot_intervals
from evalkit.survival.shown_figure import ShownFigure
from evalkit.survival.shown_result import ShownResult

__all__ = ["Estimate", "whole"]

_NUMBERS = ("estimate", "std_error", "conf_low", "conf_high")


@dataclass(frozen=True, slots=True, repr=False)
class Estimate(ShownResult):
    """A number, its standard error and its interval.

    Parameters
    ----------
    group : str or int
        The arm's label.
    estimate, std_error, conf_low, conf_high : float
        The number, its standard error and limits.
    n_persons, n_events : float
        What it rests on.
    """

    group: GroupLabel
    estimate: float
    std_error: float
    conf_low: float
    conf_high: float
    n_persons: float
    n_events: float

    def tidy(self) -> pl.DataFrame:
        """Return one row.

        Returns
        -------
        DataFrame
            group, estimate, std_error, conf_low, conf_high, n_persons, n_events; not-a-number becomes null.
        """
        row: dict[str, list[object]] = {"group": [self.group]}
        row |= {name: [getattr(self, name)] for name in _NUMBERS}
        row |= {name: [whole(getattr(self, name))] for name in ("n_persons", "n_events")}
        return pl.DataFrame(row).with_columns(pl.col(_NUMBERS).fill_nan(None))

    def plot(self, *, labels: CurveLabels | None = None) -> ShownFigure:
        """Draw the number as a dot with its interval.

        Parameters
        ----------
        labels : CurveLabels, optional
            The words of the figure; `arms` names the group.

        Returns
        -------
        ShownFigure
            A matplotlib figure with `alt_text`. Not disclosure-checked.
        """
        return plot_intervals(self.tidy().rename({"group": "name"}), labels=labels or CurveLabels(x="Estimate"))


def whole(value: float) -> int | float:
    """Return a count as a whole number when it is one.

    Parameters
    ----------
    value : float
        A count, of fractions of persons when rows are weighted so.

    Returns
    -------
    int or float
        The same number.
    """
    return round(value) if abs(value - round(value)) < 1e-9 else value
