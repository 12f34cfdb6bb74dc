"""What each row, or each cluster of rows, contributes to a whole curve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from evalkit.errors import EstimationError
from evalkit.survival.aalen_johansen import CumulativeIncidence
from evalkit.survival.arrays import BoolArray, FloatArray
from evalkit.survival.incidence_variance import incidence_influence
from evalkit.survival.influence import Influence, moments_over_time
from evalkit.survival.kaplan_meier import KaplanMeier
from evalkit.survival.life_table import LifeTable
from evalkit.survival.recurrent import MeanCumulativeCount

__all__ = ["Curve", "CurveInfluence", "curve_influence"]

Curve: TypeAlias = KaplanMeier | CumulativeIncidence | MeanCumulativeCount
"""A curve by group with standard errors."""


@dataclass(frozen=True, slots=True)
class CurveInfluence:
    """How rows move a curve: at t by the sum over terms of factor(t) times the row's path up to t.

    Parameters
    ----------
    table : LifeTable
        Whose rows they are.
    estimate, std_error : float array, shape (n_groups, n_times)
        The curve as it was estimated.
    terms : tuple of (float array, shape (n_groups, n_times), and Influence)
        Factors and what the paths are made of.
    robust : bool
        Whether `std_error` is that of the contributions.
    kind : {"survival", "incidence", "count"}
        Whether the curve falls from 1, rises to at most 1, or rises without end.
    """

    table: LifeTable
    estimate: FloatArray
    std_error: FloatArray
    terms: tuple[tuple[FloatArray, Influence], ...]
    robust: bool
    kind: Literal["survival", "incidence", "count"]

    def spread(self) -> FloatArray:
        """Return the root of the summed squared contributions, by group and time.

        Returns
        -------
        float array, shape (n_groups, n_times)
            The infinitesimal jackknife standard error, whatever `std_error` is.
        """
        if self.robust:
            return self.std_error
        factors = np.stack([factor for factor, _ in self.terms], axis=1)
        moments = moments_over_time(self.table, [part for _, part in self.terms])
        variance = np.einsum("grt,gst,grst->gt", factors, factors, moments)
        return np.asarray(np.sqrt(np.maximum(variance, 0.0)))

    def known(self, spread: FloatArray) -> BoolArray:
        """Say where the curve has left its start, is not at its end, and somebody is followed.

        Parameters
        ----------
        spread : float array, shape (n_groups, n_times)
            From :meth:`spread`.

        Returns
        -------
        bool array, shape (n_groups, n_times)
            Where a normal distribution can describe its error.
        """
        room = np.minimum(self.estimate, 1.0 - self.estimate) if self.kind != "count" else self.estimate
        followed = self.table.time <= self.table.last_time[:, None]
        # crumbs of rounding are no room and no spread: all in one cluster, or all had the event
        return np.asarray(followed & (room > 1e-12) & (spread > 1e-6 * room))


def curve_influence(curve: Curve, *, cause: int = 1) -> CurveInfluence:
    """Return what rows contribute to a curve.

    Parameters
    ----------
    curve : KaplanMeier, CumulativeIncidence or MeanCumulativeCount
        Curves by group.
    cause : int
        The event of a cumulative incidence; 1 for the other curves, which have one.

    Returns
    -------
    CurveInfluence
        Frozen.

    Raises
    ------
    EstimationError
        When the curve has no such cause.
    """
    n_causes = curve.life_table.n_causes if isinstance(curve, CumulativeIncidence) else 1
    if not 1 <= cause <= n_causes:
        raise EstimationError(f"cause {cause}: not in the curve.", hint=f"Its causes are 1 to {n_causes}.")
    if isinstance(curve, KaplanMeier):
        return _of_survival(curve)
    if isinstance(curve, CumulativeIncidence):
        return _of_incidence(curve, cause - 1)
    return _of_count(curve)


def _of_survival(curve: KaplanMeier) -> CurveInfluence:
    free, table = curve.estimate, curve.life_table
    _, minus_log = incidence_influence(table, _before(free), free, 1.0 - free[:, None], cause=0)
    return CurveInfluence(table, free, curve.std_error, ((-free, minus_log),), curve.variance == "robust", "survival")


def _of_incidence(curve: CumulativeIncidence, k: int) -> CurveInfluence:
    table, free, incidence = curve.life_table, curve.event_free, curve.estimate[:, k]
    own, every = incidence_influence(table, _before(free), free, curve.estimate, cause=k)
    terms = ((np.ones_like(incidence), own), (-incidence, every))
    return CurveInfluence(table, incidence, curve.std_error[:, k], terms, curve.variance == "robust", "incidence")


def _of_count(curve: MeanCumulativeCount) -> CurveInfluence:
    table, alive, mean = curve.life_table, curve.alive, curve.estimate
    own, ended = incidence_influence(table, _before(alive), alive, mean[:, None], cause=0, ending=(1,))
    return CurveInfluence(table, mean, curve.std_error, ((np.ones_like(mean), own), (-mean, ended)), True, "count")


def _before(share: FloatArray) -> FloatArray:
    return np.concatenate([np.ones_like(share[:, :1]), share[:, :-1]], axis=1)
