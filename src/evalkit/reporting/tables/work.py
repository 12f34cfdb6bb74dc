"""Time to work, retention, and work or education for most of the first year, the arms side by side."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from evalkit.reporting.edition import Edition
from evalkit.reporting.tables.grid import Grid
from evalkit.reporting.tables.notes import suppression_note

__all__ = ["work_table"]

# Without the denominators: they are everyone, and those who began within 12 months, whose number stands in a line.
_COLUMNS = ("n_persons", "share", "interval")


def work_table(edition: Edition) -> Grid | None:
    """Make the table of who began work or education, and of who stayed.

    Parameters
    ----------
    edition : Edition
        The bundle and its language; those that there are of the tables ``work_start``, ``retention``, ``self_support``
        and ``working_year``.

    Returns
    -------
    Grid or None
        None when the bundle has none of them.
    """
    found = list(_measured(edition))
    if not found:
        return None
    text, lines = edition.language.text, dict[str, dict[str, str]]()
    for label, row, count in found:
        arm = str(row["arm"])
        cells = {
            "n_persons": edition.count(row, count),
            "share": edition.derived(row, "share", edition.language.percent),
            "interval": edition.interval(row, edition.language.percent),
        }
        lines.setdefault(label, {}).update({f"{arm}.{key}": cell for key, cell in cells.items()})
    return Grid(
        stub=text("column.measure"),
        columns={f"{arm}.{key}": text(f"column.{key}") for arm in edition.arms for key in _COLUMNS},
        rows=list(lines.items()),
        spanners={edition.arm_label(arm): tuple(f"{arm}.{key}" for key in _COLUMNS) for arm in edition.arms},
        notes=(text("note.work"), *suppression_note(edition, [row for _, row, _ in found])),
    )


def _measured(edition: Edition) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Give each line's label, row and name of the count."""
    text = edition.language.text
    for row in edition.rows("work_start"):
        yield text("work.begun", months=row["month"]), row, "n_started"
    for row in edition.rows("retention"):
        yield text("work.retained", months=row["month"]), row, "n_working"
    for row in edition.rows("self_support"):
        yield text("work.self_supporting", months=row["month"]), row, "n_self_supporting"
    for row in edition.rows("working_year"):
        yield text("work.most_of_year"), row, "n_most_of_year"
