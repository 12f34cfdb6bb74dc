"""Plan continuity, and states that add up to everyone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from evalkit.reporting.edition import Edition
from evalkit.reporting.labels import checkpoint_label, month_label
from evalkit.reporting.plan_states import plan_state_rows
from evalkit.reporting.tables.grid import Grid
from evalkit.reporting.tables.notes import suppression_note

__all__ = ["continuity_table", "plan_state_table", "status_table"]

_COLUMNS = ("n_with_plan", "n_continuing", "share", "interval")


def continuity_table(edition: Edition, *, by_domain: bool) -> Grid | None:
    """Make the table of plans that went on, by time and arm.

    Parameters
    ----------
    edition : Edition
        The bundle and its language; table ``continuity``.
    by_domain : bool
        Whether the areas are shown one by one, or all together.

    Returns
    -------
    Grid or None
        None when the bundle has no such table.
    """
    found = [row for row in edition.rows("continuity") if (row["domain"] != "any") == by_domain]
    if not found:
        return None
    text = edition.language.text
    cells = {(str(row["domain"]), str(row["checkpoint"]), str(row["arm"])): row for row in found}
    places = sorted({(domain, point) for domain, point, _ in cells}, key=lambda place: _place(edition, *place))
    rows = []
    for domain, point in places:
        row: dict[str, str] = {}
        for arm in edition.arms:
            row |= _continuity_cells(edition, arm, cells.get((domain, point, arm)))
        rows.append((checkpoint_label(edition, point), row))
    return Grid(
        stub=text("column.checkpoint"),
        columns={f"{arm}.{key}": text(f"column.{key}") for arm in edition.arms for key in _COLUMNS},
        rows=rows,
        groups=[edition.language.label("domain", domain) for domain, _ in places],
        spanners={edition.arm_label(arm): tuple(f"{arm}.{key}" for key in _COLUMNS) for arm in edition.arms},
        notes=(text("note.continuity"), *suppression_note(edition, found)),
    )


def _place(edition: Edition, domain: str, point: str) -> tuple[bool, str, int]:
    return domain != "any", edition.language.label("domain", domain), int(point) if point.isdigit() else 0


def _continuity_cells(edition: Edition, arm: str, row: dict[str, Any] | None) -> dict[str, str]:
    percent = edition.language.percent
    return {
        f"{arm}.n_with_plan": edition.count(row, "n_with_plan"),
        f"{arm}.n_continuing": edition.count(row, "n_continuing"),
        f"{arm}.share": edition.derived(row, "share", percent),
        f"{arm}.interval": edition.interval(row, percent),
    }


def status_table(edition: Edition) -> Grid | None:
    """Make the table of where everyone released was.

    Parameters
    ----------
    edition : Edition
        The bundle and its language; table ``status``.

    Returns
    -------
    Grid or None
        None when the bundle has no such table.
    """
    found = [row | {"place": int(row["month"])} for row in edition.rows("status")]
    labels = {row["place"]: month_label(edition, row["place"]) for row in found}
    return _states(edition, found, labels, "status_state")


def plan_state_table(edition: Edition) -> Grid | None:
    """Make the table of what had become of everyone's plan.

    Parameters
    ----------
    edition : Edition
        The bundle and its language; table ``continuity``, all areas together.

    Returns
    -------
    Grid or None
        None when the bundle has no such table.
    """
    rows = plan_state_rows(edition)
    found = [row | {"place": int(row["checkpoint"]) if str(row["checkpoint"]).isdigit() else 0} for row in rows]
    labels = {row["place"]: checkpoint_label(edition, str(row["checkpoint"])) for row in found}
    return _states(edition, found, labels, "plan_state")


def _states(edition: Edition, found: Sequence[dict[str, Any]], places: dict[int, str], words: str) -> Grid | None:
    if not found:
        return None
    text = edition.language.text
    cells = {(row["place"], str(row["state"]), str(row["arm"])): row for row in found}
    states = [key.removeprefix(f"{words}.") for key in edition.language.texts if key.startswith(f"{words}.")]
    pairs = [(place, state) for place in sorted(places) for state in states if _is_in(cells, place, state)]
    rows = []
    for place, state in pairs:
        row: dict[str, str] = {}
        for arm in edition.arms:
            cell = cells.get((place, state, arm))
            row[f"{arm}.n_persons"] = edition.count(cell, "n_persons")
            row[f"{arm}.share"] = edition.derived(cell, "share", edition.language.percent)
        rows.append((edition.language.label(words, state), row))
    keys = ("n_persons", "share")
    return Grid(
        stub=text("column.state"),
        columns={f"{arm}.{key}": text(f"column.{key}") for arm in edition.arms for key in keys},
        rows=rows,
        groups=[places[place] for place, _ in pairs],
        spanners={edition.arm_label(arm): tuple(f"{arm}.{key}" for key in keys) for arm in edition.arms},
        notes=suppression_note(edition, found),
    )


def _is_in(cells: dict[tuple[int, str, str], dict[str, Any]], place: int, state: str) -> bool:
    return any((found_place, found_state) == (place, state) for found_place, found_state, _ in cells)
