"""Mean cumulative count: how often an event has happened on average, death ending the count."""

from __future__ import annotations

from dataclasses import dataclass
from typing import overload

import numpy as np
import numpy.typing as npt
import polars as pl

from evalkit.errors import EstimationError
from evalkit.survival.arrays import FloatArray, GroupLabel, IntArray
from evalkit.survival.columns import as_floats, as_numbers
from evalkit.survival.influence import Influence, moments_over_time
from evalkit.survival.intervals import check_level, normal_quantile
from evalkit.survival.life_table import LifeTable, life_table
from evalkit.survival.observations import check_same_length, encode_groups
from evalkit.survival.plots import CurveLabels, plot_curves
from evalkit.survival.shown_figure import ShownFigure
from evalkit.survival.shown_result import ShownCurve
from evalkit.survival.steps import (
    beyond_follow_up,
    check_grid,
    counts_on_grid,
    effective_column,
    read_steps,
    start_and,
    tidy_rows,
    unseen_share,
)

__all__ = ["MeanCumulativeCount", "mean_cumulative_count"]


@dataclass(frozen=True, repr=False)
class MeanCumulativeCount(ShownCurve):
    """Mean number of events a person has had, by group and time.

    Parameters
    ----------
    life_table : LifeTable
        Cause 1 is the event, cause 2 what ends the count.
    alive : float array, shape (n_groups, n_times)
        Share for whom the count has not been ended.
    estimate, std_error, conf_low, conf_high : float array, shape (n_groups, n_times)
        From each time of the table on.
    conf_level : float
        Confidence level.
    """

    life_table: LifeTable
    alive: FloatArray
    estimate: FloatArray
    std_error: FloatArray
    conf_low: FloatArray
    conf_high: FloatArray
    conf_level: float

    @property
    def groups(self) -> tuple[GroupLabel, ...]:
        """The groups' labels."""
        return self.life_table.groups

    @property
    def last_time(self) -> float:
        """The last time at which anybody was followed."""
        return float(self.life_table.time[-1])

    @overload
    def at(self, times: float, *, group: GroupLabel | None = None) -> float: ...
    @overload
    def at(self, times: npt.ArrayLike, *, group: GroupLabel | None = None) -> float | FloatArray: ...
    def at(self, times: npt.ArrayLike, *, group: GroupLabel | None = None) -> float | FloatArray:
        """Return the mean count by given times.

        Parameters
        ----------
        times : float or float array, shape (n,)
            Events at exactly this time are included.
        group : str or int, optional
            The group's label; may be left out when there is one.

        Returns
        -------
        float or float array, shape (n,)
            NaN after the end of the group's follow-up.

        Raises
        ------
        EstimationError
            When there is no such group or a time is negative.
        """
        row, grid = self.life_table.group_index(group), check_grid(times)
        values = read_steps(self.life_table.time, self.estimate[row], grid, start=0.0)
        values[beyond_follow_up(self.life_table, self.alive, grid)[row]] = np.nan
        return float(values[0]) if np.ndim(times) == 0 else values

    def tidy(self, grid: npt.ArrayLike | None = None) -> pl.DataFrame:
        """Return one row a group and time.

        Parameters
        ----------
        grid : array, shape (n_grid,), optional
            Times; without it those at which a row of the group ended.

        Returns
        -------
        DataFrame
            group, time, estimate, std_error, conf_low, conf_high, n_at_risk, n_events (up to and including t, all
            events of all persons); with sampling weights also effective_at_risk. Estimates after the end of follow-up
            are null.
        """
        times = self.life_table.time.astype(np.float64) if grid is None else check_grid(grid)
        at_risk, events, _ = counts_on_grid(self.life_table, times)
        unknown = beyond_follow_up(self.life_table, self.alive, times)
        columns: dict[str, FloatArray] = {
            name: np.where(unknown, np.nan, read_steps(self.life_table.time, values, times, start=0.0))
            for name, values in (
                ("estimate", self.estimate),
                ("std_error", self.std_error),
                ("conf_low", self.conf_low),
                ("conf_high", self.conf_high),
            )
        }
        unseen = unseen_share(self.life_table, times, self.conf_level)
        unseen = np.where(unseen < 1.0, unseen, 0.0)  # nobody at risk yet
        columns["conf_high"] = np.maximum(columns["conf_high"], -np.log1p(-unseen))
        columns |= {"n_at_risk": at_risk, "n_events": events[:, :, 0]} | effective_column(self.life_table, times)
        return tidy_rows(self.life_table, columns, None if grid is None else times)

    def plot(self, *, labels: CurveLabels | None = None) -> ShownFigure:
        """Draw the mean counts with bands, and persons at risk and events below.

        Parameters
        ----------
        labels : CurveLabels, optional
            The words of the figure.

        Returns
        -------
        ShownFigure
            A matplotlib figure with `alt_text`. Not disclosure-checked.
        """
        words = labels or CurveLabels(x="Time", y="Mean number of events")
        return plot_curves(self.tidy(start_and(self.life_table.time)), labels=words, is_share=False)


