"""The difference and the ratio of two arms' risks at one time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.special import ndtr

from evalkit.errors import EstimationError
from evalkit.survival.aalen_johansen import CumulativeIncidence
from evalkit.survival.arrays import GroupLabel
from evalkit.survival.curve_labels import CurveLabels
from evalkit.survival.estimate import Estimate, whole
from evalkit.survival.interval_plot import plot_intervals
from evalkit.survival.intervals import normal_quantile
from evalkit.survival.shown_figure import ShownFigure
from evalkit.survival.shown_result import ShownResult

__all__ = ["Contrast", "difference", "ratio", "risk_difference", "risk_ratio"]


_NUMBERS = ("estimate", "std_error", "conf_low", "conf_high", "statistic", "p_value")


@dataclass(frozen=True, slots=True, repr=False)
class Contrast(ShownResult):
    """One number that compares the treated arm with the reference arm.

    Parameters
    ----------
    measure : str
        For example ``"risk_difference"``.
    estimate, std_error : float
        The number and its standard error, on its own scale; a ratio's standard error by the delta method.
    conf_low, conf_high : float
        Limits; a ratio's are made on the log scale.
    statistic, p_value : float
        z and its two-sided p; NaN when an arm's standard error is 0 (no events, or nobody left), as z would
        then overstate what is known.
    conf_level : float
        Confidence level.
    reference, treated : str or int
        The arms' labels.
    n_persons, n_events : float
        In both arms together, events up to the time in question.
    """

    measure: str
    estimate: float
    std_error: float
    conf_low: float
    conf_high: float
    statistic: float
    p_value: float
    conf_level: float
    reference: GroupLabel
    treated: GroupLabel
    n_persons: float
    n_events: float

    def tidy(self) -> pl.DataFrame:
        """Return one row.

        Returns
        -------
        DataFrame
            measure, reference, treated, estimate, std_error, conf_low, conf_high, statistic, p_value, n_persons,
            n_events; not-a-number becomes null.
        """
        row: dict[str, list[object]] = {
            "measure": [self.measure],
            "reference": [self.reference],
            "treated": [self.treated],
        }
        row |= {name: [getattr(self, name)] for name in _NUMBERS}
        row |= {name: [whole(getattr(self, name))] for name in ("n_persons", "n_events")}
        return pl.DataFrame(row).with_columns(pl.col(_NUMBERS).fill_nan(None))

    def plot(self, *, labels: CurveLabels | None = None) -> ShownFigure:
        """Draw the contrast as a dot with its interval, and a line where the arms are alike.

        Parameters
        ----------
        labels : CurveLabels, optional
            The words of the figure; `arms` names the measure.

        Returns
        -------
        ShownFigure
            A matplotlib figure with `alt_text`. Not disclosure-checked.
        """
        is_ratio = self.measure.endswith("_ratio")
        name = self.measure.replace("_", " ").capitalize().replace("Rmst", "RMST").replace("Rmtl", "RMTL")
        words = labels or CurveLabels(x=name, arms={self.measure: f"{self.treated} against {self.reference}"})
        return plot_intervals(
            self.tidy().rename({"measure": "name"}),
            labels=words,
            reference=1.0 if is_ratio else 0.0,
            is_ratio=is_ratio,
            is_share="risk_difference" in self.measure,
        )


def risk_difference(
    incidence: CumulativeIncidence,
    *,
    time: float,
    reference: GroupLabel,
    treated: GroupLabel,
    cause: int = 1,
) -> Contrast:
    """Return the treated arm's risk minus the reference arm's.

    The variance is the sum of the two variances, less twice the covariance when clusters have members in both arms.
    When an arm has no event the limits are those of the two arms' own intervals combined [1]_, so that they do not
    shrink to what only one arm leaves open.

    Parameters
    ----------
    incidence : CumulativeIncidence
        Cumulative incidence by arm.
    time : float
        The horizon.
    reference, treated : str or int
        The arms' labels.
    cause : int
        The event.

    Returns
    -------
    Contrast
        Frozen.

    Raises
    ------
    EstimationError
        When there is no such arm, or an arm is not followed to `time`.

    References
    ----------
    .. [1] Newcombe (1998), Statistics in Medicine 17, 873-890 (method 10, MOVER).
    """
    treated_risk = incidence.risk(time, cause=cause, group=treated)
    reference_risk = incidence.risk(time, cause=cause, group=reference)
    covariance = incidence.covariance_at(time, cause=cause, groups=(treated, reference))
    level = incidence.conf_level
    return difference("risk_difference", treated_risk, reference_risk, level=level, covariance=covariance)


def risk_ratio(
    incidence: CumulativeIncidence,
    *,
    time: float,
    reference: GroupLabel,
    treated: GroupLabel,
    cause: int = 1,
) -> Contrast:
    """Return the treated arm's risk divided by the reference arm's.

    Parameters
    ----------
    incidence : CumulativeIncidence
        Cumulative incidence by arm.
    time : float
        The horizon.
    reference, treated : str or int
        The arms' labels.
    cause : int
        The event.

    Returns
    -------
    Contrast
        Frozen.

    Raises
    ------
    EstimationError
        When there is no such arm, an arm is not followed to `time`, or the reference arm has no event.
    """
    treated_risk = incidence.risk(time, cause=cause, group=treated)
    reference_risk = incidence.risk(time, cause=cause, group=reference)
    covariance = incidence.covariance_at(time, cause=cause, groups=(treated, reference))
    level = incidence.conf_level
    return ratio("risk_ratio", treated_risk, reference_risk, level=level, covariance=covariance)


def difference(
    measure: str, treated: Estimate, reference: Estimate, *, level: float, covariance: float = 0.0
) -> Contrast:
    """Subtract two estimates.

    Parameters
    ----------
    measure : str
        What to call the result.
    treated, reference : Estimate
        The two arms'.
    level : float
        Confidence level.
    covariance : float
        Of the two; not 0 when clusters have members in both arms.

    Returns
    -------
    Contrast
        Treated minus reference.

    Raises
    ------
    EstimationError
        When both are the same arm.
    """
    _check_arms(measure, treated, reference)
    estimate = treated.estimate - reference.estimate
    spread = treated.std_error**2 + reference.std_error**2 - 2.0 * covariance
    std_error = float(np.sqrt(max(spread, 0.0)))
    margin = normal_quantile(level) * std_error
    low, high, statistic = estimate - margin, estimate + margin, estimate / std_error if std_error else np.nan
    if treated.std_error == 0.0 or reference.std_error == 0.0:
        down = np.hypot(treated.estimate - treated.conf_low, reference.conf_high - reference.estimate)
        up = np.hypot(treated.conf_high - treated.estimate, reference.estimate - reference.conf_low)
        low, high, statistic = estimate - float(down), estimate + float(up), np.nan
    return _contrast(measure, treated, reference, (estimate, std_error, low, high, statistic, level))


def ratio(measure: str, treated: Estimate, reference: Estimate, *, level: float, covariance: float = 0.0) -> Contrast:
    """Divide two estimates, with limits made on the log scale.

    Parameters
    ----------
    measure : str
        What to call the result.
    treated, reference : Estimate
        The two arms'.
    level : float
        Confidence level.
    covariance : float
        Of the two; not 0 when clusters have members in both arms.

    Returns
    -------
    Contrast
        Treated divided by reference; when the treated arm's estimate is 0, an upper limit from its own interval and
        no lower one but 0.

    Raises
    ------
    EstimationError
        When both are the same arm, or the reference arm's estimate is 0.
    """
    _check_arms(measure, treated, reference)
    if reference.estimate <= 0.0:
        raise EstimationError(f"{measure}: the estimate in {reference.group} is 0, so there is no ratio to it.")
    estimate = treated.estimate / reference.estimate
    relative = reference.std_error / reference.estimate
    if treated.estimate <= 0.0:
        high = treated.conf_high / reference.conf_low if reference.conf_low > 0.0 else np.inf
        return _contrast(measure, treated, reference, (0.0, np.nan, 0.0, high, np.nan, level))
    joint = 2.0 * covariance / (treated.estimate * reference.estimate)
    spread = (treated.std_error / treated.estimate) ** 2 + relative**2 - joint
    log_error = float(np.sqrt(max(spread, 0.0)))
    margin = np.exp(normal_quantile(level) * log_error)
    statistic = float(np.log(estimate) / log_error) if log_error else np.nan
    limits = (estimate / margin, estimate * margin)
    if treated.std_error == 0.0 or reference.std_error == 0.0:
        down = np.hypot(
            _log_ratio(treated.estimate, treated.conf_low), _log_ratio(reference.conf_high, reference.estimate)
        )
        up = np.hypot(
            _log_ratio(treated.conf_high, treated.estimate), _log_ratio(reference.estimate, reference.conf_low)
        )
        limits, statistic = (float(estimate * np.exp(-down)), float(estimate * np.exp(up))), np.nan
    return _contrast(measure, treated, reference, (estimate, estimate * log_error, *limits, statistic, level))


def _contrast(
    measure: str, treated: Estimate, reference: Estimate, numbers: tuple[float, float, float, float, float, float]
) -> Contrast:
    estimate, std_error, low, high, statistic, level = (float(number) for number in numbers)
    return Contrast(
        measure=measure,
        estimate=estimate,
        std_error=std_error,
        conf_low=low,
        conf_high=high,
        statistic=statistic,
        p_value=2.0 * float(ndtr(-abs(statistic))),
        conf_level=level,
        reference=reference.group,
        treated=treated.group,
        n_persons=treated.n_persons + reference.n_persons,
        n_events=treated.n_events + reference.n_events,
    )


def _log_ratio(high: float, low: float) -> float:
    return float(np.log(high / low)) if low > 0.0 else np.inf


def _check_arms(measure: str, treated: Estimate, reference: Estimate) -> None:
    if treated.group == reference.group:
        raise EstimationError(f"{measure}: {treated.group} is compared with itself.", hint="Name two arms.")
