"""Indicators: from counts to results, checked by hand."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from math import sqrt

import polars as pl
import pytest

from evalkit.disclosure import load_policy, release
from evalkit.indicators import attrition, baseline, plan_continuity, reoffending, status
from evalkit.results import CellRole, Provenance, Result

PROVENANCE = Provenance("test@0", date(2023, 7, 1), {}, "0")


def every_column_has_a_role(result: Result) -> bool:
    return set(result.roles) == set(result.tidy().columns)


def only(result: Result, **where: object) -> dict[str, object]:
    frame = result.tidy().filter(*(pl.col(name) == value for name, value in where.items()))
    assert frame.height == 1
    return frame.row(0, named=True)


STATES = {"continuing": 30, "completed": 0, "not_continued": 18, "unknown_end": 0, "returned_to_custody": 0}
STATES |= {"dead": 2, "emigrated": 0}


def continuity(states: dict[str, int], no_plan: int, no_activity: int = 0) -> Result:
    without = {"no_plan_recorded": no_plan, "plan_without_activity": no_activity}
    rows = [("pilot", "any", 0, state, n) for state, n in {**states, **without}.items()]
    counts = pl.DataFrame(rows, schema=["arm", "domain", "months", "state", "n_persons"], orient="row")
    return plan_continuity(counts, PROVENANCE)


def test_plan_continuity_leaves_those_without_a_plan_out_of_the_share() -> None:
    row = only(continuity(STATES, 10), domain="any", checkpoint="resumed")
    assert (row["n_persons"], row["n_no_plan_recorded"], row["n_with_plan"], row["n_continuing"]) == (60, 10, 50, 30)
    assert row["share"] == pytest.approx(float(Fraction(30, 50)))
    # Wilson 1927 by hand: (p + z²/2n ± z sqrt(p(1-p)/n + z²/4n²)) / (1 + z²/n)
    z, n, p = 1.959963984540054, 50, 0.6
    middle, half = (p + z * z / (2 * n)), z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    assert row["conf_low"] == pytest.approx((middle - half) / (1 + z * z / n))
    assert row["conf_high"] == pytest.approx((middle + half) / (1 + z * z / n))
    assert every_column_has_a_role(continuity(STATES, 10))


def test_a_plan_without_activity_is_neither_a_plan_nor_none() -> None:
    row = only(continuity(STATES, 10, no_activity=7), domain="any", checkpoint="resumed")
    assert (row["n_persons"], row["n_no_plan_recorded"], row["n_plan_without_activity"]) == (67, 10, 7)
    assert row["n_with_plan"] == 50


def test_a_domain_without_plans_has_no_share() -> None:
    row = only(continuity(dict.fromkeys(STATES, 0), 60), domain="any")
    assert row["n_with_plan"] == 0
    assert row["share"] is None
    assert row["conf_low"] is None


def test_the_door_hides_few_dead_among_those_with_a_plan_and_one_more() -> None:
    """Two dead of fifty; the other states and their sum are shown, so one of them must go too."""
    released = release(continuity(STATES, 10), load_policy("standard")).tidy().row(0, named=True)
    assert released["n_dead"] is None
    assert released["n_with_plan"] is None or released["n_not_continued"] is None
    assert released["n_persons"] == 60


def test_status_shares_add_up_within_arm_and_month() -> None:
    counts = pl.DataFrame(
        {
            "arm": ["pilot", "pilot", "comparison"],
            "month": [3, 3, 3],
            "state": ["employed", "dead", "employed"],
            "n_persons": [3, 1, 5],
        }
    )
    result = status(counts, PROVENANCE)
    assert only(result, arm="pilot", state="employed")["share"] == pytest.approx(3 / 4)
    assert only(result, arm="comparison", state="employed")["share"] == 1
    assert every_column_has_a_role(result)


def test_attrition_names_its_steps() -> None:
    counts = pl.DataFrame({"step": [3, 4], "arm": ["pilot", "pilot"], "n_persons": [50, 40], "n_excluded": [0, 10]})
    result = attrition(counts, PROVENANCE)
    assert result.tidy().get_column("reason").to_list() == ["municipality_known", "release_type"]
    assert every_column_has_a_role(result)


def test_baseline_shares_are_of_the_arm() -> None:
    counts = pl.DataFrame(
        {"arm": ["pilot"] * 2, "variable": ["sex"] * 2, "level": ["man", "woman"], "n_persons": [9, 1]}
    )
    assert only(baseline(counts, PROVENANCE), level="woman")["share"] == pytest.approx(0.1)


# Ten persons an arm, followed to day 731. Pilot: 2 reoffend (days 10, 20), 1 dies (day 20), 1 emigrates (day 30).
EVENTS = pl.DataFrame(
    {
        "arm": ["pilot"] * 5 + ["comparison"] * 2,
        "entry_time": [0] * 7,
        "exit_time": [10, 20, 20, 30, 731, 100, 731],
        "event_type": [1, 1, 2, 0, 0, 1, 0],
        "n_persons": [1, 1, 1, 1, 6, 4, 6],
    }
)


@pytest.fixture
def results() -> dict[str, Result]:
    made = reoffending(EVENTS, PROVENANCE, horizon=731, grid=(0, 20, 365, 731), reference="comparison", treated="pilot")
    return {result.name: result for result in made}


def test_risk_counts_death_as_competing_and_emigration_as_censored(results: dict[str, Result]) -> None:
    row = only(results["risk"], arm="pilot")
    assert (row["n_persons"], row["n_events"], row["n_left"]) == (10, 2, 2)
    # F(731) = 1/10 + (9/10)(1/9) = 1/5; the one who emigrated leaves after the last event
    assert row["estimate"] == pytest.approx(float(Fraction(1, 5)))
    assert only(results["risk"], arm="comparison")["estimate"] == pytest.approx(0.4)


def test_overall_is_everyone_together(results: dict[str, Result]) -> None:
    row = only(results["overall"], arm="all")
    assert (row["n_persons"], row["n_events"], row["n_left"]) == (20, 6, 2)
    # day 10: 1/20; day 20: 19/20 * 1/19 = 1/20; day 100: 17 of 20 still event-free, 16 at risk, 4 events
    assert row["estimate"] == pytest.approx(float(Fraction(2, 20) + Fraction(17, 20) * Fraction(4, 16)))


def test_curves_give_persons_still_followed_and_running_counts(results: dict[str, Result]) -> None:
    """After day 20 of the pilot: 2 have reoffended, 1 has died (a leaver), so 7 of 10 are still followed."""
    for name in ("curve", "survival"):
        found = results[name].tidy().filter(pl.col("arm") == "pilot").sort("time")
        counts = found.select("time", "n_at_risk", "n_events", "n_left").rows()
        assert counts == [(0, 10, 0, 0), (20, 7, 2, 1), (365, 6, 2, 2), (731, 6, 2, 2)]
        assert every_column_has_a_role(results[name])
        assert results[name].cumulative_over == "time"
    # Kaplan-Meier with death as censoring: 9/10 * 8/9; nothing happens after it
    assert only(results["survival"], arm="pilot", time=365)["estimate"] == pytest.approx(0.8)


def test_counts_with_delayed_entry_leave_out_those_who_have_not_entered() -> None:
    late = EVENTS.with_columns(entry_time=pl.when(pl.col("exit_time") == 731).then(25).otherwise(0))
    made = reoffending(late, PROVENANCE, horizon=731, grid=(0, 20, 731), reference="comparison", treated="pilot")
    curve = next(one for one in made if one.name == "curve").tidy().filter(pl.col("arm") == "pilot")
    assert curve.get_column("n_at_risk").to_list() == [4, 1, 6]


def test_contrast_is_pilot_less_comparison(results: dict[str, Result]) -> None:
    row = only(results["contrast"], measure="risk_difference")
    assert row["estimate"] == pytest.approx(0.2 - 0.4)
    # Without censoring before the events the variances are p(1-p)/n
    assert row["std_error"] == pytest.approx(sqrt(0.2 * 0.8 / 10 + 0.4 * 0.6 / 10))
    assert only(results["contrast"], measure="risk_ratio")["estimate"] == pytest.approx(0.5)
    assert only(results["contrast"], measure="log_rank")["estimate"] is None
    assert results["contrast"].roles["estimate"].role is CellRole.DERIVED
    assert every_column_has_a_role(results["contrast"])
    assert set(results["contrast"].tidy().get_column("n_events")) == {6}
