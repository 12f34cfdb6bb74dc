"""Accelerated failure time models, fitted by lifelines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.special import ndtr

from evalkit.errors import EstimationError
from evalkit.survival.arrays import FloatArray
from evalkit.survival.curve_labels import CurveLabels
from evalkit.survival.errors import ConvergenceError
from evalkit.survival.intervals import normal_quantile
from evalkit.survival.lifelines_seam import check_columns, fit_quietly
from evalkit.survival.ratio_plot import plot_ratios
from evalkit.survival.separation import check_independent, check_separation
from evalkit.survival.shown_figure import ShownFigure
from evalkit.survival.shown_result import ShownResult

__all__ = ["Distribution", "ParametricFit", "parametric_model"]

Distribution: TypeAlias = Literal["weibull", "log-normal", "log-logistic"]

# lifelines' own tolerance of 1e-6 ends a log-logistic fit 1.5 per cent off.
_EXACT = {"ftol": 1e-14}
# lifelines' fitter, its names of the location and of the other parameter, and whether that is a shape (1 / scale)
_MODELS: dict[str, tuple[str, str, str, bool]] = {
    "weibull": ("WeibullAFTFitter", "lambda_", "rho_", True),
    "log-normal": ("LogNormalAFTFitter", "mu_", "sigma_", False),
    "log-logistic": ("LogLogisticAFTFitter", "alpha_", "beta_", True),
}


@dataclass(frozen=True, repr=False)
class ParametricFit(ShownResult):
    """A fitted accelerated failure time model: log time = intercept + covariates + scale times noise.

    Parameters
    ----------
    distribution : {"weibull", "log-normal", "log-logistic"}
        Of the time.
    names : tuple of str
        The covariates, then ``intercept`` and ``log_scale``.
    coefficients : float array, shape (p + 2,)
        Log time ratios, the intercept, and the logarithm of the scale.
    covariance : float array, shape (p + 2, p + 2)
        The inverse information.
    log_likelihood : float
        Of the times.
    log_likelihood_log_time : float
        Of the logarithms of the times, as Stata prints it: greater by the sum of log time over events.
    n_persons, n_events : int
        Rows, and rows with an event.
    fitter : lifelines fitter
        What was fitted. It holds the data: it never leaves the secure zone.
    """

    distribution: Distribution
    names: tuple[str, ...]
    coefficients: FloatArray
    covariance: FloatArray
    log_likelihood: float
    log_likelihood_log_time: float
    n_persons: int
    n_events: int
    fitter: Any = field(repr=False, compare=False)

    @property
    def std_error(self) -> FloatArray:
        """Standard errors of the coefficients, shape (p + 2,)."""
        return np.asarray(np.sqrt(np.diag(self.covariance)))

    @property
    def scale(self) -> float:
        """Scale of the noise; for the Weibull and log-logistic distributions 1 / shape."""
        return float(np.exp(self.coefficients[-1]))

    def tidy(self, *, conf_level: float = 0.95) -> pl.DataFrame:
        """Return one row a parameter.

        Parameters
        ----------
        conf_level : float
            Confidence level.

        Returns
        -------
        DataFrame
            term, estimate (log time ratio), std_error, conf_low, conf_high, statistic, p_value, time_ratio,
            time_ratio_low, time_ratio_high, n_persons, n_events. The last two rows are ``intercept`` and ``log_scale``,
            whose ratios are null.
        """
        z, margin = self.coefficients / self.std_error, normal_quantile(conf_level) * self.std_error
        low, high = self.coefficients - margin, self.coefficients + margin
        frame = pl.DataFrame(
            {
                "term": self.names,
                "estimate": self.coefficients,
                "std_error": self.std_error,
                "conf_low": low,
                "conf_high": high,
                "statistic": z,
                "p_value": 2.0 * ndtr(-np.abs(z)),
            }
        )
        is_covariate = pl.int_range(pl.len()) < len(self.names) - 2
        ratios = {"time_ratio": "estimate", "time_ratio_low": "conf_low", "time_ratio_high": "conf_high"}
        return frame.with_columns(
            **{ratio: pl.when(is_covariate).then(pl.col(column).exp()) for ratio, column in ratios.items()},
            n_persons=pl.lit(self.n_persons),
            n_events=pl.lit(self.n_events),
        )

    def plot(self, *, labels: CurveLabels | None = None, conf_level: float = 0.95) -> ShownFigure:
        """Draw the time ratios with their intervals on a logarithmic axis.

        Parameters
        ----------
        labels : CurveLabels, optional
            The words of the figure; `arms` names the covariates.
        conf_level : float
            Confidence level.

        Returns
        -------
        ShownFigure
            A matplotlib figure with `alt_text`. Not disclosure-checked.
        """
        return plot_ratios(self.tidy(conf_level=conf_level), "time_ratio", labels or CurveLabels(x="Time ratio"))

    def to_lifelines(self) -> Any:  # noqa: ANN401 - lifelines has no types
        """Return what was fitted, to go on there: curves, predictions, comparison of distributions.

        Returns
        -------
        lifelines.WeibullAFTFitter, lifelines.LogNormalAFTFitter or lifelines.LogLogisticAFTFitter
            Fitted; its parameters are lifelines' own.
        """
        return self.fitter


def parametric_model(
    exit_time: npt.ArrayLike,
    event: npt.ArrayLike,
    covariates: npt.ArrayLike,
    names: Sequence[str],
    *,
    distribution: Distribution,
) -> ParametricFit:
    """Fit an accelerated failure time model [1]_ by lifelines' ``WeibullAFTFitter`` and its siblings.

    Parameters
    ----------
    exit_time : float array, shape (n,)
        Time of event or censoring, above 0.
    event : bool array, shape (n,)
        Whether the event happened.
    covariates : float array, shape (n, p)
        One column a covariate.
    names : sequence of str
        Their names.
    distribution : {"weibull", "log-normal", "log-logistic"}
        Of the time.

    Returns
    -------
    ParametricFit
        Frozen. Parameters are those of R's ``survreg``.

    Raises
    ------
    EstimationError
        When a value is missing or impossible, or a time is not above 0.
    TooFewEventsError
        When there are no events, or no more events than covariates.
    SeparationError
        When a coefficient is infinite.
    ConvergenceError
        When there is no maximum.

    References
    ----------
    .. [1] Kalbfleisch & Prentice (2002), The Statistical Analysis of Failure Time Data, chapter 3; Davidson-Pilon
       (2019), JOSS 4(40), 1317.
    """
    if distribution not in tuple(_MODELS):
        raise EstimationError(f"distribution {distribution}: not known.", hint=f"One of {', '.join(_MODELS)}.")
    columns = check_columns(exit_time, event, covariates, names)
    time, happened = columns["_exit"], columns["_event"]
    n_wrong = int(np.count_nonzero(time <= 0))
    if n_wrong:
        raise EstimationError(f"exit time: not above 0 in {n_wrong:,} of {time.size:,} rows.", hint="Use a finer unit.")
    x = np.column_stack([columns[name] for name in columns if name not in {"_exit", "_event"}])
    check_independent(x, names)
    check_separation(x, happened == 1, names)
    fitted = _fit(distribution, columns)
    coefficients, covariance = _as_survreg(fitted, distribution, list(names))
    if not np.all(np.isfinite(coefficients)) or not np.all(np.diag(covariance) > 0):
        raise ConvergenceError(
            f"{distribution} model: no maximum.", hint="Look for covariates on very different scales."
        )
    log_likelihood, logs = float(fitted.log_likelihood_), float(np.sum(np.log(time) * happened))
    terms = (*names, "intercept", "log_scale")
    sizes = (int(time.size), int(happened.sum()))
    likelihoods = (log_likelihood, log_likelihood + logs)
    return ParametricFit(distribution, terms, coefficients, covariance, *likelihoods, *sizes, fitter=fitted)


def _fit(distribution: str, columns: dict[str, npt.NDArray[Any]]) -> Any:  # noqa: ANN401 - lifelines has no types
    import lifelines  # noqa: PLC0415 - a second that nobody else needs
    import pandas as pd  # noqa: PLC0415 - only here

    fitter, frame = getattr(lifelines, _MODELS[distribution][0]), pd.DataFrame(columns)
    return fit_quietly(f"{distribution} model", lambda: fitter().fit(frame, "_exit", "_event", fit_options=_EXACT))


def _as_survreg(fitted: Any, distribution: str, names: list[str]) -> tuple[FloatArray, FloatArray]:  # noqa: ANN401 - lifelines has no types
    """Coefficients and covariance in our order, with log scale where lifelines has log shape."""
    _, location, other, is_shape = _MODELS[distribution]
    order = [*((location, name) for name in names), (location, "Intercept"), (other, "Intercept")]
    turn = np.ones(len(order))
    turn[-1] = -1.0 if is_shape else 1.0
    coefficients = fitted.params_.loc[order].to_numpy(dtype=np.float64) * turn
    return coefficients, fitted.variance_matrix_.loc[order, order].to_numpy(dtype=np.float64) * np.outer(turn, turn)
