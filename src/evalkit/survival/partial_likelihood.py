"""Cox's partial likelihood with its derivatives and score residuals, for Efron's and Breslow's ties."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evalkit.survival.arrays import FloatArray, binned, row_blocks
from evalkit.survival.risk_sets import RiskSets

__all__ = ["Likelihood", "evaluate_likelihood", "mean_at_events", "score_residuals", "sum_of_variances"]


@dataclass(frozen=True, slots=True)
class Likelihood:
    """The partial likelihood at given coefficients.

    Parameters
    ----------
    value : float
        Log-likelihood.
    score : float array, shape (p,)
        First derivatives.
    information : float array, shape (p, p)
        Minus second derivatives.
    relative_hazard : float array, shape (n,)
        exp of the linear predictor, up to a constant factor.
    at_risk, events : float array, shape (p, n_slots)
        Weighted sums of covariates times hazard over risk sets and over tied events.
    terms : tuple of float array, shape (n_slots,)
        Sums over tied terms: of weight / denominator, the same times the fraction gone, and of weight / denominator
        squared times the fraction to the power 0, 1 and 2.
    shift : float
        Log of the constant factor: the hazard is `relative_hazard` times exp(shift).
    """

    value: float
    score: FloatArray
    information: FloatArray
    relative_hazard: FloatArray
    at_risk: FloatArray
    events: FloatArray
    terms: tuple[FloatArray, FloatArray, FloatArray, FloatArray, FloatArray]
    shift: float


def evaluate_likelihood(
    coefficients: FloatArray,
    covariates: FloatArray,
    weight: FloatArray,
    offset: FloatArray | None,
    sets: RiskSets,
) -> Likelihood:
    """Evaluate the log partial likelihood [1]_ and its derivatives.

    Parameters
    ----------
    coefficients : float array, shape (p,)
        Log hazard ratios.
    covariates : float array, shape (p, n)
        One row a covariate, centred.
    weight : float array, shape (n,)
        Weights.
    offset : float array, shape (n,), or None
        Added to the linear predictor.
    sets : RiskSets
        Risk sets.

    Returns
    -------
    Likelihood
        Frozen; the value is -inf when the hazards cannot be represented.

    References
    ----------
    .. [1] Efron (1977), JASA 72, 557-565; Therneau & Grambsch (2000), Modeling Survival Data, chapter 3.
    """
    predictor = coefficients @ covariates
    if offset is not None:
        predictor += offset
    shift = float(predictor.max())
    predictor -= shift
    of_events = float(sets.event_weight @ predictor)
    hazard = np.exp(predictor, out=predictor)
    mass = weight * hazard
    at_risk_mass, event_mass = sets.risk_and_event_sums(mass)
    product = np.empty_like(mass)
    sums = [sets.risk_and_event_sums(np.multiply(mass, row, out=product)) for row in covariates]
    at_risk, events = np.stack([pair[0] for pair in sums]), np.stack([pair[1] for pair in sums])
    denominator = at_risk_mass[sets.share_slot]
    denominator -= sets.share_fraction * event_mass[sets.share_slot]
    if not np.all(denominator > 0.0):
        empty = np.zeros((covariates.shape[0], covariates.shape[0]))
        nothing = (np.zeros(sets.n_slots),) * 5
        return Likelihood(-np.inf, empty[0], empty, hazard, at_risk, events, nothing, shift)
    terms = _terms(sets, denominator)
    a1, a1f, *_ = terms
    value = of_events - sets.share_weight @ np.log(denominator)
    score = covariates @ sets.event_weight - at_risk @ a1 + events @ a1f
    information = sum_of_variances(covariates, mass, at_risk, events, terms, sets)
    return Likelihood(float(value), score, information, hazard, at_risk, events, terms, shift)


def score_residuals(fit: Likelihood, covariates: FloatArray, sets: RiskSets, weight: FloatArray) -> FloatArray:
    """Return each row's contribution to the score, before its weight [1]_.

    Parameters
    ----------
    fit : Likelihood
        At the estimate.
    covariates : float array, shape (p, n)
        One row a covariate, centred as for `fit`.
    sets : RiskSets
        Risk sets.
    weight : float array, shape (n,)
        Weights.

    Returns
    -------
    float array, shape (p, n)
        Their sum times the weights is the score, 0 at the estimate.

    References
    ----------
    .. [1] Lin & Wei (1989), JASA 84, 1074-1078; Binder (1992), Biometrika 79, 139-147.
    """
    a1, a1f, a2, a2f, a2ff = fit.terms
    rows, slot, hazard = sets.event_row, sets.event_slot, fit.relative_hazard
    total = sets.while_at_risk(a1, a1f)
    centre = mean_at_events(fit, sets, weight)
    residuals = np.empty_like(covariates)
    for j, (x, s, e) in enumerate(zip(covariates, fit.at_risk, fit.events, strict=True)):
        means = sets.while_at_risk(a2 * s - a2f * e, a2f * s - a2ff * e)
        residuals[j] = hazard * (means - x * total)
        residuals[j, rows] += x[rows] - centre[j, slot]
    return residuals


def mean_at_events(fit: Likelihood, sets: RiskSets, weight: FloatArray) -> FloatArray:
    """Return the covariates' mean in each risk set, over the tied terms.

    Parameters
    ----------
    fit : Likelihood
        At the estimate.
    sets : RiskSets
        Risk sets.
    weight : float array, shape (n,)
        Weights.

    Returns
    -------
    float array, shape (p, n_slots)
        The means that an event's covariates are compared with.
    """
    event_weight = binned(sets.event_slot, weight[sets.event_row], sets.n_slots)
    return np.asarray((fit.terms[0] * fit.at_risk - fit.terms[1] * fit.events) / event_weight)


def _terms(
    sets: RiskSets, denominator: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray, FloatArray]:
    gone = sets.share_fraction
    first = sets.share_weight / denominator
    second = first / denominator
    a1, a2 = sets.share_sum(first), sets.share_sum(second)
    first *= gone
    second *= gone
    a1f, a2f = sets.share_sum(first), sets.share_sum(second)
    second *= gone
    return a1, a1f, a2, a2f, sets.share_sum(second)


def sum_of_variances(
    covariates: FloatArray,
    mass: FloatArray,
    at_risk: FloatArray,
    events: FloatArray,
    terms: Sequence[FloatArray],
    sets: RiskSets,
) -> FloatArray:
    """Sum the covariance of the covariates in each risk set over the tied terms.

    Parameters
    ----------
    covariates : float array, shape (p, n)
        One row a covariate, centred.
    mass : float array, shape (n,)
        Weight times hazard.
    at_risk, events : float array, shape (p, n_slots)
        As in :class:`Likelihood`.
    terms : sequence of float array, shape (n_slots,)
        As in :class:`Likelihood`; multiplied by a function of time they weigh each slot by it.
    sets : RiskSets
        Risk sets.

    Returns
    -------
    float array, shape (p, p)
        The information.
    """
    a1, a1f, a2, a2f, a2ff = terms
    exposure = sets.while_at_risk(a1, a1f)
    exposure *= mass
    second_moment = np.zeros((covariates.shape[0], covariates.shape[0]))
    for rows in row_blocks(mass.size):
        block = covariates[:, rows]
        second_moment += (block * exposure[rows]) @ block.T
    crossed = (at_risk * a2f) @ events.T
    means = (at_risk * a2) @ at_risk.T - crossed - crossed.T + (events * a2ff) @ events.T
    return np.asarray(second_moment - means)
