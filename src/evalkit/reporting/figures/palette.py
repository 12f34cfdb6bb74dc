"""Colours that are told apart with every common colour vision, and in grey print by line style or place."""

from __future__ import annotations

__all__ = ["ARM_COLOURS", "GRID", "HIDDEN", "INK", "PLAN_COLOURS", "QUIET", "STATUS_COLOURS", "readable_on"]

# Okabe & Ito (2008), as in the survival curves.
ARM_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7")
INK, QUIET, GRID, HIDDEN = "#1d2733", "#55606d", "#d9dee3", "#f1f3f5"

# Ordered from wanted to lost; neighbours differ in lightness, so that they part without colour too.
STATUS_COLOURS = {
    "employed_full_time": "#08365c",
    "employed": "#0b4f83",
    "supported_work": "#2a73a8",
    "in_education": "#5aa5d6",
    "active_measure": "#8fbf6b",
    "benefit": "#f0c75e",
    "sick": "#e39a3b",
    "pension": "#c9a227",
    "no_record": "#d3d8dd",
    "in_custody": "#b5532a",
    "emigrated": "#8b96a1",
    "dead": "#2f3740",
}
PLAN_COLOURS = {
    "continuing": "#0b4f83",
    "completed": "#5aa5d6",
    "not_continued": "#f0c75e",
    "unknown_end": "#e39a3b",
    "plan_without_activity": "#b9c1c9",
    "no_plan_recorded": "#d3d8dd",
    "returned_to_custody": "#b5532a",
    "emigrated": "#8b96a1",
    "dead": "#2f3740",
}

_DARKEST_FOR_INK = 0.22  # where white and ink are read equally well


def readable_on(colour: str) -> str:
    """Return the text colour that is read best on a colour.

    Parameters
    ----------
    colour : str
        ``#rrggbb``.

    Returns
    -------
    str
        White or ink; the contrast is at least 4.5 on every colour of this module.
    """
    channels = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return INK if luminance > _DARKEST_FOR_INK else "#ffffff"
