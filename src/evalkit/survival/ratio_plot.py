"""Ratios of a regression model, one a covariate, on a logarithmic axis."""

from __future__ import annotations

import polars as pl

from evalkit.survival.curve_labels import CurveLabels
from evalkit.survival.interval_plot import plot_intervals
from evalkit.survival.shown_figure import ShownFigure

__all__ = ["plot_ratios"]


def plot_ratios(frame: pl.DataFrame, ratio: str, labels: CurveLabels) -> ShownFigure:
    """Draw the ratios of a model, with a line at 1.

    Parameters
    ----------
    frame : DataFrame
        What the model's ``tidy()`` returns: term, and `ratio` with siblings ``_low`` and ``_high``. Terms without a
        ratio are left out.
    ratio : str
        Its column.
    labels : CurveLabels
        The words of the figure; `arms` names the terms.

    Returns
    -------
    ShownFigure
        With an alternative text.
    """
    columns = {"term": "name", ratio: "estimate", f"{ratio}_low": "conf_low", f"{ratio}_high": "conf_high"}
    rows = frame.filter(pl.col(ratio).is_not_null()).select(*columns).rename(columns)
    return plot_intervals(rows, labels=labels, reference=1.0, is_ratio=True)
