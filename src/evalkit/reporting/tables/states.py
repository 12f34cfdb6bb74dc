"""Where people were from week to week, days in each state, changes, and what registers know of plans."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from evalkit.reporting.edition import Edition
from evalkit.reporting.labels import checkpoint_label
from evalkit.reporting.tables.grid import Grid
from evalkit.reporting.tables.notes import suppression_note

__all__ = ["evidence_table", "state_weeks_table", "time_in_state_table", "transitions_table"]

_Row = dict[str, Any]
_Line = Callable[[_Row], tuple[str, str]]
"""Heading that a row stands under (empty for none), and what its line is called."""


def state_weeks_table(edition: Edition) -> Grid | None:
    """Make the table of where everyone was, week by week.

    Parameters
    ----------
    edition : Edition
        The bundle and its language; table ``state_weeks``.

    Returns
    -------
    Grid or None
        None when the bundle has no such table.
    """

    def line(row: _Row) -> tuple[str, str]:
        return edition.language.text("alt.week", week=row["week"]), _state(edition, row["state"])

    return _side_by_side(edition, "state_weeks", line, {"n_persons": "", "share": "percent"})


def time_in_state_table(edition: Edition) -> Grid | None:
    """Make the table of days in each state.

    Parameters
    ----------
    edition : Edition
        The bundle and its language; table ``time_in_state``.

    Returns
    -------
    Grid or None
        None when the bundle has no such table.
    """
    columns = {"n_ever": "", "mean_days": "days", "mean_longest_days": "days"}
    return _side_by_side(edition, "time_in_state", lambda row: ("", _state(edition, row["state"])), columns)


def transitions_table(edition: Edition) -> Grid | None:
    """Make the table of changes from one state to another.

    Parameters
    ----------
    edition : Edition
        The bundle and its language; table ``transitions``.

    Returns
    -------
    Grid or None
        None when the bundle has no such table.
    """

    def line(row: _Row) -> tuple[str, str]:
        return _state(edition, row["from_state"]), _state(edition, row["to_state"])

    return _side_by_side(edition, "transitions", line, {"n_persons": ""})


def evidence_table(edition: Edition) -> Grid | None:
    """Make the table of what caseworkers say of plans that go on, and what registers know.

    Parameters
    ----------
    edition : Edition
        The bundle and its language; table ``continuity_evidence``.

    Returns
    -------
    Grid or None
        None when the bundle has no such table.
    """

    def line(row: _Row) -> tuple[str, str]:
        domain = edition.language.label("domain", str(row["domain"]))
        when = checkpoint_label(edition, str(row["checkpoint"]))
        return f"{domain}, {when}", edition.language.label("evidence", str(row["evidence"]))

    return _side_by_side(edition, "continuity_evidence", line, {"n_persons": "", "share": "percent"})


def _state(edition: Edition, state: object) -> str:
    return edition.language.label("status_state", str(state))


def _side_by_side(edition: Edition, name: str, line: _Line, columns: Mapping[str, str]) -> Grid | None:
    """Put the arms side by side; `columns` says of each whether it is a count, a percentage or days."""
    found = edition.rows(name)
    if not found:
        return None
    text, language = edition.language.text, edition.language
    write: Mapping[str, Callable[[float], str]] = {"percent": language.percent, "days": language.number}
    lines: dict[tuple[str, str], dict[str, str]] = {}
    for row in found:
        cells = {
            f"{row['arm']}.{key}": edition.derived(row, key, write[kind]) if kind else edition.count(row, key)
            for key, kind in columns.items()
        }
        lines.setdefault(line(row), {}).update(cells)
    # Rows of one heading stand together, in the order in which the first of them came.
    places = {heading: place for place, heading in enumerate(dict.fromkeys(heading for heading, _ in lines))}
    ordered = sorted(lines, key=lambda one: places[one[0]])
    return Grid(
        stub=text("column.state") if name != "continuity_evidence" else text("column.evidence"),
        columns={f"{arm}.{key}": text(f"column.{key}") for arm in edition.arms for key in columns},
        rows=[(one[1], lines[one]) for one in ordered],
        groups=[heading for heading, _ in ordered] if len(places) > 1 else (),
        spanners={edition.arm_label(arm): tuple(f"{arm}.{key}" for key in columns) for arm in edition.arms},
        notes=(text(f"note.{name}"), *suppression_note(edition, found)),
    )
