"""The tables of plans and contacts: what stands in which cell, and what is said of what is hidden."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from evalkit.reporting.bundle import Bundle
from evalkit.reporting.edition import Edition
from evalkit.reporting.language import Language, load_language
from evalkit.reporting.tables.grid import Grid
from evalkit.reporting.tables.plans import (
    case_open_table,
    contact_table,
    plan_agreement_table,
    plan_end_table,
    plan_gap_table,
)

HIDDEN, SHOWN, NONE = "suppressed_primary", "published", "not_applicable"
COUNTED = ("n_both", "n_prison_only", "n_municipality_only", "n_plan_unknown")
COLUMNS = ("gap", "period", "n_without", "per_week", "n_open", "share_of_days", *COUNTED)
TABLES = ("plan_end", "plan_gap", "plan_agreement", "contact_rate", "case_open_days")
# The words are not what is tested here: each key stands for its own.
WORDS = {
    **load_language("en").texts,
    **{f"column.{name}": name for name in COLUMNS},
    **{f"note.{name}": f"About {name}." for name in TABLES},
    "plans.n_resumed": "{arm}: {n} resumed",
    "plans.n_persons": "{arm}: {n} with both",
}
SHARE = {"share": 0.702, "conf_low": 0.642, "conf_high": 0.755}
ESTIMATE = {"estimate": 0.702, "conf_low": 0.642, "conf_high": 0.755}


def edition(table: str, *rows: dict[str, Any]) -> Edition:
    arms = [{"name": name, "label": {"en": name.title()}} for name in ("comparison", "pilot")]
    manifest = {"study": {"arms": arms, "kind": "register"}, "policy": {"min_cell": 5}}
    frame = pl.DataFrame(list(rows), infer_schema_length=None)
    return Edition(Bundle(Path("bundle"), manifest, {table: frame} if rows else {}), Language("en", WORDS))


def cell(arm: str, **values: object) -> dict[str, Any]:
    """Make a released row: what is None is hidden, what has no value is "-"."""
    row: dict[str, Any] = {"arm": arm}
    for name, value in values.items():
        row[name] = None if value == "-" else value
        if name not in {"month", "state", "gap", "domain", "period"}:
            row[f"{name}_status"] = HIDDEN if value is None else NONE if value == "-" else SHOWN
    return row


@pytest.mark.parametrize(
    "table", [plan_end_table, plan_gap_table, plan_agreement_table, contact_table, case_open_table]
)
def test_there_is_no_table_without_its_numbers(table: Callable[[Edition], Grid | None]) -> None:
    assert table(edition("status")) is None


def test_how_plans_ended_month_by_month() -> None:
    nothing = {"estimate": "-", "conf_low": "-", "conf_high": "-"}
    rows = [
        cell(arm, month=month, state=state, n_resumed=248, n_persons=n, **numbers)
        for arm, n in (("pilot", 174), ("comparison", None))
        for month in (3, 6)
        for state, numbers in (("going_on", ESTIMATE), ("completed", nothing))
    ]
    grid = plan_end_table(edition("plan_end", *rows))
    assert grid is not None
    assert grid.groups == ["3 months", "3 months", "6 months", "6 months"]
    assert [cells for _, cells in grid.rows][:2] == [
        {
            "comparison.n_persons": "<5",
            "comparison.share": "70.2%",
            "comparison.interval": "64.2 – 75.5%",
            "pilot.n_persons": "174",
            "pilot.share": "70.2%",
            "pilot.interval": "64.2 – 75.5%",
        },
        {
            "comparison.n_persons": "<5",
            "comparison.share": "",
            "comparison.interval": "",
            "pilot.n_persons": "174",
            "pilot.share": "",
            "pilot.interval": "",
        },
    ]
    assert list(grid.spanners) == ["Comparison: 248 resumed", "Pilot: 248 resumed"]
    assert grid.notes[0] == "About plan_end."
    assert len(grid.notes) == 2


def test_gaps_side_by_side() -> None:
    rows = [cell(arm, gap="no_gap", n_resumed=248, n_persons=174, **SHARE) for arm in ("comparison", "pilot")]
    grid = plan_gap_table(edition("plan_gap", *rows))
    assert grid is not None
    assert list(grid.columns) == [
        f"{arm}.{key}" for arm in ("comparison", "pilot") for key in ("n_persons", "share", "interval")
    ]
    assert [cells["pilot.share"] for _, cells in grid.rows] == ["70.2%"]
    assert grid.notes == ("About plan_gap.",)


def test_contacts_have_two_decimals() -> None:
    rate = {"estimate": 0.6, "conf_low": 0.0, "conf_high": 2.177}
    rows = [cell(arm, period="custody", n_persons=30, n_without=12, **rate) for arm in ("comparison", "pilot")]
    grid = contact_table(edition("contact_rate", *rows))
    assert grid is not None
    assert [cells["pilot.per_week"] for _, cells in grid.rows] == ["0.60"]
    assert [cells["comparison.interval"] for _, cells in grid.rows] == ["0.00 – 2.18"]
    assert list(grid.spanners) == ["Comparison", "Pilot"]


def test_open_cases_have_a_line_for_each_arm() -> None:
    rows = [cell(arm, n_persons=30, n_open=25, **ESTIMATE) for arm in ("pilot", "comparison")]
    grid = case_open_table(edition("case_open_days", *rows))
    assert grid is not None
    line = {"n_persons": "30", "n_open": "25", "share_of_days": "70.2%", "interval": "64.2 – 75.5%"}
    assert grid.rows == [("Comparison", line), ("Pilot", line)]
    assert grid.groups == ()


def test_agreement_stands_arm_by_arm() -> None:
    counts = {"n_persons": 248, "n_both": 174, "n_plan_unknown": 0}
    rows = [
        cell("pilot", domain="any", **counts, n_prison_only="-", n_municipality_only="-", **SHARE),
        cell("pilot", domain="housing", **counts, n_prison_only=50, n_municipality_only=None, **SHARE),
    ]
    grid = plan_agreement_table(edition("plan_agreement", *rows))
    assert grid is not None
    assert grid.groups == ["Pilot: 248 with both"] * 2
    only = ("n_prison_only", "n_municipality_only")
    assert [(label, *(cells[name] for name in only)) for label, cells in grid.rows] == [
        ("All areas together", "–", "–"),
        ("Housing", "50", "<5"),
    ]
