"""What stands beside the rate: other definitions, severity, frequency, and how final the figures are."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Literal

from evalkit.reporting.edition import Edition
from evalkit.reporting.tables.grid import Grid
from evalkit.reporting.tables.notes import suppression_note

__all__ = ["maturity_table", "measures_table", "panel_table", "parts_table"]

_SHARES = ("custodial_rate",)


def panel_table(edition: Edition, name: Literal["definition_panel", "sensitivity"]) -> Grid | None:
    """Make the table of the risk under several definitions.

    Parameters
    ----------
    edition : Edition
        The bundle and its language.
    name : {"definition_panel", "sensitivity"}
        The table.

    Returns
    -------
    Grid or None
        None when the bundle has no such table.
    """
    return _by_arm(edition, name, "outcome", ("risk", "interval"), partial(_risk_cells, edition))


def parts_table(edition: Edition, name: Literal["severity", "frequency"]) -> Grid | None:
    """Make the table of everyone by the most severe decision, or by how often they reoffended.

    Parameters
    ----------
    edition : Edition
        The bundle and its language.
    name : {"severity", "frequency"}
        The table.

    Returns
    -------
    Grid or None
        None when the bundle has no such table.
    """
    dimension = "tier" if name == "severity" else "times"
    return _by_arm(edition, name, dimension, ("n_persons", "share"), partial(_part_cells, edition))


def measures_table(edition: Edition) -> Grid | None:
    """Make the table of the measures beside the rate, with the groups' difference.

    Parameters
    ----------
    edition : Edition
        The bundle and its language; tables ``reoffending_set`` and ``reoffending_set_contrast``.

    Returns
    -------
    Grid or None
        None when the bundle has no such table.
    """
    found, differences = edition.rows("reoffending_set"), edition.rows("reoffending_set_contrast")
    if not found:
        return None
    text = edition.language.text
    rows: dict[str, dict[str, str]] = {}
    for row in (*found, *({"arm": "difference", **one} for one in differences)):
        measure, arm = str(row["measure"]), str(row["arm"])
        write = partial(_number, edition, measure, arm == "difference")
        rows.setdefault(measure, {}).update(
            {
                f"{arm}.estimate": edition.derived(row, "estimate", write),
                f"{arm}.interval": edition.interval(row, write),
            }
        )
    arms = {**{arm: edition.arm_label(arm) for arm in edition.arms}, "difference": text("column.difference")}
    keys = ("estimate", "interval")
    return Grid(
        stub=text("column.measure"),
        columns={f"{arm}.{key}": text(f"column.{key}") for arm in arms for key in keys},
        rows=[(edition.language.label("measure", measure), cells) for measure, cells in rows.items()],
        spanners={label: tuple(f"{arm}.{key}" for key in keys) for arm, label in arms.items()},
        notes=(text("note.measures"), *suppression_note(edition, found)),
    )


def maturity_table(edition: Edition) -> Grid | None:
    """Make the table of how final each quarter's figures are.

    Parameters
    ----------
    edition : Edition
        The bundle and its language; table ``maturity``.

    Returns
    -------
    Grid or None
        None when the bundle has no such table.
    """
    found = edition.rows("maturity")
    if not found:
        return None
    text, percent = edition.language.text, edition.language.percent
    columns = ("n_persons", "stamp", "completeness", "risk", "interval")
    return Grid(
        stub=text("column.quarter"),
        columns={key: text(f"column.{key}") for key in columns},
        rows=[
            (
                str(row["quarter"]),
                {
                    "n_persons": edition.count(row, "n_persons"),
                    "stamp": edition.language.label("stamp", str(row["stamp"])),
                    "completeness": edition.derived(row, "completeness", partial(percent, decimals=0)),
                    **_risk_cells(edition, row),
                },
            )
            for row in found
        ],
        words=("stamp",),
        notes=(text("note.maturity"), *suppression_note(edition, found)),
    )


def _risk_cells(edition: Edition, row: dict[str, Any]) -> dict[str, str]:
    percent = edition.language.percent
    return {"risk": edition.derived(row, "estimate", percent), "interval": edition.interval(row, percent)}


def _number(edition: Edition, measure: str, is_difference: bool, value: float) -> str:
    language = edition.language
    if measure in _SHARES and not is_difference:
        return language.percent(value)
    return language.number(100 * value if measure in _SHARES else value, 2 if measure == "frequency" else 1)


def _part_cells(edition: Edition, row: dict[str, Any]) -> dict[str, str]:
    share = edition.derived(row, "share", edition.language.percent)
    return {"n_persons": edition.count(row, "n_persons"), "share": share}


def _by_arm(
    edition: Edition,
    name: str,
    dimension: str,
    columns: tuple[str, ...],
    write: Callable[[dict[str, Any]], dict[str, str]],
) -> Grid | None:
    """Put the arms side by side, one line a value of the dimension."""
    found = edition.rows(name)
    if not found:
        return None
    text = edition.language.text
    lines: dict[str, dict[str, str]] = {}
    for row in found:
        arm = str(row["arm"])
        lines.setdefault(str(row[dimension]), {}).update({f"{arm}.{key}": cell for key, cell in write(row).items()})
    return Grid(
        stub=text(f"column.{dimension}"),
        columns={f"{arm}.{key}": text(f"column.{key}") for arm in edition.arms for key in columns},
        rows=[(edition.language.label(dimension, value), cells) for value, cells in lines.items()],
        spanners={edition.arm_label(arm): tuple(f"{arm}.{key}" for key in columns) for arm in edition.arms},
        notes=(text(f"note.{name}"), *suppression_note(edition, found)),
    )
