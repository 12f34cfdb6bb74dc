"""The Aalen-Johansen estimate: the risk of each event when others compete."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias, cast, overload

import numpy as np
import numpy.typing as npt
import polars as pl

from evalkit.errors import EstimationError
from evalkit.survival.arrays import FloatArray, GroupLabel, IntArray
from evalkit.survival.estimate import Estimate
from evalkit.survival.incidence_variance import (
    aalen_variance,
    greenwood_variance,
    incidence_influence,
    robust_variance,
)
from evalkit.survival.influence import Influence, check_variance, final_moments
from evalkit.survival.intervals import IntervalKind, check_level, probability_interval, zero_event_bound
from evalkit.survival.life_table import LifeTable, as_life_table
from evalkit.survival.observations import check_cause
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

__all__ = ["CumulativeIncidence", "IncidenceVariance", "aalen_johansen"]

IncidenceVariance: TypeAlias = Literal["greenwood", "aalen", "robust"]


@dataclass(frozen=True, repr=False)
class CumulativeIncidence(ShownCurve):
    """Share who had each kind of event first, by group and time.

    Parameters
    ----------
    life_table : LifeTable
        What it was computed from.
    event_free : float array, shape (n_groups, n_times)
        Share without any event.
    estimate, std_error, conf_low, conf_high : float array, shape (n_groups, n_causes, n_times)
        From each time of the table on.
    conf_level : float
        Confidence level.
    conf_type : str
        Scale of the interval.
    variance : {"greenwood", "aalen", "robust"}
        How the standard errors were made.
    """

    life_table: LifeTable
    event_free: FloatArray
    estimate: FloatArray
    std_error: FloatArray
    conf_low: FloatArray
    conf_high: FloatArray
    conf_level: float
    conf_type: IntervalKind
    variance: IncidenceVariance

    @property
    def time(self) -> IntArray:
        """Distinct times, shape (n_times,)."""
        return self.life_table.time

    @property
    def groups(self) -> tuple[GroupLabel, ...]:
        """The groups' labels."""
        return self.life_table.groups

    @property
    def last_time(self) -> float:
        """The last time at which anybody was followed."""
        return float(self.time[-1])

    @overload
    def at(self, times: float, *, cause: int = 1, group: GroupLabel | None = None) -> float: ...
    @overload
    def at(self, times: npt.ArrayLike, *, cause: int = 1, group: GroupLabel | None = None) -> float | FloatArray: ...
    def at(self, times: npt.ArrayLike, *, cause: int = 1, group: GroupLabel | None = None) -> float | FloatArray:
        """Return the share who had the event by given times.

        Parameters
        ----------
        times : float or float array, shape (n,)
            Events at exactly this time are included.
        cause : int
            The event; one that never occurs has a curve of zeros.
        group : str or int, optional
            The group's label; may be left out when there is one.

        Returns
        -------
        float or float array, shape (n,)
            NaN after the end of the group's follow-up, unless everybody had an event.

        Raises
        ------
        EstimationError
            When there is no such group, a cause is less than 1 or a time is negative.
        """
        row, grid = self.life_table.group_index(group), check_grid(times)
        values = np.zeros(grid.size)
        if check_cause(cause) <= self.life_table.n_causes:
            values = read_steps(self.time, self.estimate[row, cause - 1], grid, start=0.0)
        values[beyond_follow_up(self.life_table, self.event_free, grid)[row]] = np.nan
        return float(values[0]) if np.ndim(times) == 0 else values

    def risk(self, time: float, *, cause: int = 1, group: GroupLabel | None = None) -> Estimate:
        """Return one group's risk at one time with its interval.

        Parameters
        ----------
        time : float
            The horizon.
        cause : int
            The event.
        group : str or int, optional
            The group's label; may be left out when there is one.

        Returns
        -------
        Estimate
            With persons in the group, and events by `time`.

        Raises
        ------
        EstimationError
            When there is no such group or cause, or the group is not followed to `time`.
        """
        row, grid = self.life_table.group_index(group), check_grid(time)
        label = self.groups[row]
        if beyond_follow_up(self.life_table, self.event_free, grid)[row, 0]:
            last = int(self.life_table.last_time[row])
            raise EstimationError(
                f"group {label}: nobody is followed to time {time:g}.", hint=f"The last is followed to {last}."
            )
        if check_cause(cause) > self.life_table.n_causes:
            raise EstimationError(f"cause {cause}: not in the table.", hint="Give n_causes to life_table().")
        estimate, error, low, high = (
            float(read_steps(self.time, values[row, cause - 1], grid, start=0.0)[0])
            for values in (self.estimate, self.std_error, self.conf_low, self.conf_high)
        )
        high = max(high, float(unseen_share(self.life_table, grid, self.conf_level)[row, 0]))
        events = counts_on_grid(self.life_table, grid)[1][row, 0, cause - 1]
        return Estimate(label, estimate, error, low, high, float(self.life_table.n_persons[row]), float(events))

    def covariance_at(self, time: float, *, cause: int, groups: tuple[GroupLabel, GroupLabel]) -> float:
        """Return the covariance of two groups' risks, which is 0 without clusters.

        Parameters
        ----------
        time : float
            The horizon.
        cause : int
            The event.
        groups : tuple of str or int
            The two groups' labels.

        Returns
        -------
        float
            Covariance.

        Raises
        ------
        EstimationError
            When there is no such group.
        """
        table = self.life_table
        if table.observations.cluster is None:
            return 0.0
        before = np.concatenate([np.ones_like(self.event_free[:, :1]), self.event_free[:, :-1]], axis=1)
        own, every = incidence_influence(table, before, self.event_free, self.estimate, cause=cause - 1)
        reached = read_steps(self.time, self.estimate[:, cause - 1], check_grid(time), start=0.0)
        counted = (self.time <= time).astype(np.float64)
        jump = (own.jump - reached[:, :, None] * every.jump) * counted
        moves = Influence(jump, (own.drift - reached * every.drift) * counted)
        first, second = (moves.of_group(table.group_index(group)) for group in groups)
        return float(final_moments(table, [first, second])[0, 1])

    def tidy(self, grid: npt.ArrayLike | None = None) -> pl.DataFrame:
        """Return one row a group, cause and time.

        Parameters
        ----------
        grid : array, shape (n_grid,), optional
            Times; without it those at which somebody of the group left.

        Returns
        -------
        DataFrame
            group, cause, time, estimate, std_error, conf_low, conf_high, n_at_risk (entry < t <= exit), n_events (of
            this cause, up to and including t) and n_censored in persons; with sampling weights also effective_at_risk.
            Estimates after the end of follow-up are null.
        """
        times = self.time.astype(np.float64) if grid is None else check_grid(grid)
        at_risk, events, censored = counts_on_grid(self.life_table, times)
        unknown = beyond_follow_up(self.life_table, self.event_free, times)
        unseen = unseen_share(self.life_table, times, self.conf_level)
        frames = []
        for k in range(self.life_table.n_causes):
            columns: dict[str, FloatArray] = {
                name: np.where(unknown, np.nan, read_steps(self.time, values[:, k], times, start=0.0))
                for name, values in (
                    ("estimate", self.estimate),
                    ("std_error", self.std_error),
                    ("conf_low", self.conf_low),
                    ("conf_high", self.conf_high),
                )
            }
            columns["conf_high"] = np.maximum(columns["conf_high"], unseen)
            columns |= {"n_at_risk": at_risk, "n_events": events[:, :, k], "n_censored": censored}
            columns |= effective_column(self.life_table, times)
            extra = {"cause": k + 1}
            frames.append(tidy_rows(self.life_table, columns, None if grid is None else times, extra=extra))
        return pl.concat(frames, how="vertical_relaxed").sort("group", "cause", maintain_order=True)

    def plot(
        self, *, cause: int | None = 1, group: GroupLabel | None = None, labels: CurveLabels | None = None
    ) -> ShownFigure:
        """Draw the risk of one cause by group, or of all causes in one group, with bands and numbers below.

        Parameters
        ----------
        cause : int or None
            The event; None: all causes of one group side by side.
        group : str or int, optional
            With `cause` None: the group; may be left out when there is one.
        labels : CurveLabels, optional
            The words of the figure; `arms` names the groups or the causes.

        Returns
        -------
        ShownFigure
            A matplotlib figure with `alt_text`. Not disclosure-checked.

        Raises
        ------
        EstimationError
            When there is no such cause or group, or a group is named beside a cause.
        """
        frame = self.tidy(start_and(self.time))
        if cause is None:
            row = self.life_table.group_index(group)
            names = {k + 1: f"Cause {k + 1}" for k in range(self.life_table.n_causes)}
            words = labels or CurveLabels(x="Time", y="Cumulative incidence", arms=names)
            mine = frame.filter(pl.col("group") == self.groups[row])
            return plot_curves(mine, arm="cause", labels=words, shared=("n_at_risk", "effective_at_risk"))
        if group is not None:
            raise EstimationError(
                "cause and group: one cause is drawn by group.", hint="For one group give cause=None."
            )
        if check_cause(cause) > self.life_table.n_causes:
            raise EstimationError(f"cause {cause}: not in the table.", hint="Give n_causes to life_table().")
        words = labels or CurveLabels(x="Time", y=f"Cumulative incidence of cause {cause}")
        return plot_curves(frame.filter(pl.col("cause") == cause), labels=words)


