"""Restricted mean time lost to an event: the area under its cumulative incidence up to a horizon."""

from __future__ import annotations

import numpy as np

from evalkit.errors import EstimationError
from evalkit.survival.aalen_johansen import CumulativeIncidence
from evalkit.survival.arrays import FloatArray
from evalkit.survival.influence import Influence, moments_over_time
from evalkit.survival.observations import check_cause
from evalkit.survival.restricted_mean import RestrictedMean, check_horizon, group_covariance, mean_rows
from evalkit.survival.steps import counts_on_grid

__all__ = ["rmtl"]


def rmtl(incidence: CumulativeIncidence, *, horizon: float, cause: int = 1) -> RestrictedMean:
    """Return the mean time lost to an event within a horizon when others compete [1]_.

    The means of all causes and the mean time free of any event sum to the horizon. The standard error is robust when
    that of the curves is, else of Greenwood's kind.

    Parameters
    ----------
    incidence : CumulativeIncidence
        Cumulative incidence by group.
    horizon : float
        End of the area, in the curve's unit of time; above 0.
    cause : int
        The event.

    Returns
    -------
    RestrictedMean
        Frozen, with ``difference`` and ``ratio``.

    Raises
    ------
    EstimationError
        When the horizon is not above 0, a group is not followed to it, or there is no such cause.

    References
    ----------
    .. [1] Andersen (2013), Statistics in Medicine 32, 5278-5285.

    Examples
    --------
    >>> from evalkit.survival.aalen_johansen import aalen_johansen
    >>> rmtl(aalen_johansen([1, 2, 3, 4], [1, 2, 0, 0]), horizon=3).at().estimate
    0.5
    """
    table = incidence.life_table
    if check_cause(cause) > table.n_causes:
        raise EstimationError(f"cause {cause}: not in the table.", hint="Give n_causes to life_table().")
    check_horizon(table, incidence.event_free, horizon)
    time = np.minimum(table.time.astype(np.float64), horizon)
    width = np.diff(time, append=horizon)
    f = incidence.estimate[:, cause - 1]
    area = np.sum(f * width, axis=1)
    remaining = horizon - time
    beyond = np.cumsum((f * width)[:, ::-1], axis=1)[:, ::-1] - f * remaining
    variance, influence = _variance(incidence, cause - 1, np.broadcast_to(remaining, f.shape), beyond)
    events = counts_on_grid(table, np.array([horizon]))[1][:, 0, cause - 1]
    rows = mean_rows(table, horizon, (area, variance, events), incidence.conf_level)
    return RestrictedMean(horizon, rows, incidence.conf_level, "rmtl", group_covariance(table, influence))


def _variance(
    incidence: CumulativeIncidence, cause: int, remaining: FloatArray, beyond: FloatArray
) -> tuple[FloatArray, Influence]:
    """Return the variance and what rows add.

    `remaining` is the time left at each event, `beyond` the time lost to the cause after it, (n_groups, n_times).
    """
    table, after = incidence.life_table, incidence.event_free
    before = np.concatenate([np.ones_like(after[:, :1]), after[:, :-1]], axis=1)
    n = np.where(table.weighted.at_risk > 0, table.weighted.at_risk, 1.0)
    hazard = table.weighted.events[:, :, cause] / n
    total = np.minimum(table.weighted.events.sum(axis=2) / n, 1.0)
    share = np.where(table.weighted.at_risk > 0, before / n, 0.0)
    loss = np.where(after > 0, beyond / np.where(after > 0, after, 1.0), 0.0)
    jump = np.repeat((-share * loss)[:, None, :], table.n_causes, axis=1)
    jump[:, cause] += share * remaining
    influence = Influence(jump, share * (hazard * remaining - total * loss))
    if incidence.variance == "robust":
        return np.asarray(moments_over_time(table, [influence])[:, 0, 0, -1]), influence
    own, cross, both = hazard * (1 - hazard), hazard * (1 - total), total * (1 - total)
    terms = remaining**2 * own - 2 * remaining * loss * cross + loss**2 * both
    return np.asarray(np.sum(share * before * terms, axis=1)), influence
