"""How resumed plans went on, their gaps, the agreement of two plans, contacts a week and days with an open case."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from evalkit.reporting.edition import Edition
from evalkit.reporting.labels import month_label
from evalkit.reporting.tables.grid import Grid
from evalkit.reporting.tables.notes import suppression_note

__all__ = ["case_open_table", "contact_table", "plan_agreement_table", "plan_end_table", "plan_gap_table"]

_Row = dict[str, Any]
_Cells = Mapping[str, Callable[[_Row], str]]

_WITH_ESTIMATE = ("going_on", "discontinued")
_AGREEMENT = ("n_both", "n_prison_only", "n_municipality_only", "n_plan_unknown")


def plan_end_table(edition: Edition) -> Grid | None:
    """Make the table of what had become of resumed plans, some months after they were resumed.

    Parameters
    ----------
    edition : Edition
        The bundle and its language; table ``plan_end``.

    Returns
    -------
    Grid or None
        None when the bundle has no such table.
    """
    percent = edition.language.percent
    cells: _Cells = {
        "n_persons": lambda row: edition.count(row, "n_persons"),
        "share": lambda row: edition.derived(row, "estimate", percent) if row["state"] in _WITH_ESTIMATE else "",
        "interval": lambda row: edition.interval(row, percent) if row["state"] in _WITH_ESTIMATE else "",
    }
    return _side_by_side(edition, "plan_end", "state", cells, of="n_resumed", by_month=True)


def plan_gap_table(edition: Edition) -> Grid | None:
    """Make the table of the first gap in resumed plans.

    Parameters
    ----------
    edition : Edition
        The bundle and its language; table ``plan_gap``.

    Returns
    -------
    Grid or None
        None when the bundle has no such table.
    """
    cells = {"n_persons": lambda row: edition.count(row, "n_persons"), **_share(edition, "share")}
    return _side_by_side(edition, "plan_gap", "gap", cells, of="n_resumed")


def contact_table(edition: Edition) -> Grid | None:
    """Make the table of contacts a week in custody and after it.

    Parameters
    ----------
    edition : Edition
        The bundle and its language; table ``contact_rate``.

    Returns
    -------
    Grid or None
        None when the bundle has no such table.
    """
    cells: _Cells = {
        "n_persons": lambda row: edition.count(row, "n_persons"),
        "n_without": lambda row: edition.count(row, "n_without"),
        "per_week": lambda row: edition.derived(row, "estimate", lambda rate: edition.language.number(rate, 2)),
        "interval": lambda row: edition.interval(row, lambda rate: edition.language.number(rate, 2)),
    }
    return _side_by_side(edition, "contact_rate", "period", cells)


def case_open_table(edition: Edition) -> Grid | None:
    """Make the table of days in custody with an open plan of a municipality.

    Parameters
    ----------
    edition : Edition
        The bundle and its language; table ``case_open_days``.

    Returns
    -------
    Grid or None
        None when the bundle has no such table.
    """
    cells: _Cells = {
        "n_persons": lambda row: edition.count(row, "n_persons"),
        "n_open": lambda row: edition.count(row, "n_open"),
        "share_of_days": lambda row: edition.derived(row, "estimate", edition.language.percent),
        "interval": lambda row: edition.interval(row, edition.language.percent),
    }
    return _one_below_the_other(edition, "case_open_days", "arm", cells, lambda row: edition.arm_label(str(row["arm"])))


def plan_agreement_table(edition: Edition) -> Grid | None:
    """Make the table of areas that stand in the prison service's plan, the municipality's, or both, arm by arm.

    Parameters
    ----------
    edition : Edition
        The bundle and its language; table ``plan_agreement``.

    Returns
    -------
    Grid or None
        None when the bundle has no such table.
    """

    def domain(row: _Row) -> str:
        return edition.language.label("domain", str(row["domain"]))

    cells: _Cells = {**{name: _counted(edition, name) for name in _AGREEMENT}, **_share(edition, "share")}
    return _one_below_the_other(edition, "plan_agreement", "domain", cells, domain, of="n_persons")


def _share(edition: Edition, column: str) -> _Cells:
    percent = edition.language.percent
    return {
        "share": lambda row: edition.derived(row, column, percent),
        "interval": lambda row: edition.interval(row, percent),
    }


def _counted(edition: Edition, column: str) -> Callable[[_Row], str]:
    return lambda row: edition.count(row, column)


def _written(row: _Row, cells: _Cells) -> dict[str, str]:
    return {key: write(row) for key, write in cells.items()}


def _arm_of(edition: Edition, row: _Row, count: str) -> str:
    """Name the arm, and how many of it a table is about."""
    arm = edition.arm_label(str(row["arm"]))
    return edition.language.text(f"plans.{count}", arm=arm, n=edition.count(row, count))


def _side_by_side(
    edition: Edition, name: str, line: str, cells: _Cells, *, of: str = "", by_month: bool = False
) -> Grid | None:
    """Put the arms side by side: `line` is the dimension of the lines, `of` counts whom an arm is about."""
    found = edition.rows(name)
    if not found:
        return None
    text = edition.language.text
    arms = {str(row["arm"]): row for row in found}
    lines: dict[tuple[object, object], dict[str, str]] = {}
    for row in found:
        own = {f"{row['arm']}.{key}": cell for key, cell in _written(row, cells).items()}
        lines.setdefault((row.get("month") if by_month else None, row[line]), {}).update(own)
    heads = {arm: _arm_of(edition, row, of) if of else edition.arm_label(arm) for arm, row in arms.items()}
    return Grid(
        stub=text(f"column.{line}"),
        columns={f"{arm}.{key}": text(f"column.{key}") for arm in arms for key in cells},
        rows=[(edition.language.label(name, str(value)), written) for (_, value), written in lines.items()],
        groups=[month_label(edition, int(str(month))) for month, _ in lines] if by_month else (),
        spanners={heads[arm]: tuple(f"{arm}.{key}" for key in cells) for arm in arms},
        notes=(text(f"note.{name}"), *suppression_note(edition, found)),
    )


def _one_below_the_other(
    edition: Edition, name: str, line: str, cells: _Cells, label: Callable[[_Row], str], *, of: str = ""
) -> Grid | None:
    """Put the arms one below the other, each with a heading where `of` counts whom it is about."""
    found = edition.rows(name)
    if not found:
        return None
    text = edition.language.text
    return Grid(
        stub=text(f"column.{line}"),
        columns={key: text(f"column.{key}") for key in cells},
        rows=[(label(row), _written(row, cells)) for row in found],
        groups=[_arm_of(edition, row, of) for row in found] if of else (),
        notes=(text(f"note.{name}"), *suppression_note(edition, found)),
    )
