"""Shares as dots with their intervals: plan continuity by time and by area, and the risk by definition."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from evalkit.reporting.edition import Edition
from evalkit.reporting.figures.palette import ARM_COLOURS, GRID, INK, QUIET
from evalkit.reporting.figures.svg import Drawing, drawn_in_style
from evalkit.reporting.labels import checkpoint_label

__all__ = ["draw_continuity", "draw_domains", "draw_panel"]

_DODGE = 0.18
_MARKERS = ("o", "D", "s", "^")
_Places = Sequence[tuple[str, list[dict[str, Any]]]]
"""What a line of dots is called, and its rows, one an arm."""


def draw_continuity(edition: Edition) -> Drawing | None:
    """Draw the share whose plan went on, by time after release and arm.

    Parameters
    ----------
    edition : Edition
        The bundle and its language; table ``continuity``.

    Returns
    -------
    Drawing or None
        None when there is nothing to show.
    """
    rows = edition.rows("continuity", domain="any")
    checkpoints = sorted({str(row["checkpoint"]) for row in rows}, key=_when)
    places = [
        (checkpoint_label(edition, point), [row for row in rows if str(row["checkpoint"]) == point])
        for point in checkpoints
    ]
    return _draw(edition, places, edition.language.text("alt.continuity"))


def draw_domains(edition: Edition) -> Drawing | None:
    """Draw the share whose plan went on shortly after release, by area and arm.

    Parameters
    ----------
    edition : Edition
        The bundle and its language; table ``continuity``.

    Returns
    -------
    Drawing or None
        None when there is nothing to show.
    """
    rows = [row for row in edition.rows("continuity", checkpoint="resumed") if row["domain"] != "any"]
    domains = sorted({str(row["domain"]) for row in rows}, key=lambda name: edition.language.label("domain", name))
    places = [
        (edition.language.label("domain", domain), [row for row in rows if row["domain"] == domain])
        for domain in domains
    ]
    return _draw(edition, places, edition.language.text("alt.domains"))


def draw_panel(edition: Edition) -> Drawing | None:
    """Draw the risk under each definition, by arm.

    Parameters
    ----------
    edition : Edition
        The bundle and its language; table ``definition_panel``.

    Returns
    -------
    Drawing or None
        None when there is nothing to show.
    """
    lines: dict[str, list[dict[str, Any]]] = {}
    for row in edition.rows("definition_panel"):
        share = {"share": row["estimate"], "share_status": row["estimate_status"]}
        lines.setdefault(str(row["outcome"]), []).append(row | share)
    places = [(edition.language.label("outcome", name), rows) for name, rows in lines.items()]
    return _draw(edition, places, edition.language.text("alt.panel"))


def _when(checkpoint: str) -> int:
    return int(checkpoint) if checkpoint.isdigit() else 0


def _draw(edition: Edition, places: _Places, alternative: str) -> Drawing | None:
    if not any(edition.value(row, "share") is not None for _, rows in places for row in rows):
        return None
    with drawn_in_style():
        figure = Figure(figsize=(6.8, 1.0 + 0.55 * len(places)), facecolor="white")
        axes = figure.add_subplot()
        _dress(edition, axes, [label for label, _ in places])
        for number, (_, rows) in enumerate(places):
            for row in rows:
                _dot(edition, axes, number, row)
        _name_the_arms(edition, axes)
    parts = [_said(edition, label, row) for label, rows in places for row in rows]
    return Drawing(figure, " ".join((alternative, *parts, edition.language.text("alt.table_below"))))


def _dot(edition: Edition, axes: Axes, place: int, row: dict[str, Any]) -> None:
    arm = edition.arms.index(str(row["arm"]))
    height = place + _DODGE * (2 * arm - len(edition.arms) + 1)
    share, low, high = (edition.value(row, column) for column in ("share", "conf_low", "conf_high"))
    if share is None:
        axes.text(0.01, height, edition.language.text("figure.too_few"), va="center", fontsize=8, color=QUIET)
        return
    colour = ARM_COLOURS[arm]
    if low is not None and high is not None:
        axes.plot([low, high], [height, height], color=colour, linewidth=2.2, alpha=0.55, solid_capstyle="round")
    axes.plot([share], [height], marker=_MARKERS[arm], markersize=6.5, color=colour, linestyle="none")
    edge = share if high is None else high
    axes.text(edge + 0.012, height, edition.language.percent(share, 0), va="center", fontsize=8.5, color=INK)


def _dress(edition: Edition, axes: Axes, labels: Sequence[str]) -> None:
    axes.set_yticks(range(len(labels)), labels)
    axes.set(ylim=(len(labels) - 0.45, -0.55), xlim=(0, 1.0))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda share, _: edition.language.percent(share, 0)))
    axes.grid(axis="x", color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.spines[["top", "right", "left", "bottom"]].set_visible(False)
    axes.tick_params(length=0, labelcolor=INK)


def _name_the_arms(edition: Edition, axes: Axes) -> None:
    handles = [
        axes.plot(
            [], [], marker=_MARKERS[number], color=ARM_COLOURS[number], linewidth=2.2, label=edition.arm_label(arm)
        )[0]
        for number, arm in enumerate(edition.arms)
    ]
    axes.legend(
        handles=handles,
        loc="lower left",
        bbox_to_anchor=(0, 1.0),
        ncols=2,
        frameon=False,
        labelcolor=INK,
        borderpad=0.2,
    )


def _said(edition: Edition, place: str, row: dict[str, Any]) -> str:
    share, arm = edition.value(row, "share"), edition.arm_label(str(row["arm"]))
    if share is None:
        return edition.language.text("alt.dot_hidden", place=place, arm=arm)
    return edition.language.text("alt.dot", place=place, arm=arm, share=edition.language.percent(share, 0))
