"""A programme's course: phases, contacts, cases over time, guidance in places, change in assessments, money."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from evalkit.reporting.edition import Edition
from evalkit.reporting.labels import month_label
from evalkit.reporting.tables.grid import Grid
from evalkit.reporting.tables.notes import suppression_note

__all__ = [
    "assessments_table",
    "attendance_table",
    "budget_table",
    "cadence_table",
    "capacity_table",
    "course_table",
    "dose_table",
    "phase_table",
]

_Row = Mapping[str, Any]
_Cells = Mapping[str, Callable[[_Row], str]]


def phase_table(edition: Edition) -> Grid | None:
    """Make the table of time in the phases.

    Parameters
    ----------
    edition : Edition
        The bundle and its language; table ``programme_phase``.

    Returns
    -------
    Grid or None
        None when the bundle has no such table.
    """

    def days(value: float) -> str:
        return edition.language.number(value, 0)

    counts = ("n_persons", "n_over", "n_long", "n_short")
    cells: _Cells = {
        **{name: _count(edition, name) for name in counts[:2]},
        "mean_days": lambda row: edition.derived(row, "mean_days", days),
        "interval": lambda row: edition.interval(row, days),
        **{name: _count(edition, name) for name in counts[2:]},
    }
    order = {name: place for place, name in enumerate(_PHASES)}
    found = sorted(edition.rows("programme_phase"), key=lambda row: order.get(str(row["phase"]), len(order)))
    return _grid(edition, "programme_phase", ("phase", "phase"), found, cells)


_PHASES = ("visitation", "intro", "guidance", "outro", "whole", "follow_up")


def cadence_table(edition: Edition) -> Grid | None:
    """Make the table of contact rules that were kept.

    Parameters
    ----------
    edition : Edition
        The bundle and its language; table ``programme_cadence``.

    Returns
    -------
    Grid or None
        None when the bundle has no such table.
    """
    cells = {"n_persons": _count(edition, "n_persons"), "n_kept": _count(edition, "n_kept"), **_share(edition, "share")}
    return _grid(edition, "programme_cadence", ("rule", "contact_rule"), edition.rows("programme_cadence"), cells)


def attendance_table(edition: Edition) -> Grid | None:
    """Make the table of appointments that were kept.

    Parameters
    ----------
    edition : Edition
        The bundle and its language; table ``programme_attendance``.

    Returns
    -------
    Grid or None
        None when the bundle has no such table.
    """
    cells = {name: _count(edition, name) for name in ("n_persons", "n_all_kept")} | _share(edition, "estimate")
    found = edition.rows("programme_attendance")
    return _grid(edition, "programme_attendance", ("measure", "attendance"), found, cells)


def course_table(edition: Edition) -> Grid | None:
    """Make the table of cases completed and interrupted, some months after enrolment.

    Parameters
    ----------
    edition : Edition
        The bundle and its language; table ``programme_course``.

    Returns
    -------
    Grid or None
        None when the bundle has no such table.
    """
    found = edition.rows("programme_course")
    estimated = ("completed", "interrupted")
    cells: _Cells = {
        "n_persons": _count(edition, "n_persons"),
        "share": lambda row: _share(edition, "estimate")["share"](row) if row["state"] in estimated else "",
        "interval": lambda row: _share(edition, "estimate")["interval"](row) if row["state"] in estimated else "",
    }
    groups = [
        edition.language.text("programme.after_months", after=month_label(edition, int(row["month"]))) for row in found
    ]
    return _grid(edition, "programme_course", ("state", "course_state"), found, cells, groups)


def dose_table(edition: Edition) -> Grid | None:
    """Make the table of guidance in full-year places.

    Parameters
    ----------
    edition : Edition
        The bundle and its language; table ``dose``.

    Returns
    -------
    Grid or None
        None when the bundle has no such table.
    """

    def places(value: float) -> str:
        return edition.language.number(value, 1)

    def weight(row: _Row) -> str:
        value = row.get("weight")
        return edition.language.text("word.no_value") if value is None else edition.language.percent(float(value), 0)

    cells: _Cells = {
        "n_persons": _count(edition, "n_persons"),
        "weight": weight,
        "places_least": lambda row: edition.derived(row, "places_least", places),
        "places_most": lambda row: edition.derived(row, "places_most", places),
    }
    return _grid(edition, "dose", ("state", "dose_state"), edition.rows("dose"), cells)


def assessments_table(edition: Edition, *, instrument: str) -> Grid | None:
    """Make the table of change in assessments, from the first score to the last.

    Parameters
    ----------
    edition : Edition
        The bundle and its language; table ``assessments_<instrument>``.
    instrument : {"forandringskompas", "tilvaerelsespsykologi"}
        The instrument.

    Returns
    -------
    Grid or None
        None when the bundle has no such table.
    """
    found = edition.rows(f"assessments_{instrument}")

    def score(value: float) -> str:
        return edition.language.number(value, 1)

    cells: _Cells = {
        **{count: _count(edition, count) for count in ("n_first", "n_pairs")},
        "mean_first": lambda row: edition.derived(row, "mean_first", score),
        "mean_later": lambda row: edition.derived(row, "mean_later", score),
        "change": lambda row: edition.derived(row, "estimate", score),
        "interval": lambda row: edition.interval(row, score),
    }
    ordered = sorted(found, key=lambda row: int(row["month"]))
    groups = [
        edition.language.text("programme.score_after", after=month_label(edition, int(row["month"])))
        if row["month"]
        else edition.language.text("programme.last_score")
        for row in ordered
    ]
    return _grid(edition, "assessments", ("dimension", "compass"), ordered, cells, groups)


def capacity_table(edition: Edition) -> Grid | None:
    """Make the table of what a number of places has room for, the arithmetic shown.

    Parameters
    ----------
    edition : Edition
        The bundle and its language; the manifest's programme.

    Returns
    -------
    Grid or None
        None when the programme's documents give no capacity.
    """
    steps = edition.programme.get("capacity") or []
    if not steps:
        return None
    language = edition.language
    return Grid(
        stub=language.text("column.capacity"),
        columns={key: language.text(f"column.{key}") for key in ("arithmetic", "months_a_course", "persons_a_year")},
        rows=[
            (
                language.text(f"programme.capacity_{'implied' if step['implied'] else 'given'}"),
                {
                    "arithmetic": _arithmetic(edition, step),
                    "months_a_course": language.number(float(step["months"]), 2 if step["implied"] else 0),
                    "persons_a_year": language.number(float(step["persons_per_year"]), 0 if step["implied"] else 1),
                },
            )
            for step in steps
        ],
        words=("arithmetic",),
        notes=(language.text("note.capacity"),),
    )


def _arithmetic(edition: Edition, step: Mapping[str, Any]) -> str:
    """Write out how places become persons a year; or, from the document's figure, how long a course must be."""
    number = edition.language.number
    by, is_months = ("persons_per_year", 2) if step["implied"] else ("months", 1)
    found = step["months"] if step["implied"] else step["persons_per_year"]
    return f"{number(float(step['places']))} × 12 / {number(float(step[by]))} = {number(float(found), is_months)}"


