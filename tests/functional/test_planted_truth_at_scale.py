"""The planted two-year risk is found, and the ways in which it is often got wrong are further off.

The large run is slow: `pytest -m slow tests/functional/test_planted_truth_at_scale.py`. It writes what it saw to the
file that ``EVALKIT_PLANTED_TRUTH`` names; `benchmarks/planted-truth.md` is such a file.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from evalkit import api
from evalkit.warehouse import open_warehouse
from tests.functional.naive_rates import NAIVE, naive_rates

Rates = dict[str, dict[str, float]]

# Statistics Denmark, released from prison 2016: new crime within 6, 12 and 24 months (NYT cid=31981).
PUBLISHED = {"6": 0.39, "12": 0.54, "24": 0.66}


def truth_of(folder: Path) -> dict[str, Any]:
    arms: dict[str, Any] = json.loads((folder / "truth.json").read_text(encoding="utf-8"))["arms"]
    return arms


def rates_of(folder: Path) -> Rates:
    """The released risk of each arm, and the naive rates, which need the secure zone."""
    risk = pl.read_parquet(folder / "bundle" / "tables" / "risk.parquet")
    with open_warehouse(folder / "secure" / "warehouse.duckdb") as warehouse:
        return {"evalkit": dict(risk.select("arm", "estimate").rows()), **naive_rates(warehouse)}


def off(folder: Path) -> Rates:
    """How far each way is from the planted risk, in each arm."""
    truth = truth_of(folder)
    return {
        name: {arm: rate - truth[arm]["two_year_risk"] for arm, rate in by_arm.items()}
        for name, by_arm in rates_of(folder).items()
    }


@pytest.mark.parametrize("naive", NAIVE)
def test_naive_ways_are_further_off_on_the_demo(demo_folder: Path, naive: str) -> None:
    found = off(demo_folder)
    assert abs(found["evalkit"]["comparison"]) < 0.005
    assert abs(found[naive]["comparison"]) > 0.02


@pytest.mark.slow
def test_the_truth_of_two_hundred_thousand_persons(tmp_path: Path) -> None:
    folder = api.demo(tmp_path / "large", persons=200_000, seed=2).report.parent
    found, truth = off(folder), truth_of(folder)
    _write(found, truth)
    for arm in ("comparison", "pilot"):
        ours = abs(found["evalkit"][arm])
        assert ours < 0.005
        assert min(abs(found[name][arm]) for name in NAIVE) > ours
    for month, share in PUBLISHED.items():
        assert truth["comparison"]["risk"][month] == pytest.approx(share, abs=0.02)
    panel = pl.read_parquet(folder / "bundle" / "tables" / "definition_panel.parquet")
    by_outcome = dict(panel.filter(pl.col("arm") == "comparison").select("outcome", "estimate").rows())
    # A sentence, suspended or not, is far rarer than any guilty decision.
    assert by_outcome["kriminalforsorgen"] < by_outcome["dst_two_year"] - 0.10


def _write(found: Rates, truth: dict[str, Any]) -> None:
    path = os.environ.get("EVALKIT_PLANTED_TRUTH")
    if path is None:
        return
    lines = [
        "# The planted two-year risk, and what is found",
        "",
        "200,000 synthetic persons, seed 2; `tests/functional/test_planted_truth_at_scale.py` made this table. Planted",
        "is counted before the registers are written with their traps. Differences are percentage points.",
        "",
        "| arm | persons | planted | evalkit | " + " | ".join(NAIVE) + " |",
        "|---|---:|---:|" + "---:|" * (len(NAIVE) + 1),
    ]
    for arm in ("comparison", "pilot"):
        off_by = [f"{100 * found[name][arm]:+.2f}" for name in ("evalkit", *NAIVE)]
        planted = truth[arm]["two_year_risk"]
        lines.append(f"| {arm} | {truth[arm]['n_persons']:,} | {100 * planted:.1f} % | " + " | ".join(off_by) + " |")
    months = ", ".join(
        f"{100 * truth['comparison']['risk'][month]:.1f} % after {month} months (published {100 * share:.0f} %)"
        for month, share in PUBLISHED.items()
    )
    lines += ["", f"Comparison arm, new crime: {months}.", ""]
    Path(path).write_text("\n".join(lines), encoding="utf-8")
