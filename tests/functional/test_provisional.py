"""The same releases seen two years too early: what evalkit says of them, and what the simple ways say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from evalkit.api import publish
from evalkit.errors import DefinitionError
from evalkit.evaluation import Evaluation, evaluate
from evalkit.study import load_study

LAST_YEAR = [f"2019 Q{quarter}" for quarter in (1, 2, 3, 4)]


def seen_early(folder: Path, to: Path, *, immature: str) -> Path:
    """Write the demo's study as if its data ended on 1 June 2021: releases of 2018 and 2019 cannot all be decided."""
    text = (folder / "study.toml").read_text(encoding="utf-8")
    text = text.replace("vintage = 2023-07-01", "vintage = 2021-06-01")
    text = text.replace('preset = "dst_two_year"', f'preset = "dst_two_year"\nimmature = "{immature}"')
    text = text.replace('path = "extracts/', f'path = "{folder.as_posix()}/extracts/')
    study = to / "study.toml"
    study.write_text(text, encoding="utf-8")
    return study


@pytest.fixture(scope="module")
def early(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    return evaluate(load_study(seen_early(demo_folder, tmp_path_factory.mktemp("early"), immature="provisional")))


@pytest.fixture(scope="module")
def late(demo_folder: Path) -> Evaluation:
    return evaluate(load_study(demo_folder / "study.toml"))


@pytest.fixture(scope="module")
def planted(demo_folder: Path) -> dict[str, float]:
    truth: dict[str, Any] = json.loads((demo_folder / "truth.json").read_text(encoding="utf-8"))
    return {arm: told["two_year_risk"] for arm, told in truth["arms"].items()}


def risk_of(evaluation: Evaluation, arm: str) -> float:
    return float(evaluation["risk"].tidy().filter(pl.col("arm") == arm)["estimate"].item())


def test_it_is_refused_unless_asked_for(demo_folder: Path, tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match="complete only before 2021-06-01"):
        load_study(seen_early(demo_folder, tmp_path, immature="refuse"))


def test_quarters_are_stamped_by_the_deadline(early: Evaluation) -> None:
    stamps = dict(early["maturity"].tidy().select("quarter", "stamp").iter_rows())
    # Decisions of 2020 are in for releases of 2017; those of 2021 are not.
    assert {stamps[quarter] for quarter in stamps if quarter < "2018"} == {"final"}
    assert {stamps[quarter] for quarter in stamps if quarter >= "2018"} <= {"provisional", "too_early"}
    assert early["maturity"].tidy()["completeness"].is_sorted(descending=True)


def test_censoring_before_the_vintage_keeps_the_risk_and_counting_what_is_known_does_not(
    early: Evaluation, planted: dict[str, float]
) -> None:
    assert abs(risk_of(early, "comparison") - planted["comparison"]) < 0.015
    last = early["maturity"].tidy().filter(pl.col("quarter").is_in(LAST_YEAR))
    known = last.select(pl.col("estimate") * pl.col("completeness")).to_series().mean()
    assert planted["comparison"] - float(str(known)) > 0.03


def test_the_adjusted_risk_of_the_newest_is_what_they_turn_out_to_have(early: Evaluation, late: Evaluation) -> None:
    then, now = (one["maturity"].tidy().filter(pl.col("quarter").is_in(LAST_YEAR)) for one in (early, late))
    weight = now["n_persons"].to_numpy() / int(now["n_persons"].sum())
    adjusted, known = then["estimate"].to_numpy(), (then["estimate"] * then["completeness"]).to_numpy()
    final = float(now["estimate"].to_numpy() @ weight)
    assert abs(float(adjusted @ weight) - final) < 0.025
    assert final - float(known @ weight) > 0.04


def test_dating_by_the_decision_is_further_off_than_anything(late: Evaluation, planted: dict[str, float]) -> None:
    rows = late["sensitivity"].tidy().filter(pl.col("arm") == "comparison")
    by_decision = rows.filter(pl.col("outcome") == "decision_dated")["estimate"].item()
    assert abs(risk_of(late, "comparison") - planted["comparison"]) < 0.0005
    assert by_decision - planted["comparison"] > 0.05


def test_the_report_says_so_at_the_top(early: Evaluation, late: Evaluation, tmp_path: Path) -> None:
    page = publish(early, tmp_path / "early", language="en").read_text(encoding="utf-8")
    assert "The figures are provisional" in page
    assert "People released from 2018 Q1 to 2019 Q4" in page
    assert "The figures are provisional" not in publish(late, tmp_path / "late", language="en").read_text(
        encoding="utf-8"
    )
