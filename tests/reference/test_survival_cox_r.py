"""Cox models equal R's in every cell of the matrix, with both ties, strata and offsets (r/cox.R)."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import polars as pl
import pytest

from evalkit.survival import (
    CoxFit,
    adjusted_survival,
    baseline_hazard,
    cox,
    predicted_survival,
    proportional_hazards_test,
    schoenfeld_residuals,
)
from tests.reference.survival_matrix import Cell, assert_close, cell, each_cell

TERMS = ["group", "age", "x2"]
# R's triangles are written column by column
TRIANGLE = ("11", "12", "22", "13", "23", "33")
WAYS = tuple(product((0, 1), ("efron", "breslow")))


def _fit(chosen: Cell, strata: int, ties: Any, *, offset: int = 0) -> CoxFit:
    d = chosen.frame
    return cox(
        d["exit"],
        d["event"],
        d.select(TERMS).to_numpy(),
        TERMS,
        strata=d["stratum"] if strata else None,
        offset=d["offset"] if offset else None,
        ties=ties,
        **chosen.options,
    )


def _assert_triangle(matrix: Any, row: dict[str, float], name: str) -> None:
    actual = [matrix[int(place[0]) - 1, int(place[1]) - 1] for place in TRIANGLE]
    assert_close(actual, [row[name + place] for place in TRIANGLE], name)


@each_cell
def test_model(data: str, variant: str) -> None:
    chosen = cell(data, variant)
    for row in chosen.from_r("cox").iter_rows(named=True):
        fit = _fit(chosen, row["strata"], row["ties"], offset=row["offset"])
        assert fit.is_robust == chosen.variant.is_robust
        assert_close(fit.coefficients, [row["b1"], row["b2"], row["b3"]], "coefficients")
        _assert_triangle(fit.covariance, row, "v")
        _assert_triangle(fit.naive_covariance, row, "naive" if fit.is_robust else "v")
        assert_close([fit.log_likelihood_null, fit.log_likelihood], [row["null"], row["model"]], "likelihood")
        tests = fit.likelihood_ratio_test, fit.score_test, fit.wald_test
        assert_close([test.statistic for test in tests], [row["ratio"], row["score"], row["wald"]], "tests")
        assert_close(fit.concordance, row["concordance"], "concordance")


@each_cell
def test_proportional_hazards(data: str, variant: str) -> None:
    chosen = cell(data, variant)
    expected = chosen.from_r("proportional")
    for strata, ties in WAYS:
        fit = _fit(chosen, strata, ties)
        for row in expected.filter(strata=strata, ties=ties).iter_rows(named=True):
            actual = proportional_hazards_test(fit, time_scale=row["scale"]).tidy()
            assert actual["degrees_of_freedom"].to_list() == [1, 1, 1, 3]
            assert_close(actual["statistic"], [row[term] for term in (*TERMS, "global")], row["scale"])


@each_cell
def test_schoenfeld_residuals(data: str, variant: str) -> None:
    # each residual times its place, summed: any other value or order would show
    chosen = cell(data, variant)
    for row in chosen.from_r("schoenfeld").iter_rows(named=True):
        found = schoenfeld_residuals(_fit(chosen, row["strata"], row["ties"]))
        place = np.arange(1, row["n_events"] + 1)
        for name, values in (("raw", found.residual), ("scaled", found.scaled)):
            assert_close(place @ values, [row[f"{name}{j}"] for j in (1, 2, 3)], name)
        np.testing.assert_allclose(found.residual.sum(axis=0), 0.0, atol=1e-8 * np.abs(found.residual).sum())


@pytest.mark.parametrize(("data", "strata"), list(product(("veteran", "cgd"), (0, 1))))
def test_every_schoenfeld_residual(data: str, strata: int) -> None:
    chosen = cell(data, "sampling")
    expected = chosen.from_r("residuals").filter(strata=strata)
    actual = schoenfeld_residuals(_fit(chosen, strata, "efron")).residual
    # a covariate of up to 99 less a mean: nothing smaller than its rounding is left of a residual near 0
    np.testing.assert_allclose(actual, expected.select("raw1", "raw2", "raw3").to_numpy(), rtol=1e-8, atol=1e-10)


@each_cell
def test_baseline_predicted_and_adjusted_survival(data: str, variant: str) -> None:
    chosen = cell(data, variant)
    d = chosen.frame
    group = d["group"].to_numpy()
    person = [[group.max(), round(float(d["age"].to_numpy().mean())), round(float(d["x2"].to_numpy().mean()))]]
    for strata, ties in WAYS:
        expected = chosen.from_r("cox_curves").filter(strata=strata, ties=ties)
        times, fit = expected["time"], _fit(chosen, strata, ties)
        baseline = baseline_hazard(fit)
        hazard = np.concatenate([[0.0], baseline.cumulative[baseline.stratum == 0]])
        place = np.searchsorted(baseline.time[baseline.stratum == 0], times, side="right")
        assert_close(hazard[place], expected["hazard"], "baseline")
        assert_close(predicted_survival(fit, person, times=times)[0], expected["predicted"], "predicted")
        curves = adjusted_survival(fit, term="group", values=[group.min(), group.max()], times=times)
        assert_close(curves.estimate, expected.select("lowest", "highest").to_numpy().T, "adjusted")


def test_whole_case_weights_are_replicated_rows_with_breslow_ties() -> None:
    # R takes weights in robust variances as sampling weights, so it has no such value
    d = cell("lung", "case").frame
    again = d.select(pl.all().repeat_by("case").explode())
    x, more = d.select(TERMS).to_numpy(), again.select(TERMS).to_numpy()
    weighted = cox(d["exit"], d["event"], x, TERMS, weight=d["case"], robust=True, ties="breslow")
    repeated = cox(again["exit"], again["event"], more, TERMS, robust=True, ties="breslow")
    assert_close(weighted.coefficients, repeated.coefficients)
    assert_close(weighted.naive_covariance, repeated.naive_covariance)
    assert_close(weighted.covariance, repeated.covariance)
    assert_close(weighted.concordance, repeated.concordance)
    efron = cox(d["exit"], d["event"], x, TERMS, weight=d["case"])
    assert abs(efron.coefficients - cox(again["exit"], again["event"], more, TERMS).coefficients).max() > 1e-4
