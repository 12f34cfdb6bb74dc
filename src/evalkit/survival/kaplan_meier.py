"""The Kaplan-Meier estimate of staying free of an event."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, cast, overload

import numpy as np
import numpy.typing as npt
import polars as pl

from evalkit.survival.arrays import FloatArray, GroupLabel, IntArray
from evalkit.survival.errors import CompetingEventsError
from evalkit.survival.influence import Influence, check_variance, moments_over_time
from evalkit.survival.intervals import IntervalKind, check_level, probability_interval, zero_event_bound
from evalkit.survival.life_table import LifeTable, as_life_table
from evalkit.survival.lifelines_bridge import kaplan_meier_fitter
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

__all__ = ["CurveVariance", "KaplanMeier", "kaplan_meier", "one_sided_where_flat"]

CurveVariance: TypeAlias = Literal["greenwood", "robust"]


@dataclass(frozen=True, repr=False)
class KaplanMeier(ShownCurve):
    """Share still free of the event, by group and time.

    Parameters
    ----------
    life_table : LifeTable
        What it was computed from, with one cause.
    estimate, std_error, conf_low, conf_high : float array, shape (n_groups, n_times)
        From each time of the table on.
    conf_level : float
        Confidence level.
    conf_type : str
        Scale of the interval.
    has_competing_events : bool
        Whether other causes were treated as censoring.
    variance : {"greenwood", "robust"}
        How the standard errors were made.
    """

    life_table: LifeTable
    estimate: FloatArray
    std_error: FloatArray
    conf_low: FloatArray
    conf_high: FloatArray
    conf_level: float
    conf_type: IntervalKind
    has_competing_events: bool
    variance: CurveVariance

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
    def at(self, times: float, *, group: GroupLabel | None = None) -> float: ...
    @overload
    def at(self, times: npt.ArrayLike, *, group: GroupLabel | None = None) -> float | FloatArray: ...
    def at(self, times: npt.ArrayLike, *, group: GroupLabel | None = None) -> float | FloatArray:
        """Return the share still free of the event at given times.

        Parameters
        ----------
        times : float or float array, shape (n,)
            Events at exactly this time are included.
        group : str or int, optional
            The group's label; may be left out when there is one.

        Returns
        -------
        float or float array, shape (n,)
            NaN after the end of the group's follow-up, unless the curve has reached 0.

        Raises
        ------
        EstimationError
            When there is no such group or a time is negative.
        """
        row = self.life_table.group_index(group)
        grid = check_grid(times)
        values = read_steps(self.time, self.estimate[row], grid, start=1.0)
        values[beyond_follow_up(self.life_table, self.estimate, grid)[row]] = np.nan
        return float(values[0]) if np.ndim(times) == 0 else values

    def risk_at(self, times: float, *, group: GroupLabel | None = None) -> float:
        """Return 1 - survival, which is a risk only when nothing competes.

        Parameters
        ----------
        times : float
            Events at exactly this time are included.
        group : str or int, optional
            The group's label.

        Returns
        -------
        float
            The risk.

        Raises
        ------
        CompetingEventsError
            When other causes were treated as censoring: 1 - survival is then too high.
        """
        if self.has_competing_events:
            raise CompetingEventsError(
                "1 - Kaplan-Meier is no risk here: other events compete and were treated as censoring.",
                hint="Use aalen_johansen().",
            )
        return 1.0 - self.at(times, group=group)

    def tidy(self, grid: npt.ArrayLike | None = None) -> pl.DataFrame:
        """Return one row a group and time.

        Parameters
        ----------
        grid : array, shape (n_grid,), optional
            Times; without it those at which somebody of the group left.

        Returns
        -------
        DataFrame
            group, time, estimate, std_error, conf_low, conf_high, n_at_risk (entry < t <= exit), n_events and
            n_censored (up to and including t) in persons; with sampling weights also effective_at_risk, Kish's
            effective number. Estimates after the end of follow-up are null.
        """
        times = self.time.astype(np.float64) if grid is None else check_grid(grid)
        at_risk, events, censored = counts_on_grid(self.life_table, times)
        unknown = beyond_follow_up(self.life_table, self.estimate, times)
        columns: dict[str, FloatArray] = {
            name: np.where(unknown, np.nan, read_steps(self.time, values, times, start=start))
            for name, values, start in (
                ("estimate", self.estimate, 1.0),
                ("std_error", self.std_error, 0.0),
                ("conf_low", self.conf_low, 1.0),
                ("conf_high", self.conf_high, 1.0),
            )
        }
        columns["conf_low"] = np.minimum(
            columns["conf_low"], 1.0 - unseen_share(self.life_table, times, self.conf_level)
        )
        columns |= {"n_at_risk": at_risk, "n_events": events[:, :, 0], "n_censored": censored}
        columns |= effective_column(self.life_table, times)
        return tidy_rows(self.life_table, columns, None if grid is None else times)

    def plot(self, *, labels: CurveLabels | None = None) -> ShownFigure:
        """Draw the curves with bands, and persons at risk and events below.

        Parameters
        ----------
        labels : CurveLabels, optional
            The words of the figure.

        Returns
        -------
        ShownFigure
            A matplotlib figure with `alt_text`. Not disclosure-checked. For other ticks or axes give
            ``tidy(grid)`` to :func:`evalkit.survival.plot_curves`.
        """
        words = labels or CurveLabels(x="Time", y="Free of the event")
        return plot_curves(self.tidy(start_and(self.time)), labels=words)

    def to_lifelines(self, *, group: GroupLabel | None = None) -> Any:  # noqa: ANN401 - lifelines has no types
        """Fit a group's curve again as a ``lifelines.KaplanMeierFitter``, to go on there.

        Parameters
        ----------
        group : str or int, optional
            The group's label; may be left out when there is one.

        Returns
        -------
        lifelines.KaplanMeierFitter
            Fitted. Its variance is Greenwood's, also with sampling weights, whose sum it takes for a number of persons.

        Raises
        ------
        EstimationError
            When there is no such group.
        ConvergenceError
            When lifelines refuses: with delayed entry, where everybody at risk early on has the event.
        """
        row = self.life_table.group_index(group)
        return kaplan_meier_fitter(self.life_table, row, conf_level=self.conf_level)


def kaplan_meier(  # noqa: PLR0913 - the columns of one row, and three choices
    data: npt.ArrayLike | LifeTable,
    event_type: npt.ArrayLike | None = None,
    *,
    entry_time: npt.ArrayLike | None = None,
    weight: npt.ArrayLike | None = None,
    sampling_weight: npt.ArrayLike | None = None,
    cluster: npt.ArrayLike | None = None,
    group: npt.ArrayLike | None = None,
    cause: int | None = None,
    conf_level: float = 0.95,
    conf_type: IntervalKind = "log-log",
    variance: CurveVariance | None = None,
) -> KaplanMeier:
    """Estimate the share still free of the event [1]_.

    Where no event was seen so far, or the curve has reached 0, the interval is one-sided: the Clopper-Pearson limit for
    the persons at risk [2]_, not (1, 1) or missing.

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
        One curve a group.
    cause : int, optional
        This cause is the event and the others censor. Default: any cause is the event.
    conf_level : float
        Confidence level.
    conf_type : {"log-log", "log", "plain", "arcsine", "logit"}
        Scale on which the interval is symmetric.
    variance : {"greenwood", "robust"}, optional
        Greenwood's, or the infinitesimal jackknife [3]_, which alone respects sampling weights and clusters and is the
        default when there are any. It has no degrees-of-freedom factor.

    Returns
    -------
    KaplanMeier
        Frozen.

    Raises
    ------
    EstimationError
        When the input is impossible.

    References
    ----------
    .. [1] Kaplan & Meier (1958), JASA 53, 457-481.
    .. [2] Fay, Brittain & Proschan (2013), Biostatistics 14, 723-736.
    .. [3] Efron (1981), JASA 76, 312-319; Therneau & Grambsch (2000), Modeling Survival Data, section 7.2.

    Examples
    --------
    >>> curve = kaplan_meier([1, 2, 2, 3], [1, 0, 1, 0])
    >>> curve.at(2)
    0.5
    """
    full = as_life_table(
        data,
        event_type,
        entry_time=entry_time,
        weight=weight,
        sampling_weight=sampling_weight,
        cluster=cluster,
        group=group,
    )
    table = full.for_cause(None if cause is None else check_cause(cause))
    check_level(conf_level)
    chosen = check_variance(table, variance, ("greenwood", "robust"))
    estimate, growth, influence = _product_limit(table)
    if chosen == "robust":
        growth = moments_over_time(table, [influence])[:, 0, 0]
    std_error = estimate * np.sqrt(np.maximum(growth, 0.0))
    low, high = probability_interval(estimate, std_error, level=conf_level, kind=conf_type)
    low, high = one_sided_where_flat(table, estimate, (low, high), conf_level)
    others = cause is not None and bool(full.weighted.events.sum() > table.weighted.events.sum())
    return KaplanMeier(
        table, estimate, std_error, low, high, conf_level, conf_type, others, cast("CurveVariance", chosen)
    )


def one_sided_where_flat(
    table: LifeTable, estimate: FloatArray, limits: tuple[FloatArray, FloatArray], level: float
) -> tuple[FloatArray, FloatArray]:
    """Fill the limits where the curve is at 1 or at 0.

    Parameters
    ----------
    table : LifeTable
        For the number at risk.
    estimate : float array, shape (n_groups, n_times)
        The curve.
    limits : tuple of float array, shape (n_groups, n_times)
        Lower and upper limits, NaN at 1 and 0.
    level : float
        Confidence level.

    Returns
    -------
    tuple of float array
        Lower and upper limits without NaN.
    """
    low, high = limits
    n = _carry_forward(table.effective_at_risk, table.effective_at_risk > 0)
    bound = zero_event_bound(n, level)
    low, high = np.where(estimate >= 1.0, bound, low), np.where(estimate >= 1.0, 1.0, high)
    ended = estimate <= 0.0
    before = np.concatenate([np.ones_like(high[:, :1]), high[:, :-1]], axis=1)
    first = ended & ~np.concatenate([np.zeros_like(ended[:, :1]), ended[:, :-1]], axis=1)
    high = _carry_forward(np.where(first, before * (1.0 - bound), high), first | ~ended)
    return np.where(ended, 0.0, low), high


def _product_limit(table: LifeTable) -> tuple[FloatArray, FloatArray, Influence]:
    """Survival, Greenwood's sum, shape (n_groups, n_times), and what rows contribute to minus log survival."""
    events, at_risk = table.weighted.events[:, :, 0], table.weighted.at_risk
    n = np.where(at_risk > 0, at_risk, 1.0)
    stay = np.where(at_risk > 0, 1.0 - events / n, 1.0)
    stay[stay < 1e-12] = 0.0
    remaining = np.where(stay > 0, n - events, 1.0)
    drift = np.where(stay > 0, events / (n * remaining), 0.0)
    jump = np.where((stay > 0) & (at_risk > 0), 1.0 / remaining, 0.0)
    return (
        np.asarray(np.cumprod(stay, axis=1), dtype=np.float64),
        np.asarray(np.cumsum(drift, axis=1), dtype=np.float64),
        Influence(jump[:, None, :], drift),
    )


def _carry_forward(values: FloatArray, known: npt.NDArray[np.bool_]) -> FloatArray:
    """Each value, or the last known one before it."""
    place = np.where(known, np.arange(values.shape[1])[None, :], 0)
    return np.take_along_axis(values, np.maximum.accumulate(place, axis=1), axis=1)