def aalen_johansen(  # noqa: PLR0913 - the columns of one row, and three choices
    data: npt.ArrayLike | LifeTable,
    event_type: npt.ArrayLike | None = None,
    *,
    entry_time: npt.ArrayLike | None = None,
    weight: npt.ArrayLike | None = None,
    sampling_weight: npt.ArrayLike | None = None,
    cluster: npt.ArrayLike | None = None,
    group: npt.ArrayLike | None = None,
    conf_level: float = 0.95,
    conf_type: IntervalKind = "log-log",
    variance: IncidenceVariance | None = None,
) -> CumulativeIncidence:
    """Estimate the cumulative incidence of each cause when others compete [1]_.

    Ties are exact; times are never perturbed. Intervals are made on the scale of 1 - incidence, so that with one cause
    they are the Kaplan-Meier intervals turned over. Where no event of a cause was seen so far the interval is
    one-sided.

    Parameters
    ----------
    data : LifeTable or int array, shape (n,)
        A life table, or exit times in whole units.
    event_type : int array, shape (n,), optional
        0 censored, 1..k the cause.
    entry_time : int array, shape (n,), optional
        Delayed entry: at risk at t are those with entry < t <= exit.
    weight : float array, shape (n,), optional
        Case weights: the row stands for so many persons.
    sampling_weight : float array, shape (n,), optional
        Sampling or propensity weights: the row is one person who counts for so much.
    cluster : array, shape (n,), optional
        Rows that belong together.
    group : array, shape (n,), optional
        Curves by group.
    conf_level : float
        Confidence level.
    conf_type : {"log-log", "log", "plain", "arcsine", "logit"}
        Scale on which the interval is symmetric.
    variance : {"greenwood", "aalen", "robust"}, optional
        ``"greenwood"`` [2]_ is the multinomial variance, Greenwood's when there is one cause. ``"aalen"`` [3]_ is that
        of ``cmprsk``; the two differ by a few per cent. ``"robust"`` is the infinitesimal jackknife, as R's
        ``survfit``: the same as Greenwood's without delayed entry, weights and clusters, and the default with
        sampling weights or clusters.

    Returns
    -------
    CumulativeIncidence
        Frozen.

    Raises
    ------
    EstimationError
        When the input is impossible.

    References
    ----------
    .. [1] Aalen & Johansen (1978), Scand. J. Statist. 5, 141-150.
    .. [2] Dinse & Larson (1986), Biometrika 73, 379-386.
    .. [3] Aalen (1978), Ann. Statist. 6, 534-545.

    Examples
    --------
    >>> curves = aalen_johansen([1, 2, 2, 3], [1, 2, 0, 1])
    >>> curves.at(2, cause=2)
    0.25
    """
    table = as_life_table(
        data,
        event_type,
        entry_time=entry_time,
        weight=weight,
        sampling_weight=sampling_weight,
        cluster=cluster,
        group=group,
    )
    check_level(conf_level)
    chosen = cast("IncidenceVariance", check_variance(table, variance, ("greenwood", "aalen", "robust")))
    event_free, before, estimate = _product_integral(table)
    std_error = np.sqrt(np.maximum(_VARIANCES[chosen](table, before, event_free, estimate), 0.0))
    low, high = probability_interval(1.0 - estimate, std_error, level=conf_level, kind=conf_type)
    low, high = _one_sided_where_flat(table, estimate, (1.0 - high, 1.0 - low), conf_level)
    return CumulativeIncidence(table, event_free, estimate, std_error, low, high, conf_level, conf_type, chosen)


