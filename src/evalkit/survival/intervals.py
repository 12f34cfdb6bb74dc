"""Confidence intervals for probabilities."""

from __future__ import annotations

from numbers import Real
from typing import Literal, TypeAlias

import numpy as np
from scipy.special import expit, logit, ndtri

from evalkit.errors import EstimationError
from evalkit.survival.arrays import FloatArray

__all__ = ["IntervalKind", "check_level", "normal_quantile", "probability_interval", "zero_event_bound"]

IntervalKind: TypeAlias = Literal["log-log", "log", "plain", "arcsine", "logit"]
_WIDEST = 700.0  # beyond this the exponential function overflows
_KINDS = ("log-log", "log", "plain", "arcsine", "logit")


def check_level(level: float) -> float:
    """Check a confidence level.

    Parameters
    ----------
    level : float
        Between 0 and 1.

    Returns
    -------
    float
        The same level.

    Raises
    ------
    EstimationError
        When it is not between 0 and 1.
    """
    if not isinstance(level, Real) or not 0.0 < level < 1.0:
        raise EstimationError(f"confidence level {level}: not between 0 and 1.")
    return level


def normal_quantile(level: float) -> float:
    """Return the standard normal quantile of a two-sided interval.

    Parameters
    ----------
    level : float
        Confidence level, for example 0.95.

    Returns
    -------
    float
        For example 1.96.
    """
    return float(ndtri(0.5 + check_level(level) / 2))


def zero_event_bound(n_at_risk: FloatArray, level: float) -> FloatArray:
    """Return the lowest survival that fits having seen no event among so many persons.

    The Clopper-Pearson limit, which the beta product procedure [1]_ uses for survival curves.

    Parameters
    ----------
    n_at_risk : float array
        Persons still at risk; effective number when weighted.
    level : float
        Two-sided confidence level.

    Returns
    -------
    float array
        ``((1 - level) / 2) ** (1 / n_at_risk)``; 0 where nobody is at risk.

    References
    ----------
    .. [1] Fay, Brittain & Proschan (2013), Biostatistics 14, 723-736.
    """
    alone = np.maximum(n_at_risk, 1e-300)
    return np.asarray(np.exp(np.log((1.0 - check_level(level)) / 2.0) / alone), dtype=np.float64)


def probability_interval(
    estimate: FloatArray, std_error: FloatArray, *, level: float, kind: IntervalKind
) -> tuple[FloatArray, FloatArray]:
    """Return pointwise limits for a probability.

    Parameters
    ----------
    estimate, std_error : float array
        The probability and its standard error.
    level : float
        Confidence level.
    kind : {"log-log", "log", "plain", "arcsine", "logit"}
        Scale on which the interval is symmetric.

    Returns
    -------
    conf_low, conf_high : float array
        NaN where the estimate is 0 or 1, where a symmetric interval says nothing.

    Raises
    ------
    EstimationError
        When the kind is not known.

    References
    ----------
    .. [1] Kalbfleisch & Prentice (2002), The Statistical Analysis of Failure Time Data, section 1.4.
    .. [2] Borgan & Liestol (1990), Scand. J. Statist. 17, 35-41 (log-log, arcsine).
    """
    if kind not in _KINDS:
        raise EstimationError(f"interval {kind}: not known.", hint=f"One of {', '.join(_KINDS)}.")
    inside = (estimate > 0.0) & (estimate < 1.0)
    p = np.where(inside, estimate, 0.5)
    margin = normal_quantile(level) * std_error
    low, high = _SCALES[kind](p, margin)
    return np.where(inside, np.clip(low, 0.0, 1.0), np.nan), np.where(inside, np.clip(high, 0.0, 1.0), np.nan)


def _log_log(p: FloatArray, margin: FloatArray) -> tuple[FloatArray, FloatArray]:
    width = np.minimum(margin / (p * -np.log(p)), _WIDEST)
    return p ** np.exp(width), p ** np.exp(-width)


def _log(p: FloatArray, margin: FloatArray) -> tuple[FloatArray, FloatArray]:
    width = np.minimum(margin / p, _WIDEST)
    return p * np.exp(-width), p * np.exp(width)


def _plain(p: FloatArray, margin: FloatArray) -> tuple[FloatArray, FloatArray]:
    return p - margin, p + margin


def _arcsine(p: FloatArray, margin: FloatArray) -> tuple[FloatArray, FloatArray]:
    angle, width = np.arcsin(np.sqrt(p)), margin / (2.0 * np.sqrt(p * (1.0 - p)))
    low = np.sin(np.maximum(angle - width, 0.0)) ** 2
    return low, np.sin(np.minimum(angle + width, np.pi / 2)) ** 2


def _logit(p: FloatArray, margin: FloatArray) -> tuple[FloatArray, FloatArray]:
    centre, width = logit(p), margin / (p * (1.0 - p))
    return np.asarray(expit(centre - width)), np.asarray(expit(centre + width))


_SCALES = {"log-log": _log_log, "log": _log, "plain": _plain, "arcsine": _arcsine, "logit": _logit}
