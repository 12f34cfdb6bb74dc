"""The baseline hazard of a Cox model and the survival it predicts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from evalkit.errors import EstimationError
from evalkit.survival.arrays import FloatArray, IntArray
from evalkit.survival.columns import as_floats
from evalkit.survival.cox import CoxFit
from evalkit.survival.curve_labels import CurveLabels
from evalkit.survival.plots import plot_curves
from evalkit.survival.shown_figure import ShownFigure
from evalkit.survival.shown_result import ShownCurve
from evalkit.survival.steps import check_grid, read_steps

__all__ = ["BaselineHazard", "baseline_hazard", "predicted_survival"]

_STEEPEST = 300.0  # a predictor beyond which somebody has the event at once


@dataclass(frozen=True, repr=False)
class BaselineHazard(ShownCurve):
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

    @property
    def last_time(self) -> float:
        """The last event time."""
        return float(self.time.max())

    def tidy(self, grid: npt.ArrayLike | None = None) -> pl.DataFrame:
        """Return one row a stratum and time.

        Parameters
        ----------
        grid : array, shape (n_grid,), optional
            Times; without it the stratum's event times. After the last event the hazard stays where it is.

        Returns
        -------
        DataFrame
            stratum, time, estimate (cumulative hazard).
        """
        times = None if grid is None else check_grid(grid)
        frames = []
        for stratum in np.unique(self.stratum):
            mine = self.stratum == stratum
            at = self.time[mine] if times is None else times
            values = read_steps(self.time[mine], self.cumulative[mine], at.astype(np.float64), start=0.0)
            frames.append(pl.DataFrame({"stratum": np.full(at.size, stratum), "time": at, "estimate": values}))
        return pl.concat(frames)

    def plot(self, *, labels: CurveLabels | None = None) -> ShownFigure:
        """Draw the cumulative hazard by stratum.

        Parameters
        ----------
        labels : CurveLabels, optional
            The words of the figure; `arms` names the strata.

        Returns
        -------
        ShownFigure
            A matplotlib figure with `alt_text`. Not disclosure-checked.
        """
        names = {int(stratum): f"Stratum {stratum}" for stratum in np.unique(self.stratum)}
        names = names if len(names) > 1 else dict.fromkeys(names, "all")
        words = labels or CurveLabels(x="Time", y="Cumulative baseline hazard", arms=names)
        return plot_curves(self.tidy(np.union1d(0, self.time)), arm="stratum", labels=words, is_share=False)


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
        When the covariates do not fit the model, there is no such stratum, or nobody is followed to a time.
    """
    x = as_floats(covariates, "covariates")
    if x.ndim != 2 or x.shape[1] != len(fit.names):
        raise EstimationError(f"covariates: shape {x.shape} for {len(fit.names)} names.")
    n_missing = int(np.count_nonzero(~np.isfinite(x).all(axis=1)))
    if n_missing:
        raise EstimationError(f"covariates: missing or infinite in {n_missing:,} of {x.shape[0]:,} rows.")
    baseline = baseline_hazard(fit)
    mine = baseline.stratum == stratum
    if not mine.any():
        raise EstimationError(f"stratum {stratum}: no events in it.")
    steps = np.concatenate([[0.0], baseline.cumulative[mine]])
    grid, last = check_grid(times), fit.sample.exit_time.max()
    if grid.max() > last:
        raise EstimationError(
            f"time {grid.max():g}: nobody is followed to it.", hint=f"The last is followed to {last}."
        )
    hazard = steps[np.searchsorted(baseline.time[mine], grid, side="right")]
    return np.asarray(np.exp(-np.exp(np.minimum(x @ fit.coefficients, _STEEPEST))[:, None] * hazard))


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
