"""The report: reads a release bundle, and nothing else, and makes one HTML page of it."""

from __future__ import annotations

from evalkit.reporting.bundle import Bundle, read_bundle
from evalkit.reporting.document import Report, open_report
from evalkit.reporting.edition import Edition, open_edition
from evalkit.reporting.headlines import headlines
from evalkit.reporting.markdown import Markdown
from evalkit.reporting.render import Engine, render

__all__ = [
    "Bundle",
    "Edition",
    "Engine",
    "Markdown",
    "Report",
    "headlines",
    "open_edition",
    "open_report",
    "read_bundle",
    "render",
]
