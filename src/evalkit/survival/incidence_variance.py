"""Variances of the Aalen-Johansen estimate, from sums over the times up to t.

Both have the form sum over u <= t of weights times powers of F(t) - F(u), so that cumulated sums give them at every t
at once.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from evalkit.survival.arrays import FloatArray
from evalkit.survival.influence import Influence, moments_over_time
from evalkit.survival.life_table import LifeTable

__all__ = ["aalen_variance", "greenwood_variance", "incidence_influence", "robust_variance"]


def greenwood_variance(
    table: LifeTable, before: FloatArray, event_free: FloatArray, incidence: FloatArray
) -> FloatArray:
    """Return the variance with multinomial increments [1]_; Greenwood's when there is one cause.

    Parameters
    ----------
    table : LifeTable
        Numbers at risk and events.
    before, event_free : float array, shape (n_groups, n_times)
        Share without event just before, and after, each time.
    incidence : float array, shape (n_groups, n_causes, n_times)
        Cumulative incidence.

    Returns
    -------
    float array, shape (n_groups, n_causes, n_times)
        Variance.

    References
    ----------
    .. [1] Dinse & Larson (1986), Biometrika 73, 379-386.
    """
    hazard, total = _hazards(table)
    scale = _over(before**2, table.weighted.at_risk)[:, None, :]
    inverse = _over(np.ones_like(event_free), event_free)[:, None, :]
    own = scale * hazard * (1.0 - hazard)
    cross = scale * inverse * hazard * (1.0 - total)
    both = scale * inverse**2 * total * (1.0 - total)
    return _quadratic(own, cross, both, incidence)


def aalen_variance(table: LifeTable, before: FloatArray, event_free: FloatArray, incidence: FloatArray) -> FloatArray:
    """Return the variance of the continuous-time theory [1]_ with a correction for ties, as ``cmprsk`` has it.

    Parameters
    ----------
    table : LifeTable
        Numbers at risk and events.
    before, event_free : float array, shape (n_groups, n_times)
        Share without event just before, and after, each time.
    incidence : float array, shape (n_groups, n_causes, n_times)
        Cumulative incidence.

    Returns
    -------
    float array, shape (n_groups, n_causes, n_times)
        Variance.

    References
    ----------
    .. [1] Aalen (1978), Ann. Statist. 6, 534-545.
    """
    events = table.weighted.events.transpose(0, 2, 1)
    n = table.weighted.at_risk[:, None, :]
    others = events.sum(axis=1, keepdims=True) - events
    scale = _over(before**2, table.weighted.at_risk**2)[:, None, :]
    inverse = _over(np.ones_like(event_free), event_free)[:, None, :]
    mine = scale * events * _tie_factor(events, n)
    theirs = scale * others * _tie_factor(others, n) * (inverse > 0)
    return _quadratic(mine, inverse * mine, inverse**2 * (mine + theirs), incidence)


def robust_variance(table: LifeTable, before: FloatArray, event_free: FloatArray, incidence: FloatArray) -> FloatArray:
    """Return the infinitesimal jackknife variance [1]_, which respects sampling weights and clusters.

    Parameters
    ----------
    table : LifeTable
        The table, with its observations.
    before, event_free : float array, shape (n_groups, n_times)
        Share without event just before, and after, each time.
    incidence : float array, shape (n_groups, n_causes, n_times)
        Cumulative incidence.

    Returns
    -------
    float array, shape (n_groups, n_causes, n_times)
        Variance.

    References
    ----------
    .. [1] Efron (1981), JASA 76, 312-319; Therneau, Crowson & Atkinson, vignette of R survival, on multi-state models.
    """
    variance = np.empty_like(incidence)
    for k in range(table.n_causes):
        own, any_event = incidence_influence(table, before, event_free, incidence, cause=k)
        moments, f = moments_over_time(table, [own, any_event]), incidence[:, k]
        variance[:, k] = moments[:, 0, 0] - 2.0 * f * moments[:, 0, 1] + f**2 * moments[:, 1, 1]
    return variance


def incidence_influence(
    table: LifeTable,
    before: FloatArray,
    event_free: FloatArray,
    incidence: FloatArray,
    *,
    cause: int,
    ending: Sequence[int] | None = None,
) -> tuple[Influence, Influence]:
    """Return P and Q such that a row moves F(t) of a cause by P(t) - F(t) Q(t).

    Parameters
    ----------
    table : LifeTable
        The table.
    before, event_free : float array, shape (n_groups, n_times)
        Share without event just before, and after, each time.
    incidence : float array, shape (n_groups, n_causes, n_times)
        Cumulative incidence, or the mean count of an event that does not end the count.
    cause : int
        Position of the cause, from 0.
    ending : sequence of int, optional
        Positions of the causes after which a person is no longer among `event_free`; by default all.

    Returns
    -------
    tuple of Influence
        P and Q; Q alone is what moves minus log of the event-free share.
    """
    hazard, _ = _hazards(table)
    ends = list(range(table.n_causes) if ending is None else ending)
    total = np.minimum(hazard[:, ends].sum(axis=1), 1.0)
    share = _over(before, table.weighted.at_risk)
    later = _over(share, event_free)
    f = incidence[:, cause]
    every = np.zeros_like(hazard)
    every[:, ends] = later[:, None, :]
    jump = every * f[:, None, :]
    jump[:, cause] += share
    drift = share * hazard[:, cause] + later * f * total
    return Influence(jump, drift), Influence(every, later * total)


def _quadratic(own: FloatArray, cross: FloatArray, both: FloatArray, incidence: FloatArray) -> FloatArray:
    """Sum over u <= t of own - 2 cross (F(t) - F(u)) + both (F(t) - F(u))^2."""
    f = incidence
    constant = np.cumsum(own + 2.0 * cross * f + both * f**2, axis=2)
    linear = np.cumsum(cross + both * f, axis=2)
    square = np.cumsum(both, axis=2)
    return np.asarray(constant - 2.0 * f * linear + f**2 * square)


def _hazards(table: LifeTable) -> tuple[FloatArray, FloatArray]:
    n = np.where(table.weighted.at_risk > 0, table.weighted.at_risk, 1.0)[:, None, :]
    hazard = table.weighted.events.transpose(0, 2, 1) / n
    return hazard, np.minimum(hazard.sum(axis=1, keepdims=True), 1.0)


def _tie_factor(events: FloatArray, n: FloatArray) -> FloatArray:
    return np.where(events > 1, 1.0 - (events - 1.0) / np.maximum(n - 1.0, 1e-300), 1.0)


def _over(top: FloatArray, bottom: FloatArray) -> FloatArray:
    """Divide, with 0 where the divisor is 0."""
    return np.where(bottom > 0, top / np.where(bottom > 0, bottom, 1.0), 0.0)
