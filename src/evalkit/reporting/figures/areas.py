"""Stacked areas of 100 per cent: where everyone was, week by week."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter

from evalkit.reporting.edition import Edition
from evalkit.reporting.figures.palette import HIDDEN, INK, QUIET, STATUS_COLOURS
from evalkit.reporting.figures.svg import Drawing, drawn_in_style

__all__ = ["draw_state_weeks"]

_Shares = Mapping[int, Mapping[str, float | None]]
"""Week to state to share; None where it is hidden."""


def draw_state_weeks(edition: Edition) -> Drawing | None:
    """Draw where everyone was, week by week, one panel an arm.

    A state that is hidden in a week leaves a hatched gap on top, which holds what is hidden and nothing else.

    Parameters
    ----------
    edition : Edition
        The bundle and its language; table ``state_weeks``.

    Returns
    -------
    Drawing or None
        None when there is nothing to show.
    """
    by_arm = {arm: _shares(edition, edition.rows("state_weeks", arm=arm)) for arm in edition.arms}
    by_arm = {arm: shares for arm, shares in by_arm.items() if shares}
    if not by_arm:
        return None
    with drawn_in_style():
        figure = Figure(figsize=(6.8, 0.8 + 2.5 * len(by_arm)), facecolor="white")
        panels = figure.subplots(len(by_arm), 1, sharex=True, squeeze=False)[:, 0]
        for axes, (arm, shares) in zip(panels, by_arm.items(), strict=True):
            _areas(edition, axes, shares)
            axes.set_title(edition.arm_label(arm), loc="left", fontsize=9, fontweight="bold", color=INK)
        panels[-1].set_xlabel(edition.language.text("column.week"))
        _name_the_states(edition, figure, by_arm)
    said = " ".join(_said(edition, arm, shares) for arm, shares in by_arm.items())
    words = (edition.language.text("alt.state_weeks"), said, edition.language.text("alt.table_below"))
    return Drawing(figure, " ".join(words))


def _shares(edition: Edition, rows: list[dict[str, Any]]) -> _Shares:
    shares: dict[int, dict[str, float | None]] = {}
    for row in rows:
        shares.setdefault(int(row["week"]), {})[str(row["state"])] = edition.value(row, "share")
    return dict(sorted(shares.items()))


def _areas(edition: Edition, axes: Axes, shares: _Shares) -> None:
    weeks = list(shares)
    found = {state for states in shares.values() for state in states}
    states = [state for state in STATUS_COLOURS if state in found]
    heights = [[shares[week].get(state) or 0.0 for week in weeks] for state in states]
    axes.stackplot(weeks, heights, colors=[STATUS_COLOURS[state] for state in states], edgecolor="white", linewidth=0.4)
    shown = [sum(column) for column in zip(*heights, strict=True)]
    axes.fill_between(weeks, shown, 1.0, facecolor=HIDDEN, edgecolor=QUIET, linewidth=0.4, hatch="////")
    axes.set(xlim=(weeks[0], weeks[-1]), ylim=(0, 1))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda share, _: edition.language.percent(share, 0)))
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(length=0, labelcolor=INK)


def _name_the_states(edition: Edition, figure: Figure, by_arm: Mapping[str, _Shares]) -> None:
    found = {state for shares in by_arm.values() for states in shares.values() for state in states}
    handles = [
        Patch(facecolor=colour, edgecolor="white", label=edition.language.label("status_state", state))
        for state, colour in STATUS_COLOURS.items()
        if state in found
    ]
    hidden = edition.language.text("figure.hidden")
    handles.append(Patch(facecolor=HIDDEN, edgecolor=QUIET, linewidth=0.8, hatch="////", label=hidden))
    figure.legend(handles=handles, loc="outside upper left", ncols=4, frameon=False, labelcolor=INK, fontsize=8.5)


def _said(edition: Edition, arm: str, shares: _Shares) -> str:
    """Say the largest shares of the first and the last week."""
    parts = []
    for week in (min(shares), max(shares)):
        known = sorted(((share, state) for state, share in shares[week].items() if share), reverse=True)[:3]
        listed = ", ".join(
            f"{edition.language.label('status_state', state)} {edition.language.percent(share, 0)}"
            for share, state in known
        )
        place = edition.language.text("alt.week", week=week)
        parts.append(edition.language.text("alt.stack", place=place, arm=edition.arm_label(arm), parts=listed))
    return " ".join(parts)
