"""Bars of 100 per cent: where everyone released was, and what had become of their plans."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter

from evalkit.reporting.edition import Edition
from evalkit.reporting.figures.palette import HIDDEN, INK, PLAN_COLOURS, QUIET, STATUS_COLOURS, readable_on
from evalkit.reporting.figures.svg import Drawing, drawn_in_style
from evalkit.reporting.labels import checkpoint_label, month_label
from evalkit.reporting.plan_states import plan_state_rows

__all__ = ["draw_plan_states", "draw_status"]

_SMALLEST_NAMED = 0.055
_SMALLEST_HIDDEN = 0.0015  # less than this is rounding, not a hidden share
_BAR, _GAP = 0.8, 0.75
_NAMED_IN_WORDS = 3


@dataclass(frozen=True)
class _Bar:
    place: str
    arm: str
    shares: Mapping[str, float | None]


@dataclass(frozen=True)
class _Kind:
    """What a figure's colours and words are."""

    colours: Mapping[str, str]
    words: str


def draw_status(edition: Edition) -> Drawing | None:
    """Draw where everyone released was, by month and arm.

    Parameters
    ----------
    edition : Edition
        The bundle and its language; table ``status``.

    Returns
    -------
    Drawing or None
        None when there is nothing to show.
    """
    rows = edition.rows("status")
    places = [(month_label(edition, month), {"month": month}) for month in sorted({int(row["month"]) for row in rows})]
    kind = _Kind(STATUS_COLOURS, "status_state")
    return _draw(edition, _bars(edition, rows, places), kind, edition.language.text("alt.status"))


def draw_plan_states(edition: Edition) -> Drawing | None:
    """Draw what had become of everyone's plan, by time after release and arm.

    Parameters
    ----------
    edition : Edition
        The bundle and its language; table ``continuity``.

    Returns
    -------
    Drawing or None
        None when there is nothing to show.
    """
    rows = plan_state_rows(edition)
    found = sorted({str(row["checkpoint"]) for row in rows}, key=lambda point: int(point) if point.isdigit() else 0)
    places = [(checkpoint_label(edition, point), {"checkpoint": point}) for point in found]
    kind = _Kind(PLAN_COLOURS, "plan_state")
    return _draw(edition, _bars(edition, rows, places), kind, edition.language.text("alt.states"))


def _bars(
    edition: Edition, rows: list[dict[str, Any]], places: Sequence[tuple[str, Mapping[str, object]]]
) -> list[_Bar]:
    bars = []
    for place, where in places:
        for arm in edition.arms:
            cells = [
                row for row in rows if row["arm"] == arm and all(row[key] == value for key, value in where.items())
            ]
            bars.append(_Bar(place, arm, {str(row["state"]): edition.value(row, "share") for row in cells}))
    return [bar for bar in bars if bar.shares]


def _draw(edition: Edition, bars: list[_Bar], kind: _Kind, alternative: str) -> Drawing | None:
    if not any(share is not None for bar in bars for share in bar.shares.values()):
        return None
    heights = _heights(bars)
    with drawn_in_style():
        figure = Figure(figsize=(6.8, 1.1 + 0.36 * (heights[-1] + 1)), facecolor="white")
        axes = figure.add_subplot()
        _dress(edition, axes, bars, heights)
        hides = [_bar(edition, axes, bar, height, kind) for bar, height in zip(bars, heights, strict=True)]
        _name_the_states(edition, figure, bars, kind, hides=any(hides))
    parts = [_said(edition, bar, kind) for bar in bars]
    return Drawing(figure, " ".join((alternative, *parts, edition.language.text("alt.table_below"))))


def _heights(bars: list[_Bar]) -> list[float]:
    """Place bars of one time next to each other, with a gap and a heading before the next time."""
    heights, height = [], -1.0 - _GAP
    for number, bar in enumerate(bars):
        height += 1.0 if number and bars[number - 1].place == bar.place else 1.0 + _GAP
        heights.append(height)
    return heights


def _bar(edition: Edition, axes: Axes, bar: _Bar, height: float, kind: _Kind) -> bool:
    """Draw one bar; say whether a part of it is hidden."""
    start = 0.0
    for state, colour in kind.colours.items():
        share = bar.shares.get(state)
        if not share:
            continue
        axes.barh(height, share, left=start, height=_BAR, color=colour, edgecolor="white", linewidth=1.2)
        if share >= _SMALLEST_NAMED:
            text = edition.language.percent(share, 0)
            axes.text(
                start + share / 2, height, text, ha="center", va="center", fontsize=8.5, color=readable_on(colour)
            )
        start += share
    rest = 1.0 - start
    if rest < _SMALLEST_HIDDEN or None not in bar.shares.values():
        return False
    axes.barh(height, rest, left=start, height=_BAR, color=HIDDEN, edgecolor=QUIET, linewidth=0.8, hatch="////")
    return True


def _dress(edition: Edition, axes: Axes, bars: list[_Bar], heights: list[float]) -> None:
    axes.set_yticks(heights, [edition.arm_short(bar.arm) for bar in bars])
    axes.set(xlim=(0, 1), ylim=(heights[-1] + 0.5, -1.0))
    for number, (bar, height) in enumerate(zip(bars, heights, strict=True)):
        if not number or bars[number - 1].place != bar.place:
            axes.text(0, height - 0.72, bar.place, va="center", fontsize=9, fontweight="bold", color=INK)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda share, _: edition.language.percent(share, 0)))
    axes.spines[["top", "right", "left", "bottom"]].set_visible(False)
    axes.tick_params(length=0, labelcolor=INK)


def _name_the_states(edition: Edition, figure: Figure, bars: list[_Bar], kind: _Kind, *, hides: bool) -> None:
    found = {state for bar in bars for state in bar.shares}
    handles = [
        Patch(facecolor=colour, edgecolor="white", label=edition.language.label(kind.words, state))
        for state, colour in kind.colours.items()
        if state in found
    ]
    if hides:
        hidden = edition.language.text("figure.hidden")
        handles.append(Patch(facecolor=HIDDEN, edgecolor=QUIET, linewidth=0.8, hatch="////", label=hidden))
    figure.legend(
        handles=handles,
        loc="outside upper left",
        ncols=4,
        frameon=False,
        labelcolor=INK,
        fontsize=8.5,
        columnspacing=1.4,
        handlelength=1.1,
        handleheight=1.0,
    )


def _said(edition: Edition, bar: _Bar, kind: _Kind) -> str:
    shown = sorted(((share, state) for state, share in bar.shares.items() if share), reverse=True)[:_NAMED_IN_WORDS]
    parts = [
        f"{edition.language.label(kind.words, state)} {edition.language.percent(share, 0)}" for share, state in shown
    ]
    if not parts:
        parts = [edition.language.text("alt.stack_hidden")]
    arm = edition.arm_label(bar.arm)
    return edition.language.text("alt.stack", place=bar.place, arm=arm, parts=", ".join(parts))
