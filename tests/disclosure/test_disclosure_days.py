"""Means of days are published so coarsely that the days of a few hidden persons do not follow from the others."""

from __future__ import annotations

import polars as pl

from evalkit.disclosure import Policy, release
from evalkit.indicators import time_in_state
from evalkit.indicators.dose import dose
from evalkit.indicators.programme_phase import programme_phase
from evalkit.results import Provenance


def test_days_in_states_are_whole(standard: Policy, provenance: Provenance) -> None:
    # 1,007 / 20 = 50.35, 803 / 20 = 40.15 and 12,790 / 20 = 639.5; the longest 903 / 10 = 90.3, 803 / 8 = 100.375.
    counts = pl.DataFrame(
        {
            "arm": ["pilot"] * 3,
            "state": ["employed", "in_education", "benefit"],
            "n_persons": [20] * 3,
            "n_ever": [10, 8, 20],
            "all_days": [1007, 803, 12790],
            "all_longest_days": [903, 803, 12000],
        }
    )
    released = release(time_in_state(counts, provenance, months=(24,)), standard).tidy()
    assert released["mean_days"].to_list()[:2] == [50.0, 40.0]
    assert released["mean_longest_days"].to_list() == [90.0, 100.0, 600.0]


def test_days_in_phases_are_whole(standard: Policy, provenance: Provenance) -> None:
    # 1,007 days of 20 persons are 50.35 on average.
    nobody = {name: [0] for name in ("n_judged_long", "n_long", "n_judged_short", "n_short")}
    counts = pl.DataFrame(
        {"phase": ["intro"], "n_persons": [20], "n_over": [20], "sum_days": [1007], "sum_squares": [60000]}
    )
    released = release(programme_phase(counts.with_columns(pl.DataFrame(nobody)), provenance), standard).tidy()
    assert released["mean_days"].to_list() == [50.0]
    assert all(value == round(value) for name in ("conf_low", "conf_high") for value in released[name].to_list())


def test_places_are_tenths(standard: Policy, provenance: Provenance) -> None:
    # 1,500 days are 4.107 years of 365.25 days, and a tenth of 7,000 days 1.916.
    rows = pl.DataFrame({"state": ["free", "remand"], "n_persons": [8, 25], "days": [1500.0, 7000.0]})
    released = release(dose(rows, {"free": 1.0, "remand": 0.1}, provenance), standard).tidy()
    assert released["places"].to_list() == [4.1, 1.9]
