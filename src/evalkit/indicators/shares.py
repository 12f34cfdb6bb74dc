"""Shares of a group that add up to all of it, and shares with an interval."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

__all__ = ["with_share", "with_wilson"]


def with_share(frame: pl.DataFrame, *, within: Sequence[str]) -> pl.DataFrame:
    """Add each cell's share of its group.

    Parameters
    ----------
    frame : DataFrame
        With n_persons.
    within : sequence of str
        Columns that say which group a cell belongs to.

    Returns
    -------
    DataFrame
        With `share` last; null in a group that holds nobody.
    """
    total = pl.col("n_persons").sum().over(list(within))
    share = pl.when(total > 0).then(pl.col("n_persons") / total)
    return frame.with_columns(share.alias("share"))


def with_wilson(frame: pl.DataFrame, *, count: str, total: str, conf_level: float = 0.95) -> pl.DataFrame:
    """Add a share and its Wilson interval.

    Parameters
    ----------
    frame : DataFrame
        With the two count columns.
    count, total : str
        Names of numerator and denominator.
    conf_level : float
        Coverage of the interval.

    Returns
    -------
    DataFrame
        With share, conf_low and conf_high last; null where the denominator is 0.

    References
    ----------
    .. [1] Wilson (1927), J. Am. Stat. Assoc. 22, 209-212.
    """
    from statsmodels.stats.proportion import proportion_confint  # noqa: PLC0415 - a third of the time to start evalkit

    some = frame.get_column(total).to_numpy() > 0
    n = frame.get_column(total).to_numpy().clip(min=1)
    low, high = proportion_confint(frame.get_column(count).to_numpy(), n, alpha=1 - conf_level, method="wilson")
    return frame.with_columns(
        pl.when(pl.Series(some)).then(values).alias(name)
        for name, values in (
            ("share", pl.col(count) / pl.col(total)),
            ("conf_low", pl.Series(low)),
            ("conf_high", pl.Series(high)),
        )
    )
