"""Survival at the horizon and the regression model, to four decimals."""

from __future__ import annotations

from functools import partial
from typing import Any

import polars as pl

from evalkit.reporting.edition import Edition
from evalkit.reporting.tables.grid import Grid
from evalkit.reporting.tables.notes import suppression_note

__all__ = ["cox_table", "fit_table", "survival_at_horizon", "survival_table"]

_DECIMALS = 4


def survival_at_horizon(edition: Edition) -> dict[str, dict[str, Any]]:
    """Return each arm's last row of the survival table up to the horizon.

    Parameters
    ----------
    edition : Edition
        The bundle and its language; table ``survival``.

    Returns
    -------
    dict of str to dict
        Arm to row; empty when the bundle has no such table.
    """
    if not edition.bundle.has("survival"):
        return {}
    frame = edition.bundle.table("survival").filter(pl.col("time") <= edition.horizon).sort("time")
    return {str(row["arm"]): row for row in frame.to_dicts()}


def survival_table(edition: Edition) -> Grid | None:
    """Make the table of the share without the event at the horizon.

    Parameters
    ----------
    edition : Edition
        The bundle and its language; table ``survival``, and ``overall`` if there.

    Returns
    -------
    Grid or None
        None when the bundle has no such table.
    """
    found = survival_at_horizon(edition)
    if not found:
        return None
    text = edition.language.text
    rows = [(edition.arm_label(arm), _survival_cells(edition, found[arm])) for arm in edition.arms if arm in found]
    everyone = edition.rows("overall")
    rows += [(edition.arm_label("all"), _survival_cells(edition, _as_survival(edition, row))) for row in everyone]
    columns = ("survival", "interval", "std_error", "n_events")
    return Grid(
        stub=text("column.arm"),
        columns={key: text(f"column.{key}") for key in columns},
        rows=rows,
        notes=(text("note.survival_table"), *suppression_note(edition, list(found.values()))),
    )


def _survival_cells(edition: Edition, row: dict[str, Any]) -> dict[str, str]:
    write = partial(edition.language.number, decimals=_DECIMALS)
    return {
        "survival": edition.derived(row, "estimate", write),
        "interval": edition.interval(row, write),
        "std_error": edition.derived(row, "std_error", write),
        "n_events": edition.count(row, "n_events"),
    }


def _as_survival(edition: Edition, row: dict[str, Any]) -> dict[str, Any]:
    """Turn a risk and its interval round; with one kind of event they are the same fact."""

    def turned(column: str) -> float | None:
        value = edition.value(row, column)
        return None if value is None else 1 - value

    return row | {
        "estimate": turned("estimate"),
        "conf_low": turned("conf_high"),
        "conf_high": turned("conf_low"),
    }


def cox_table(edition: Edition) -> Grid | None:
    """Make the table of a Cox model's terms.

    Parameters
    ----------
    edition : Edition
        The bundle and its language; table ``cox``.

    Returns
    -------
    Grid or None
        None when the bundle has no such table.
    """
    found = edition.rows("cox")
    if not found:
        return None
    text, write = edition.language.text, partial(edition.language.number, decimals=_DECIMALS)
    columns = ("coefficient", "std_error", "interval", "hazard_ratio", "p_value")
    return Grid(
        stub=text("column.term"),
        columns={key: text(f"column.{key}") for key in columns},
        rows=[
            (
                str(row["term"]),
                {
                    "coefficient": edition.derived(row, "estimate", write),
                    "std_error": edition.derived(row, "std_error", write),
                    "interval": edition.interval(row, write),
                    "hazard_ratio": edition.derived(row, "hazard_ratio", write),
                    "p_value": edition.derived(row, "p_value", partial(edition.language.p_value, decimals=_DECIMALS)),
                },
            )
            for row in found
        ],
        notes=(text("note.cox"), *suppression_note(edition, found)),
    )


def fit_table(edition: Edition) -> Grid | None:
    """Make the table of how a model fits.

    Parameters
    ----------
    edition : Edition
        The bundle and its language; table ``fit``.

    Returns
    -------
    Grid or None
        None when the bundle has no such table.
    """
    found = edition.rows("fit")
    if not found:
        return None
    text, write = edition.language.text, partial(edition.language.number, decimals=_DECIMALS)
    numbers, counts = ("log_likelihood", "log_likelihood_null", "concordance"), ("n_persons", "n_events")
    return Grid(
        stub=text("column.model"),
        columns={key: text(f"column.{key}") for key in (*numbers, *counts)},
        rows=[
            (
                edition.language.label("model", str(row["model"])),
                {key: edition.derived(row, key, write) for key in numbers}
                | {key: edition.count(row, key) for key in counts},
            )
            for row in found
        ],
        notes=suppression_note(edition, found),
    )
