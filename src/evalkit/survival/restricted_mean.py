"""Restricted mean time free of the event: the area under the survival curve up to a horizon."""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Real
from typing import Literal

import numpy as np
import polars as pl

from evalkit.errors import EstimationError
from evalkit.survival.arrays import FloatArray, GroupLabel
from evalkit.survival.contrasts import Contrast, difference, ratio
from evalkit.survival.curve_labels import CurveLabels
from evalkit.survival.errors import CompetingEventsError
from evalkit.survival.estimate import Estimate, whole
from evalkit.survival.influence import Influence, final_moments, moments_over_time
from evalkit.survival.interval_plot import plot_intervals
from evalkit.survival.intervals import normal_quantile, zero_event_bound
from evalkit.survival.kaplan_meier import KaplanMeier
from evalkit.survival.life_table import LifeTable
from evalkit.survival.shown_figure import ShownFigure
from evalkit.survival.shown_result import ShownResult
from evalkit.survival.steps import beyond_follow_up, counts_on_grid, effective_column

__all__ = ["RestrictedMean", "check_horizon", "group_covariance", "mean_rows", "rmst"]


@dataclass(frozen=True, slots=True, repr=False)
class RestrictedMean(ShownResult):
    """Mean time free of, or lost to, the event within a horizon, by group.

    Parameters
    ----------
    horizon : float
        Where the area ends, in the curve's unit.
    groups : tuple of Estimate
        One a group.
    conf_level : float
        Confidence level.
    measure : {"rmst", "rmtl"}
        Mean time free of the event, or mean time lost to it.
    covariance : float array, shape (n_groups, n_groups), or None
        Of the means with each other; None when groups are independent, which they are without clusters.
    """

    horizon: float
    groups: tuple[Estimate, ...]
    conf_level: float
    measure: Literal["rmst", "rmtl"] = "rmst"
    covariance: FloatArray | None = None

    def at(self, group: GroupLabel | None = None) -> Estimate:
        """Return one group's mean.

        Parameters
        ----------
        group : str or int, optional
            The label; may be left out when there is one group.

        Returns
        -------
        Estimate
            The mean with its interval.

        Raises
        ------
        EstimationError
            When there is no such group.
        """
        found = [row for row in self.groups if group is None or row.group == group]
        if len(found) != 1:
            known = ", ".join(str(row.group) for row in self.groups)
            raise EstimationError(f"group {group}: not one group.", hint=f"There are: {known}.")
        return found[0]

    def difference(self, *, reference: GroupLabel, treated: GroupLabel) -> Contrast:
        """Return the treated arm's mean minus the reference arm's.

        Parameters
        ----------
        reference, treated : str or int
            The arms' labels.

        Returns
        -------
        Contrast
            In the curve's unit of time.

        Raises
        ------
        EstimationError
            When there is no such group.
        """
        covariance, arms = self._covariance(treated, reference), (self.at(treated), self.at(reference))
        return difference(f"{self.measure}_difference", *arms, level=self.conf_level, covariance=covariance)

    def ratio(self, *, reference: GroupLabel, treated: GroupLabel) -> Contrast:
        """Return the treated arm's mean divided by the reference arm's.

        Parameters
        ----------
        reference, treated : str or int
            The arms' labels.

        Returns
        -------
        Contrast
            A ratio.

        Raises
        ------
        EstimationError
            When there is no such group.
        """
        covariance, arms = self._covariance(treated, reference), (self.at(treated), self.at(reference))
        return ratio(f"{self.measure}_ratio", *arms, level=self.conf_level, covariance=covariance)

    def _covariance(self, treated: GroupLabel, reference: GroupLabel) -> float:
        if self.covariance is None:
            return 0.0
        labels = [row.group for row in self.groups]
        return float(self.covariance[labels.index(self.at(treated).group), labels.index(self.at(reference).group)])

    def tidy(self) -> pl.DataFrame:
        """Return one row a group.

        Returns
        -------
        DataFrame
            measure, group, horizon, estimate, std_error, conf_low, conf_high, n_persons, n_events.
        """
        numbers = ("estimate", "std_error", "conf_low", "conf_high")
        columns: dict[str, list[object]] = {
            "measure": [self.measure for _ in self.groups],
            "group": [row.group for row in self.groups],
            "horizon": [self.horizon for _ in self.groups],
        }
        columns |= {name: [getattr(row, name) for row in self.groups] for name in numbers}
        columns |= {name: [whole(getattr(row, name)) for row in self.groups] for name in ("n_persons", "n_events")}
        return pl.DataFrame(columns, strict=False)

    def plot(self, *, labels: CurveLabels | None = None) -> ShownFigure:
        """Draw the means as dots with their intervals, one a group.

        Parameters
        ----------
        labels : CurveLabels, optional
            The words of the figure; `arms` names the groups.

        Returns
        -------
        ShownFigure
            A matplotlib figure with `alt_text`. Not disclosure-checked.
        """
        what = "free of the event" if self.measure == "rmst" else "lost to the event"
        words = labels or CurveLabels(x=f"Mean time {what}, of {self.horizon:g}")
        return plot_intervals(self.tidy().rename({"group": "name"}), labels=words)


