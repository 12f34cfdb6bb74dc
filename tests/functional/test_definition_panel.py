"""The same cohort under every definition: one call, one table, one figure."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

import evalkit as ek
from evalkit.results import Result


@pytest.fixture(scope="module")
def panel(demo_folder: Path) -> Result:
    return ek.definition_panel(demo_folder / "study.toml")


def test_every_preset_that_the_data_are_old_enough_for_is_there(panel: Result) -> None:
    """Released until 2019, data until July 2023: three years and three to wait, or five years, are not over."""
    assert panel.tidy()["outcome"].unique(maintain_order=True).to_list() == [
        "primary",
        "dst_two_year",
        "kriminalforsorgen",
        "retur",
        "exit_2012",
        "moj_proven",
        "bra_preliminary",
        "charge",
        "new_custody",
    ]


def test_the_same_persons_stand_in_every_row(panel: Result) -> None:
    assert panel.tidy().group_by("arm").agg(pl.col("n_persons").n_unique())["n_persons"].to_list() == [1, 1]


def test_the_planted_risk_is_that_of_statistics_denmark(panel: Result, demo_folder: Path) -> None:
    truth = json.loads((demo_folder / "truth.json").read_text(encoding="utf-8"))
    rows = panel.tidy().filter(pl.col("outcome") == "dst_two_year")
    for arm, risk in rows.select("arm", "estimate").iter_rows():
        assert risk == pytest.approx(truth["arms"][arm]["two_year_risk"], abs=5e-7)


def test_what_counts_less_is_less(panel: Result) -> None:
    for arm in ("comparison", "pilot"):
        risk = dict(panel.tidy().filter(pl.col("arm") == arm).select("outcome", "estimate").iter_rows())
        # A sentence is one of the guilty decisions; half a year's wait finds no more than a year's.
        assert risk["kriminalforsorgen"] + 0.08 < risk["dst_two_year"] < risk["charge"]
        assert risk["moj_proven"] <= risk["bra_preliminary"]


def test_it_draws_a_line_for_each_definition_and_arm(panel: Result) -> None:
    assert len(panel.plot().axes[0].get_yticks()) == panel.tidy().height
