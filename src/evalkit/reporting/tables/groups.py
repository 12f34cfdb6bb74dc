"""The main figures by group: one table for each grouping that the study asks for, the arms side by side."""

from __future__ import annotations

from typing import Any

from evalkit.reporting.edition import Edition
from evalkit.reporting.labels import level_label, month_label
from evalkit.reporting.tables.grid import Grid
from evalkit.reporting.tables.notes import suppression_note

__all__ = ["group_table", "standardised_table"]

_COLUMNS = ("concerned", "n_reached", "share", "interval")


def group_table(edition: Edition) -> Grid | None:
    """Make the table of the main figures by group, one grouping below the other.

    Parameters
    ----------
    edition : Edition
        The bundle and its language; the tables ``by_<grouping>``.

    Returns
    -------
    Grid or None
        None when the bundle has no such table.
    """
    groupings = [str(name) for name in edition.bundle.study.get("groups", ())]
    found = [(name, row) for name in groupings for row in edition.rows(f"by_{name}")]
    if not found:
        return None
    text = edition.language.text
    lines: dict[tuple[str, str, str, int], dict[str, str]] = {}
    for name, row in sorted(found, key=lambda one: _place(groupings, *one)):
        line = (name, str(row["group"]), str(row["measure"]), int(row["month"]))
        lines.setdefault(line, {}).update(_cells(edition, row))
    columns = {f"{arm}.{key}": text(f"column.{key}") for arm in edition.arms for key in _COLUMNS}
    arms = {edition.arm_label(arm): tuple(f"{arm}.{key}" for key in _COLUMNS) for arm in edition.arms}
    return Grid(
        stub=text("column.group"),
        columns=columns,
        rows=[(level_label(edition, name, group), cells) for (name, group, _, _), cells in lines.items()],
        groups=[_heading(edition, name, measure, month) for name, _, measure, month in lines],
        spanners=arms if edition.compares else {},
        notes=(text("note.groups"), *suppression_note(edition, [row for _, row in found])),
    )


def standardised_table(edition: Edition) -> Grid | None:
    """Make the table of the comparison as it would be with the pilot's mixture of groups.

    Parameters
    ----------
    edition : Edition
        The bundle and its language; the tables ``standardised_<grouping>``.

    Returns
    -------
    Grid or None
        None when the bundle has no such table.
    """
    groupings = [str(name) for name in edition.bundle.study.get("groups", ())]
    found = [(name, row) for name in groupings for row in edition.rows(f"standardised_{name}")]
    if not found:
        return None
    text, percent = edition.language.text, edition.language.percent

    def points(value: float) -> str:
        return edition.language.number(100 * value, 1)

    shares = ("treated", "reference", "standardised")
    rows = []
    for _, row in found:
        months = month_label(edition, int(row["month"]))
        cells = {name: edition.derived(row, name, percent) for name in shares}
        cells["difference"] = edition.derived(row, "difference", points)
        label = text(f"groups.{row['measure']}", months=months, horizon=edition.horizon_label)
        rows.append((label[:1].upper() + label[1:], cells | {"interval": edition.interval(row, points)}))
    heads = {"treated": edition.arm_label(edition.treated), "reference": edition.arm_label(edition.reference)}
    columns = heads | {name: text(f"column.{name}") for name in ("standardised", "difference", "interval")}
    return Grid(
        stub=text("column.measure"),
        columns=columns,
        rows=rows,
        groups=[edition.language.label("variable", name) for name, _ in found],
        notes=(text("note.standardised"), *suppression_note(edition, [row for _, row in found])),
    )


def _place(groupings: list[str], name: str, row: dict[str, Any]) -> tuple[int, str, int, str]:
    return groupings.index(name), str(row["measure"]), int(row["month"]), str(row["group"])


def _heading(edition: Edition, name: str, measure: str, month: int) -> str:
    what = edition.language.text(f"groups.{measure}", months=month_label(edition, month), horizon=edition.horizon_label)
    return f"{edition.language.label('variable', name)}: {what}"


def _cells(edition: Edition, row: dict[str, Any]) -> dict[str, str]:
    percent = edition.language.percent
    is_risk = row["measure"] == "reoffending"
    ends = row if is_risk else _as_interval(row)
    cells = {
        "concerned": edition.count(row, "n_persons"),
        "n_reached": edition.count(row, "n_reached"),
        "share": edition.derived(row, "estimate" if is_risk else "share", percent),
        "interval": edition.interval(ends, percent),
    }
    return {f"{row['arm']}.{key}": cell for key, cell in cells.items()}


def _as_interval(row: dict[str, Any]) -> dict[str, Any]:
    """Give a share's interval the names under which an interval is written."""
    names = {f"share_{end}{status}": f"conf_{end}{status}" for end in ("low", "high") for status in ("", "_status")}
    return {names.get(name, name): value for name, value in row.items() if name not in names.values()}
