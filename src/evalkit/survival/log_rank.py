"""The log-rank family of tests of equal hazards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.stats import chi2

from evalkit.errors import EstimationError
from evalkit.survival.arrays import FloatArray, GroupLabel, IntArray, binned
from evalkit.survival.columns import as_floats
from evalkit.survival.emphasis import Emphasis, time_emphasis
from evalkit.survival.errors import TooFewEventsError
from evalkit.survival.estimate import whole
from evalkit.survival.influence import Influence, final_moments, is_sampled
from evalkit.survival.life_table import LifeTable, as_life_table
from evalkit.survival.observations import check_cause, check_same_length, encode_groups
from evalkit.survival.shown_result import ShownResult

__all__ = ["LogRank", "log_rank"]


@dataclass(frozen=True, repr=False)
class LogRank(ShownResult):
    """A test of equal hazards.

    Parameters
    ----------
    statistic : float
        Chi-squared.
    degrees_of_freedom : int
        Groups less one; 1 for a trend.
    p_value : float
        Upper tail.
    groups : tuple
        The groups' labels.
    observed, expected : float array, shape (n_groups,)
        Events seen, and expected if hazards were equal; each counts by the test's emphasis.
    covariance : float array, shape (n_groups, n_groups)
        Of observed minus expected.
    n_persons : float array, shape (n_groups,)
        Persons.
    """

    statistic: float
    degrees_of_freedom: int
    p_value: float
    groups: tuple[GroupLabel, ...]
    observed: FloatArray
    expected: FloatArray
    covariance: FloatArray
    n_persons: FloatArray

    figure_hint: ClassVar[str] = "Draw the curves: kaplan_meier() of the same groups has plot()."

    def tidy(self) -> pl.DataFrame:
        """Return one row.

        Returns
        -------
        DataFrame
            statistic, degrees_of_freedom, p_value, n_persons, n_events.
        """
        return pl.DataFrame(
            {
                "statistic": [self.statistic],
                "degrees_of_freedom": [self.degrees_of_freedom],
                "p_value": [self.p_value],
                "n_persons": [round(float(self.n_persons.sum()))],
                "n_events": [round(float(self.observed.sum()))],
            }
        )

    def observed_and_expected(self) -> pl.DataFrame:
        """Return one row a group.

        Returns
        -------
        DataFrame
            group, n_persons, observed, expected: events seen, and expected if hazards were equal, as the test's
            emphasis and weights count them.
        """
        return pl.DataFrame(
            {
                "group": self.groups,
                "n_persons": [whole(float(n)) for n in self.n_persons],
                "observed": self.observed,
                "expected": self.expected,
            },
            strict=False,
        )


def log_rank(  # noqa: PLR0913 - the columns of one row, and the choice of the test
    data: npt.ArrayLike | LifeTable,
    event_type: npt.ArrayLike | None = None,
    *,
    group: npt.ArrayLike | None = None,
    entry_time: npt.ArrayLike | None = None,
    weight: npt.ArrayLike | None = None,
    sampling_weight: npt.ArrayLike | None = None,
    cluster: npt.ArrayLike | None = None,
    strata: npt.ArrayLike | None = None,
    cause: int | None = None,
    emphasis: Emphasis = "log-rank",
    rho: float = 0.0,
    gamma: float = 0.0,
    trend: Sequence[float] | None = None,
) -> LogRank:
    """Test whether groups have the same hazard [1]_.

    Ties by the hypergeometric variance; with sampling weights or clusters the variance is the robust one [4]_ of the
    score, without a degrees-of-freedom factor.

    Parameters
    ----------
    data : LifeTable or int array, shape (n,)
        A life table with at least two groups, or exit times.
    event_type : int array, shape (n,), optional
        0 censored, 1..k the cause.
    group : array, shape (n,), optional
        The groups to compare.
    entry_time : int array, shape (n,), optional
        Delayed entry: at risk at t are those with entry < t <= exit.
    weight : float array, shape (n,), optional
        Case weights: the row stands for so many persons.
    sampling_weight : float array, shape (n,), optional
        Sampling or propensity weights.
    cluster : array, shape (n,), optional
        Rows that belong together.
    strata : array, shape (n,), optional
        Compare within strata; only with arrays.
    cause : int, optional
        This cause is the event and the others censor. Default: any cause is the event.
    emphasis : {"log-rank", "gehan", "tarone-ware", "fleming-harrington"}
        How a time counts: equally, by the number at risk, by its square root [2]_, or by S^rho (1 - S)^gamma of the
        pooled curve just before it [3]_, within each stratum.
    rho, gamma : float
        For Fleming and Harrington's.
    trend : sequence of float, optional
        One score a group, in the order of the sorted labels: test for a trend instead of any difference.

    Returns
    -------
    LogRank
        Frozen.

    Raises
    ------
    EstimationError
        When there are fewer than two groups, or the input is impossible.
    TooFewEventsError
        When nobody had the event while members of two groups were at risk.

    References
    ----------
    .. [1] Mantel (1966), Cancer Chemother. Rep. 50, 163-170; Peto & Peto (1972), JRSS A 135, 185-207.
    .. [2] Tarone & Ware (1977), Biometrika 64, 156-160.
    .. [3] Harrington & Fleming (1982), Biometrika 69, 553-566.
    .. [4] Lin & Wei (1989), JASA 84, 1074-1078.

    Examples
    --------
    >>> test = log_rank([1, 2, 3, 4], [1, 1, 1, 1], group=[0, 0, 1, 1])
    >>> round(test.statistic, 4)
    2.8824
    """
    if strata is not None and (isinstance(data, LifeTable) or group is None):
        raise EstimationError("strata need exit times and groups as arrays.")
    if not (np.isfinite(rho) and np.isfinite(gamma)):
        raise EstimationError(f"rho {rho:g}, gamma {gamma:g}: not finite.")
    labels: tuple[GroupLabel, ...] | None = None
    cells = group
    if strata is not None and group is not None:
        cells, labels = _cross(strata, group)
    table = as_life_table(
        data,
        event_type,
        group=cells,
        entry_time=entry_time,
        weight=weight,
        sampling_weight=sampling_weight,
        cluster=cluster,
    ).for_cause(None if cause is None else check_cause(cause))
    groups = table.groups if labels is None else labels
    if len(groups) < 2:
        raise EstimationError(f"log-rank: {len(groups)} group.", hint="Give two or more groups.")
    cell = np.arange(len(groups)) if labels is None else np.array([int(code) for code in table.groups])
    layout = _Layout(table, *np.divmod(cell, len(groups)), groups)
    return _test(layout, time_emphasis(emphasis, *layout.pooled(), rho=rho, gamma=gamma), trend)


@dataclass(frozen=True, slots=True)
class _Layout:
    """Which cell of the table is which group in which stratum."""

    table: LifeTable
    stratum: IntArray
    position: IntArray
    groups: tuple[GroupLabel, ...]

    def spread(self, values: FloatArray) -> FloatArray:
        """Values by cell as (n_strata, n_groups, n_times)."""
        full = np.zeros((int(self.stratum.max()) + 1, len(self.groups), values.shape[1]))
        full[self.stratum, self.position] = values
        return full

    def pooled(self) -> tuple[FloatArray, FloatArray]:
        """Events and numbers at risk, shape (n_strata, n_times)."""
        weighted = self.table.weighted
        return self.spread(weighted.events[:, :, 0]).sum(axis=1), self.spread(weighted.at_risk).sum(axis=1)


def _cross(strata: npt.ArrayLike, group: npt.ArrayLike) -> tuple[npt.ArrayLike, tuple[GroupLabel, ...]]:
    codes, labels = encode_groups(group)
    stratum, _ = encode_groups(strata, "strata")
    check_same_length({"group": codes, "strata": stratum})
    return stratum * len(labels) + codes, labels


def _test(layout: _Layout, emphasis: FloatArray, trend: Sequence[float] | None) -> LogRank:
    table, groups = layout.table, layout.groups
    events, at_risk = layout.spread(table.weighted.events[:, :, 0]), layout.spread(table.weighted.at_risk)
    d, n = events.sum(axis=1), at_risk.sum(axis=1)
    share = at_risk / np.where(n > 0, n, 1.0)[:, None, :]
    observed = np.einsum("sgt,st->g", events, emphasis)
    expected = np.einsum("sgt,st->g", share, d * emphasis)
    if is_sampled(table):
        covariance = _robust(layout, share, emphasis, d / np.where(n > 0, n, 1.0))
    else:
        spread = emphasis**2 * np.where(n > 1, d * (n - d) / np.where(n > 1, n - 1.0, 1.0), 0.0)
        together = np.einsum("sgt,st,sht->gh", share, spread, share)
        covariance = np.diag(np.einsum("sgt,st->g", share, spread)) - together
    persons = binned(layout.position, table.n_persons, len(groups))
    statistic, freedom = _chi_squared(observed - expected, covariance, trend)
    p_value = float(chi2.sf(statistic, freedom))
    return LogRank(statistic, freedom, p_value, groups, observed, expected, covariance, persons)


def _robust(layout: _Layout, share: FloatArray, emphasis: FloatArray, hazard: FloatArray) -> FloatArray:
    """Sum over rows or clusters of squared contributions to observed less expected."""
    parts = []
    for g in range(len(layout.groups)):
        own = (layout.position == g).astype(np.float64)[:, None]
        jump = emphasis[layout.stratum] * (own - share[layout.stratum, g])
        parts.append(Influence(jump[:, None, :], jump * hazard[layout.stratum]))
    return final_moments(layout.table, parts)


def _chi_squared(score: FloatArray, covariance: FloatArray, trend: Sequence[float] | None) -> tuple[float, int]:
    used = np.diag(covariance) > 1e-12 * max(float(np.trace(covariance)), 1e-300)
    if used.sum() < 2:
        raise TooFewEventsError("log-rank: no event happened while two groups were at risk.")
    if trend is not None:
        scores = as_floats(trend, "trend")
        if scores.shape != score.shape or not np.all(np.isfinite(scores)) or np.ptp(scores) == 0:
            raise EstimationError(f"trend: not {score.size} finite scores, at least two of them different.")
        return float((scores @ score) ** 2 / (scores @ covariance @ scores)), 1
    keep = np.flatnonzero(used)[:-1]
    part = covariance[np.ix_(keep, keep)]
    return float(score[keep] @ np.linalg.solve(part, score[keep])), int(keep.size)
