"""Step curves with confidence bands and, below, the persons at risk and the events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from evalkit.errors import EstimationError
from evalkit.survival.arrays import FloatArray
from evalkit.survival.shown_figure import ShownFigure

__all__ = ["CurveLabels", "plot_curves"]

# Okabe & Ito (2008): told apart with every common colour vision; the line styles tell arms apart in print.
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000")
# The same hues, dark enough for small text on white (contrast above 4.5 : 1).
_TEXT_COLOURS = ("#00598C", "#A34700", "#00664A", "#94406F", "#22668A", "#7A5200", "#000000")
_DASHES: tuple[Any, ...] = ("solid", (0, (6, 2)), (0, (2, 1.5)), (0, (8, 2, 2, 2)), (0, (1, 1)))
_INK, _QUIET, _GRID = "#222222", "#5A5A5A", "#DDDDDD"
_GAP = 0.5  # lines between the two tables
_NOT_PUBLISHED = ("suppressed_primary", "suppressed_secondary")


@dataclass(frozen=True, slots=True)
class CurveLabels:
    """The words of a figure, in the reader's language.

    Parameters
    ----------
    title, x, y : str
        Title and names of the axes; empty for none.
    arms : mapping of str or int to str
        An arm's machine name to what the reader sees.
    n_at_risk, n_events : str
        Headings of the two tables below.
    suppressed : str
        Sign for a number that is not published.
    decimal : str
        Decimal sign.
    thousands : str
        Sign between thousands.
    percent : str
        What follows a percentage.
    """

    title: str = ""
    x: str = ""
    y: str = ""
    arms: Mapping[Any, str] = field(default_factory=dict)
    n_at_risk: str = "At risk"
    n_events: str = "Events"
    suppressed: str = "<5"
    decimal: str = "."
    thousands: str = "\N{NARROW NO-BREAK SPACE}"
    percent: str = "\N{NO-BREAK SPACE}%"


def plot_curves(  # noqa: PLR0913 - choices of one figure, each with a default
    frame: pl.DataFrame,
    *,
    labels: CurveLabels | None = None,
    arm: str = "group",
    ticks: Sequence[float] | None = None,
    tick_labels: Sequence[str] | None = None,
    y_max: float | None = None,
    y_from_zero: bool = True,
    joined: bool = False,
    size: tuple[float, float] = (7.2, 5.0),
) -> Figure:
    """Draw curves by arm with bands, and the persons at risk and events below.

    Parameters
    ----------
    frame : DataFrame
        From ``tidy(grid)``, or a released table: columns `arm`, time, estimate, and if there conf_low, conf_high,
        n_at_risk and n_events, the last two with siblings ``_status``. Null estimates end or break a curve.
    labels : CurveLabels, optional
        The words of the figure.
    arm : str
        Column that tells the arms apart; they are drawn in the order of `frame`.
    ticks : sequence of float, optional
        Times marked on the axis, where the numbers below are read: the row of the largest time not after the tick.
    tick_labels : sequence of str, optional
        What stands at the ticks, for example months while the times are days.
    y_max : float, optional
        Upper end of the axis, as a share; otherwise fitted to the bands.
    y_from_zero : bool
        Whether the axis starts at 0; otherwise it is fitted to the bands.
    joined : bool
        Join the points by straight lines. Right for a curve read on a coarse grid, where a step would stand still for
        a whole interval and then jump; steps are right where every time of an event is there.
    size : tuple of float
        Width and height in inches.

    Returns
    -------
    Figure
        Not shown and not saved.

    Raises
    ------
    EstimationError
        When a column is missing or there is nothing to draw.

    Examples
    --------
    >>> from evalkit.survival import kaplan_meier
    >>> figure = plot_curves(kaplan_meier([1, 2, 2, 3], [1, 0, 1, 0]).tidy([0, 1, 2, 3]))
    >>> len(figure.axes)
    2
    """
    words = labels or CurveLabels()
    _check_columns(frame, arm)
    arms = [key[0] for key in frame.group_by(arm, maintain_order=True).agg([]).iter_rows()]
    marks = _ticks(frame, ticks)
    headings = [
        (name, text)
        for name, text in (("n_at_risk", words.n_at_risk), ("n_events", words.n_events))
        if name in frame.columns
    ]
    lines = len(headings) * (len(arms) + 1 + _GAP)
    figure, curves, table = _layout(size, lines=lines)
    for number, name in enumerate(arms):
        rows = frame.filter(pl.col(arm) == name).sort("time")
        _draw_arm(curves, rows, number, label=words.arms.get(name, str(name)), joined=joined)
    _dress(curves, frame, words, (y_max, y_from_zero))
    curves.set_xticks(marks, tick_labels if tick_labels is not None else [f"{mark:g}" for mark in marks])
    last = max(float(_numbers(frame["time"]).max()), marks[-1])
    curves.set_xlim(0.0, 1.015 * last)  # so that a step at the very end is seen
    if table is not None:
        table.axis("off")
        table.set(xlim=curves.get_xlim(), ylim=(lines - 0.4, -0.6))
        by_arm = [(name, frame.filter(pl.col(arm) == name).sort("time")) for name in arms]
        for block, heading in enumerate(headings):
            _draw_counts(table, by_arm, marks, heading, words, top=block * (len(arms) + 1 + _GAP))
    return figure


def _check_columns(frame: pl.DataFrame, arm: str) -> None:
    missing = [name for name in (arm, "time", "estimate") if name not in frame.columns]
    if missing:
        raise EstimationError(
            f"curves: no column {', '.join(missing)}.", hint=f"There are: {', '.join(frame.columns)}."
        )
    if frame["estimate"].drop_nulls().is_empty():
        raise EstimationError("curves: there is no estimate to draw.")


def _ticks(frame: pl.DataFrame, ticks: Sequence[float] | None) -> list[float]:
    if ticks is not None:
        if not ticks:
            raise EstimationError("curves: no ticks.")
        return [float(tick) for tick in ticks]
    last = float(_numbers(frame["time"]).max())
    steps = [base * 10.0**power for power in range(6) for base in (1, 2, 2.5, 5)]
    step = next((step for step in steps if last / step <= 8), steps[-1])
    return [float(tick) for tick in np.arange(0.0, last + step / 1e6, step)]


def _layout(size: tuple[float, float], *, lines: float) -> tuple[Figure, Axes, Axes | None]:
    figure = ShownFigure(figsize=size, layout="constrained", facecolor="white")
    if not lines:
        return figure, figure.add_subplot(), None
    below = 0.19 * lines + 0.1
    parts = figure.add_gridspec(2, 1, height_ratios=(max(size[1] - below, 1.5), below), hspace=0.02)
    return figure, figure.add_subplot(parts[0]), figure.add_subplot(parts[1])


def _draw_arm(axes: Axes, rows: pl.DataFrame, number: int, *, label: str, joined: bool) -> None:
    colour, dash = _COLOURS[number % len(_COLOURS)], _DASHES[number % len(_DASHES)]
    time, estimate = _numbers(rows["time"]), _numbers(rows["estimate"])
    style = "default" if joined else "steps-post"
    axes.plot(time, estimate, drawstyle=style, color=colour, linestyle=dash, linewidth=1.9, label=label, zorder=3)
    if {"conf_low", "conf_high"} <= set(rows.columns):
        low, high = _numbers(rows["conf_low"]), _numbers(rows["conf_high"])
        step: Literal["post"] | None = None if joined else "post"
        axes.fill_between(time, low, high, step=step, color=colour, alpha=0.16, linewidth=0, zorder=2)


def _dress(axes: Axes, frame: pl.DataFrame, words: CurveLabels, limits: tuple[float | None, bool]) -> None:
    axes.set_title(words.title, loc="left", fontsize=12, color=_INK, pad=12)
    axes.set_xlabel(words.x, color=_INK)
    axes.set_ylabel(words.y, color=_INK)
    axes.set_ylim(*_y_limits(frame, *limits))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda share, _: _percent(share, words)))
    axes.grid(axis="y", color=_GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.spines["bottom"].set_color(_QUIET)
    axes.tick_params(colors=_QUIET, labelcolor=_INK, length=3)
    axes.tick_params(axis="y", length=0)
    if frame.height:
        axes.legend(frameon=False, loc="best", handlelength=2.6, labelcolor=_INK)


def _y_limits(frame: pl.DataFrame, y_max: float | None, y_from_zero: bool) -> tuple[float, float]:
    drawn = [name for name in ("estimate", "conf_low", "conf_high") if name in frame.columns]
    values = np.concatenate([_numbers(frame[name]) for name in drawn])
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    margin = 0.04 * max(high - (0.0 if y_from_zero else low), 0.01)
    bottom = 0.0 if y_from_zero else max(low - margin, 0.0)
    return bottom, y_max if y_max is not None else min(high + margin, 1.02)


def _draw_counts(
    axes: Axes,
    arms: Sequence[tuple[Any, pl.DataFrame]],
    marks: Sequence[float],
    heading: tuple[str, str],
    words: CurveLabels,
    *,
    top: float,
) -> None:
    name, text = heading
    _say(axes, text, top, weight="bold", colour=_INK)
    for number, (key, rows) in enumerate(arms):
        line = top + number + 1
        _say(axes, words.arms.get(key, str(key)), line, colour=_TEXT_COLOURS[number % len(_TEXT_COLOURS)])
        for mark in marks:
            cell = _cell(rows, name, mark, words)
            axes.text(mark, line, cell, ha="center", va="center", fontsize=8.5, color=_INK)


def _say(axes: Axes, text: str, line: float, *, colour: str, weight: str = "normal") -> None:
    axes.annotate(
        text,
        (0.0, line),
        xycoords=("axes fraction", "data"),
        xytext=(-24, 0),
        textcoords="offset points",
        ha="right",
        va="center",
        fontsize=8.5,
        color=colour,
        fontweight=weight,
    )


def _cell(rows: pl.DataFrame, name: str, mark: float, words: CurveLabels) -> str:
    """Return what stands in the table at a time: the count, the sign for suppressed, or nothing after the end."""
    upto = rows.filter(pl.col("time") <= mark)
    if upto.is_empty():
        return ""
    row = upto.row(-1, named=True)
    if row.get(f"{name}_status") in _NOT_PUBLISHED:
        return words.suppressed
    value = row[name]
    if value is None:
        return ""
    return f"{round(float(value)):,}".replace(",", words.thousands)


def _percent(share: float, words: CurveLabels) -> str:
    percent = round(100.0 * share, 6)
    return f"{percent:g}".replace(".", words.decimal) + words.percent


def _numbers(column: pl.Series) -> FloatArray:
    return column.cast(pl.Float64).fill_null(float("nan")).to_numpy()