def rmst(curve: KaplanMeier, *, horizon: float) -> RestrictedMean:
    """Return the mean time free of the event within a horizon [1]_.

    The area runs from time 0, where the curve is 1, also when everybody enters later. The variance sums, over event
    times, the squared area still to come times Greenwood's increment; it has no small-sample factor.

    Parameters
    ----------
    curve : KaplanMeier
        Curves by group.
    horizon : float
        End of the area, in the curve's unit of time; above 0.

    Returns
    -------
    RestrictedMean
        Frozen, with ``difference`` and ``ratio``.

    Raises
    ------
    CompetingEventsError
        When other causes were treated as censoring.
    EstimationError
        When the horizon is not above 0, or a group is not followed to it.

    References
    ----------
    .. [1] Royston & Parmar (2013), BMC Med. Res. Methodol. 13, 152.

    Examples
    --------
    >>> from evalkit.survival.kaplan_meier import kaplan_meier
    >>> rmst(kaplan_meier([1, 2, 2, 3], [1, 0, 1, 0]), horizon=3).at().estimate
    2.25
    """
    if curve.has_competing_events:
        raise CompetingEventsError(
            "the area under this curve is no mean time: other events compete and were treated as censoring."
        )
    check_horizon(curve.life_table, curve.estimate, horizon)
    area, influence = _areas(curve, horizon)
    variance = _variance(curve, influence)
    events = counts_on_grid(curve.life_table, np.array([horizon]))[1][:, 0, 0]
    rows = mean_rows(curve.life_table, horizon, (area, variance, events), curve.conf_level)
    return RestrictedMean(horizon, rows, curve.conf_level, "rmst", group_covariance(curve.life_table, influence))


def mean_rows(
    table: LifeTable, horizon: float, numbers: tuple[FloatArray, FloatArray, FloatArray], level: float
) -> tuple[Estimate, ...]:
    """Put means and their intervals together.

    Parameters
    ----------
    table : LifeTable
        For groups and persons.
    horizon : float
        No mean is above it.
    numbers : tuple of float array, shape (n_groups,)
        Means, variances and events.
    level : float
        Confidence level.

    Returns
    -------
    tuple of Estimate
        One a group, limits within 0 and the horizon; one-sided where no event was seen: whoever is free of the event at
        the horizon was so all the time, and their share is at least the Clopper-Pearson limit of those followed to it.
    """
    z = normal_quantile(level)
    still_free = zero_event_bound(_effective_at(table, horizon), level)
    rows = []
    for label, mean, variance, n_events, n, free in zip(
        table.groups, *numbers, table.n_persons, still_free, strict=True
    ):
        error = float(np.sqrt(max(variance, 0.0)))
        low, high = max(mean - z * error, 0.0), min(mean + z * error, horizon)
        if n_events == 0:  # all of the time is free of the event in so large a share at least
            low, high = (0.0, horizon * (1.0 - free)) if mean == 0.0 else (horizon * free, horizon)
        rows.append(Estimate(label, float(mean), error, float(low), float(high), float(n), float(n_events)))
    return tuple(rows)


def _effective_at(table: LifeTable, horizon: float) -> FloatArray:
    """Effective number of persons followed to the horizon, shape (n_groups,)."""
    grid = np.array([horizon])
    return effective_column(table, grid).get("effective_at_risk", counts_on_grid(table, grid)[0])[:, 0]


def group_covariance(table: LifeTable, influence: Influence) -> FloatArray | None:
    """Return the covariance of the groups' means, when clusters may have members in several.

    Parameters
    ----------
    table : LifeTable
        The table.
    influence : Influence
        What rows add to their group's mean.

    Returns
    -------
    float array, shape (n_groups, n_groups), or None
        None without clusters.
    """
    if table.observations.cluster is None:
        return None
    return final_moments(table, [influence.of_group(g) for g in range(len(table.groups))])


def check_horizon(table: LifeTable, event_free: FloatArray, horizon: float) -> None:
    """Refuse a horizon to which a group is not followed.

    Parameters
    ----------
    table : LifeTable
        The table.
    event_free : float array, shape (n_groups, n_times)
        Share without any event.
    horizon : float
        End of the area.

    Raises
    ------
    EstimationError
        When the horizon is not above 0, or a group is not followed to it.
    """
    if not isinstance(horizon, Real) or not np.isfinite(horizon) or horizon <= 0:
        raise EstimationError(f"horizon {horizon}: not a number above 0.")
    short = beyond_follow_up(table, event_free, np.array([horizon]))[:, 0]
    if short.any():
        row = int(np.argmax(short))
        raise EstimationError(
            f"group {table.groups[row]}: nobody is followed to the horizon {horizon:g}.",
            hint=f"The last is followed to {int(table.last_time[row])}.",
        )


def _areas(curve: KaplanMeier, horizon: float) -> tuple[FloatArray, Influence]:
    """Area under each curve to the horizon, shape (n_groups,), and what rows take from it."""
    time = np.minimum(curve.time.astype(np.float64), horizon)
    width = np.diff(time, append=horizon)
    to_come = np.cumsum((curve.estimate * width)[:, ::-1], axis=1)[:, ::-1]
    events, n = curve.life_table.weighted.events[:, :, 0], curve.life_table.weighted.at_risk
    counted = (events > 0) & (curve.estimate > 0) & (curve.time < horizon)
    jump = np.where(counted, to_come / np.where(counted, n - events, 1.0), 0.0)
    drift = jump * events / np.where(n > 0, n, 1.0)
    return time[0] + to_come[:, 0], Influence(jump[:, None, :], drift)


def _variance(curve: KaplanMeier, influence: Influence) -> FloatArray:
    """Variance of each group's area, shape (n_groups,)."""
    if curve.variance == "robust":
        return np.asarray(moments_over_time(curve.life_table, [influence])[:, 0, 0, -1])
    events, n = curve.life_table.weighted.events[:, :, 0], np.maximum(curve.life_table.weighted.at_risk, 1e-300)
    to_come_squared = influence.jump[:, 0] ** 2 * (n - events)
    return np.asarray(np.sum(to_come_squared * events / n, axis=1))
