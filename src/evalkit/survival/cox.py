"""Cox's proportional hazards model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, TypeAlias, get_args

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.special import ndtr
from scipy.stats import chi2

from evalkit.errors import EstimationError
from evalkit.survival.arrays import FloatArray, binned
from evalkit.survival.concordance import concordance
from evalkit.survival.cox_sample import CoxSample, check_cox_sample
from evalkit.survival.curve_labels import CurveLabels
from evalkit.survival.intervals import normal_quantile
from evalkit.survival.lifelines_bridge import cox_fitter
from evalkit.survival.maximise import maximise
from evalkit.survival.partial_likelihood import Likelihood, evaluate_likelihood, score_residuals
from evalkit.survival.ratio_plot import plot_ratios
from evalkit.survival.shown_figure import ShownFigure
from evalkit.survival.shown_result import ShownResult

__all__ = ["ChiSquaredTest", "CoxFit", "Ties", "cox"]

Ties: TypeAlias = Literal["efron", "breslow"]


@dataclass(frozen=True, slots=True)
class ChiSquaredTest:
    """A chi-squared test.

    Parameters
    ----------
    statistic : float
        Chi-squared.
    degrees_of_freedom : int
        Of the statistic.
    p_value : float
        Upper tail.
    """

    statistic: float
    degrees_of_freedom: int
    p_value: float


@dataclass(frozen=True, repr=False)
class CoxFit(ShownResult):
    """A fitted proportional hazards model.

    Parameters
    ----------
    names : tuple of str
        The covariates.
    coefficients : float array, shape (p,)
        Log hazard ratios.
    covariance : float array, shape (p, p)
        Of the coefficients: the sandwich when robust, else the inverse information.
    naive_covariance : float array, shape (p, p)
        The inverse information.
    log_likelihood, log_likelihood_null : float
        Partial, at the estimate and with all coefficients 0.
    score_statistic : float
        Of the score test of all coefficients 0.
    ties : {"efron", "breslow"}
        How tied events were treated.
    is_robust : bool
        Whether `covariance` is the sandwich.
    n_persons, n_events, n_clusters : int
        Rows, rows with an event, and clusters (rows when there are none).
    sample : CoxSample
        The data, for what is derived from the fit. Person-level: it never leaves the secure zone.
    likelihood : Likelihood
        At the estimate, likewise.
    """

    names: tuple[str, ...]
    coefficients: FloatArray
    covariance: FloatArray
    naive_covariance: FloatArray
    log_likelihood: float
    log_likelihood_null: float
    score_statistic: float
    ties: Ties
    is_robust: bool
    n_persons: int
    n_events: int
    n_clusters: int
    sample: CoxSample = field(repr=False, compare=False)
    likelihood: Likelihood = field(repr=False, compare=False)

    @property
    def std_error(self) -> FloatArray:
        """Standard errors of the coefficients, shape (p,)."""
        return np.asarray(np.sqrt(np.diag(self.covariance)))

    @property
    def likelihood_ratio_test(self) -> ChiSquaredTest:
        """Twice the gain in log-likelihood; not valid with sampling weights or clusters."""
        return self._chi_squared(2.0 * (self.log_likelihood - self.log_likelihood_null))

    @property
    def wald_test(self) -> ChiSquaredTest:
        """Coefficients against their covariance."""
        return self._chi_squared(float(self.coefficients @ np.linalg.solve(self.covariance, self.coefficients)))

    @property
    def score_test(self) -> ChiSquaredTest:
        """Score at 0 against the information there; not valid with sampling weights or clusters."""
        return self._chi_squared(self.score_statistic)

    @cached_property
    def concordance(self) -> float:
        """Share of comparable pairs in which the higher predictor had the event first."""
        sample = self.sample
        return concordance(
            _tied_predictor(self.coefficients, sample),
            sample.exit_time,
            sample.event,
            entry_time=sample.entry_time,
            weight=sample.weight,
            strata=sample.strata,
        )

    def tidy(self, *, conf_level: float = 0.95) -> pl.DataFrame:
        """Return one row a covariate.

        Parameters
        ----------
        conf_level : float
            Confidence level.

        Returns
        -------
        DataFrame
            term, estimate (log hazard ratio), std_error, conf_low, conf_high, statistic, p_value, hazard_ratio,
            hazard_ratio_low, hazard_ratio_high, n_persons, n_events.
        """
        z, error = self.coefficients / self.std_error, self.std_error
        margin = normal_quantile(conf_level) * error
        low, high = self.coefficients - margin, self.coefficients + margin
        return pl.DataFrame(
            {
                "term": self.names,
                "estimate": self.coefficients,
                "std_error": error,
                "conf_low": low,
                "conf_high": high,
                "statistic": z,
                "p_value": 2.0 * ndtr(-np.abs(z)),
                "hazard_ratio": np.exp(self.coefficients),
                "hazard_ratio_low": np.exp(low),
                "hazard_ratio_high": np.exp(high),
            }
        ).with_columns(n_persons=pl.lit(self.n_persons), n_events=pl.lit(self.n_events))

    def plot(self, *, labels: CurveLabels | None = None, conf_level: float = 0.95) -> ShownFigure:
        """Draw the hazard ratios with their intervals on a logarithmic axis.

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
        return plot_ratios(self.tidy(conf_level=conf_level), "hazard_ratio", labels or CurveLabels(x="Hazard ratio"))

    def to_lifelines(self) -> Any:  # noqa: ANN401 - lifelines has no types
        """Fit the model again as a ``lifelines.CoxPHFitter``, to go on there.

        Returns
        -------
        lifelines.CoxPHFitter
            Fitted to the same rows, weights, strata, clusters and entries. Its sandwich differs by a few per cent, and
            with several rows a person by more.

        Raises
        ------
        EstimationError
            When lifelines has no such model: it has neither Breslow's ties nor an offset.
        """
        return cox_fitter(self.sample, ties=self.ties, is_robust=self.is_robust)

    def _chi_squared(self, statistic: float) -> ChiSquaredTest:
        freedom = len(self.names)
        return ChiSquaredTest(statistic, freedom, float(chi2.sf(statistic, freedom)))


