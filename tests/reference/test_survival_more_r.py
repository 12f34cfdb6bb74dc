"""Quantiles, mean counts, bands and the way to lifelines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import log, sqrt
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl
import pytest
from lifelines.statistics import multivariate_logrank_test

from evalkit.errors import EstimationError
from evalkit.survival import (
    aalen_johansen,
    cox,
    difference_curve,
    hall_wellner_band,
    kaplan_meier,
    log_rank,
    mean_cumulative_count,
    quantile,
    risk_difference,
)
from evalkit.survival.hall_wellner import hall_wellner_quantile

Data: TypeAlias = Callable[[str], pl.DataFrame]
Array: TypeAlias = npt.NDArray[Any]


def test_median_of_a_curve_that_rests_at_one_half() -> None:
    assert quantile(kaplan_meier([1, 2, 5, 9], [1, 1, 1, 1])).estimate == (2 + 5) / 2
    assert quantile(kaplan_meier([1, 2, 5], [1, 1, 1])).estimate == 2
    assert np.isnan(quantile(kaplan_meier([1, 2, 5], [1, 0, 0])).estimate)


def test_limit_of_a_median_that_rises_again() -> None:
    # the interval holds every time at which the limits hold one half: from the first time the lower one is below it to
    # the last time the upper one comes below it. Robust limits can rise, and R's quantile() misreads such ones
    curve = kaplan_meier([1, 2, 3, 4, 5], [1, 1, 1, 1, 0])
    low, high = np.array([[0.6, 0.4, 0.55, 0.3, 0.2]]), np.array([[0.9, 0.45, 0.6, 0.4, 0.4]])
    found = quantile(replace(curve, conf_low=low, conf_high=high))
    assert (found.conf_low, found.conf_high) == (2, 4)


def test_mean_count_with_death_by_hand() -> None:
    # four persons: a has events on days 1 and 4, b dies on day 2, c has an event on day 3, d is censored on day 3
    rows = [
        *[("a", 0, 1, 1), ("a", 1, 4, 1), ("a", 4, 5, 0)],
        *[("b", 0, 2, 2), ("c", 0, 3, 1), ("c", 3, 5, 0), ("d", 0, 3, 0)],
    ]
    person, entry, exits, event = (list(column) for column in zip(*rows, strict=True))
    curve = mean_cumulative_count(exits, event, person, entry_time=entry)
    # alive: 1, then 3/4 from day 2; counts: 1/4, then 3/4 * 1/3, then 3/4 * 1/2
    assert curve.at([1, 2, 3, 4]) == pytest.approx([1 / 4, 1 / 4, 1 / 4 + 1 / 4, 1 / 2 + 3 / 8])
    assert curve.tidy([4]).select("n_at_risk", "n_events").row(0) == (2, 3)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("clustered", [False, True])
def test_mean_count_with_death_has_the_variance_of_its_definition(*, weighted: bool, clustered: bool) -> None:
    # in R death is a censoring, so the witness is complex-step differentiation of the definition
    generator = np.random.default_rng(4)
    rows = []
    for person in range(40):
        days = np.sort(generator.choice(np.arange(1, 13), generator.integers(1, 4), replace=False))
        kinds = [1] * (days.size - 1) + [int(generator.integers(0, 3))]
        for start, stop, kind in zip([0, *days[:-1]], days, kinds, strict=True):
            rows.append((person, start, stop, kind))
    rows += [(40, 0, 14, 0)]
    person, entry, exits, event = np.array(rows).T
    weight = generator.uniform(0.3, 2.0, 41) if weighted else np.ones(41)
    cluster = np.arange(41) % 7 if clustered else np.arange(41)

    def count(weight: Array, day: int) -> Any:
        w, alive, mean = weight[person], 1 + 0j, 0j
        for u in range(1, day + 1):
            n = w[(entry < u) & (u <= exits)].sum()
            mean += alive * w[(exits == u) & (event == 1)].sum() / n
            alive *= 1 - w[(exits == u) & (event == 2)].sum() / n
        return mean

    curve = mean_cumulative_count(
        exits,
        event,
        person,
        entry_time=entry,
        sampling_weight=weight[person] if weighted else None,
        cluster=cluster[person] if clustered else None,
    )
    for day in (3, 8, 12):
        slopes = []
        for who in range(41):
            moved = weight.astype(complex)
            moved[who] += 1e-30j
            slopes.append(count(moved, day).imag / 1e-30 * weight[who])
        row = curve.tidy([day]).row(0, named=True)
        assert row["estimate"] == pytest.approx(count(weight, day).real)
        assert row["std_error"] == pytest.approx(sqrt(np.square(np.bincount(cluster, slopes)).sum()))


def test_rows_of_a_person_must_not_overlap() -> None:
    with pytest.raises(EstimationError, match="overlap in 1 of 2 rows"):
        mean_cumulative_count([3, 5], [1, 0], ["a", "a"], entry_time=[0, 2])


def test_tarone_ware_and_gehan_are_those_of_lifelines(data: Data) -> None:
    d = data("colon").with_columns(pl.col("exit") // 180 + 1)
    for ours, theirs in (("tarone-ware", "tarone-ware"), ("gehan", "wilcoxon")):
        expected = multivariate_logrank_test(
            d["exit"].to_numpy(), d["group"].to_numpy(), d["event"].to_numpy(), weightings=theirs
        )
        test = log_rank(d["exit"], d["event"], group=d["group"], emphasis=ours)  # type: ignore[arg-type]  # a literal
        assert test.statistic == pytest.approx(expected.test_statistic, rel=1e-8)


def test_hall_wellner_quantile() -> None:
    assert hall_wellner_quantile(0.95, until=1.0) == pytest.approx(1.3581, abs=5e-5)
    # as tabulated: Klein & Moeschberger (2003), Survival Analysis, section 4.4
    assert hall_wellner_quantile(0.95, until=0.6) == pytest.approx(1.3211, abs=5e-5)
    # a simulated bridge on a fine grid crosses a little less often than a continuous one
    generator = np.random.default_rng(2)
    for until in (0.3, 0.7):
        step = 1e-3
        walk = np.cumsum(generator.normal(scale=sqrt(step), size=(10_000, 1000)), axis=1)
        bridge = walk - np.linspace(step, 1, 1000) * walk[:, -1:]
        highest = np.abs(bridge[:, : int(until / step)]).max(axis=1)
        share = np.mean(highest <= hall_wellner_quantile(0.95, until=until))
        assert share == pytest.approx(0.953, abs=0.008)


def test_hall_wellner_band_by_hand() -> None:
    # a hundred persons leave on each day, with the event on days 1 and 3: S(3) = 3/4 * 1/2, and 400 times Greenwood's
    # sum is 400 (100 / (400 * 300) + 100 / (200 * 100)) = 7/3
    curve = kaplan_meier([1, 2, 3, 4] * 100, [1, 0, 1, 0] * 100)
    result = hall_wellner_band(curve, scale="plain")
    band = result.tidy()
    critical = hall_wellner_quantile(0.95, until=(7 / 3) / (1 + 7 / 3))
    assert result.critical_value.tolist() == [critical]
    assert (result.from_time.tolist(), result.until.tolist(), result.n_draws) == ([1], [4], None)
    assert band["time"].to_list() == [1, 2, 3, 4]
    assert band["band_high"][2] == pytest.approx(3 / 8 * (1 + critical * (1 + 7 / 3) / 20))
    assert band["band_low"][2] == pytest.approx(3 / 8 * (1 - critical * (1 + 7 / 3) / 20))


def test_band_holds_the_pointwise_interval(data: Data) -> None:
    d = data("lung")
    curve = kaplan_meier(d["exit"], d["event"], group=d["group"])
    both = hall_wellner_band(curve).tidy().join(curve.tidy(), on=["group", "time"])
    middle = both.filter(pl.col("estimate").is_between(0.2, 0.8))
    assert middle.height > 100
    assert (middle["band_low"] < middle["conf_low"]).all()
    assert (middle["band_high"] > middle["conf_high"]).all()
    with pytest.raises(EstimationError, match="not for sampling weights"):
        hall_wellner_band(kaplan_meier(d["exit"], d["event"], sampling_weight=d["sampling"]))


def test_difference_curve_is_the_difference_at_each_time(data: Data) -> None:
    d = data("mgus2")
    curves = aalen_johansen(d["exit"], d["cause"], group=d["group"])
    frame = difference_curve(curves, times=[24, 120], reference=1, treated=2, cause=2).tidy()
    one = risk_difference(curves, time=120, reference=1, treated=2, cause=2)
    assert frame["time"].to_list() == [24, 120]
    assert frame.row(1, named=True)["conf_low"] == pytest.approx(one.conf_low)


def test_same_curve_and_model_in_lifelines(data: Data) -> None:
    d = data("lung")
    curve = kaplan_meier(d["exit"], d["event"], group=d["group"], weight=d["case"])
    fitter = curve.to_lifelines(group=2)
    assert fitter.predict(365) == pytest.approx(curve.at(365, group=2))
    names = ["group", "age"]
    fit = cox(d["exit"], d["event"], d.select(names).to_numpy(), names, strata=d["stratum"], robust=True)
    there = fit.to_lifelines()
    assert list(there.params_) == pytest.approx(list(fit.coefficients), rel=1e-5)
    assert list(there.standard_errors_) == pytest.approx(list(fit.std_error), rel=0.02)
    assert there.log_likelihood_ == pytest.approx(fit.log_likelihood, rel=1e-8)


def test_one_sided_interval_of_a_mean_count_without_events() -> None:
    curve = mean_cumulative_count([5] * 10, [0] * 10, range(10), entry_time=[0] * 10)
    row = curve.tidy([5]).row(0, named=True)
    assert (row["estimate"], row["conf_low"]) == (0.0, 0.0)
    assert row["conf_high"] == pytest.approx(log(40) / 10)
