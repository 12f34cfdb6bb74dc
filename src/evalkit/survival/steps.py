"""Reading right-continuous step functions and life tables on a grid of times."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import polars as pl

from evalkit.errors import EstimationError
from evalkit.survival.arrays import BoolArray, FloatArray, GroupLabel, IntArray
from evalkit.survival.columns import as_floats
from evalkit.survival.counts import Counts
from evalkit.survival.intervals import zero_event_bound
from evalkit.survival.life_table import LifeTable

__all__ = [
    "beyond_follow_up",
    "check_grid",
    "counts_on_grid",
    "effective_column",
    "read_steps",
    "start_and",
    "tidy_rows",
    "unseen_share",
]


def check_grid(grid: npt.ArrayLike) -> FloatArray:
    """Check the times at which curves are read.

    Parameters
    ----------
    grid : array, shape (n,)
        Times in the unit of the life table, at least 0.

    Returns
    -------
    float array, shape (n,)
        The same times.

    Raises
    ------
    EstimationError
        When there are no times, or one is missing or negative.
    """
    times = np.atleast_1d(as_floats(grid, "times"))
    if times.ndim != 1 or not times.size:
        raise EstimationError(f"times: shape {times.shape}.", hint="Give a list of times.")
    n_wrong = int(np.count_nonzero(~(np.isfinite(times) & (times >= 0))))
    if n_wrong:
        raise EstimationError(
            f"times: missing, infinite or negative in {n_wrong:,} of {times.size:,}.", hint="Give times from 0 up."
        )
    return times


def read_steps(time: IntArray, values: FloatArray, grid: FloatArray, *, start: float) -> FloatArray:
    """Read right-continuous steps: the value at t includes what happens at t.

    Parameters
    ----------
    time : int array, shape (n_times,)
        Times of the steps, ascending.
    values : float array, shape (..., n_times)
        Values from each step on.
    grid : float array, shape (n_grid,)
        Where to read.
    start : float
        Value before the first step.

    Returns
    -------
    float array, shape (..., n_grid)
        Values on the grid.
    """
    position = np.searchsorted(time, grid, side="right")
    padded = np.concatenate([np.full((*values.shape[:-1], 1), start), values], axis=-1)
    return np.asarray(padded[..., position], dtype=np.float64)


def counts_on_grid(table: LifeTable, grid: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Count persons on a grid.

    Parameters
    ----------
    table : LifeTable
        The table.
    grid : float array, shape (n_grid,)
        Times.

    Returns
    -------
    n_at_risk : float array, shape (n_groups, n_grid)
        With entry < t <= exit.
    n_events : float array, shape (n_groups, n_grid, n_causes)
        Up to and including t.
    n_censored : float array, shape (n_groups, n_grid)
        Up to and including t.
    """
    events = np.cumsum(table.persons.events, axis=1).transpose(0, 2, 1)
    censored = np.cumsum(table.persons.censored, axis=1)
    n_events = read_steps(table.time, events, grid, start=0.0).transpose(0, 2, 1)
    return _at_risk(table.persons, table, grid), n_events, read_steps(table.time, censored, grid, start=0.0)


def effective_column(table: LifeTable, grid: FloatArray) -> dict[str, FloatArray]:
    """Return the effective number at risk on a grid, when there are sampling weights.

    Parameters
    ----------
    table : LifeTable
        The table.
    grid : float array, shape (n_grid,)
        Times.

    Returns
    -------
    dict
        Column effective_at_risk, shape (n_groups, n_grid); empty without sampling weights.
    """
    if table.squared is table.weighted:
        return {}
    weighted, squared = _at_risk(table.weighted, table, grid), _at_risk(table.squared, table, grid)
    return {"effective_at_risk": np.where(squared > 0, weighted**2 / np.where(squared > 0, squared, 1.0), 0.0)}


