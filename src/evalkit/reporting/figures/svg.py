"""A matplotlib figure as SVG that stands in a page: named, the same bytes each time, ids of its own."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

__all__ = ["Drawing", "drawn_in_style", "to_svg"]

_STYLE: dict[Any, Any] = {  # matplotlib's type lists every key
    "axes.labelsize": 9,
    "figure.constrained_layout.use": True,
    "font.family": "DejaVu Sans",  # comes with matplotlib, so the layout is the same on every machine
    "font.size": 9,
    "legend.fontsize": 9,
    "svg.fonttype": "none",  # text stays text: it can be enlarged, searched and copied
    "svg.hashsalt": "evalkit",
    "xtick.labelsize": 9,
    "ytick.labelsize": 9,
}
_NO_METADATA = {"Creator": None, "Date": None, "Format": None, "Type": None}
_FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
# Vermilion is a good line and too light a letter: the same hue, dark enough to read.
_LETTERS = {"#d55e00": "#a84800", "#009e73": "#007052", "#cc79a7": "#94456f"}


@dataclass(frozen=True)
class Drawing:
    """A figure and what it shows, in words.

    Parameters
    ----------
    figure : Figure
        The drawing.
    alternative : str
        What a reader who does not see it needs to know.
    """

    figure: Figure
    alternative: str


@contextmanager
def drawn_in_style() -> Iterator[None]:
    """Draw in the report's style; figures made and saved inside look alike."""
    with mpl.rc_context(_STYLE):
        yield


def to_svg(drawing: Drawing, *, name: str) -> str:
    """Write a drawing as one ``<svg>`` element.

    Parameters
    ----------
    drawing : Drawing
        The drawing.
    name : str
        Goes before every id, so that no two figures of a page share one.

    Returns
    -------
    str
        SVG with ``role="img"``, its alternative text, and no size of its own but its shape.
    """
    target = io.StringIO()
    with drawn_in_style():
        drawing.figure.savefig(target, format="svg", metadata=_NO_METADATA)
    text = re.sub(r"\A.*?(?=<svg)", "", target.getvalue(), flags=re.DOTALL)
    for pattern, instead in (
        (r"<metadata>.*?</metadata>", ""),
        (r"<!--.*?-->", ""),
        (r"<style[^>]*>.*?</style>", ""),  # it would reach the whole page
        (r'font-family: [^";]*', f"font-family: {_FONT}"),
        (r'font: ([^";]*?[\d.]+px) [^";]*', rf"font: \1 {_FONT}"),
        (r'\bid="', f'id="{name}-'),
        (r"url\(#", f"url(#{name}-"),
        (r'xlink:href="#', f'href="#{name}-'),
    ):
        text = re.sub(pattern, instead, text, flags=re.DOTALL)
    text = re.sub(r"<text[^>]*>", _darkened, text)
    shape = re.search(r'viewBox="[^"]+"', text)
    alternative = html.escape(drawing.alternative, quote=True)
    opening = (
        f'<svg {shape.group(0) if shape else ""} role="img" '
        f'aria-label="{alternative}" style="stroke-linejoin: round; stroke-linecap: butt">'
    )
    return re.sub(r"<svg[^>]*>", lambda _: opening, text, count=1).strip()


def _darkened(match: re.Match[str]) -> str:
    tag = match.group(0)
    for light, dark in _LETTERS.items():
        tag = tag.replace(light, dark)
    return tag
