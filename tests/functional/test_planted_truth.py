"""What was planted in the synthetic registers is what the evaluation finds, count for count.

`truth.json` is counted in the generator's own tables, before they are written in register layouts with all their traps.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from evalkit.evaluation import Evaluation, evaluate
from evalkit.study import load_study


@pytest.fixture(scope="module")
def evaluation(demo_folder: Path) -> Evaluation:
    return evaluate(load_study(demo_folder / "study.toml"))


@pytest.fixture(scope="module")
def truth(demo_folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((demo_folder / "truth.json").read_text(encoding="utf-8"))
    return found


def only(evaluation: Evaluation, table: str, **where: object) -> dict[str, Any]:
    rows = evaluation[table].tidy().filter(*(pl.col(name) == value for name, value in where.items()))
    assert rows.height == 1
    return rows.row(0, named=True)


ARMS = pytest.mark.parametrize("arm", ["pilot", "comparison"])


@ARMS
def test_persons_and_reoffences(evaluation: Evaluation, truth: dict[str, Any], arm: str) -> None:
    planted, found = truth["arms"][arm], only(evaluation, "risk", arm=arm)
    assert found["n_persons"] == planted["n_persons"]
    assert found["n_events"] == planted["n_reoffended"]
    assert found["n_left"] == planted["n_died"] + planted["n_emigrated"]
    assert found["estimate"] == pytest.approx(planted["two_year_risk"], abs=5e-7)


@ARMS
def test_what_the_definition_leaves_out(evaluation: Evaluation, truth: dict[str, Any], arm: str) -> None:
    planted = truth["arms"][arm]
    before = only(evaluation, "left_out", arm=arm, reason="offence_before_release")
    late = only(evaluation, "left_out", arm=arm, reason="decided_too_late")
    assert before["n_persons"] == planted["n_pseudo_reconvictions"]
    assert late["n_persons"] == planted["n_late_decisions"]


@ARMS
def test_plan_continuity(evaluation: Evaluation, truth: dict[str, Any], arm: str) -> None:
    planted = truth["arms"][arm]["continuity"]
    for checkpoint, n in planted["n_continuing"].items():
        found = only(evaluation, "continuity", arm=arm, domain="any", checkpoint=checkpoint)
        assert (found["n_with_plan"], found["n_continuing"]) == (planted["n_with_plan"], n)


@ARMS
def test_status(evaluation: Evaluation, truth: dict[str, Any], arm: str) -> None:
    for month, states in truth["arms"][arm]["status"].items():
        rows = evaluation["status"].tidy().filter(pl.col("arm") == arm, pl.col("month") == int(month))
        found = dict(rows.select("state", "n_persons").rows())
        assert {state: n for state, n in found.items() if n} == {state: n for state, n in states.items() if n}


def test_broken_rows_are_set_aside_and_no_others(evaluation: Evaluation, truth: dict[str, Any]) -> None:
    for one in evaluation.deliveries:
        planted = truth["extracts"][one.layout]
        assert one.n_quarantined == sum(planted["broken_rows"].values())
        assert one.n_out_of_scope == planted["n_not_followable"]
        assert one.n_delivered == planted["n_rows"]


def test_nobody_is_in_both_arms_and_attrition_adds_up(evaluation: Evaluation) -> None:
    frame = evaluation["attrition"].tidy().sort("arm", "step")
    for arm in ("all", "pilot", "comparison"):
        rows = frame.filter(pl.col("arm") == arm)
        persons, excluded = rows["n_persons"].to_list(), rows["n_excluded"].to_list()
        assert all(
            before - out == after for before, after, out in zip(persons, persons[1:], excluded[1:], strict=False)
        )
        if arm != "all":
            assert persons[-1] == only(evaluation, "risk", arm=arm)["n_persons"]
    third = frame.filter(pl.col("step") == 3)
    by_arm = dict(third.select("arm", "n_persons").rows())
    assert by_arm["all"] == by_arm["pilot"] + by_arm["comparison"]
