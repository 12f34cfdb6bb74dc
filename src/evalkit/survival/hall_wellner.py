"""The Hall-Wellner band of a Kaplan-Meier curve."""

from __future__ import annotations

from typing import Literal

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtr

from evalkit.errors import EstimationError
from evalkit.survival.arrays import BoolArray, FloatArray
from evalkit.survival.bands import SimultaneousBand
from evalkit.survival.intervals import check_level
from evalkit.survival.kaplan_meier import KaplanMeier

__all__ = ["hall_wellner_band", "hall_wellner_quantile"]


def hall_wellner_band(
    curve: KaplanMeier, *, until: float | None = None, scale: Literal["log-log", "plain"] = "log-log"
) -> SimultaneousBand:
    """Return limits that hold the whole curve at once, from time 0 to `until` [1]_.

    Parameters
    ----------
    curve : KaplanMeier
        Curves by group, with Greenwood's variance.
    until : float, optional
        End of the band; by default the last time at which somebody left and the curve has not reached 0.
    scale : {"log-log", "plain"}
        Scale on which the band is symmetric.

    Returns
    -------
    SimultaneousBand
        Its critical value is that of a Brownian bridge, and no multiple of the pointwise standard error. It starts at
        the first event.

    Raises
    ------
    EstimationError
        When the curve's variance is robust, or a group has no events in the band.

    References
    ----------
    .. [1] Hall & Wellner (1980), Biometrika 67, 133-143; Borgan & Liestol (1990), Scand. J. Statist. 17, 35-41.

    Examples
    --------
    >>> from evalkit.survival import kaplan_meier
    >>> band = hall_wellner_band(kaplan_meier([1, 2, 3, 4] * 100, [1, 0, 1, 0] * 100))
    >>> band.critical_value.round(3).tolist()
    [1.347]
    """
    if curve.variance != "greenwood":
        raise EstimationError(
            "Hall-Wellner band: not for sampling weights or clusters.", hint="simultaneous_band() is."
        )
    shape = curve.estimate.shape
    low, high = np.full(shape, np.nan), np.full(shape, np.nan)
    critical, ends = np.empty(shape[0]), np.empty((2, shape[0]))
    for row in range(shape[0]):
        inside = _inside(curve, row, until)
        s, n = curve.estimate[row, inside], float(curve.life_table.weighted.start[row])
        growth = n * (curve.std_error[row, inside] / s) ** 2
        critical[row] = hall_wellner_quantile(curve.conf_level, until=float(growth[-1] / (1.0 + growth[-1])))
        margin = critical[row] * (1.0 + growth) / np.sqrt(n)
        low[row, inside], high[row, inside] = _limits(s, margin, scale)
        ends[:, row] = curve.time[inside][[0, -1]]
    return SimultaneousBand(curve, 1, low, high, critical, ends[0], ends[1], scale, n_draws=None)


def hall_wellner_quantile(level: float, *, until: float) -> float:
    """Return the value that a Brownian bridge stays within, from 0 to a part of its length.

    Parameters
    ----------
    level : float
        Probability.
    until : float
        Part of the bridge, above 0 and at most 1.

    Returns
    -------
    float
        1.358 for level 0.95 and the whole bridge (Kolmogorov's).

    Raises
    ------
    EstimationError
        When the level or the part is not possible.
    """
    check_level(level)
    if not 0.0 < until <= 1.0:
        raise EstimationError(f"part {until:g} of a Brownian bridge: not above 0 and at most 1.")
    return float(brentq(lambda c: _stays_within(c, until) - level, 1e-3, 10.0, xtol=1e-12))


def _stays_within(c: float, until: float) -> float:
    k = np.arange(1, 200)
    if until >= 1.0 - 1e-12:
        return float(1.0 + 2.0 * np.sum((-1.0) ** k * np.exp(-2.0 * k**2 * c**2)))
    spread = np.sqrt(until * (1.0 - until))
    r, d = c * np.sqrt((1.0 - until) / until), 1.0 / (1.0 - until)
    terms = (-1.0) ** k * np.exp(-2.0 * k**2 * c**2) * (ndtr(r * (2 * k + d)) - ndtr(r * (2 * k - d)))
    return float(1.0 - 2.0 * ndtr(-c / spread) + 2.0 * np.sum(terms))


def _inside(curve: KaplanMeier, row: int, until: float | None) -> BoolArray:
    known = curve.time <= min(float(curve.life_table.last_time[row]), np.inf if until is None else until)
    inside = known & (curve.estimate[row] > 0) & (curve.estimate[row] < 1)
    if not inside.any() or not curve.life_table.weighted.start[row]:
        raise EstimationError(f"group {curve.groups[row]}: no events in the band, or everybody enters late.")
    return np.asarray(inside)


def _limits(s: FloatArray, margin: FloatArray, scale: str) -> tuple[FloatArray, FloatArray]:
    if scale == "plain":
        return np.maximum(s * (1.0 - margin), 0.0), np.minimum(s * (1.0 + margin), 1.0)
    if scale != "log-log":
        raise EstimationError(f"scale {scale}: not known.", hint="One of log-log, plain.")
    width = np.minimum(margin / -np.log(s), 700.0)
    return s ** np.exp(width), s ** np.exp(-width)
