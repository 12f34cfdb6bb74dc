"""Curves, tests and restricted means equal R's (survival_reference.R)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl
import pytest

from evalkit.survival import KaplanMeier, aalen_johansen, gray_test, kaplan_meier, log_rank, rmst, rmtl

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


@pytest.mark.parametrize("name", DATA_SETS)
def test_fleming_harrington(data: Data, from_r: FromR, name: str) -> None:
    d = data(name)
    plain = log_rank(d["exit"], d["event"], group=d["group"], emphasis="fleming-harrington", rho=1)
    _assert_close(plain.statistic, from_r(f"log-rank rho {name}", "statistic")["all"])
    _assert_close(plain.expected, list(from_r(f"log-rank rho {name}", "expected").values()))
    stratified = log_rank(
        d["exit"], d["event"], group=d["group"], strata=d["stratum"], emphasis="fleming-harrington", rho=0.5
    )
    _assert_close(stratified.statistic, from_r(f"log-rank rho strata {name}", "statistic")["all"])


@pytest.mark.parametrize("name", DATA_SETS)
def test_log_rank_for_trend(data: Data, from_r: FromR, name: str) -> None:
    d = data(name)
    scores = list(range(d["group"].n_unique()))
    test = log_rank(d["exit"], d["event"], group=d["group"], trend=scores)
    _assert_close(test.statistic, from_r(f"log-rank trend {name}", "statistic")["all"])
    assert test.degrees_of_freedom == 1


@pytest.mark.parametrize("name", DATA_SETS)
def test_robust_log_rank(data: Data, from_r: FromR, name: str) -> None:
    d = data(name)
    clustered = log_rank(d["exit"], d["event"], group=d["group"], sampling_weight=d["sw"], cluster=d["cl"])
    _assert_close(clustered.statistic, from_r(f"log-rank robust cluster {name}", "statistic")["all"])
    stratified = log_rank(d["exit"], d["event"], group=d["group"], sampling_weight=d["sw"], strata=d["stratum"])
    _assert_close(stratified.statistic, from_r(f"log-rank robust strata {name}", "statistic")["all"])


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


@pytest.mark.parametrize("name", DATA_SETS)
@pytest.mark.parametrize("kind", ["sampling weight", "cluster", "sampling weight cluster"])
def test_robust_kaplan_meier(data: Data, from_r: FromR, name: str, kind: str) -> None:
    d = data(name)
    curve = kaplan_meier(
        d["exit"],
        d["event"],
        group=d["group"],
        sampling_weight=d["sw"] if "weight" in kind else None,
        cluster=d["cl"] if "cluster" in kind else None,
    )
    _assert_robust(curve, from_r, f"km {kind} {name}")


@pytest.mark.parametrize("clustered", [False, True])
def test_robust_with_delayed_entry(data: Data, from_r: FromR, *, clustered: bool) -> None:
    late = data("lung").filter(pl.col("entry") < pl.col("exit"))
    curve = kaplan_meier(
        late["exit"],
        late["event"],
        group=late["group"],
        entry_time=late["entry"],
        sampling_weight=late["sw"],
        cluster=late["cl"] if clustered else None,
    )
    _assert_robust(curve, from_r, "km cluster delayed lung" if clustered else "km robust delayed lung")


def test_persons_with_several_rows_as_clusters(data: Data, from_r: FromR) -> None:
    d = data("cgd")
    curve = kaplan_meier(d["exit"], d["event"], group=d["group"], entry_time=d["entry"], cluster=d["id"])
    _assert_robust(curve, from_r, "km cluster cgd")


def _assert_robust(curve: KaplanMeier, from_r: FromR, case: str) -> None:
    # R counts weights at risk, evalkit persons, so n_at_risk is not compared here
    frame = curve.tidy()
    for item in ("estimate", "std_error", "conf_low", "conf_high"):
        _assert_equal(_by_key(frame, item), from_r(case, item))


@pytest.mark.parametrize("weighted", [False, True])
def test_robust_aalen_johansen(data: Data, from_r: FromR, *, weighted: bool) -> None:
    d = data("mgus2")
    if weighted:
        frame = aalen_johansen(d["exit"], d["event"], group=d["group"], sampling_weight=d["sw"]).tidy()
    else:
        frame = aalen_johansen(d["exit"], d["event"], group=d["group"], variance="robust").tidy()
    for item in ("estimate", "std_error"):
        case = "aj sampling weight mgus2" if weighted else "aj mgus2"
        _assert_equal(_by_key(frame, item, by_cause=True), from_r(case, item))


@pytest.mark.parametrize("weighted", [False, True])
def test_robust_aalen_johansen_with_delayed_entry(data: Data, from_r: FromR, *, weighted: bool) -> None:
    d = data("mgus2").with_columns(entry=pl.col("exit") // 4).filter(pl.col("entry") < pl.col("exit"))
    frame = aalen_johansen(
        d["exit"],
        d["event"],
        group=d["group"],
        entry_time=d["entry"],
        sampling_weight=d["sw"] if weighted else None,
        variance="robust",
    ).tidy()
    for item in ("estimate", "std_error"):
        case = "aj delayed sampling weight mgus2" if weighted else "aj delayed mgus2"
        _assert_equal(_by_key(frame, item, by_cause=True), from_r(case, item))


@pytest.mark.parametrize("cause", [1, 2])
def test_gray(data: Data, from_r: FromR, cause: int) -> None:
    d = data("mgus2")
    test = gray_test(d["exit"], d["event"], group=d["group"], cause=cause)
    _assert_close(test.statistic, from_r("gray mgus2", "statistic")[str(cause)])
    _assert_close(test.p_value, from_r("gray mgus2", "p_value")[str(cause)])


@pytest.mark.parametrize("cause", [1, 2])
@pytest.mark.parametrize("rho", [0, 1])
def test_gray_with_three_groups(data: Data, from_r: FromR, cause: int, rho: int) -> None:
    d = data("mgus2")
    third = (d["age"] > 65).cast(pl.Int64) + (d["age"] > 75).cast(pl.Int64)
    test = gray_test(d["exit"], d["event"], group=third, cause=cause, rho=rho)
    assert test.degrees_of_freedom == 2
    _assert_close(test.statistic, from_r(f"gray thirds {rho}", "statistic")[str(cause)])


@pytest.mark.parametrize("weighted", [False, True])
def test_restricted_mean_time_lost(data: Data, from_r: FromR, *, weighted: bool) -> None:
    # R 3.5-3 prints no standard error for these; test_survival_witness.py has one
    d = data("mgus2")
    curves = aalen_johansen(d["exit"], d["event"], sampling_weight=d["sw"] if weighted else None)
    expected = from_r("rmtl sampling weight mgus2 240" if weighted else "rmtl mgus2 240", "estimate")
    for cause in (1, 2):
        _assert_close(rmtl(curves, horizon=240, cause=cause).at().estimate, expected[str(cause)])
