"""The plane of extra cost and fewer reoffenders: the estimate with its intervals, and how many resamples lie where."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from evalkit.reporting.edition import Edition
from evalkit.reporting.figures.palette import ARM_COLOURS, GRID, HIDDEN, INK, QUIET
from evalkit.reporting.figures.svg import Drawing, drawn_in_style

__all__ = ["draw_plane"]

_Ends = tuple[float, float, float]
"""The estimate and the ends of its interval."""

_ROOM = 1.7  # beyond the farthest point, so that the words of the corners stand free of it
_BEHIND = {"facecolor": "white", "alpha": 0.8, "edgecolor": "none", "pad": 1.5}  # the line may pass there
_CORNERS = {
    "fewer_dearer": (0.98, 0.97, "right", "top"),
    "more_dearer": (0.02, 0.97, "left", "top"),
    "fewer_cheaper": (0.98, 0.03, "right", "bottom"),
    "more_cheaper": (0.02, 0.03, "left", "bottom"),
}


@dataclass(frozen=True)
class _Plane:
    """Fewer reoffenders per 100, extra cost a person, and what one fewer is worth."""

    fewer: _Ends
    cost: _Ends
    value: float

    @property
    def width(self) -> float:
        return _ROOM * max(*(abs(one) for one in self.fewer), 100 * abs(self.cost[0]) / self.value, 1.0)

    @property
    def height(self) -> float:
        return _ROOM * max(*(abs(one) for one in self.cost), 1.0)


def draw_plane(edition: Edition) -> Drawing | None:
    """Draw the extra cost a person against how many fewer reoffend.

    Parameters
    ----------
    edition : Edition
        The bundle and its language; tables ``cost_effectiveness`` and ``cost_plane``, and the manifest's economy.

    Returns
    -------
    Drawing or None
        None when there is nothing to show.
    """
    fewer, cost = _ends(edition, "avoided_per_person", 100), _ends(edition, "extra_cost_per_person", 1)
    if fewer is None or cost is None:
        return None
    economy = edition.bundle.study["economy"]
    value = next(float(one["amount"]) for one in economy["values"] if one["name"] == economy["value"])
    plane = _Plane(fewer, cost, value)
    with drawn_in_style():
        figure = Figure(figsize=(6.8, 4.6), facecolor="white")
        axes = figure.add_subplot()
        _dress(edition, axes, plane)
        _value_line(edition, axes, plane)
        _estimate(axes, plane)
        for quadrant, (across, up, side, height) in _CORNERS.items():
            words = _corner(edition, quadrant).replace(", ", ",\n").replace(": ", ":\n")
            axes.text(
                across, up, words, ha=side, va=height, transform=axes.transAxes, bbox=_BEHIND, fontsize=8.5, color=INK
            )
    return Drawing(figure, _said(edition, plane))


def _ends(edition: Edition, measure: str, scale: float) -> _Ends | None:
    rows = edition.rows("cost_effectiveness", measure=measure)
    row = rows[0] if rows else None
    found = [edition.value(row, column) for column in ("estimate", "conf_low", "conf_high")]
    told = [scale * one for one in found if one is not None]
    return (told[0], told[1], told[2]) if len(told) == len(found) else None


def _dress(edition: Edition, axes: Axes, plane: _Plane) -> None:
    text, number = edition.language.text, edition.language.number
    axes.set(xlim=(-plane.width, plane.width), ylim=(-plane.height, plane.height))
    axes.axhline(0, color=QUIET, linewidth=1)
    axes.axvline(0, color=QUIET, linewidth=1)
    axes.set_xlabel(text("axis.fewer"), color=INK)
    currency = edition.language.label("currency", str(edition.bundle.study["economy"]["currency"]))
    axes.set_ylabel(text("axis.extra_cost", currency=currency), color=INK)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(FuncFormatter(lambda one, _: number(one)))
    axes.grid(color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.spines[["top", "right", "left", "bottom"]].set_visible(False)
    axes.tick_params(length=0, labelcolor=INK)


def _value_line(edition: Edition, axes: Axes, plane: _Plane) -> None:
    """Draw the line on which the difference is worth just what it costs; below it is shaded."""
    across = [-plane.width, plane.width]
    worth = [plane.value / 100 * one for one in across]
    axes.fill_between(across, worth, [-plane.height] * 2, color=HIDDEN, zorder=0.5, linewidth=0)
    label = edition.language.text("figure.worth_it")
    axes.plot(across, worth, color=INK, linewidth=1.2, linestyle=(0, (5, 3)), label=label)
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1.0), frameon=False, labelcolor=INK, borderpad=0.2)


def _estimate(axes: Axes, plane: _Plane) -> None:
    (fewer, left, right), (cost, down, up) = plane.fewer, plane.cost
    for across, upward in (((left, right), (cost, cost)), ((fewer, fewer), (down, up))):
        axes.plot(across, upward, color=ARM_COLOURS[1], alpha=0.55, linewidth=3, solid_capstyle="round")
    axes.plot([fewer], [cost], marker="D", markersize=7, color=ARM_COLOURS[1], linestyle="none")


def _corner(edition: Edition, quadrant: str) -> str:
    rows = edition.rows("cost_plane", quadrant=quadrant)
    share = edition.derived(rows[0] if rows else None, "share_of_draws", lambda one: edition.language.percent(one, 0))
    return f"{edition.language.label('quadrant', quadrant)}: {share}"


def _said(edition: Edition, plane: _Plane) -> str:
    text, number = edition.language.text, edition.language.number
    numbers = {"fewer": number(plane.fewer[0], 1), "low": number(plane.fewer[1], 1), "high": number(plane.fewer[2], 1)}
    corners = "; ".join(_corner(edition, quadrant) for quadrant in _CORNERS)
    said = text("alt.plane", cost=number(plane.cost[0]), corners=corners, **numbers)
    return f"{said} {text('alt.table_below')}"