_VARIANCES = {"greenwood": greenwood_variance, "aalen": aalen_variance, "robust": robust_variance}


def _product_integral(table: LifeTable) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Event-free share (n_groups, n_times) after and before each time; incidence (n_groups, n_causes, n_times)."""
    at_risk = table.weighted.at_risk
    n = np.where(at_risk > 0, at_risk, 1.0)
    hazard = table.weighted.events / n[:, :, None]
    stay = 1.0 - hazard.sum(axis=2)
    stay[stay < 1e-12] = 0.0
    event_free = np.cumprod(stay, axis=1)
    before = np.concatenate([np.ones_like(event_free[:, :1]), event_free[:, :-1]], axis=1)
    incidence = np.cumsum(before[:, :, None] * hazard, axis=1)
    return event_free, before, np.ascontiguousarray(incidence.transpose(0, 2, 1))


def _one_sided_where_flat(
    table: LifeTable, estimate: FloatArray, limits: tuple[FloatArray, FloatArray], level: float
) -> tuple[FloatArray, FloatArray]:
    low, high = limits
    n = table.effective_at_risk
    place = np.maximum.accumulate(np.where(n > 0, np.arange(n.shape[1])[None, :], 0), axis=1)
    bound = zero_event_bound(np.take_along_axis(n, place, axis=1), level)[:, None, :]
    none, all_of_them = estimate <= 0.0, estimate >= 1.0
    low = np.where(none, 0.0, np.where(all_of_them, bound, low))
    return low, np.where(none, 1.0 - bound, np.where(all_of_them, 1.0, high))
