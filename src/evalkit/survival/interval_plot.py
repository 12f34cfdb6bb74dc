"""Dots with intervals: hazard ratios, means and differences, one a line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, MaxNLocator, NullFormatter, NullLocator

from evalkit.errors import EstimationError
from evalkit.survival.alternative_text import describe_intervals
from evalkit.survival.curve_labels import CurveLabels
from evalkit.survival.figure_style import COLOURS, INK, QUIET, dress_axes, wrapped
from evalkit.survival.shown_figure import ShownFigure

__all__ = ["plot_intervals"]

_WIDTH, _LINE_HEIGHT, _FRAME = 7.2, 0.34, 1.1  # inches
_NUMBERS = ("estimate", "conf_low", "conf_high")
_LONGEST = 32  # letters of a line of a name
_ROUND_RATIOS = [base * 10.0**power for power in range(-6, 7) for base in (1, 2, 5)]


def plot_intervals(
    frame: pl.DataFrame,
    *,
    labels: CurveLabels,
    reference: float | None = None,
    is_ratio: bool = False,
    is_share: bool = False,
) -> ShownFigure:
    """Draw estimates as dots with their intervals, the first row at the top.

    Parameters
    ----------
    frame : DataFrame
        name, estimate, conf_low, conf_high. A limit that is not known, or is 0 for a ratio, is drawn as an arrow.
    labels : CurveLabels
        The words of the figure; `arms` names the rows.
    reference : float, optional
        Where a line says "no difference".
    is_ratio : bool
        Whether the axis is logarithmic.
    is_share : bool
        Whether estimates are to be read in per cent.

    Returns
    -------
    ShownFigure
        With an alternative text.

    Raises
    ------
    EstimationError
        When there is no estimate to draw.

    Examples
    --------
    >>> rows = pl.DataFrame({"name": ["aid"], "estimate": [0.7], "conf_low": [0.5], "conf_high": [0.98]})
    >>> plot_intervals(rows, labels=CurveLabels(x="Hazard ratio"), reference=1.0, is_ratio=True).alt_text
    'Hazard ratio, with intervals. aid: 0.70 (0.50; 0.98).'
    """
    rows = list(frame.with_columns(pl.col(_NUMBERS).cast(pl.Float64).fill_nan(None)).iter_rows(named=True))
    drawable = [row[name] for row in rows for name in _NUMBERS if _is_drawable(row[name], is_ratio=is_ratio)]
    if not drawable:
        raise EstimationError("intervals: there is no estimate to draw.")
    names = [wrapped(labels.of(row["name"]), _LONGEST) for row in rows]
    pitch = max(_LINE_HEIGHT, 0.17 * max(name.count("\n") + 1 for name in names) + 0.1)
    figure = ShownFigure(figsize=(_WIDTH, _FRAME + pitch * len(rows)), layout="constrained", facecolor="white")
    figure.alt_text = describe_intervals(rows, labels, is_share=is_share, is_ratio=is_ratio)
    axes = figure.add_subplot()
    if reference is not None:
        drawable.append(reference)
        axes.axvline(reference, color=QUIET, linewidth=1.0, zorder=1)
    _scale(axes, drawable, is_ratio=is_ratio)
    for line, row in enumerate(rows):
        _draw_interval(axes, row, line, is_ratio=is_ratio)
        _write(axes, labels.interval(row, is_share=is_share, is_ratio=is_ratio), line)
    dress_axes(axes, labels, is_share=is_share, values="x")
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.4, -0.6)
    return figure


def _is_drawable(value: float | None, *, is_ratio: bool) -> bool:
    return value is not None and np.isfinite(value) and (value > 0.0 or not is_ratio)


def _scale(axes: Axes, values: Sequence[float], *, is_ratio: bool) -> None:
    low, high = min(values), max(values)
    if not is_ratio:
        margin = 0.06 * (high - low or abs(high) or 1.0)
        axes.set_xlim(low - margin, high + margin)
        return
    margin = (high / low) ** 0.06 if high > low else 1.1
    axes.set_xscale("log")
    axes.set_xlim(low / margin, high * margin)
    ticks = [ratio for ratio in _ROUND_RATIOS if low / margin <= ratio <= high * margin]
    axes.xaxis.set_major_locator(FixedLocator(ticks) if 3 <= len(ticks) <= 9 else MaxNLocator(5, steps=[1, 2, 5, 10]))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_minor_formatter(NullFormatter())


def _draw_interval(axes: Axes, row: dict[str, Any], line: int, *, is_ratio: bool) -> None:
    left, right = axes.get_xlim()
    ends = []
    for name, edge, arrow in (("conf_low", left, "<"), ("conf_high", right, ">")):
        known = _is_drawable(row[name], is_ratio=is_ratio)
        ends.append(row[name] if known else edge)
        if not known:
            axes.plot(edge, line, marker=arrow, color=COLOURS[0], markersize=6, clip_on=False, zorder=3)
    axes.plot(ends, [line, line], color=COLOURS[0], linewidth=1.9, solid_capstyle="butt", zorder=2)
    if _is_drawable(row["estimate"], is_ratio=is_ratio):
        axes.plot(row["estimate"], line, marker="o", color=COLOURS[0], markersize=7, zorder=3)


def _write(axes: Axes, text: str, line: int) -> None:
    """Write the numbers right of the axes, on the line of the dot."""
    axes.annotate(
        text,
        (1.0, line),
        xycoords=("axes fraction", "data"),
        xytext=(10, 0),
        textcoords="offset points",
        va="center",
        fontsize=9,
        color=INK,
    )
