"""Cox models equal R's (survival_reference.R)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl
import pytest

from evalkit.survival import CoxFit, cox

Data: TypeAlias = Callable[[str], pl.DataFrame]
FromR: TypeAlias = Callable[[str, str], dict[str, float]]

# Coefficients agree to 1e-8; both sides stop iterating when the likelihood is flat to rounding.
TOLERANCE = 1e-8
SECOND = {"lung": "stratum", "veteran": "karno", "colon": "sex", "colon_half_years": "sex", "pbc": "bili10"}
TIES = pytest.mark.parametrize("ties", ["efron", "breslow"])


def _assert_close(actual: npt.ArrayLike, expected: npt.ArrayLike) -> None:
    np.testing.assert_allclose(np.asarray(actual), np.asarray(expected), rtol=TOLERANCE, atol=TOLERANCE)


def _assert_fit(fit: CoxFit, from_r: FromR, case: str) -> None:
    _assert_close(fit.coefficients, list(from_r(case, "coefficient").values()))
    _assert_close(fit.covariance.ravel(), list(from_r(case, "covariance").values()))
    likelihood = from_r(case, "log_likelihood")
    _assert_close(fit.log_likelihood, likelihood["model"])
    _assert_close(fit.log_likelihood_null, likelihood["null"])
    _assert_close(fit.score_test.statistic, from_r(case, "score")["all"])
    _assert_close(fit.wald_test.statistic, from_r(case, "wald")["all"])
    _assert_close(fit.concordance, from_r(case, "concordance")["all"])
    if fit.is_robust:
        _assert_close(fit.naive_covariance.ravel(), list(from_r(case, "naive").values()))


@TIES
@pytest.mark.parametrize("name", list(SECOND))
@pytest.mark.parametrize("kind", ["", "fractional weight ", "robust ", "cluster "])
def test_cox(data: Data, from_r: FromR, name: str, ties: Literal["efron", "breslow"], kind: str) -> None:
    d = data(name)
    columns = ["group", "age", SECOND[name]]
    fit = cox(
        d["exit"],
        d["event"],
        d.select(columns).to_numpy(),
        columns,
        weight=d["sw"] if kind == "fractional weight " else None,
        sampling_weight=d["sw"] if kind in {"robust ", "cluster "} else None,
        cluster=d["cl"] if kind == "cluster " else None,
        ties=ties,
    )
    _assert_fit(fit, from_r, f"cox {ties} {kind}{name}")


@TIES
@pytest.mark.parametrize("name", list(SECOND))
def test_strata(data: Data, from_r: FromR, name: str, ties: Literal["efron", "breslow"]) -> None:
    d = data(name)
    second = d[SECOND[name]]
    fit = cox(
        d["exit"],
        d["event"],
        d.select("group", "age").to_numpy(),
        ["group", "age"],
        strata=second > second.median(),
        ties=ties,
    )
    _assert_fit(fit, from_r, f"cox {ties} strata {name}")


@TIES
def test_delayed_entry(data: Data, from_r: FromR, ties: Literal["efron", "breslow"]) -> None:
    d = data("lung").filter(pl.col("entry") < pl.col("exit"))
    x = d.select("group", "age").to_numpy()
    plain = cox(d["exit"], d["event"], x, ["group", "age"], entry_time=d["entry"], ties=ties)
    _assert_fit(plain, from_r, f"cox {ties} delayed lung")
    full = cox(
        d["exit"],
        d["event"],
        x,
        ["group", "age"],
        entry_time=d["entry"],
        strata=d["stratum"],
        sampling_weight=d["sw"],
        cluster=d["inst"],
        ties=ties,
    )
    _assert_fit(full, from_r, f"cox {ties} delayed strata weight lung")


@TIES
def test_several_rows_a_person(data: Data, from_r: FromR, ties: Literal["efron", "breslow"]) -> None:
    d = data("cgd")
    fit = cox(
        d["exit"],
        d["event"],
        d.select("group", "age").to_numpy(),
        ["group", "age"],
        entry_time=d["entry"],
        cluster=d["id"],
        ties=ties,
    )
    _assert_fit(fit, from_r, f"cox {ties} cluster cgd")


def test_whole_case_weights_are_replicated_rows_with_breslow_ties(data: Data) -> None:
    d = data("lung")
    again = d.select(pl.all().repeat_by("cw").explode())
    names = ["group", "age"]
    x, more = d.select(names).to_numpy(), again.select(names).to_numpy()
    weighted = cox(d["exit"], d["event"], x, names, weight=d["cw"], robust=True, ties="breslow")
    repeated = cox(again["exit"], again["event"], more, names, robust=True, ties="breslow")
    _assert_close(weighted.coefficients, repeated.coefficients)
    _assert_close(weighted.naive_covariance, repeated.naive_covariance)
    _assert_close(weighted.covariance, repeated.covariance)
    _assert_close(weighted.concordance, repeated.concordance)
    efron = cox(d["exit"], d["event"], x, names, weight=d["cw"])
    assert abs(efron.coefficients - cox(again["exit"], again["event"], more, names).coefficients).max() > 1e-4