def cox(  # noqa: PLR0913 - the columns of one row, and two choices
    exit_time: npt.ArrayLike,
    event: npt.ArrayLike,
    covariates: npt.ArrayLike,
    names: Sequence[str],
    *,
    entry_time: npt.ArrayLike | None = None,
    weight: npt.ArrayLike | None = None,
    sampling_weight: npt.ArrayLike | None = None,
    strata: npt.ArrayLike | None = None,
    cluster: npt.ArrayLike | None = None,
    offset: npt.ArrayLike | None = None,
    ties: Ties = "efron",
    robust: bool = False,
) -> CoxFit:
    """Fit a proportional hazards model [1]_ by maximum partial likelihood.

    Parameters
    ----------
    exit_time : int array, shape (n,)
        Time of event or censoring in whole units.
    event : bool or int array, shape (n,)
        Whether it was the event; other causes are given as no event (cause-specific hazard).
    covariates : float array, shape (n, p)
        One column a covariate.
    names : sequence of str
        The covariates' names.
    entry_time : int array, shape (n,), optional
        Delayed entry: at risk at t are those with entry < t <= exit. A person may have several rows.
    weight : float array, shape (n,), optional
        Case weights: the row stands for so many persons. With Breslow's ties whole weights are the same as replicated
        rows; with Efron's they are not, as the events of a replicated row would be tied with each other.
    sampling_weight : float array, shape (n,), optional
        Sampling or propensity weights: the row is one person who counts for so much; makes the covariance robust.
    strata : array, shape (n,), optional
        Each stratum has its own baseline hazard.
    cluster : array, shape (n,), optional
        Rows that belong together (a person's, a prison's); makes the covariance robust.
    offset : float array, shape (n,), optional
        Added to the linear predictor.
    ties : {"efron", "breslow"}
        Efron's [2]_ is closer to the exact likelihood.
    robust : bool
        Sandwich covariance [3]_, without a degrees-of-freedom factor.

    Returns
    -------
    CoxFit
        Frozen.

    Raises
    ------
    EstimationError
        When the input is impossible, ties are not known, a covariate is constant, or covariates depend on each other.
    TooFewEventsError
        When there are no events, or no more events than covariates.
    SeparationError
        When a coefficient runs off to infinity.
    ConvergenceError
        When no maximum was found.

    References
    ----------
    .. [1] Cox (1972), JRSS B 34, 187-220.
    .. [2] Efron (1977), JASA 72, 557-565.
    .. [3] Lin & Wei (1989), JASA 84, 1074-1078.

    Examples
    --------
    >>> fit = cox([1, 2, 3, 4], [1, 1, 1, 1], [[1.0], [0.0], [1.0], [0.0]], ["aid"])
    >>> fit.tidy().columns[:3]
    ['term', 'estimate', 'std_error']
    """
    if ties not in get_args(Ties):
        raise EstimationError(f"ties {ties}: not known.", hint=f"One of {', '.join(get_args(Ties))}.")
    sample = check_cox_sample(
        exit_time,
        event,
        covariates,
        names,
        entry_time=entry_time,
        weight=weight,
        sampling_weight=sampling_weight,
        strata=strata,
        cluster=cluster,
        offset=offset,
        efron=ties == "efron",
    )

    def evaluate(coefficients: FloatArray) -> Likelihood:
        return evaluate_likelihood(coefficients, sample.covariates, sample.weight, sample.offset, sample.sets)

    null = evaluate(np.zeros(len(names)))
    coefficients, best = maximise(evaluate, null, sample.names, sample.covariates)
    naive = np.asarray(np.linalg.inv(best.information), dtype=np.float64)
    is_robust = robust or cluster is not None or sampling_weight is not None
    return CoxFit(
        names=sample.names,
        coefficients=coefficients,
        covariance=_sandwich(best, naive, sample) if is_robust else naive,
        naive_covariance=naive,
        log_likelihood=best.value,
        log_likelihood_null=null.value,
        score_statistic=float(null.score @ np.linalg.solve(null.information, null.score)),
        ties=ties,
        is_robust=is_robust,
        n_persons=sample.exit_time.size,
        n_events=int(sample.event.sum()),
        n_clusters=sample.n_clusters,
        sample=sample,
        likelihood=best,
    )


def _sandwich(fit: Likelihood, naive: FloatArray, sample: CoxSample) -> FloatArray:
    influence = naive @ (score_residuals(fit, sample.covariates, sample.sets, sample.weight) * sample.weight)
    if sample.cluster is not None:
        influence = np.stack([binned(sample.cluster, row, sample.n_clusters) for row in influence])
    elif sample.case_weight is not None:
        influence = influence / np.sqrt(sample.case_weight)
    return np.asarray(influence @ influence.T)


def _tied_predictor(coefficients: FloatArray, sample: CoxSample) -> FloatArray:
    """Add up covariate by covariate, so that equal rows get equal sums to the last bit.

    A matrix product rounds rows differently by their position and by the processor, and would break ties.
    """
    predictor = np.zeros(sample.covariates.shape[1]) if sample.offset is None else sample.offset.copy()
    for coefficient, row in zip(coefficients, sample.covariates, strict=True):
        predictor = predictor + coefficient * row
    return predictor
