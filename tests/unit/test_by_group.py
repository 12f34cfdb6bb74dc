"""The main figures by group: worked out by hand in fractions, and adding up to the arm."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import polars as pl
import pytest

from evalkit.indicators import by_group
from evalkit.results import Provenance, Result

PROVENANCE = Provenance("study@0", date(2023, 7, 1), {}, "0")
EVENTS = pl.DataFrame(
    [
        ("sex", "man", "pilot", 0, 100, 1, 6),
        ("sex", "man", "pilot", 0, 200, 2, 2),  # died
        ("sex", "man", "pilot", 0, 300, 0, 4),  # left the country
        ("sex", "man", "pilot", 0, 400, 1, 2),
        ("sex", "man", "pilot", 0, 731, 0, 6),
        ("sex", "woman", "pilot", 0, 731, 0, 10),
        ("age", "18_24", "pilot", 0, 731, 0, 30),
    ],
    schema=["grouping_name", "member_of", "arm", "entry_time", "exit_time", "event_type", "n_persons"],
    orient="row",
)
SHARES = pl.DataFrame(
    [
        ("sex", "man", "pilot", "plan_goes_on", 0, 16, 8),
        ("sex", "man", "pilot", "working", 12, 20, 5),
        ("sex", "woman", "pilot", "plan_goes_on", 0, 0, 0),
        ("sex", "woman", "pilot", "working", 12, 10, 10),
    ],
    schema=["grouping_name", "member_of", "arm", "measure", "month", "n_persons", "n_reached"],
    orient="row",
)


@pytest.fixture(scope="module")
def result() -> Result:
    return by_group(EVENTS, SHARES, "sex", PROVENANCE, horizon=731, working=["employed", "in_education"])


def row(result: Result, group: str, measure: str) -> dict[str, float]:
    found = result.tidy().filter(pl.col("group") == group, pl.col("measure") == measure)
    return found.row(0, named=True)


def test_the_risk_allows_for_deaths_and_for_those_who_left(result: Result) -> None:
    """Of 20 men 6 reoffend, then 2 of 14 die, 4 leave, and 2 of the 8 who are left reoffend."""
    free_before = (1 - Fraction(6, 20)) * (1 - Fraction(2, 14))
    risk = Fraction(6, 20) + free_before * Fraction(2, 8)
    man = row(result, "man", "reoffending")
    assert (man["n_persons"], man["n_reached"]) == (20, 8)
    assert man["estimate"] == pytest.approx(float(risk), abs=1e-12)
    assert man["conf_low"] < man["estimate"] < man["conf_high"]


def test_shares_are_plain_with_wilsons_interval(result: Result) -> None:
    """R: prop.test(5, 20, correct = FALSE)$conf.int"""
    man = row(result, "man", "working")
    assert man["share"] == 0.25
    assert man["estimate"] is None
    assert (man["share_low"], man["share_high"]) == pytest.approx((0.1118617, 0.4687009), abs=1e-6)


def test_nobody_to_ask_is_no_share(result: Result) -> None:
    assert row(result, "woman", "plan_goes_on")["share"] is None


def test_a_group_in_which_nobody_reoffended_has_the_risk_zero(result: Result) -> None:
    assert row(result, "woman", "reoffending")["estimate"] == 0.0


def test_another_grouping_is_another_table(result: Result) -> None:
    assert result.name == "by_sex"
    assert set(result.tidy()["group"]) == {"man", "woman"}


def test_the_door_is_told_that_groups_add_up(result: Result) -> None:
    exact = {(next(iter(r.total)).table, next(iter(r.total)).column) for r in result.relations if r.exact}
    assert {("risk", "n_persons"), ("risk", "n_events"), ("continuity", "n_continuing")} <= exact
    assert ("baseline", "n_persons") in exact
