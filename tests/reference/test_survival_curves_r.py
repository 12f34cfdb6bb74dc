"""Curves, tests and restricted means equal R's (survival_reference.R)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl
import pytest

from evalkit.survival import KaplanMeier, aalen_johansen, kaplan_meier, log_rank, rmst

Data: TypeAlias = Callable[[str], pl.DataFrame]
FromR: TypeAlias = Callable[[str, str], dict[str, float]]

# R prints 15 digits and both sides compute in double precision: a wider gap is another formula.
TOLERANCE = 1e-8
DATA_SETS = ("lung", "veteran", "colon", "colon_half_years", "pbc")


def _assert_close(actual: npt.ArrayLike, expected: npt.ArrayLike) -> None:
    np.testing.assert_allclose(np.asarray(actual), np.asarray(expected), rtol=TOLERANCE, atol=TOLERANCE)


def _by_key(frame: pl.DataFrame, item: str, *, by_cause: bool = False) -> dict[str, float]:
    keys = ["group", "time", "cause"] if by_cause else ["group", "time"]
    return {" ".join(str(part) for part in row[:-1]): row[-1] for row in frame.select(*keys, item).iter_rows()}


def _assert_equal(actual: dict[str, float], expected: dict[str, float]) -> None:
    assert expected
    known = [key for key, value in expected.items() if not np.isnan(value)]
    _assert_close([actual[key] for key in known], [expected[key] for key in known])


def _assert_curve(curve: KaplanMeier, from_r: FromR, case: str) -> None:
    frame = curve.tidy()
    for item in ("estimate", "std_error", "conf_low", "conf_high", "n_at_risk"):
        _assert_equal(_by_key(frame, item), from_r(case, item))


@pytest.mark.parametrize("name", DATA_SETS)
def test_kaplan_meier(data: Data, from_r: FromR, name: str) -> None:
    d = data(name)
    _assert_curve(kaplan_meier(d["exit"], d["event"], group=d["group"]), from_r, f"km {name}")


@pytest.mark.parametrize("name", DATA_SETS)
@pytest.mark.parametrize(("kind", "column"), [("case", "cw"), ("fractional", "sw")])
def test_kaplan_meier_with_case_weights(data: Data, from_r: FromR, name: str, kind: str, column: str) -> None:
    d = data(name)
    curve = kaplan_meier(d["exit"], d["event"], group=d["group"], weight=d[column])
    _assert_curve(curve, from_r, f"km {kind} weight {name}")


@pytest.mark.parametrize(
    ("kind", "in_r"), [("log", "log"), ("plain", "plain"), ("arcsine", "arcsin"), ("logit", "logit")]
)
def test_interval_scales(data: Data, from_r: FromR, kind: Any, in_r: str) -> None:
    d = data("lung")
    _assert_curve(kaplan_meier(d["exit"], d["event"], group=d["group"], conf_type=kind), from_r, f"km {in_r} lung")


def test_delayed_entry(data: Data, from_r: FromR) -> None:
    late = data("lung").filter(pl.col("entry") < pl.col("exit"))
    curve = kaplan_meier(late["exit"], late["event"], group=late["group"], entry_time=late["entry"])
    _assert_curve(curve, from_r, "km delayed lung")
    weighted = kaplan_meier(
        late["exit"], late["event"], group=late["group"], entry_time=late["entry"], weight=late["cw"]
    )
    _assert_curve(weighted, from_r, "km delayed case weight lung")


def test_several_rows_a_person(data: Data, from_r: FromR) -> None:
    d = data("cgd")
    _assert_curve(
        kaplan_meier(d["exit"], d["event"], group=d["group"], entry_time=d["entry"]), from_r, "km delayed cgd"
    )


def test_aalen_johansen_with_greenwood_variance_is_survfit(data: Data, from_r: FromR) -> None:
    d = data("mgus2")
    for case, group in (("aj mgus2", d["group"]), ("aj overall mgus2", None)):
        frame = aalen_johansen(d["exit"], d["event"], group=group).tidy()
        for item in ("estimate", "std_error"):
            _assert_equal(_by_key(frame, item, by_cause=True), from_r(case, item))


def test_aalen_johansen_with_aalen_variance_is_cuminc(data: Data, from_r: FromR) -> None:
    d = data("mgus2")
    frame = aalen_johansen(d["exit"], d["event"], variance="aalen").tidy([24, 120, 240, 360])
    frame = frame.with_columns(variance=pl.col("std_error") ** 2)
    for item in ("estimate", "variance"):
        _assert_equal(_by_key(frame, item, by_cause=True), from_r("cuminc mgus2", item))


@pytest.mark.parametrize("name", DATA_SETS)
@pytest.mark.parametrize("stratified", [False, True])
def test_log_rank(data: Data, from_r: FromR, name: str, *, stratified: bool) -> None:
    d = data(name)
    test = log_rank(d["exit"], d["event"], group=d["group"], strata=d["stratum"] if stratified else None)
    case = f"log-rank strata {name}" if stratified else f"log-rank {name}"
    _assert_close(test.statistic, from_r(case, "statistic")["all"])
    _assert_close(test.observed, list(from_r(case, "observed").values()))
    _assert_close(test.expected, list(from_r(case, "expected").values()))


@pytest.mark.parametrize(
    ("case", "name", "horizon", "weight"),
    [
        ("rmst lung 365", "lung", 365, None),
        ("rmst pbc 3652.5", "pbc", 3652.5, None),
        ("rmst colon 1825", "colon", 1825, None),
        ("rmst case weight colon 1825", "colon", 1825, "cw"),
    ],
)
def test_restricted_mean(data: Data, from_r: FromR, case: str, name: str, horizon: float, weight: str | None) -> None:
    d = data(name)
    curve = kaplan_meier(d["exit"], d["event"], group=d["group"], weight=d[weight] if weight else None)
    rows = {str(row.group): row for row in rmst(curve, horizon=horizon).groups}
    for item in ("estimate", "std_error"):
        _assert_equal({group: getattr(row, item) for group, row in rows.items()}, from_r(case, item))
