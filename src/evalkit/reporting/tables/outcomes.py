"""Risk, contrasts and the numbers behind the curves."""

from __future__ import annotations

from functools import partial
from typing import Any, Literal

from evalkit.reporting.edition import Edition
from evalkit.reporting.tables.grid import Grid
from evalkit.reporting.tables.notes import suppression_note

__all__ = ["contrast_table", "curve_table", "risk_table"]

_RISK_COUNTS = ("n_persons", "n_events", "n_left")
_IN_POINTS, _IN_TIME = ("risk_difference",), ("rmst_difference",)


def risk_table(edition: Edition) -> Grid | None:
    """Make the table of the risk at the horizon by arm.

    Parameters
    ----------
    edition : Edition
        The bundle and its language; table ``risk``, and ``overall`` if there.

    Returns
    -------
    Grid or None
        None when the bundle has no such table.
    """
    found = edition.rows("risk")
    if not found:
        return None
    found += edition.rows("overall")
    text, percent = edition.language.text, edition.language.percent
    headings = {count: text(f"column.{count}") for count in _RISK_COUNTS}
    if edition.follows_release:
        headings["n_events"] = text("column.n_reoffended")
    return Grid(
        stub=text("column.arm"),
        columns=headings | {"risk": text("column.risk"), "interval": text("column.interval")},
        rows=[
            (
                edition.arm_label(str(row["arm"])),
                {count: edition.count(row, count) for count in _RISK_COUNTS}
                | {"risk": edition.derived(row, "estimate", percent), "interval": edition.interval(row, percent)},
            )
            for row in found
        ],
        notes=(text("note.risk" if edition.follows_release else "note.risk_other"), *suppression_note(edition, found)),
    )


def contrast_table(edition: Edition) -> Grid | None:
    """Make the table of what the arms differ by.

    Parameters
    ----------
    edition : Edition
        The bundle and its language; table ``contrast``.

    Returns
    -------
    Grid or None
        None when the bundle has no such table.
    """
    found = edition.rows("contrast")
    if not found:
        return None
    text = edition.language.text
    return Grid(
        stub=text("column.measure"),
        columns={key: text(f"column.{key}") for key in ("estimate", "interval", "p_value")},
        rows=[(_measure_label(edition, str(row["measure"])), _contrast_cells(edition, row)) for row in found],
        notes=(text("note.contrast"), *suppression_note(edition, found)),
    )


def _measure_label(edition: Edition, measure: str) -> str:
    label = edition.language.label("measure", measure)
    if measure in _IN_POINTS:
        return f"{label} ({edition.language.text('unit.points')})"
    return f"{label} ({edition.language.text(f'unit.{edition.time_unit}')})" if measure in _IN_TIME else label


def _contrast_cells(edition: Edition, row: dict[str, Any]) -> dict[str, str]:
    language, measure = edition.language, str(row["measure"])
    exact = 2 if edition.is_register else 4  # public data are compared with published figures, to four decimals
    p_value = edition.derived(row, "p_value", partial(language.p_value, decimals=max(exact, 3)))
    if measure == "log_rank":
        return {
            "estimate": edition.derived(row, "statistic", partial(language.number, decimals=exact)),
            "p_value": p_value,
        }
    in_points = measure in _IN_POINTS
    decimals = 1 if in_points or measure in _IN_TIME else 2

    def write(value: float) -> str:
        return language.number(100 * value if in_points else value, decimals)

    return {
        "estimate": edition.derived(row, "estimate", write),
        "interval": edition.interval(row, write),
        "p_value": p_value,
    }


def curve_table(edition: Edition, name: Literal["curve", "survival"]) -> Grid | None:
    """Make the table of the numbers behind a curve.

    Parameters
    ----------
    edition : Edition
        The bundle and its language.
    name : {"curve", "survival"}
        The table.

    Returns
    -------
    Grid or None
        None when the bundle has no such table.
    """
    found = edition.rows(name, **({"cause": "reoffence"} if name == "curve" else {}))
    if not found:
        return None
    text = edition.language.text
    times = sorted({float(row["time"]) for row in found})
    cells = {(float(row["time"]), str(row["arm"])): row for row in found}
    keys = ("share", "interval", "n_at_risk", "n_cumulative")
    rows = []
    for time in times:
        row: dict[str, str] = {}
        for arm in edition.arms:
            written = _curve_cells(edition, cells.get((time, arm)))
            row |= {f"{arm}.{key}": value for key, value in zip(keys, written, strict=True)}
        rows.append((edition.language.number(time), row))
    return Grid(
        stub=text("column.time", unit=text(f"unit.{edition.time_unit}")),
        columns={f"{arm}.{key}": text(f"column.{key}") for arm in edition.arms for key in keys},
        rows=rows,
        spanners={edition.arm_label(arm): tuple(f"{arm}.{key}" for key in keys) for arm in edition.arms},
        notes=suppression_note(edition, found, missing=len(cells) < len(times) * len(edition.arms)),
    )


def _curve_cells(edition: Edition, row: dict[str, Any] | None) -> tuple[str, str, str, str]:
    if row is None:  # a point that was left out, because so few events lay between it and the one before
        dot = edition.language.text("word.dot")
        return dot, dot, dot, dot
    percent = edition.language.percent
    return (
        edition.derived(row, "estimate", percent),
        edition.interval(row, percent),
        edition.count(row, "n_at_risk"),
        edition.count(row, "n_events"),
    )
