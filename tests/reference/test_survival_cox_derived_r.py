"""What is derived from a Cox model equals R's (survival_reference.R)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypeAlias

import numpy as np
import polars as pl
import pytest

from evalkit.survival import CoxFit, adjusted_survival, cox, proportional_hazards_test, schoenfeld_residuals

Data: TypeAlias = Callable[[str], pl.DataFrame]
FromR: TypeAlias = Callable[[str, str], dict[str, float]]
HowTied: TypeAlias = Literal["efron", "breslow"]

SECOND = {"lung": "stratum", "veteran": "karno", "colon": "sex", "colon_half_years": "sex", "pbc": "bili10"}
TIES = pytest.mark.parametrize("ties", ["efron", "breslow"])


def _fit(d: pl.DataFrame, name: str, kind: str, ties: HowTied) -> CoxFit:
    columns = ["group", "age"] if kind == "strata" else ["group", "age", SECOND[name]]
    return cox(
        d["exit"],
        d["event"],
        d.select(columns).to_numpy(),
        columns,
        weight=d["sw"] if kind == "weighted" else None,
        strata=d["stratum"] if kind == "strata" else None,
        ties=ties,
    )


@TIES
@pytest.mark.parametrize("name", list(SECOND))
@pytest.mark.parametrize("kind", ["plain", "weighted", "strata"])
def test_proportional_hazards(data: Data, from_r: FromR, name: str, kind: str, ties: HowTied) -> None:
    fit = _fit(data(name), name, kind, ties)
    scales: tuple[Literal["km", "identity", "log"], ...] = ("km", "identity", "log")
    for scale in scales:
        expected = from_r(f"zph {ties} {kind} {scale} {name}", "statistic")
        actual = proportional_hazards_test(fit, time_scale=scale).tidy()
        assert len(expected) == actual.height
        np.testing.assert_allclose(actual["statistic"], list(expected.values()), rtol=1e-8, atol=1e-8)


@TIES
@pytest.mark.parametrize("name", list(SECOND))
def test_schoenfeld_residuals(data: Data, from_r: FromR, name: str, ties: HowTied) -> None:
    residuals = schoenfeld_residuals(_fit(data(name), name, "plain", ties)).residual
    expected = list(from_r(f"schoenfeld {ties} {name}", "sum of squares").values())
    np.testing.assert_allclose((residuals**2).sum(axis=0), expected, rtol=1e-8)
    np.testing.assert_allclose(residuals.sum(axis=0), 0.0, atol=1e-7)


@TIES
@pytest.mark.parametrize("name", ["lung", "colon", "colon_half_years"])
@pytest.mark.parametrize("kind", ["plain", "strata"])
def test_adjusted_survival(data: Data, from_r: FromR, name: str, kind: str, ties: HowTied) -> None:
    d = data(name)
    columns = ["group", "age"]
    strata = d["stratum"] if kind == "strata" else None
    x = d.select(columns).to_numpy()
    fit = cox(d["exit"], d["event"], x, columns, sampling_weight=d["sw"], strata=strata, ties=ties)
    expected = from_r(f"adjusted {ties} {kind} {name}", "estimate")
    times = sorted({int(key.split()[1]) for key in expected})
    curves = adjusted_survival(fit, term="group", values=[1, 2], times=times)
    actual = {f"{row[0]:.0f} {row[1]:.0f}": row[2] for row in curves.tidy().iter_rows()}
    np.testing.assert_allclose([actual[key] for key in expected], list(expected.values()), rtol=1e-8)