def budget_table(edition: Edition) -> Grid | None:
    """Make the table of what the programme was given or asks for, with the sum.

    Parameters
    ----------
    edition : Edition
        The bundle and its language; the manifest's programme.

    Returns
    -------
    Grid or None
        None when the programme's documents give no amounts.
    """
    budget = edition.programme.get("budget")
    if not budget:
        return None
    language = edition.language
    lines = [
        (
            language.choose(line["label"]) + (f" ({line['year']})" if line["year"] else ""),
            {
                "units": language.number(line["units"]),
                "millions_each": language.number(line["millions"], 1),
                "millions": language.number(line["total_millions"], 1),
            },
        )
        for line in budget["lines"]
    ]
    total = (language.text("programme.budget_total"), {"millions": language.number(budget["total_millions"], 1)})
    return Grid(
        stub=language.text("column.budget_line"),
        columns={key: language.text(f"column.{key}") for key in ("units", "millions_each", "millions")},
        rows=[*lines, total],
        notes=(language.text("note.budget", currency=budget["currency"]),),
    )


def _count(edition: Edition, column: str) -> Callable[[_Row], str]:
    return lambda row: edition.count(row, column)


def _share(edition: Edition, column: str) -> dict[str, Callable[[_Row], str]]:
    percent = edition.language.percent
    return {
        "share": lambda row: edition.derived(row, column, percent),
        "interval": lambda row: edition.interval(row, percent),
    }


def _grid(
    edition: Edition,
    name: str,
    line: tuple[str, str],
    found: list[dict[str, Any]],
    cells: _Cells,
    groups: Sequence[str] = (),
) -> Grid | None:
    """Put one line under the other: `line` is their dimension and the group of words for it."""
    if not found:
        return None
    dimension, group = line
    text = edition.language.text
    return Grid(
        stub=edition.language.texts.get(f"column.{group}") or text(f"column.{dimension}"),
        columns={key: text(f"column.{key}") for key in cells},
        rows=[
            (edition.language.label(group, str(row[dimension])), {key: write(row) for key, write in cells.items()})
            for row in found
        ],
        groups=groups,
        notes=(text(f"note.{name}"), *suppression_note(edition, found)),
    )
