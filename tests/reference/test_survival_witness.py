"""An independent witness of the robust variances: the infinitesimal jackknife by complex-step differentiation.

The estimators are written here a second time, slowly and directly from their definitions, for complex weights. The
derivative of an estimate to a row's weight is then the imaginary part after a tiny imaginary step, exact to rounding,
without any formula for influence. Squared sums over rows or clusters of weight times derivative are the variance.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from evalkit.survival import aalen_johansen, kaplan_meier, life_table, log_rank, rmst, rmtl

Array = npt.NDArray[Any]
STEP = 1e-30
# The derivative is exact, so what is left is rounding.
TOLERANCE = 1e-10


@dataclass(frozen=True)
class Sample:
    exit_time: Array
    event_type: Array
    entry_time: Array
    weight: Array
    cluster: Array


def _sample(seed: int, *, late: bool) -> Sample:
    generator = np.random.default_rng(seed)
    n = 60
    exits = generator.integers(1, 15, n)
    entries = generator.integers(0, exits) * (generator.random(n) < 0.5) * late
    # two persons from the start who outlive the others keep the curves off 0
    exits[:2], entries[:2] = 20, 0
    events = generator.integers(0, 3, n)
    events[:2] = 0
    return Sample(exits, events, entries, generator.uniform(0.2, 3.0, n), generator.integers(0, 12, n))


def _curves(s: Sample, weight: Array) -> tuple[list[Any], list[Any], list[Any]]:
    """Event-free share and incidence of causes 1 and 2 on days 0, 1, ..., 20."""
    free, one, two = [1 + 0j], [0j], [0j]
    for day in range(1, 21):
        n = weight[(s.entry_time < day) & (day <= s.exit_time)].sum()
        hazards = [weight[(s.exit_time == day) & (s.event_type == k)].sum() / n for k in (1, 2)]
        one.append(one[-1] + free[-1] * hazards[0])
        two.append(two[-1] + free[-1] * hazards[1])
        free.append(free[-1] * (1 - sum(hazards)))
    return free, one, two


def _variance(s: Sample, estimate: Callable[[Array], Any], *, clustered: bool) -> float:
    slopes = []
    for row in range(s.weight.size):
        moved = s.weight.astype(complex)
        moved[row] += 1j * STEP
        slopes.append(estimate(moved).imag / STEP)
    share = np.array(slopes) * s.weight
    if clustered:
        share = np.bincount(s.cluster, share)
    return float((share**2).sum())


def _on(s: Sample, which: int, day: int) -> Callable[[Array], Any]:
    return lambda weight: _curves(s, weight)[which][day]


CASES = pytest.mark.parametrize(
    ("seed", "late", "clustered"),
    [(1, False, False), (2, True, False), (3, False, True), (4, True, True)],
)


def _table(s: Sample, *, clustered: bool) -> Any:
    return life_table(
        s.exit_time,
        s.event_type,
        entry_time=s.entry_time,
        sampling_weight=s.weight,
        cluster=s.cluster if clustered else None,
    )


@CASES
def test_kaplan_meier(seed: int, *, late: bool, clustered: bool) -> None:
    s = _sample(seed, late=late)
    errors = kaplan_meier(_table(s, clustered=clustered)).tidy(range(21))["std_error"]
    for day in (1, 5, 9, 14, 20):
        expected = _variance(s, _on(s, 0, day), clustered=clustered)
        assert errors[day] == pytest.approx(np.sqrt(expected), rel=TOLERANCE)


@CASES
@pytest.mark.parametrize("cause", [1, 2])
def test_aalen_johansen(seed: int, cause: int, *, late: bool, clustered: bool) -> None:
    s = _sample(seed, late=late)
    curves = aalen_johansen(_table(s, clustered=clustered))
    for day in (3, 9, 20):
        expected = _variance(s, _on(s, cause, day), clustered=clustered)
        assert curves.risk(day, cause=cause).std_error == pytest.approx(np.sqrt(expected), rel=TOLERANCE)


@CASES
def test_restricted_mean_time_free(seed: int, *, late: bool, clustered: bool) -> None:
    s = _sample(seed, late=late)
    mean = rmst(kaplan_meier(_table(s, clustered=clustered)), horizon=11).at()
    area = sum(_curves(s, s.weight)[0][:11])
    assert mean.estimate == pytest.approx(area.real, rel=TOLERANCE)
    expected = _variance(s, lambda w: sum(_curves(s, w)[0][:11]), clustered=clustered)
    assert mean.std_error == pytest.approx(np.sqrt(expected), rel=TOLERANCE)


@CASES
@pytest.mark.parametrize("cause", [1, 2])
def test_restricted_mean_time_lost(seed: int, cause: int, *, late: bool, clustered: bool) -> None:
    s = _sample(seed, late=late)
    mean = rmtl(aalen_johansen(_table(s, clustered=clustered)), horizon=11, cause=cause).at()
    expected = _variance(s, lambda w: sum(_curves(s, w)[cause][:11]), clustered=clustered)
    assert mean.std_error == pytest.approx(np.sqrt(expected), rel=TOLERANCE)


@pytest.mark.parametrize("cause", [1, 2])
def test_greenwood_is_the_jackknife_without_late_entry_and_weights(cause: int) -> None:
    s = _sample(5, late=False)
    table = life_table(s.exit_time, s.event_type)
    plain, robust = aalen_johansen(table), aalen_johansen(table, variance="robust")
    np.testing.assert_allclose(plain.std_error, robust.std_error, rtol=1e-9)
    np.testing.assert_allclose(
        rmtl(plain, horizon=11, cause=cause).at().std_error,
        rmtl(robust, horizon=11, cause=cause).at().std_error,
        rtol=1e-9,
    )


@pytest.mark.parametrize("clustered", [False, True])
@pytest.mark.parametrize("stratified", [False, True])
@pytest.mark.parametrize("rho", [0.0, 0.5])
def test_log_rank_score_moves_as_its_robust_variance_says(rho: float, *, stratified: bool, clustered: bool) -> None:
    # R has the robust test without rho only (test_survival_tests_r.py)
    s = _sample(6, late=True)
    group, stratum = s.cluster % 2, (s.cluster // 2) % 2 if stratified else np.zeros(60, int)
    emphasis = {q: _ahead(s, stratum == q) ** rho for q in (0, 1)}

    def score(w: Array) -> Any:
        total = 0j
        for q, day in np.ndindex(2, 21):
            here = (stratum == q) & (s.entry_time < day) & (day <= s.exit_time)
            event = here & (s.exit_time == day) & (s.event_type == 1)
            if event.any():
                # the risk set moves with the weights, and so do the events; what a day counts for stands fast
                expected = w[event].sum() * w[here & (group == 1)].sum() / w[here].sum()
                total += emphasis[q][day] * (w[event & (group == 1)].sum() - expected)
        return total

    test = log_rank(
        s.exit_time,
        s.event_type,
        group=group,
        entry_time=s.entry_time,
        sampling_weight=s.weight,
        cluster=s.cluster if clustered else None,
        strata=stratum if stratified else None,
        cause=1,
        emphasis="fleming-harrington" if rho else "log-rank",
        rho=rho,
    )
    variance = _variance(s, score, clustered=clustered)
    assert test.covariance[1, 1] == pytest.approx(variance, rel=TOLERANCE)
    assert test.statistic == pytest.approx(score(s.weight).real ** 2 / variance, rel=TOLERANCE)


def _ahead(s: Sample, here: Array) -> Array:
    """Kaplan-Meier curve of cause 1 just before days 0, 1, ..., 20."""
    found = [1.0]
    for day in range(20):
        n = s.weight[here & (s.entry_time < day) & (day <= s.exit_time)].sum()
        events = s.weight[here & (s.exit_time == day) & (s.event_type == 1)].sum()
        found.append(found[-1] * (1 - (events / n if n else 0.0)))
    return np.array(found)


def test_event_free_share_with_clusters_where_r_ignores_them() -> None:
    # pairs (1,1), (2,2), (3,3), (4,4) with events at 1, 2 and 4: S(2) = 1/2 is the share of 4 pairs, so its standard
    # error is sqrt(1/2 * 1/2 / 4) = 1/4; survival 3.5-3 prints .177 for the event-free state
    time, event, pair = [1, 1, 2, 2, 3, 3, 4, 4], [1, 1, 2, 2, 0, 0, 1, 1], [1, 1, 2, 2, 3, 3, 4, 4]
    curve = kaplan_meier(time, event, cluster=pair)
    assert curve.tidy([2])["std_error"].to_list() == pytest.approx([0.25])
    assert kaplan_meier(time, event).tidy([2])["std_error"].to_list() == pytest.approx([0.25 / np.sqrt(2)])
    # S(2) of one cause only: F(1 at 2) = 1/4 of 4 pairs
    assert aalen_johansen(time, event, cluster=pair).risk(2).std_error == pytest.approx(np.sqrt(3) / 8)


def test_robust_restricted_mean_where_r_stays_with_greenwood() -> None:
    # pairs as above: restricted mean to 4 of the pairs' own times 1, 2, (3 censored) and 4 has twice the variance
    time, event, pair = [1, 1, 2, 2, 4, 4, 4, 4], [1, 1, 1, 1, 1, 1, 1, 1], [1, 1, 2, 2, 3, 3, 4, 4]
    clustered = rmst(kaplan_meier(time, event, cluster=pair), horizon=4).at()
    spread = np.var([1, 2, 4, 4]) / 4
    assert clustered.estimate == pytest.approx(11 / 4)
    assert clustered.std_error == pytest.approx(np.sqrt(spread))


def test_multiplying_sampling_weights_changes_no_interval() -> None:
    s = _sample(7, late=True)
    for factor in (1e-3, 10.0, 1e6):
        one = kaplan_meier(s.exit_time, s.event_type, entry_time=s.entry_time, sampling_weight=s.weight)
        many = kaplan_meier(s.exit_time, s.event_type, entry_time=s.entry_time, sampling_weight=factor * s.weight)
        for item in ("estimate", "std_error", "conf_low", "conf_high"):
            np.testing.assert_allclose(getattr(many, item), getattr(one, item), rtol=1e-9)


def test_whole_case_weights_are_replicated_persons_also_in_robust_variances() -> None:
    s = _sample(8, late=True)
    copies = s.cluster % 3 + 1
    again = np.repeat(np.arange(copies.size), copies)
    weighted = aalen_johansen(
        s.exit_time, s.event_type, entry_time=s.entry_time, weight=copies, sampling_weight=s.weight
    )
    repeated = aalen_johansen(
        s.exit_time[again], s.event_type[again], entry_time=s.entry_time[again], sampling_weight=s.weight[again]
    )
    np.testing.assert_allclose(weighted.std_error, repeated.std_error, rtol=1e-9)