def beyond_follow_up(table: LifeTable, event_free: FloatArray, grid: FloatArray) -> BoolArray:
    """Say where nobody is followed any more although not everybody had an event.

    Parameters
    ----------
    table : LifeTable
        The table.
    event_free : float array, shape (n_groups, n_times)
        Share without any event from each time on.
    grid : float array, shape (n_grid,)
        Times.

    Returns
    -------
    bool array, shape (n_groups, n_grid)
        True where the curve is not known.
    """
    open_ended = event_free[:, -1:] > 0.0
    return np.asarray(open_ended & (grid[None, :] > table.last_time[:, None]), dtype=np.bool_)


def start_and(time: IntArray) -> FloatArray:
    """Return times at which a curve is drawn.

    Parameters
    ----------
    time : int array, shape (n_times,)
        Times of the steps, ascending.

    Returns
    -------
    float array, shape (n,)
        0, where the curve is known for certain; 1, from where it is not; and the times.
    """
    return np.union1d([0.0, min(1.0, float(time[-1]))], time.astype(np.float64))


def unseen_share(table: LifeTable, grid: FloatArray, level: float) -> FloatArray:
    """Return what share may have had the event although nobody has left the table so far.

    Parameters
    ----------
    table : LifeTable
        The table.
    grid : float array, shape (n_grid,)
        Times.
    level : float
        Confidence level.

    Returns
    -------
    float array, shape (n_groups, n_grid)
        The Clopper-Pearson limit for those at risk from the start, after time 0 and before the table's first time; else
        0, as the limits at the table's times know that themselves.
    """
    squared = table.squared.start
    effective = np.where(squared > 0, table.weighted.start**2 / np.where(squared > 0, squared, 1.0), 0.0)
    early = (grid > 0) & (grid < table.time[0])
    return np.asarray(np.where(early, 1.0 - zero_event_bound(effective, level)[:, None], 0.0))


def tidy_rows(
    table: LifeTable,
    columns: Mapping[str, FloatArray],
    grid: FloatArray | None,
    *,
    extra: Mapping[str, object] | None = None,
) -> pl.DataFrame:
    """Lay arrays by group and time out as one row an estimate.

    Parameters
    ----------
    table : LifeTable
        The table, for groups and times.
    columns : mapping of str to float array, shape (n_groups, n_grid)
        The values; names that start with ``n_`` become whole numbers when they all are.
    grid : float array, shape (n_grid,), optional
        Times of the values; without it the table's times, and only rows at which somebody of the group left.
    extra : mapping of str to scalar, optional
        Constant columns, put after the group.

    Returns
    -------
    DataFrame
        Columns group, the extra ones, time, and those given; not-a-number becomes null.
    """
    times = table.time.astype(np.float64) if grid is None else grid
    shape = (len(table.groups), times.size)
    data: dict[str, pl.Series] = {
        "group": pl.Series(_repeat(table.groups, times.size)),
        "time": _numbers(np.broadcast_to(times, shape).ravel(), whole=True),
    }
    for name, values in columns.items():
        data[name] = _numbers(np.broadcast_to(values, shape).ravel(), whole=name.startswith("n_"))
    frame = pl.DataFrame(data)
    for name, value in (extra or {}).items():
        frame.insert_column(1, pl.lit(value).alias(name))
    if grid is not None:
        return frame
    left = (table.persons.events.sum(axis=2) + table.persons.censored) > 0
    return frame.filter(pl.Series(left.ravel()))


def _at_risk(counts: Counts, table: LifeTable, grid: FloatArray) -> FloatArray:
    change = counts.entered - counts.events.sum(axis=2) - counts.censored
    stay = np.cumsum(np.concatenate([counts.start[:, None], change], axis=1), axis=1)
    at_risk = stay[:, np.searchsorted(table.time, grid, side="left")]
    # sums of fractional weights leave crumbs where nobody is at risk
    at_risk[at_risk < 1e-12 * (counts.start + counts.entered.sum(axis=1))[:, None]] = 0.0
    return at_risk


def _repeat(groups: tuple[GroupLabel, ...], times: int) -> list[GroupLabel]:
    return [label for label in groups for _ in range(times)]


def _numbers(values: FloatArray, *, whole: bool) -> pl.Series:
    if whole and bool(np.all(np.abs(values - np.round(values)) < 1e-9)):
        return pl.Series(np.round(values).astype(np.int64))
    return pl.Series(values).fill_nan(None)
