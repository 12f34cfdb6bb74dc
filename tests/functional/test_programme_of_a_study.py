"""A study with a cohort names its programme: what the programme adds stands beside everything else."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from evalkit.disclosure import load_policy, release_all
from evalkit.evaluation import Evaluation, evaluate
from evalkit.programmes import Found
from evalkit.study import load_study


@pytest.fixture(scope="module")
def evaluation(demo_folder: Path) -> Evaluation:
    """Evaluate the demo's study, which says what the pilot cost."""
    return evaluate(load_study(demo_folder / "study.toml"))


def test_its_indicators_stand_elsewhere_and_none_has_a_verdict(evaluation: Evaluation) -> None:
    """The documents of the pilot give no threshold, so there is no table of targets and no verdict."""
    found = {one.indicator: (one.found, one.table) for one in evaluation.findings}
    assert found["plan_continues"] == (Found.ELSEWHERE, "continuity")
    assert found["not_reoffending"] == (Found.ELSEWHERE, "risk")
    assert found["in_work_or_education"] == (Found.ELSEWHERE, "status")
    assert "targets" not in evaluation


def test_offers_and_ends_are_those_of_the_extract(evaluation: Evaluation, demo_folder: Path) -> None:
    """Counted again from the file: persons by their first enrolment, or their first offer."""
    offers = pl.read_csv(demo_folder / "extracts" / "tilbud.csv", infer_schema=False)
    ends = evaluation["programme_end"].tidy()
    totals = dict(ends.select("denominator", "n_total").unique().iter_rows())
    assert totals["referred"] == offers.get_column("PNR").n_unique()
    enrolled = offers.filter(pl.col("INDSKREVET_DATO").is_not_null() & (pl.col("INDSKREVET_DATO") != ""))
    assert totals["enrolled"] == enrolled.get_column("PNR").n_unique()


def test_money_and_cost_are_the_budgets_by_what_was_counted(evaluation: Evaluation) -> None:
    """4 m in 2016 and 19 m in all, each divided by the persons of its row."""
    money = evaluation["money_by_year"].tidy().filter(purpose="all").sort("year")
    assert money.get_column("millions").to_list() == [4, 5, 5, 5]
    for row in money.to_dicts():
        assert row["per_person"] == pytest.approx(1e6 * row["millions"] / row["n_persons"])
    costs = {row["unit"]: row for row in evaluation["cost_per_person"].tidy().to_dicts()}
    totals = dict(evaluation["programme_end"].tidy().select("denominator", "n_total").unique().iter_rows())
    assert {name: costs[name]["n_persons"] for name in totals} == totals
    status = evaluation["status"].tidy().filter(arm="pilot", month=12, state="employed").get_column("n_persons")
    assert costs["in_work_12_months"]["n_persons"] == status.sum()
    measures = {row["measure"]: row["estimate"] for row in evaluation["cost_effectiveness"].tidy().to_dicts()}
    risks = dict(evaluation["risk"].tidy().select("arm", "estimate").iter_rows())
    assert measures["avoided_per_person"] == pytest.approx(risks["comparison"] - risks["pilot"])
    pilot = evaluation["risk"].tidy().filter(arm="pilot").get_column("n_persons").item()
    assert measures["extra_cost_per_person"] == pytest.approx(19e6 / pilot)


def test_all_of_it_goes_through_the_door(evaluation: Evaluation) -> None:
    released = {one.name: one.tidy() for one in release_all(tuple(evaluation.values()), load_policy("standard"))}
    assert {"programme_end", "money_by_year", "cost_per_person", "cost_effectiveness", "cost_plane"} <= set(released)
    for name in ("programme_end", "cost_per_person"):
        shown = released[name].get_column("n_persons").drop_nulls()
        assert not ((shown > 0) & (shown < 5)).any()
