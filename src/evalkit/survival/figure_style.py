"""How figures look: colours that everybody can tell apart, quiet axes, numbers in the reader's language."""

from __future__ import annotations

from textwrap import fill
from typing import Any

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from evalkit.survival.curve_labels import CurveLabels

__all__ = ["COLOURS", "DASHES", "GRID", "INK", "QUIET", "TEXT_COLOURS", "add_legend", "dress_axes", "wrapped"]

# Okabe & Ito (2008): told apart with every common colour vision; the line styles tell arms apart in print.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000")
# The same hues, dark enough for small text on white (contrast above 4.5 : 1).
TEXT_COLOURS = ("#00598C", "#A34700", "#00664A", "#94406F", "#22668A", "#7A5200", "#000000")
DASHES: tuple[Any, ...] = ("solid", (0, (6, 2)), (0, (2, 1.5)), (0, (8, 2, 2, 2)), (0, (8, 2, 2, 2, 2, 2)))
INK, QUIET, GRID = "#222222", "#5A5A5A", "#DDDDDD"
_LONGEST = 38  # letters of a line in the legend: half the width of a figure


def wrapped(text: str, width: int = _LONGEST) -> str:
    """Break a long text into lines.

    Parameters
    ----------
    text : str
        The text.
    width : int
        Letters a line.

    Returns
    -------
    str
        With line breaks between words.
    """
    return fill(text, width, break_long_words=False)


def dress_axes(axes: Axes, words: CurveLabels, *, is_share: bool, values: str = "y") -> None:
    """Name the axes, write shares in per cent, and take away what says nothing.

    Parameters
    ----------
    axes : Axes
        Where the curves are.
    words : CurveLabels
        The words of the figure.
    is_share : bool
        Whether the values are shares.
    values : {"x", "y"}
        The axis of the values.
    """
    axes.set_title(wrapped(words.title, 72), loc="left", fontsize=12, color=INK, pad=12)
    axes.set_xlabel(words.x, color=INK)
    axes.set_ylabel(words.y, color=INK)
    axis = axes.yaxis if values == "y" else axes.xaxis
    axis.set_major_formatter(FuncFormatter(lambda value, _: words.tick(value, is_share=is_share)))
    axis.grid(visible=True, color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.spines["bottom"].set_color(QUIET)
    axes.tick_params(colors=QUIET, labelcolor=INK, length=3)
    axes.tick_params(axis="y", length=0)


def add_legend(axes: Axes) -> None:
    """Say which line is whose, in the order in which they were drawn.

    Parameters
    ----------
    axes : Axes
        Where the curves are.
    """
    axes.legend(frameon=False, loc="best", handlelength=3.2, labelcolor=INK)