def mean_cumulative_count(  # noqa: PLR0913 - the columns of one row
    exit_time: npt.ArrayLike,
    event_type: npt.ArrayLike,
    person: npt.ArrayLike,
    *,
    entry_time: npt.ArrayLike,
    sampling_weight: npt.ArrayLike | None = None,
    cluster: npt.ArrayLike | None = None,
    group: npt.ArrayLike | None = None,
    conf_level: float = 0.95,
) -> MeanCumulativeCount:
    """Estimate the mean number of events by each time, with death as terminal event [1]_.

    A person's time is cut at each event: one row from the entry or the last event to the next event, death or
    censoring. Who has died counts on with the events had before, so the mean is that of everybody who started, not of
    the living; treating death as censoring would estimate a count in a world without death. The standard error is
    robust, by person or by the cluster given.

    Parameters
    ----------
    exit_time : int array, shape (n,)
        End of the row in whole units.
    event_type : int array, shape (n,)
        0 censored or cut, 1 the event, 2 death or another end of the count.
    person : array, shape (n,)
        Whose row it is.
    entry_time : int array, shape (n,)
        Start of the row: under observation from after this time.
    sampling_weight : float array, shape (n,), optional
        Sampling or propensity weights.
    cluster : array, shape (n,), optional
        Larger clusters than persons.
    group : array, shape (n,), optional
        One curve a group.
    conf_level : float
        Confidence level; limits are made on the log scale, and are one-sided while no event was seen.

    Returns
    -------
    MeanCumulativeCount
        Frozen.

    Raises
    ------
    EstimationError
        When the input is impossible, or a person's rows overlap.

    References
    ----------
    .. [1] Ghosh & Lin (2000), Biometrics 56, 554-562; Cook & Lawless (1997), Statistics in Medicine 16, 911-924.

    Examples
    --------
    >>> curve = mean_cumulative_count([2, 3, 5, 3], [1, 1, 0, 2], ["a", "a", "a", "b"], entry_time=[0, 2, 3, 0])
    >>> curve.at(5)
    1.0
    """
    owner = encode_groups(person, "person")[0]
    table = life_table(
        exit_time,
        event_type,
        entry_time=entry_time,
        sampling_weight=sampling_weight,
        cluster=owner if cluster is None else cluster,
        group=group,
        n_causes=2,
    )
    check_same_length({"exit time": as_numbers(exit_time, "exit time"), "person": owner})
    _check_overlap(owner, as_floats(entry_time, "entry time"), as_floats(exit_time, "exit time"))
    _check_ends(owner, as_floats(exit_time, "exit time"), as_floats(event_type, "event type"))
    if group is not None:
        _check_one_group(owner, encode_groups(group)[0])
    check_level(conf_level)
    alive, estimate, parts = _count(table)
    moments = moments_over_time(table, parts)
    variance = moments[:, 0, 0] - 2.0 * estimate * moments[:, 0, 1] + estimate**2 * moments[:, 1, 1]
    std_error = np.sqrt(np.maximum(variance, 0.0))
    low, high = _limits(table, estimate, std_error, conf_level)
    return MeanCumulativeCount(table, alive, estimate, std_error, low, high, conf_level)


def _check_overlap(owner: IntArray, entry: FloatArray, exit_time: FloatArray) -> None:
    order = np.lexsort((exit_time, entry, owner))
    same = owner[order][1:] == owner[order][:-1]
    n_overlapping = int(np.count_nonzero(same & (entry[order][1:] < exit_time[order][:-1])))
    if n_overlapping:
        raise EstimationError(
            f"rows of one person overlap in {n_overlapping:,} of {owner.size:,} rows.", hint="Cut time at each event."
        )


def _check_ends(owner: IntArray, exit_time: FloatArray, event_type: FloatArray) -> None:
    order = np.lexsort((exit_time, owner))
    same = owner[order][1:] == owner[order][:-1]
    n_after = int(np.count_nonzero(same & (event_type[order][:-1] == 2)))
    if n_after:
        raise EstimationError(f"rows after the end of a person's count: {n_after:,} of {owner.size:,} rows.")


def _check_one_group(owner: IntArray, group: IntArray) -> None:
    n_persons = int(owner.max()) + 1
    pairs = np.unique(owner * (int(group.max()) + 1) + group).size
    if pairs > n_persons:
        raise EstimationError(f"group: {pairs - n_persons:,} of {n_persons:,} persons are in more than one group.")


def _count(table: LifeTable) -> tuple[FloatArray, FloatArray, list[Influence]]:
    """Share alive, mean count, and P and Q such that a row moves the count by P(t) - count(t) Q(t)."""
    at_risk, events = table.weighted.at_risk, table.weighted.events
    n = np.where(at_risk > 0, at_risk, 1.0)
    rate, death = events[:, :, 0] / n, events[:, :, 1] / n
    stay = 1.0 - death
    stay[stay < 1e-12] = 0.0
    alive = np.asarray(np.cumprod(stay, axis=1), dtype=np.float64)
    before = np.concatenate([np.ones_like(alive[:, :1]), alive[:, :-1]], axis=1)
    estimate = np.asarray(np.cumsum(before * rate, axis=1), dtype=np.float64)
    here = at_risk > 0
    gain = np.where(here, before / n, 0.0)
    lost = np.where(here & (stay > 0), 1.0 / (n * np.where(stay > 0, stay, 1.0)), 0.0)
    count = Influence(np.stack([gain, lost * estimate], axis=1), gain * rate + lost * death * estimate)
    end = Influence(np.stack([np.zeros_like(lost), lost], axis=1), lost * death)
    return alive, estimate, [count, end]


def _limits(
    table: LifeTable, estimate: FloatArray, std_error: FloatArray, level: float
) -> tuple[FloatArray, FloatArray]:
    """Limits on the log scale; with no event among n the exact Poisson limit for n persons."""
    seen = estimate > 0
    mean = np.where(seen, estimate, 1.0)
    width = np.exp(np.minimum(normal_quantile(level) * std_error / mean, 700.0))
    none = -np.log((1.0 - level) / 2.0) / np.maximum(table.effective_at_risk, 1e-300)
    none = np.maximum.accumulate(np.where(table.effective_at_risk > 0, none, 0.0), axis=1)
    return np.where(seen, mean / width, 0.0), np.where(seen, mean * width, none)
