"""A life table as rows: one a group and time, and intervals for reading."""

from __future__ import annotations

import numpy as np
import polars as pl

from evalkit.survival.arrays import GroupLabel, IntArray
from evalkit.survival.counts import Counts
from evalkit.survival.shown_result import round_times

__all__ = ["interval_rows", "life_table_rows"]


def life_table_rows(time: IntArray, groups: tuple[GroupLabel, ...], persons: Counts) -> pl.DataFrame:
    """Lay a life table out as one row a group and time.

    Parameters
    ----------
    time : int array, shape (n_times,)
        The times.
    groups : tuple of str or int
        The groups' labels.
    persons : Counts
        Persons by group and time.

    Returns
    -------
    DataFrame
        group, time, n_at_risk (entry < t <= exit), n_entered (at t, at risk after it), n_events_1 to n_events_k, and
        n_censored (at t).
    """
    columns = {"n_at_risk": persons.at_risk, "n_entered": persons.entered}
    columns |= {f"n_events_{k + 1}": persons.events[:, :, k] for k in range(persons.events.shape[2])}
    columns["n_censored"] = persons.censored
    frame = pl.DataFrame(
        {
            "group": [label for label in groups for _ in range(time.size)],
            "time": np.tile(time, len(groups)),
            **{name: values.ravel() for name, values in columns.items()},
        }
    )
    whole = [name for name, values in columns.items() if np.all(np.abs(values - np.round(values)) < 1e-9)]
    return frame.with_columns(pl.col(whole).round().cast(pl.Int64))


def interval_rows(rows: pl.DataFrame) -> pl.DataFrame:
    """Sum the rows of a life table over intervals of a round length.

    Parameters
    ----------
    rows : DataFrame
        From :func:`life_table_rows`.

    Returns
    -------
    DataFrame
        The same columns: time is where the interval starts, n_at_risk those at its first time, and the others are sums.
    """
    last = float(np.max(rows["time"].to_numpy()))
    step = int(np.diff(round_times(last), append=round_times(last)[-1] + 1.0)[0])
    start = (pl.col("time") // step * step).alias("time")
    sums = pl.col("^n_(entered|events_\\d+|censored)$").sum()
    return rows.group_by("group", start, maintain_order=True).agg(pl.col("n_at_risk").first(), sums)
