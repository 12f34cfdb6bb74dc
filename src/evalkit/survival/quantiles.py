"""Median and other quantiles of the time to an event."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evalkit.errors import EstimationError
from evalkit.survival.arrays import FloatArray, GroupLabel
from evalkit.survival.kaplan_meier import KaplanMeier

__all__ = ["Quantile", "quantile"]

_SAME = 1e-9  # a curve of products of fractions meets one half only up to rounding


@dataclass(frozen=True, slots=True)
class Quantile:
    """The time by which a share of a group has had the event.

    Parameters
    ----------
    group : str or int
        The group's label.
    probability : float
        The share.
    estimate, conf_low, conf_high : float
        Time and its limits; NaN where the curve or its limit does not go so far.
    """

    group: GroupLabel
    probability: float
    estimate: float
    conf_low: float
    conf_high: float


def quantile(curve: KaplanMeier, probability: float = 0.5, *, group: GroupLabel | None = None) -> Quantile:
    """Return the time by which a share of a group has had the event.

    The first time at which the curve is below 1 - probability; when the curve is exactly there for a while, the middle
    of that while, as is usual for a median. Limits are where the curve's limits cross the same line [1]_.

    Parameters
    ----------
    curve : KaplanMeier
        Curves by group.
    probability : float
        Between 0 and 1; 0.5 is the median.
    group : str or int, optional
        The group's label; may be left out when there is one.

    Returns
    -------
    Quantile
        With limits at the curve's confidence level.

    Raises
    ------
    EstimationError
        When there is no such group, or the probability is not between 0 and 1.

    References
    ----------
    .. [1] Brookmeyer & Crowley (1982), Biometrics 38, 29-41.

    Examples
    --------
    >>> from evalkit.survival.kaplan_meier import kaplan_meier
    >>> quantile(kaplan_meier([1, 2, 3, 4], [1, 1, 1, 1])).estimate
    2.5
    """
    if not 0.0 < probability < 1.0:
        raise EstimationError(f"probability {probability:g}: not between 0 and 1.")
    row = curve.life_table.group_index(group)
    left = (curve.life_table.persons.events.sum(axis=2) + curve.life_table.persons.censored)[row] > 0
    time = curve.time[left].astype(np.float64)
    crossings = [
        _crossing(time, steps[row, left], 1.0 - probability)
        for steps in (curve.estimate, curve.conf_low, curve.conf_high)
    ]
    return Quantile(curve.groups[row], probability, *crossings)


def _crossing(time: FloatArray, steps: FloatArray, level: float) -> float:
    reached = np.flatnonzero(steps <= level + _SAME)
    if not reached.size:
        return float("nan")
    first = float(time[reached[0]])
    if steps[reached[0]] < level - _SAME:
        return first
    below = np.flatnonzero(steps < level - _SAME)
    return (first + float(time[below[0] if below.size else -1])) / 2.0
