"""The covariance of what the multiplier bootstrap draws, against a slow witness that shares no formula with the engine.

Curves are written here a second time, directly from their definitions, for complex weights: the derivative of a curve
to a row's weight is the imaginary part after a tiny imaginary step, exact to rounding.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from evalkit.survival import aalen_johansen, difference_band, kaplan_meier, life_table, mean_cumulative_count
from evalkit.survival.curve_influence import Curve, curve_influence
from evalkit.survival.multipliers import build_multipliers

Array = npt.NDArray[Any]
STEP = 1e-30


def _people(seed: int) -> dict[str, Array]:
    generator = np.random.default_rng(seed)
    n = 70
    exits = generator.integers(1, 13, n)
    entries = generator.integers(0, exits) * (generator.random(n) < 0.5)
    group = np.arange(n) % 2
    # two persons an arm from the start who outlive the others keep the curves off 0
    exits[:4], entries[:4] = 14, 0
    events = generator.integers(0, 3, n)
    events[:4] = 0
    return {
        "exit": exits,
        "event": events,
        "entry": entries,
        "group": group,
        "case": generator.integers(1, 4, n).astype(float),
        "sampling": generator.uniform(0.2, 3.0, n),
        "cluster": generator.integers(0, 9, n),  # each with members in both groups
    }


def _curve(kind: str, p: dict[str, Array], weight: Array, group: int, days: Array) -> list[Any]:
    """A curve from its definition, also for complex weights: day by day, event by event."""
    free, risk, count, found = 1 + 0j, 0j, 0j, {}
    for day in range(1, 15):
        at_risk = (p["entry"] < day) & (day <= p["exit"]) & (p["group"] == group)
        n = weight[at_risk].sum()
        one, two = (weight[at_risk & (p["exit"] == day) & (p["event"] == cause)].sum() / n for cause in (1, 2))
        risk, count = risk + free * (two if kind == "incidence of 2" else one), count + free * one
        free *= {"survival": 1 - one, "mean count": 1 - two}.get(kind, 1 - one - two)
        found[day] = {"survival": free, "mean count": count}.get(kind, risk)
    return [found[day] for day in days.tolist()]


def _witness(kind: str, p: dict[str, Array], days: Array, *, clustered: bool) -> Array:
    """Covariance of two groups' curves at all days, shape (2 * n_days, 2 * n_days), row by row."""
    weight = p["case"] * p["sampling"]
    slopes = np.empty((weight.size, 2 * days.size))
    for row in range(weight.size):
        moved = weight.astype(complex)
        moved[row] += 1j * STEP
        slopes[row] = [value.imag / STEP for group in (0, 1) for value in _curve(kind, p, moved, group, days)]
    if clustered:
        sums = np.stack([(slopes * weight[:, None])[p["cluster"] == c].sum(axis=0) for c in np.unique(p["cluster"])])
        return np.asarray(sums.T @ sums)
    return np.asarray((slopes * (p["case"] * p["sampling"] ** 2)[:, None]).T @ slopes)


def _engine(kind: str, p: dict[str, Array], *, clustered: bool) -> tuple[Curve, int]:
    cluster = p["cluster"] if clustered else None
    if kind == "mean count":
        # one row a person, so that a person's rows cannot overlap
        count = mean_cumulative_count(
            p["exit"],
            p["event"],
            np.arange(p["exit"].size),
            entry_time=p["entry"],
            sampling_weight=p["sampling"],
            group=p["group"],
            cluster=cluster,
        )
        return count, 1
    table = life_table(
        p["exit"],
        p["event"],
        entry_time=p["entry"],
        weight=p["case"],
        sampling_weight=p["sampling"],
        group=p["group"],
        cluster=cluster,
    )
    if kind == "survival":
        return kaplan_meier(table, cause=1, variance="robust"), 1
    return aalen_johansen(table, variance="robust"), int(kind[-1])


CASES = pytest.mark.parametrize(
    ("late", "weighted", "clustered"),
    [
        (late, weighted, clustered)
        for late in (False, True)
        for weighted in (False, True)
        for clustered in (False, True)
    ],
)
KINDS = pytest.mark.parametrize("kind", ["survival", "incidence of 1", "incidence of 2", "mean count"])


def _case(kind: str, *, late: bool, weighted: bool) -> dict[str, Array]:
    p = _people(11)
    if not late:
        p["entry"] = np.zeros_like(p["entry"])
    if not weighted:
        p["case"] = p["sampling"] = np.ones(p["exit"].size)
    if kind == "mean count":
        p["case"] = np.ones(p["exit"].size)  # which it does not take
    return p


@KINDS
@CASES
def test_multipliers_have_the_covariance_of_the_rows(kind: str, *, late: bool, weighted: bool, clustered: bool) -> None:
    p = _case(kind, late=late, weighted=weighted)
    curve, cause = _engine(kind, p, clustered=clustered)
    moved = curve_influence(curve, cause=cause)
    days = curve.life_table.time
    multipliers = build_multipliers(curve.life_table, days.size)
    # a unit alone, with the number 1 in place of a standard normal one, shows where it moves the curves
    alone = multipliers._curves(moved, np.eye(2), multipliers.loadings.toarray()).reshape(2 * days.size, -1)
    expected = _witness(kind, p, days, clustered=clustered)
    np.testing.assert_allclose(alone @ alone.T, expected, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(moved.spread().ravel(), np.sqrt(np.diag(expected)), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(moved.std_error, moved.spread(), rtol=1e-9, atol=1e-12)


@KINDS
@CASES
def test_difference_has_the_variance_of_the_rows(kind: str, *, late: bool, weighted: bool, clustered: bool) -> None:
    p = _case(kind, late=late, weighted=weighted)
    curve, cause = _engine(kind, p, clustered=clustered)
    band = difference_band(curve, reference=0, treated=1, seed=1, n_draws=50, from_time=3, until=11, cause=cause)
    assert band.time.tolist() == list(range(3, 12))
    covariance = _witness(kind, p, band.time, clustered=clustered)
    sign = np.kron([-1, 1], np.eye(band.time.size))
    np.testing.assert_allclose(band.std_error, np.sqrt(np.diag(sign @ covariance @ sign.T)), rtol=1e-9)
    treated, reference = (np.array(_curve(kind, p, p["case"] * p["sampling"], arm, band.time)) for arm in (1, 0))
    np.testing.assert_allclose(band.estimate, (treated - reference).real, rtol=1e-9)


@pytest.mark.parametrize("clustered", [False, True])
def test_draws_have_the_standard_error_of_the_curve(*, clustered: bool) -> None:
    p = _people(12)
    curve, cause = _engine("incidence of 1", p, clustered=clustered)
    moved = curve_influence(curve, cause=cause)
    multipliers = build_multipliers(curve.life_table, curve.life_table.time.size)
    numbers = np.random.default_rng(1).standard_normal((multipliers.loadings.shape[1], 20_000))
    drawn = multipliers._curves(moved, np.eye(2), np.asarray(multipliers.loadings @ numbers))
    # a variance of 20 000 normal numbers is right to 1 %, one standard error; the largest of 28 errors is within 4
    np.testing.assert_allclose(drawn.var(axis=2), moved.std_error**2, rtol=0.04)
