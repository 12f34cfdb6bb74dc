"""The baseline hazard of a Cox model and the survival it predicts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evalkit.errors import EstimationError
from evalkit.survival.arrays import FloatArray, IntArray
from evalkit.survival.cox import CoxFit
from evalkit.survival.steps import check_grid

__all__ = ["BaselineHazard", "baseline_hazard", "predicted_survival"]


@dataclass(frozen=True, slots=True)
class BaselineHazard:
    """Cumulative hazard of somebody whose covariates are all 0, by stratum.

    Parameters
    ----------
    stratum : int array, shape (n_slots,)
        Position of the stratum among the sorted strata.
    time : int array, shape (n_slots,)
        Event times, ascending within strata.
    cumulative : float array, shape (n_slots,)
        Cumulative hazard from each time on.
    """

    stratum: IntArray
    time: IntArray
    cumulative: FloatArray


def baseline_hazard(fit: CoxFit) -> BaselineHazard:
    """Estimate the baseline hazard, with the same ties as the fit [1]_.

    Parameters
    ----------
    fit : CoxFit
        The fit.

    Returns
    -------
    BaselineHazard
        Breslow's estimate, or with Efron's ties Efron's.

    References
    ----------
    .. [1] Breslow (1974), Biometrics 30, 89-99; Therneau & Grambsch (2000), Modeling Survival Data, section 10.2.
    """
    sets = fit.sample.sets
    at_zero = np.exp(-fit.likelihood.shift - float(fit.coefficients @ fit.sample.centre))
    increments = fit.likelihood.terms[0] * at_zero
    return BaselineHazard(sets.slot_stratum, sets.slot_time, cumulate_by_stratum(increments, sets.slot_stratum))


def predicted_survival(fit: CoxFit, covariates: npt.ArrayLike, *, times: npt.ArrayLike, stratum: int = 0) -> FloatArray:
    """Return the share still free of the event for given covariates.

    Parameters
    ----------
    fit : CoxFit
        The fit.
    covariates : float array, shape (q, p)
        One row a person.
    times : float array, shape (m,)
        Events at exactly this time are included.
    stratum : int
        Position of the stratum among the sorted strata.

    Returns
    -------
    float array, shape (q, m)
        exp(- cumulative hazard).

    Raises
    ------
    EstimationError
        When the covariates do not fit the model, or there is no such stratum.
    """
    x = np.asarray(covariates, dtype=np.float64)
    if x.ndim != 2 or x.shape[1] != len(fit.names):
        raise EstimationError(f"covariates: shape {x.shape} for {len(fit.names)} names.")
    baseline = baseline_hazard(fit)
    mine = baseline.stratum == stratum
    if not mine.any():
        raise EstimationError(f"stratum {stratum}: no events in it.")
    steps = np.concatenate([[0.0], baseline.cumulative[mine]])
    hazard = steps[np.searchsorted(baseline.time[mine], check_grid(times), side="right")]
    return np.asarray(np.exp(-np.exp(x @ fit.coefficients)[:, None] * hazard))


def cumulate_by_stratum(values: FloatArray, stratum: IntArray) -> FloatArray:
    """Cumulate along slots, starting anew in each stratum.

    Parameters
    ----------
    values : float array, shape (n_slots,) or (n_slots, p)
        Values by slot.
    stratum : int array, shape (n_slots,)
        Ascending.

    Returns
    -------
    float array, the same shape
        Sums from the stratum's first slot on.
    """
    total = np.cumsum(values, axis=0)
    first = np.searchsorted(stratum, stratum, side="left")
    return np.asarray(total - total[first] + values[first])
