"""The log-rank test of equal hazards."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.stats import chi2

from evalkit.errors import EstimationError
from evalkit.survival.arrays import FloatArray, GroupLabel, binned
from evalkit.survival.errors import TooFewEventsError
from evalkit.survival.life_table import LifeTable, as_life_table
from evalkit.survival.observations import encode_groups

__all__ = ["LogRank", "log_rank"]


@dataclass(frozen=True)
class LogRank:
    """A test of equal hazards.

    Parameters
    ----------
    statistic : float
        Chi-squared.
    degrees_of_freedom : int
        Groups less one.
    p_value : float
        Upper tail.
    groups : tuple
        The groups' labels.
    observed, expected : float array, shape (n_groups,)
        Events seen, and expected if hazards were equal.
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


def log_rank(  # noqa: PLR0913 - the columns of one row
    data: npt.ArrayLike | LifeTable,
    event_type: npt.ArrayLike | None = None,
    *,
    group: npt.ArrayLike | None = None,
    entry_time: npt.ArrayLike | None = None,
    weight: npt.ArrayLike | None = None,
    strata: npt.ArrayLike | None = None,
    cause: int | None = None,
) -> LogRank:
    """Test whether groups have the same hazard [1]_, ties by the hypergeometric variance.

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
        Case weights.
    strata : array, shape (n,), optional
        Compare within strata; only with arrays.
    cause : int, optional
        This cause is the event and the others censor. Default: any cause is the event.

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

    Examples
    --------
    >>> test = log_rank([1, 2, 3, 4], [1, 1, 1, 1], group=[0, 0, 1, 1])
    >>> round(test.statistic, 4)
    2.8824
    """
    if strata is not None and (isinstance(data, LifeTable) or group is None):
        raise EstimationError("strata need exit times and groups as arrays.")
    labels: tuple[GroupLabel, ...] | None = None
    cells = group
    if strata is not None and group is not None:
        cells, labels = _cross(strata, group)
    table = as_life_table(data, event_type, group=cells, entry_time=entry_time, weight=weight).for_cause(cause)
    groups = table.groups if labels is None else labels
    if len(groups) < 2:
        raise EstimationError(f"log-rank: {len(groups)} group.", hint="Give two or more groups.")
    return _test(*_by_stratum(table, groups, stratified=labels is not None), groups)


def _cross(strata: npt.ArrayLike, group: npt.ArrayLike) -> tuple[npt.ArrayLike, tuple[GroupLabel, ...]]:
    codes, labels = encode_groups(group)
    stratum, _ = encode_groups(strata)
    if stratum.shape != codes.shape:
        raise EstimationError(f"arrays of different shapes: {stratum.shape}, {codes.shape}.")
    return stratum * len(labels) + codes, labels


def _by_stratum(
    table: LifeTable, groups: tuple[GroupLabel, ...], *, stratified: bool
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Events and numbers at risk, shape (n_strata, n_groups, n_times), and persons, shape (n_groups,)."""
    events, at_risk, persons = table.weighted.events[:, :, 0], table.weighted.at_risk, table.n_persons
    if not stratified:
        return events[None], at_risk[None], persons
    cells = np.array([int(cell) for cell in table.groups])
    stratum, position = np.divmod(cells, len(groups))
    shape = (int(stratum.max()) + 1, len(groups), table.time.size)
    full_events, full_at_risk = np.zeros(shape), np.zeros(shape)
    full_events[stratum, position], full_at_risk[stratum, position] = events, at_risk
    return full_events, full_at_risk, binned(position, persons, len(groups))


def _test(events: FloatArray, at_risk: FloatArray, persons: FloatArray, groups: tuple[GroupLabel, ...]) -> LogRank:
    d, n = events.sum(axis=1), at_risk.sum(axis=1)
    share = at_risk / np.where(n > 0, n, 1.0)[:, None, :]
    expected = np.einsum("sgt,st->g", share, d)
    spread = np.where(n > 1, d * (n - d) / np.where(n > 1, n - 1.0, 1.0), 0.0)
    together = np.einsum("sgt,st,sht->gh", share, spread, share)
    covariance = np.diag(np.einsum("sgt,st->g", share, spread)) - together
    observed = events.sum(axis=(0, 2))
    score = observed - expected
    used = np.diag(covariance) > 1e-12 * max(float(np.trace(covariance)), 1e-300)
    if used.sum() < 2:
        raise TooFewEventsError(f"log-rank: {observed.sum():g} events, none of them while two groups were at risk.")
    keep = np.flatnonzero(used)[:-1]
    statistic = float(score[keep] @ np.linalg.solve(covariance[np.ix_(keep, keep)], score[keep]))
    freedom = keep.size
    return LogRank(
        statistic, freedom, float(chi2.sf(statistic, freedom)), groups, observed, expected, covariance, persons
    )
