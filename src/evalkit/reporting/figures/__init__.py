"""The report's figures: matplotlib drawings of released tables, as SVG with an alternative text."""

from __future__ import annotations

from evalkit.reporting.figures.areas import draw_state_weeks
from evalkit.reporting.figures.curves import draw_incidence, draw_survival
from evalkit.reporting.figures.dots import draw_continuity, draw_domains, draw_panel
from evalkit.reporting.figures.plane import draw_plane
from evalkit.reporting.figures.stacks import draw_plan_states, draw_status
from evalkit.reporting.figures.svg import Drawing, to_svg

__all__ = [
    "Drawing",
    "draw_continuity",
    "draw_domains",
    "draw_incidence",
    "draw_panel",
    "draw_plan_states",
    "draw_plane",
    "draw_state_weeks",
    "draw_status",
    "draw_survival",
    "to_svg",
]
