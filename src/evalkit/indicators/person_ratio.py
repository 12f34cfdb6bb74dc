"""A ratio of sums over persons, with an interval that allows for persons who differ."""

from __future__ import annotations

import numpy as np
import polars as pl

__all__ = ["RATIO_SUMS", "with_person_ratio"]

RATIO_SUMS: tuple[str, ...] = ("all_events", "all_days", "events_squared", "events_days", "days_squared")
"""Sums over persons of events e and days d: of e, d, e², e·d and d²."""


def with_person_ratio(
    sums: pl.DataFrame, *, per_days: int = 1, highest: float = float("inf"), conf_level: float = 0.95
) -> pl.DataFrame:
    """Add events a day over all persons, and the interval of the ratio estimator.

    With r events a day over all n persons, the variance is n / (n - 1) times the sum of (e - r d)², divided by the
    square of all days [1]_. So it is persons that are drawn, each with all of their events and days: events that come
    in clusters widen the interval, as counting events one by one would not. The interval is r and so many standard
    errors of Student's t with n - 1 degrees of freedom, cut at 0 and at what is possible.

    Parameters
    ----------
    sums : DataFrame
        n_persons and the columns of :data:`RATIO_SUMS`.
    per_days : int
        Days that the rate is given for: 7 for a week.
    highest : float
        The most that the ratio can be: 1 for a share of days.
    conf_level : float
        Coverage of the interval.

    Returns
    -------
    DataFrame
        With estimate, std_error, conf_low and conf_high last. No estimate without days; no interval where the
        persons do not tell how much they differ: fewer than two, or all with the same ratio.

    References
    ----------
    .. [1] Cochran (1977), Sampling Techniques, 3rd edition, section 6.4.

    Examples
    --------
    Contacts 1, 2 and 0 in 7, 14 and 14 days: 3 in 5 weeks. The sum of (e - 0.6 w)² over weeks is 0.4² + 0.8² + 1.2²
    = 2.24, so the variance is 3 / 2 × 2.24 / 5² = 0.1344.

    >>> sums = pl.DataFrame([[3], [3], [35], [5], [35], [441]], schema=["n_persons", *RATIO_SUMS])
    >>> row = with_person_ratio(sums, per_days=7).row(0, named=True)
    >>> round(row["estimate"], 12), round(row["std_error"] ** 2, 12)
    (0.6, 0.1344)
    """
    from scipy.stats import t  # noqa: PLC0415 - a good part of the time to start evalkit

    n, events, days, events_squared, events_days, days_squared = (
        sums.get_column(name).to_numpy().astype(np.float64) for name in ("n_persons", *RATIO_SUMS)
    )
    has_days, has_spread = days > 0, n > 1
    ratio = events / np.where(has_days, days, 1.0)
    # Rounding must not make a spread of nothing: a sum of squares is 0 or, the numbers being whole, not so small.
    squares = events_squared - 2 * ratio * events_days + ratio**2 * days_squared
    squares = np.where(squares > _NOTHING * (events_squared + ratio**2 * days_squared), squares, 0.0)
    error = np.sqrt(squares * n / np.where(has_spread, n - 1, 1.0)) / np.where(has_days, days, 1.0)
    half = error * t.isf((1 - conf_level) / 2, np.where(has_spread, n - 1, 1.0))
    has_interval = has_days & has_spread & (squares > 0)
    columns = {
        "estimate": (ratio * per_days, has_days),
        "std_error": (error * per_days, has_interval),
        "conf_low": (np.clip(ratio - half, 0.0, None) * per_days, has_interval),
        "conf_high": (np.clip((ratio + half) * per_days, None, highest), has_interval),
    }
    return sums.with_columns(
        pl.when(pl.Series(known)).then(pl.Series(name, values)) for name, (values, known) in columns.items()
    )


_NOTHING = 1e-12
