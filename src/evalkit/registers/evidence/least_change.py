"""How much two deliveries differ at the least, when what chance does to small counts is taken off.

A limit is held against the least difference that the counts leave room for, so that 3 rows against 5 alarm nobody and a
year that lost ten thousand of a hundred thousand rows cannot hide.
"""

from __future__ import annotations

import polars as pl

__all__ = ["least_count", "least_difference", "least_share"]

Z = 1.96
"""The 97.5 % point of the normal distribution: intervals of 95 %."""


def least_count(count: pl.Expr) -> pl.Expr:
    """Return the least that a count can be taken for: the lower end of its interval, and at least 0.

    Rows that come or go each by themselves are a Poisson count, whose standard error is its square root. Of rows by
    which two deliveries differ, 3 are not more than chance (0) and 100 are at least 80.4.

    Parameters
    ----------
    count : Expr
        The count; any non-negative number.

    Returns
    -------
    Expr
        Float64.
    """
    return (count - Z * count.sqrt()).clip(0.0)


def least_share(count: pl.Expr, of: pl.Expr) -> pl.Expr:
    """Return the least that a share can be taken for: the lower end of its score interval [1]_.

    Parameters
    ----------
    count, of : Expr
        The share is `count` of `of`.

    Returns
    -------
    Expr
        Float64; not a number when there are none.

    References
    ----------
    .. [1] Wilson (1927), Journal of the American Statistical Association 22, 209-212.
    """
    return _score(count, of, -1.0)


def least_difference(before: pl.Expr, of_before: pl.Expr, now: pl.Expr, of_now: pl.Expr) -> pl.Expr:
    """Return the least difference between two shares: the end nearer to 0 of its score interval [1]_.

    Parameters
    ----------
    before, of_before : Expr
        The earlier share is `before` of `of_before`.
    now, of_now : Expr
        The later share is `now` of `of_now`.

    Returns
    -------
    Expr
        Float64: later less earlier share, drawn towards 0; 0 when the interval holds 0.

    References
    ----------
    .. [1] Newcombe (1998), Statistics in Medicine 17, 873-890, method 10.
    """
    was, is_now = before / of_before, now / of_now
    difference = is_now - was
    down = ((is_now - _score(now, of_now, -1.0)) ** 2 + (_score(before, of_before, 1.0) - was) ** 2).sqrt()
    up = ((_score(now, of_now, 1.0) - is_now) ** 2 + (was - _score(before, of_before, -1.0)) ** 2).sqrt()
    low, high = difference - down, difference + up
    return pl.when(low > 0.0).then(low).when(high < 0.0).then(high).otherwise(0.0)


def _score(count: pl.Expr, of: pl.Expr, side: float) -> pl.Expr:
    middle = 2.0 * count + Z**2
    return (middle + side * Z * (Z**2 + 4.0 * count * (1.0 - count / of)).sqrt()) / (2.0 * (of + Z**2))
