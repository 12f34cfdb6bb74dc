"""Curves, quantiles, incidence, restricted means and mean counts equal R's in every cell of the matrix (r/*.R)."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

from evalkit.survival import (
    CumulativeIncidence,
    KaplanMeier,
    RestrictedMean,
    aalen_johansen,
    kaplan_meier,
    mean_cumulative_count,
    quantile,
    rmst,
    rmtl,
)
from tests.reference.survival_matrix import Cell, assert_close, assert_equal, cell, each_cell, each_cell_of

SCALES = ("log-log", "log", "plain", "arcsine", "logit")


def _curves(chosen: Cell, **choice: Any) -> KaplanMeier:
    d = chosen.frame
    return kaplan_meier(d["exit"], d["event"], group=d["group"], **chosen.options, **choice)


def _incidence(chosen: Cell, **choice: Any) -> CumulativeIncidence:
    d = chosen.frame
    return aalen_johansen(d["exit"], d["cause"], group=d["group"], **chosen.options, **choice)


@each_cell
def test_kaplan_meier(data: str, variant: str) -> None:
    chosen = cell(data, variant)
    expected = chosen.from_r("curves")
    actual = _curves(chosen).tidy(expected["time"].unique().sort())
    if "sampling" not in chosen.variant.weight:
        assert "effective_at_risk" not in actual.columns
        expected = expected.drop("effective_at_risk")
    assert_equal(actual, expected, ["group", "time"])


@each_cell_of("intervals")
@pytest.mark.parametrize("scale", SCALES[1:])
def test_interval_scales(data: str, variant: str, scale: str) -> None:
    chosen = cell(data, variant)
    expected = chosen.from_r("intervals").filter(conf_type=scale).drop("conf_type")
    actual = _curves(chosen, conf_type=scale).tidy(expected["time"].unique().sort())
    assert_equal(actual, expected, ["group", "time"])


@each_cell
def test_quantiles(data: str, variant: str) -> None:
    chosen = cell(data, variant)
    curves = _curves(chosen)
    for group, probability, *expected in (
        chosen.from_r("quantiles").select("group", "probability", "estimate", "conf_low", "conf_high").iter_rows()
    ):
        found = quantile(curves, probability, group=group)
        # here null is a value: the curve, or its limit, does not go so far
        assert_close([found.estimate, found.conf_low, found.conf_high], [np.nan if x is None else x for x in expected])


@each_cell
def test_aalen_johansen(data: str, variant: str) -> None:
    # R's variance is the robust one; without late entries that is Dinse and Larson's, the engine's default. For
    # fractional case weights R has none: test_survival_delta_witness.py
    chosen = cell(data, variant)
    expected = chosen.from_r("incidence").drop("aalen")
    kinds = ["robust"] if variant != "fractional" else ["greenwood"]
    if "entry_time" not in chosen.options and not chosen.variant.is_robust:
        kinds.append("greenwood")
    for kind in kinds:
        actual = _incidence(chosen, variance=kind).tidy(expected["time"].unique().sort())
        assert_equal(actual, expected, ["group", "cause", "time"])


@each_cell_of("incidence")
def test_aalen_variance_is_that_of_cuminc(data: str, variant: str) -> None:
    # which knows neither sampling weights nor clusters nor late entries: test_survival_delta_witness.py has the last
    chosen = cell(data, variant)
    expected = chosen.from_r("incidence").select("group", "cause", "time", std_error="aalen")
    if chosen.variant.is_robust:
        assert expected["std_error"].null_count() == expected.height
        return
    actual = _incidence(chosen, variance="aalen").tidy(expected["time"].unique().sort())
    assert_equal(actual, expected, ["group", "cause", "time"])


@each_cell_of("incidence_intervals")
@pytest.mark.parametrize("scale", SCALES)
def test_interval_scales_of_incidence(data: str, variant: str, scale: str) -> None:
    # R's function for limits, applied to 1 - incidence as the engine does
    chosen = cell(data, variant)
    expected = chosen.from_r("incidence_intervals").filter(conf_type=scale).drop("conf_type")
    actual = _incidence(chosen, variance="robust", conf_type=scale).tidy(expected["time"].unique()).filter(cause=1)
    assert_equal(actual, expected, ["group", "time"])


def _rows(means: RestrictedMean, cause: int) -> pl.DataFrame:
    return means.tidy().select("group", "estimate", "std_error", cause=pl.lit(cause, pl.Int64))


@each_cell
def test_restricted_means(data: str, variant: str) -> None:
    # cause 0 is time free of the event, the others are time lost; see r/means.R for R's standard errors
    chosen = cell(data, variant)
    robust = None if variant.endswith("fractional") else "robust"
    incidence = _incidence(chosen, variance=robust)
    causes = range(1, incidence.life_table.n_causes + 1)
    free = _rows(rmst(_curves(chosen), horizon=chosen.horizon), 0)
    lost = [_rows(rmtl(incidence, horizon=chosen.horizon, cause=cause), cause) for cause in causes]
    assert_equal(pl.concat([free, *lost]), chosen.from_r("means"), ["group", "cause"])


@each_cell_of("recurrent")
def test_mean_count_that_nothing_ends(data: str, variant: str) -> None:
    # in cgd the larger clusters are hospitals
    chosen = cell(data, variant)
    d, options = chosen.frame, {"entry_time": chosen.frame["entry"]} | chosen.options
    if data == "cgd" and "cluster" in options:
        options["cluster"] = d["center"]
    person = d["id"] if data == "cgd" else range(d.height)
    expected = chosen.from_r("recurrent")
    curves = mean_cumulative_count(d["exit"], d["event"], person, group=d["group"], **options)
    assert_equal(curves.tidy(expected["time"].unique().sort()), expected, ["group", "time"])
