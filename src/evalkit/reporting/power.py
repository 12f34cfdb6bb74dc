"""The smallest difference that a study of this size could have shown."""

from __future__ import annotations

from math import sqrt
from statistics import NormalDist

__all__ = ["minimum_detectable_difference"]

_STEPS = 60


def minimum_detectable_difference(
    n_treated: float, n_reference: float, risk_reference: float, *, power: float = 0.8, alpha: float = 0.05
) -> float | None:
    """Return the smallest fall in risk that a two-sided test of two proportions would have found.

    Parameters
    ----------
    n_treated, n_reference : float
        Persons in the two groups, at least 1 each.
    risk_reference : float
        The reference group's risk, between 0 and 1.
    power : float
        Probability of finding a fall of that size.
    alpha : float
        Significance level, two-sided.

    Returns
    -------
    float or None
        A positive difference of risks; None when not even a fall to 0 would have been found.

    References
    ----------
    .. [1] Fleiss, Levin & Paik (2003), Statistical Methods for Rates and Proportions, 3rd ed., ch. 4: the test pools
       the proportions, the alternative does not; without continuity correction. R's ``power.prop.test`` solves the
       same equation for equal groups.

    Examples
    --------
    >>> round(minimum_detectable_difference(1000, 1000, 0.5), 4)
    0.0625
    >>> minimum_detectable_difference(5, 5, 0.3) is None
    True
    """
    z_alpha, z_power = NormalDist().inv_cdf(1 - alpha / 2), NormalDist().inv_cdf(power)

    def is_found(difference: float) -> bool:
        risk = risk_reference - difference
        pooled = (n_treated * risk + n_reference * risk_reference) / (n_treated + n_reference)
        under_null = sqrt(pooled * (1 - pooled) * (1 / n_treated + 1 / n_reference))
        spread = risk * (1 - risk) / n_treated + risk_reference * (1 - risk_reference) / n_reference
        return difference >= z_alpha * under_null + z_power * sqrt(spread)

    low, high = 0.0, risk_reference
    if not is_found(high):
        return None
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (low, middle) if is_found(middle) else (middle, high)
    return high
