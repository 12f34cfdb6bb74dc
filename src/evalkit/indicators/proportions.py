"""The interval of one share."""

from __future__ import annotations

from math import sqrt
from typing import Literal

from scipy.stats import beta, norm

__all__ = ["proportion_interval"]


def proportion_interval(
    count: int, total: int, conf_level: float = 0.95, method: Literal["wilson", "exact"] = "wilson"
) -> tuple[float, float]:
    """Return the interval of a share.

    Parameters
    ----------
    count, total : int
        Numerator and denominator, 0 ≤ count ≤ total, total at least 1.
    conf_level : float
        Coverage.
    method : {"wilson", "exact"}
        Wilson's score interval [1]_, or Clopper and Pearson's, which covers at least so often [2]_.

    Returns
    -------
    tuple of float
        Lower and upper end; an end that no sample can move is exactly 0 or 1.

    References
    ----------
    .. [1] Wilson (1927), J. Am. Stat. Assoc. 22, 209-212.
    .. [2] Clopper & Pearson (1934), Biometrika 26, 404-413.

    Examples
    --------
    R: prop.test(174, 248, correct = FALSE)$conf.int and binom.test(174, 248)$conf.int

    >>> [round(end, 6) for end in proportion_interval(174, 248)]
    [0.641944, 0.755131]
    >>> [round(end, 6) for end in proportion_interval(174, 248, method="exact")]
    [0.640476, 0.757856]
    """
    if method == "exact":
        tail = (1 - conf_level) / 2
        low = 0.0 if count == 0 else float(beta.ppf(tail, count, total - count + 1))
        high = 1.0 if count == total else float(beta.isf(tail, count + 1, total - count))
        return low, high
    z = float(norm.isf((1 - conf_level) / 2))
    share, scale = count / total, 1 + z * z / total
    middle = (share + z * z / (2 * total)) / scale
    half = z * sqrt(share * (1 - share) / total + z * z / (4 * total * total)) / scale
    return (0.0 if count == 0 else middle - half), (1.0 if count == total else middle + half)
