"""Gray's test of equal cumulative incidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.stats import chi2

from evalkit.errors import EstimationError
from evalkit.survival.arrays import FloatArray, GroupLabel
from evalkit.survival.errors import TooFewEventsError
from evalkit.survival.estimate import whole
from evalkit.survival.influence import is_sampled
from evalkit.survival.life_table import LifeTable, as_life_table
from evalkit.survival.observations import check_cause
from evalkit.survival.shown_result import ShownResult

__all__ = ["GrayTest", "gray_test"]


@dataclass(frozen=True, repr=False)
class GrayTest(ShownResult):
    """A test of equal cumulative incidence of one cause.

    Parameters
    ----------
    statistic : float
        Chi-squared.
    degrees_of_freedom : int
        Groups less one.
    p_value : float
        Upper tail.
    cause : int
        The event.
    groups : tuple
        The groups' labels.
    n_persons, n_events : float
        In all groups together, events of the cause.
    """

    statistic: float
    degrees_of_freedom: int
    p_value: float
    cause: int
    groups: tuple[GroupLabel, ...]
    n_persons: float
    n_events: float

    figure_hint: ClassVar[str] = "Draw the curves: aalen_johansen() of the same groups has plot()."

    def tidy(self) -> pl.DataFrame:
        """Return one row.

        Returns
        -------
        DataFrame
            cause, statistic, degrees_of_freedom, p_value, n_persons, n_events.
        """
        return pl.DataFrame(
            {
                "cause": [self.cause],
                "statistic": [self.statistic],
                "degrees_of_freedom": [self.degrees_of_freedom],
                "p_value": [self.p_value],
                "n_persons": [whole(self.n_persons)],
                "n_events": [whole(self.n_events)],
            }
        )


def gray_test(
    data: npt.ArrayLike | LifeTable,
    event_type: npt.ArrayLike | None = None,
    *,
    group: npt.ArrayLike | None = None,
    weight: npt.ArrayLike | None = None,
    cause: int = 1,
    rho: float = 0.0,
) -> GrayTest:
    """Test whether groups have the same cumulative incidence of one cause [1]_.

    Parameters
    ----------
    data : LifeTable or int array, shape (n,)
        A life table with at least two groups, or exit times.
    event_type : int array, shape (n,), optional
        0 censored, 1..k the cause.
    group : array, shape (n,), optional
        The groups to compare.
    weight : float array, shape (n,), optional
        Case weights.
    cause : int
        The event.
    rho : float
        Power of 1 - F that a time counts by.

    Returns
    -------
    GrayTest
        Frozen.

    Raises
    ------
    EstimationError
        When there are fewer than two groups, or there is delayed entry, sampling weights or clusters, which the test's
        variance does not know.
    TooFewEventsError
        When nobody had the event while two groups were at risk.

    References
    ----------
    .. [1] Gray (1988), Ann. Statist. 16, 1141-1154; variance as in R's ``cmprsk``.

    Examples
    --------
    >>> gray_test([1, 2, 3, 4, 5, 6], [1, 1, 2, 1, 0, 2], group=[0, 0, 0, 1, 1, 1]).degrees_of_freedom
    1
    """
    table = as_life_table(data, event_type, weight=weight, group=group)
    if len(table.groups) < 2:
        raise EstimationError(f"Gray's test: {len(table.groups)} group.", hint="Give two or more groups.")
    if is_sampled(table) or table.observations.entry_time is not None:
        raise EstimationError(
            "Gray's test: not for delayed entry, sampling weights or clusters.", hint="Use risk_difference()."
        )
    if check_cause(cause) > table.n_causes:
        raise EstimationError(f"cause {cause}: not in the table.", hint=f"Causes go to {table.n_causes}.")
    if not np.isfinite(rho):
        raise EstimationError(f"rho {rho:g}: not finite.")
    score, covariance = _score(table, cause - 1, rho)
    used = np.diag(covariance) > 1e-12 * max(float(np.trace(covariance)), 1e-300)
    if used.sum() < 2:
        raise TooFewEventsError("Gray's test: no event happened while two groups were at risk.")
    keep = np.flatnonzero(used)[:-1]
    statistic = float(score[keep] @ np.linalg.solve(covariance[np.ix_(keep, keep)], score[keep]))
    counts = float(table.n_persons.sum()), float(table.n_events[:, :, cause - 1].sum())
    return GrayTest(statistic, int(keep.size), float(chi2.sf(statistic, keep.size)), cause, table.groups, *counts)


def _score(table: LifeTable, cause: int, rho: float) -> tuple[FloatArray, FloatArray]:
    """Score and its covariance, shape (n_groups,) and (n_groups, n_groups)."""
    events, at_risk = table.weighted.events[:, :, cause], table.weighted.at_risk
    others = table.weighted.events.sum(axis=2) - events
    n = np.where(at_risk > 0, at_risk, 1.0)
    stay = np.where(at_risk > 0, 1.0 - (events + others) / n, 1.0)
    stay[stay < 1e-12] = 0.0
    after = np.asarray(np.cumprod(stay, axis=1), dtype=np.float64)
    before = np.concatenate([np.ones_like(after[:, :1]), after[:, :-1]], axis=1)
    incidence = np.cumsum(before * events / n, axis=1)
    earlier = np.concatenate([np.zeros_like(incidence[:, :1]), incidence[:, :-1]], axis=1)
    present = (at_risk > 0) & (before > 0)
    uncensored = np.where(present, at_risk / np.where(present, before, 1.0), 0.0)
    adjusted = uncensored * (1.0 - earlier)
    d, total = events.sum(axis=0), uncensored.sum(axis=0)
    pooled = np.cumsum(np.where(total > 0, d / np.where(total > 0, total, 1.0), 0.0))
    pooled_before = np.concatenate([[0.0], pooled[:-1]])
    emphasis = (1.0 - pooled_before) ** rho
    share = adjusted / np.where(adjusted.sum(axis=0) > 0, adjusted.sum(axis=0), 1.0)
    score = ((events - d * share) * emphasis).sum(axis=1)
    walk = _Walk(events, others, at_risk, before, after, uncensored, pooled, pooled_before, emphasis)
    return score, _covariance(walk)


@dataclass(frozen=True, slots=True)
class _Walk:
    """Everything by group and time, or by time, that the covariance is cumulated from."""

    events: FloatArray
    others: FloatArray
    at_risk: FloatArray
    before: FloatArray
    after: FloatArray
    uncensored: FloatArray
    pooled: FloatArray
    pooled_before: FloatArray
    emphasis: FloatArray


def _covariance(walk: _Walk) -> FloatArray:
    """Sum the variances of the group's own hazards of the cause and of the others, as they move the score.

    `reach[i, k]` is how far the score of group i moves later by what happens in group k, up to the time of the loop.
    """
    groups, times = walk.events.shape
    covariance, reach = np.zeros((groups, groups)), np.zeros((groups, groups))
    square, cross = np.zeros(groups), np.zeros((groups, groups))
    happened = np.flatnonzero((walk.events + walk.others).sum(axis=0) > 0)
    for t in happened[happened < times]:
        share, total = walk.uncensored[:, t], float(walk.uncensored[:, t].sum())
        now = walk.emphasis[t] * (np.diag(share) - np.outer(share, share) / total)
        d = float(walk.events[:, t].sum())
        reach += now * d / (total * (1.0 - walk.pooled_before[t]))
        for gain, spread, direct in (_own(walk, t, d, total), _others(walk, t)):
            moved = direct * now - reach * gain
            covariance += (moved * spread) @ moved.T
            cross += moved * gain * spread
            square += gain**2 * spread
    return covariance + (reach * square) @ reach.T + reach @ cross.T + cross @ reach.T


def _own(walk: _Walk, t: int, d: float, total: float) -> tuple[FloatArray, FloatArray, float]:
    """By group: how an event of the cause moves what comes later, its variance, and that it moves the score now."""
    present, after, before = walk.uncensored[:, t] > 0, walk.after[:, t], walk.before[:, t]
    gain = np.where(after > 0, 1.0 - (1.0 - walk.pooled[t]) / np.where(after > 0, after, 1.0), 1.0)
    ties = 1.0 - (d - 1.0) / np.maximum(total * before - 1.0, 1e-300) if d > 1 else np.ones_like(gain)
    n = np.where(present, walk.at_risk[:, t], 1.0)
    return gain, np.where(present, ties * before * d / (total * n), 0.0), 1.0


def _others(walk: _Walk, t: int) -> tuple[FloatArray, FloatArray, float]:
    """By group: the same for an event of another cause, which does not move the score now."""
    after, d = walk.after[:, t], walk.others[:, t]
    counted = (after > 0) & (d > 0)
    gain = np.where(counted, -(1.0 - walk.pooled[t]) / np.where(counted, after, 1.0), 0.0)
    n = np.where(counted, walk.at_risk[:, t], 2.0)
    ties = np.where(d > 1, 1.0 - (d - 1.0) / np.maximum(n - 1.0, 1e-300), 1.0)
    return gain, np.where(counted, ties * walk.before[:, t] ** 2 * d / n**2, 0.0), 0.0
