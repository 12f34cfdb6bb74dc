"""An independent witness of robust variances from Cox models: complex-step differentiation of a second, slow version.

Partial likelihood, baseline hazard and standardised curves are written here again directly from their definitions, for
complex weights; the imaginary part after a tiny imaginary step is the derivative, exact to rounding.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pytest

from evalkit.survival import (
    CoxFit,
    aalen_johansen,
    adjusted_survival,
    cox,
    kaplan_meier,
    risk_difference,
    risk_ratio,
    rmst,
)

Array = npt.NDArray[Any]
STEP = 1e-30
TOLERANCE = 1e-8  # the second version solves its equations to rounding, over forty sums


@dataclass(frozen=True)
class Sample:
    exit_time: Array
    event: Array
    entry_time: Array
    x: Array
    weight: Array
    stratum: Array
    cluster: Array


def _sample(seed: int) -> Sample:
    g = np.random.default_rng(seed)
    n = 48
    exits = g.integers(1, 12, n)
    entries = g.integers(0, exits) * (g.random(n) < 0.4)
    exits[:4], entries[:4] = 14, 0
    x = np.column_stack([g.integers(0, 2, n), g.normal(size=n)])
    event = (g.random(n) < 0.6).astype(int)
    return Sample(exits, event, entries, x, g.uniform(0.3, 2, n), g.integers(0, 2, n), g.integers(0, 9, n))


def _tied(s: Sample, efron: bool) -> list[tuple[int, int, Array, Array, list[float]]]:
    """Stratum, time, who is at risk, who has the event, and the fractions gone of the tied terms."""
    found = []
    for stratum in (0, 1):
        for day in range(1, 15):
            happened = (s.stratum == stratum) & (s.exit_time == day) & (s.event == 1)
            if happened.any():
                here = (s.stratum == stratum) & (s.entry_time < day) & (day <= s.exit_time)
                d = int(happened.sum())
                found.append((stratum, day, here, happened, [k / d if efron else 0.0 for k in range(d)]))
    return found


def _solve(s: Sample, w: Array, *, efron: bool) -> tuple[Array, list[tuple[int, int, Any]]]:
    """Coefficients, and the jumps of the baseline hazard by stratum and day."""
    beta = np.zeros(2, dtype=complex)
    jumps: list[tuple[int, int, Any]] = []
    for _ in range(14):
        r, score, information, jumps = w * np.exp(s.x @ beta), np.zeros(2, complex), np.zeros((2, 2), complex), []
        for stratum, day, here, happened, fractions in _tied(s, efron):
            mean_weight = w[happened].sum() / len(fractions)
            score += w[happened] @ s.x[happened]
            jump = 0j
            for fraction in fractions:
                share = r * here - fraction * r * happened
                total, mean = share.sum(), share @ s.x / share.sum()
                score -= mean_weight * mean
                information += mean_weight * ((share[:, None] * s.x).T @ s.x / total - np.outer(mean, mean))
                jump += mean_weight / total
            jumps.append((stratum, day, jump))
        beta = beta + np.linalg.solve(information, score)
    return beta, jumps


def _adjusted(s: Sample, w: Array, value: float, day: int, *, efron: bool) -> Any:
    beta, jumps = _solve(s, w, efron=efron)
    x = s.x.copy()
    x[:, 0] = value
    cumulative = [sum(jump for q, u, jump in jumps if q == stratum and u <= day) for stratum in (0, 1)]
    curves = np.exp(-np.exp(x @ beta) * np.array(cumulative)[s.stratum])
    return (w * curves).sum() / w.sum()


def _slopes(s: Sample, estimate: Callable[[Array], Any]) -> Array:
    rows = []
    for row in range(s.weight.size):
        moved = s.weight.astype(complex)
        moved[row] += 1j * STEP
        rows.append(np.imag(estimate(moved)) / STEP * s.weight[row])
    return np.array(rows)


def _fit(s: Sample, ties: Literal["efron", "breslow"], *, clustered: bool) -> CoxFit:
    return cox(
        s.exit_time,
        s.event,
        s.x,
        ["arm", "z"],
        entry_time=s.entry_time,
        sampling_weight=s.weight,
        strata=s.stratum,
        cluster=s.cluster if clustered else None,
        ties=ties,
    )


CASES = pytest.mark.parametrize("clustered", [False, True])


def _covariance(s: Sample, slopes: Array, *, clustered: bool) -> Array:
    if clustered:
        slopes = np.stack([slopes[s.cluster == c].sum(axis=0) for c in range(9)])
    return np.asarray(slopes.T @ slopes)


@CASES
@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_coefficients(ties: Literal["efron", "breslow"], *, clustered: bool) -> None:
    s = _sample(1)
    fit = _fit(s, ties, clustered=clustered)
    efron = ties == "efron"
    np.testing.assert_allclose(fit.coefficients, _solve(s, s.weight, efron=efron)[0].real, rtol=TOLERANCE)
    slopes = _slopes(s, lambda w: _solve(s, w, efron=efron)[0])
    np.testing.assert_allclose(fit.covariance, _covariance(s, slopes, clustered=clustered), rtol=TOLERANCE)


@CASES
@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_adjusted_survival(ties: Literal["efron", "breslow"], *, clustered: bool) -> None:
    s = _sample(2)
    efron = ties == "efron"
    curves = adjusted_survival(_fit(s, ties, clustered=clustered), term="arm", values=[0, 1], times=[2, 6, 10])

    def both(w: Array) -> Array:
        return np.array([_adjusted(s, w, value, 6, efron=efron) for value in (0, 1)])

    np.testing.assert_allclose(curves.estimate[:, 1], both(s.weight).real, rtol=TOLERANCE)
    expected = _covariance(s, _slopes(s, both), clustered=clustered)
    np.testing.assert_allclose(curves.covariance[:, :, 1], expected, rtol=TOLERANCE)
    gap = curves.risk_difference(time=6, reference=0, treated=1)
    assert gap.estimate == pytest.approx(curves.estimate[0, 1] - curves.estimate[1, 1])
    assert gap.std_error == pytest.approx(np.sqrt(expected[0, 0] + expected[1, 1] - 2 * expected[0, 1]))


@CASES
@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_case_weights_stand_for_so_many_persons(ties: Literal["efron", "breslow"], *, clustered: bool) -> None:
    # each of them adds the square of what one moves; R takes weights in robust variances as sampling weights
    s = _sample(4)
    case = 1 + np.arange(s.weight.size) % 3
    both = Sample(s.exit_time, s.event, s.entry_time, s.x, s.weight * case, s.stratum, s.cluster)
    fit = cox(
        s.exit_time,
        s.event,
        s.x,
        ["arm", "z"],
        entry_time=s.entry_time,
        weight=case,
        sampling_weight=s.weight,
        strata=s.stratum,
        cluster=s.cluster if clustered else None,
        ties=ties,
    )
    curves = adjusted_survival(fit, term="arm", values=[0, 1], times=[6])

    def everything(w: Array) -> Array:
        adjusted = [_adjusted(both, w, value, 6, efron=ties == "efron") for value in (0, 1)]
        return np.concatenate([_solve(both, w, efron=ties == "efron")[0], adjusted])

    slopes = _slopes(both, everything)
    expected = _covariance(s, slopes if clustered else slopes / np.sqrt(case)[:, None], clustered=clustered)
    np.testing.assert_allclose(fit.covariance, expected[:2, :2], rtol=TOLERANCE)
    np.testing.assert_allclose(curves.covariance[:, :, 0], expected[2:, 2:], rtol=TOLERANCE)


def _share(s: Sample, w: Array, arm: int, day: int) -> Any:
    free = 1 + 0j
    for u in range(1, day + 1):
        here = (s.x[:, 0] == arm) & (s.entry_time < u) & (u <= s.exit_time)
        free *= 1 - w[here & (s.exit_time == u) & (s.event == 1)].sum() / w[here].sum()
    return free


def test_arms_that_share_clusters_are_not_independent() -> None:
    s = _sample(3)
    arm = s.x[:, 0].astype(int)
    columns = {"entry_time": s.entry_time, "sampling_weight": s.weight, "cluster": s.cluster, "group": arm}
    curves = aalen_johansen(s.exit_time, s.event, **columns)  # type: ignore[arg-type]  # arrays only
    spread = _covariance(s, _slopes(s, lambda w: np.array([_share(s, w, 0, 8) - _share(s, w, 1, 8)])), clustered=True)
    gap = risk_difference(curves, time=8, reference=0, treated=1)
    assert gap.std_error == pytest.approx(np.sqrt(spread[0, 0]), rel=TOLERANCE)
    spread = _covariance(
        s,
        _slopes(s, lambda w: np.array([np.log(1 - _share(s, w, 1, 8)) - np.log(1 - _share(s, w, 0, 8))])),
        clustered=True,
    )
    ratio = risk_ratio(curves, time=8, reference=0, treated=1)
    assert ratio.std_error / ratio.estimate == pytest.approx(np.sqrt(spread[0, 0]), rel=TOLERANCE)
    free = kaplan_meier(s.exit_time, s.event, **columns)  # type: ignore[arg-type]  # arrays only
    area = _slopes(s, lambda w: np.array([sum(_share(s, w, 1, day) - _share(s, w, 0, day) for day in range(8))]))
    mean = rmst(free, horizon=8).difference(reference=0, treated=1)
    assert mean.std_error == pytest.approx(np.sqrt(_covariance(s, area, clustered=True)[0, 0]), rel=TOLERANCE)
