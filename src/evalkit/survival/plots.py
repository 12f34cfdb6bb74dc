"""Step curves with confidence bands and, below, the persons at risk and the events."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba

from evalkit.errors import EstimationError
from evalkit.survival.alternative_text import describe_curves
from evalkit.survival.arrays import FloatArray
from evalkit.survival.count_table import CountTable
from evalkit.survival.curve_labels import CurveLabels
from evalkit.survival.figure_style import COLOURS, DASHES, QUIET, add_legend, dress_axes, wrapped
from evalkit.survival.shown_figure import ShownFigure

__all__ = ["CurveLabels", "plot_curves"]

_LINE_HEIGHT = 0.19  # inches
_CURVES_HEIGHT = 2.9  # inches that the curves have at least
_FEW_TIMES = 9  # that may all be marked on the axis
_FEW = 3  # arms whose bands may have clear edges
_EVERYBODY = "all"  # the label of the only group, which no legend need name


def plot_curves(  # noqa: PLR0913 - choices of one figure, each with a default
    frame: pl.DataFrame,
    *,
    labels: CurveLabels | None = None,
    arm: str = "group",
    ticks: Sequence[float] | None = None,
    tick_labels: Sequence[str] | None = None,
    y_max: float | None = None,
    y_from_zero: bool = True,
    is_share: bool = True,
    joined: bool = False,
    shared: Sequence[str] = (),
    size: tuple[float, float] = (7.2, 5.0),
) -> ShownFigure:
    """Draw curves by arm with bands, and the persons at risk and events below.

    Parameters
    ----------
    frame : DataFrame
        From ``tidy(grid)``, or a released table: columns `arm`, time, estimate, and if there conf_low, conf_high,
        n_at_risk, effective_at_risk and n_events, the counts with siblings ``_status``. Null estimates end or break a
        curve.
    labels : CurveLabels, optional
        The words of the figure.
    arm : str
        Column that tells the arms apart; they are drawn in the order of `frame`.
    ticks : sequence of float, optional
        Times marked on the axis, where the numbers below are read: the row of the largest time not after the tick.
    tick_labels : sequence of str, optional
        What stands at the ticks, for example months while the times are days.
    y_max : float, optional
        Upper end of the axis; otherwise fitted to the bands.
    y_from_zero : bool
        Whether 0 is on the axis; otherwise it is fitted to the bands. Where values are below 0 a line marks 0.
    is_share : bool
        Whether estimates are shares, to be read in per cent.
    joined : bool
        Join the points by straight lines. Right for a curve read on a coarse grid, where a step would stand still for
        a whole interval and then jump; steps are right where every time of an event is there.
    shared : sequence of str
        Count columns that are the same for all arms, as the number at risk is for several causes: shown once.
    size : tuple of float
        Width and height in inches; the figure grows when the numbers below need more.

    Returns
    -------
    ShownFigure
        A matplotlib figure, not shown and not saved; ``alt_text`` says in words what it shows.

    Raises
    ------
    EstimationError
        When a column is missing or there is nothing to draw.

    Examples
    --------
    >>> from evalkit.survival import kaplan_meier
    >>> frame = kaplan_meier([1, 2, 2, 3], [1, 0, 1, 0]).tidy([0, 1, 2, 3])
    >>> figure = plot_curves(frame, labels=CurveLabels(percent="%"))
    >>> len(figure.axes)
    2
    >>> figure.alt_text
    'Estimate against time, as curves. At the end: all: 50% (6%; 84%) at 3.'
    """
    words = labels or CurveLabels()
    _check_columns(frame, arm)
    names = [key[0] for key in frame.group_by(arm, maintain_order=True).agg([]).iter_rows()]
    arms = tuple((name, frame.filter(pl.col(arm) == name).sort("time")) for name in names)
    marks = _ticks(frame, ticks, joined=joined)
    counts = CountTable(arms, tuple(marks), words, tuple(shared))
    figure, curves, below = _layout(size, lines=counts.lines)
    figure.alt_text = describe_curves(arms, words, is_share=is_share)
    for number, (name, rows) in enumerate(arms):
        edge = 0.6 if len(arms) <= _FEW else 0.25
        _draw_arm(curves, rows, number, label=wrapped(words.of(name)), joined=joined, edge=edge)
    dress_axes(curves, words, is_share=is_share)
    curves.set_ylim(*_y_limits(frame, y_max, y_from_zero=y_from_zero, is_share=is_share))
    if curves.get_ylim()[0] < 0:
        curves.axhline(0.0, color=QUIET, linewidth=1.0, zorder=1)
    if len(arms) > 1 or words.of(names[0]) != _EVERYBODY:
        add_legend(curves)
    curves.set_xticks(marks, tick_labels if tick_labels is not None else [words.tick(m, is_share=False) for m in marks])
    last = max(float(_numbers(frame["time"]).max()), marks[-1])
    curves.set_xlim(0.0, 1.015 * last or 1.0)  # so that a step at the very end is seen
    if below is not None:
        counts.draw(below, curves.get_xlim(), width=size[0])
    return figure


def _check_columns(frame: pl.DataFrame, arm: str) -> None:
    missing = [name for name in (arm, "time", "estimate") if name not in frame.columns]
    if missing:
        raise EstimationError(
            f"curves: no column {', '.join(missing)}.", hint=f"There are: {', '.join(frame.columns)}."
        )
    if frame["estimate"].drop_nulls().is_empty():
        raise EstimationError("curves: there is no estimate to draw.")


def _ticks(frame: pl.DataFrame, ticks: Sequence[float] | None, *, joined: bool) -> list[float]:
    if ticks is not None:
        if not ticks:
            raise EstimationError("curves: no ticks.")
        return [float(tick) for tick in ticks]
    times = np.unique(_numbers(frame["time"]))
    last = float(times[-1])
    if joined and 2 <= times.size <= _FEW_TIMES and np.diff(times).min() >= last / (2 * _FEW_TIMES):
        return [float(time) for time in times]  # the numbers below are then those of the time
    steps = [base * 10.0**power for power in range(12) for base in (1, 2, 2.5, 5)]
    step = next((step for step in steps if last / step <= 8), steps[-1])
    return [float(tick) for tick in np.arange(0.0, last + step / 1e6, step)]


def _layout(size: tuple[float, float], *, lines: float) -> tuple[ShownFigure, Axes, Axes | None]:
    below = _LINE_HEIGHT * lines + 0.1 if lines else 0.0
    height = max(size[1], below + _CURVES_HEIGHT)
    figure = ShownFigure(figsize=(size[0], height), layout="constrained", facecolor="white")
    if not lines:
        return figure, figure.add_subplot(), None
    parts = figure.add_gridspec(2, 1, height_ratios=(height - below, below), hspace=0.02)
    return figure, figure.add_subplot(parts[0]), figure.add_subplot(parts[1])


def _draw_arm(axes: Axes, rows: pl.DataFrame, number: int, *, label: str, joined: bool, edge: float) -> None:
    colour, dash = COLOURS[number % len(COLOURS)], DASHES[number % len(DASHES)]
    time, estimate = _numbers(rows["time"]), _numbers(rows["estimate"])
    line: dict[str, Any] = {"color": colour, "linestyle": dash, "linewidth": 1.9, "label": label, "zorder": 3}
    marker = "o" if time.size == 1 else ""
    axes.plot(time, estimate, drawstyle="default" if joined else "steps-post", marker=marker, **line)
    if {"conf_low", "conf_high"} <= set(rows.columns):
        low, high = _numbers(rows["conf_low"]), _numbers(rows["conf_high"])
        step: Literal["post"] | None = None if joined else "post"
        # the edges have the line's dashes, so that bands that overlap are told apart in print
        look: dict[str, Any] = {"edgecolor": to_rgba(colour, edge), "linewidth": 0.7, "linestyle": dash, "zorder": 2}
        axes.fill_between(time, low, high, step=step, facecolor=to_rgba(colour, 0.16), **look)


def _y_limits(frame: pl.DataFrame, y_max: float | None, *, y_from_zero: bool, is_share: bool) -> tuple[float, float]:
    drawn = [name for name in ("estimate", "conf_low", "conf_high") if name in frame.columns]
    values = np.concatenate([_numbers(frame[name]) for name in drawn])
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    if y_from_zero:
        low, high = min(low, 0.0), max(high, 0.0)
    margin = 0.04 * max(high - low, 0.01)
    bottom = low - margin if low < 0 else max(low - margin * (not y_from_zero), 0.0)
    top = min(high + margin, 1.02) if is_share else high + margin
    return bottom, top if y_max is None else y_max


def _numbers(column: pl.Series) -> FloatArray:
    return column.cast(pl.Float64).fill_null(float("nan")).to_numpy()
