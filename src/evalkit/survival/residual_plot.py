"""Residuals over time, a panel a covariate, with what they are like on average."""

from __future__ import annotations

import numpy as np
import polars as pl
from matplotlib.axes import Axes

from evalkit.survival.arrays import FloatArray
from evalkit.survival.curve_labels import CurveLabels
from evalkit.survival.figure_style import COLOURS, INK, QUIET, dress_axes, wrapped
from evalkit.survival.shown_figure import ShownFigure

__all__ = ["plot_residuals"]

_PANEL = (3.6, 2.7)  # inches
_ENOUGH = 10  # events that a smooth line needs


def plot_residuals(frame: pl.DataFrame, *, labels: CurveLabels, constant: dict[str, float]) -> ShownFigure:
    """Draw residuals over time, with a smooth line [1]_.

    Parameters
    ----------
    frame : DataFrame
        term, time, estimate: one row an event and term.
    labels : CurveLabels
        The words of the figure; `arms` names the terms.
    constant : dict of str to float
        Where a line stands in a term's panel: what the residuals would scatter around if nothing changed.

    Returns
    -------
    ShownFigure
        With an alternative text.

    References
    ----------
    .. [1] Cleveland (1979), JASA 74, 829-836.
    """
    columns = min(len(constant), 2)
    n_rows = -(-len(constant) // columns)
    size = (max(columns * _PANEL[0], 5.0), n_rows * _PANEL[1] + 0.3)
    figure = ShownFigure(figsize=size, layout="constrained", facecolor="white")
    panels = figure.subplots(n_rows, columns, squeeze=False).ravel()
    said = []
    for panel, (term, level) in zip(panels, constant.items(), strict=False):
        smooth = _draw(panel, frame.filter(pl.col("term") == term).sort("time"), level)
        dress_axes(panel, labels, is_share=False)
        panel.set_title(wrapped(labels.of(term), 30), loc="left", fontsize=10, color=INK)
        said.append(f"{labels.of(term)}: {_tendency(smooth, level, labels)}")
    for panel in panels[len(constant) :]:
        panel.axis("off")
    figure.alt_text = " ".join([f"Residuals against {labels.x.lower() or 'time'}, with a smooth line.", *said])
    return figure


def _draw(panel: Axes, rows: pl.DataFrame, level: float) -> FloatArray:
    """Draw one term's panel and return the smooth line, shape (n_events,)."""
    time, value = rows["time"].cast(pl.Float64).to_numpy(), rows["estimate"].to_numpy()
    panel.scatter(time, value, s=9, color=QUIET, alpha=0.4, linewidths=0, rasterized=True, zorder=2)
    panel.axhline(level, color=COLOURS[1], linewidth=1.4, linestyle=(0, (6, 2)), zorder=3)
    smooth = _smooth(time, value)
    panel.plot(time[: smooth.size], smooth, color=COLOURS[0], linewidth=2.2, zorder=4)
    return smooth


def _smooth(time: FloatArray, value: FloatArray) -> FloatArray:
    if time.size < _ENOUGH or np.ptp(time) == 0:
        return np.empty(0)
    from statsmodels.nonparametric.smoothers_lowess import lowess  # noqa: PLC0415 - only for this figure

    return np.asarray(lowess(value, time, frac=0.5, delta=0.01 * np.ptp(time), return_sorted=False), dtype=np.float64)


def _tendency(smooth: FloatArray, level: float, words: CurveLabels) -> str:
    if not smooth.size:
        return "too few events for a line."
    ends = [words.number(float(value)) for value in (smooth[0], smooth[-1], level)]
    return f"the line goes from {ends[0]} to {ends[1]}; the model has {ends[2]} throughout."
