"""Survival curves standardised to one population by a Cox model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from evalkit.errors import EstimationError
from evalkit.survival.arrays import FloatArray, IntArray, binned
from evalkit.survival.baseline import cumulate_by_stratum
from evalkit.survival.columns import as_floats
from evalkit.survival.contrasts import Contrast, difference
from evalkit.survival.cox import CoxFit
from evalkit.survival.cox_sample import CoxSample
from evalkit.survival.curve_labels import CurveLabels
from evalkit.survival.estimate import Estimate
from evalkit.survival.intervals import IntervalKind, probability_interval, zero_event_bound
from evalkit.survival.partial_likelihood import score_residuals
from evalkit.survival.plots import plot_curves
from evalkit.survival.shown_figure import ShownFigure
from evalkit.survival.shown_result import ShownResult
from evalkit.survival.steps import check_grid

__all__ = ["AdjustedSurvival", "adjusted_survival"]

_CELLS_AT_ONCE = 4_000_000
_ROUNDING = 1e-12
_STEEPEST = 300.0  # a predictor beyond which everybody has the event at once
_LINES = 12  # of a curve in a table


@dataclass(frozen=True, repr=False)
class AdjustedSurvival(ShownResult):
    """Share still free of the event if everybody had had one value of a covariate.

    Parameters
    ----------
    term : str
        The covariate that was set.
    values : tuple of float
        What it was set to.
    time : float array, shape (n_times,)
        The grid.
    estimate, std_error, conf_low, conf_high : float array, shape (n_values, n_times)
        Curves.
    covariance : float array, shape (n_values, n_values, n_times)
        Of the curves with each other.
    conf_level : float
        Confidence level.
    n_persons, n_events : int
        What they rest on.
    """

    term: str
    values: tuple[float, ...]
    time: FloatArray
    estimate: FloatArray
    std_error: FloatArray
    conf_low: FloatArray
    conf_high: FloatArray
    covariance: FloatArray
    conf_level: float
    n_persons: int
    n_events: int

    def risk_difference(self, *, time: float, reference: float, treated: float) -> Contrast:
        """Return the risk with one value less the risk with another, at one time of the grid.

        Parameters
        ----------
        time : float
            A time of the grid.
        reference, treated : float
            Values of the covariate.

        Returns
        -------
        Contrast
            With the covariance of the two curves.

        Raises
        ------
        EstimationError
            When the time is not on the grid, or a value was not set.
        """
        if time not in self.time:
            raise EstimationError(f"time {time:g}: not on the grid.", hint="Give it to adjusted_survival().")
        unknown = [f"{value:g}" for value in (reference, treated) if value not in self.values]
        if unknown:
            known = ", ".join(f"{value:g}" for value in self.values)
            raise EstimationError(f"{self.term} was not set to {', '.join(unknown)}.", hint=f"There are: {known}.")
        at = int(np.flatnonzero(self.time == time)[0])
        a, b = self.values.index(treated), self.values.index(reference)
        covariance = float(self.covariance[a, b, at])
        arms = self._risk(a, at, persons=True), self._risk(b, at, persons=False)
        return difference("adjusted_risk_difference", *arms, level=self.conf_level, covariance=covariance)

    def _risk(self, value: int, at: int, *, persons: bool) -> Estimate:
        """One curve's risk; the same persons stand behind all curves and are counted once."""
        survival, error = float(self.estimate[value, at]), float(self.std_error[value, at])
        limits = 1.0 - float(self.conf_high[value, at]), 1.0 - float(self.conf_low[value, at])
        counts = (self.n_persons, self.n_events) if persons else (0, 0)
        return Estimate(f"{self.term} = {self.values[value]:.15g}", 1.0 - survival, error, *limits, *counts)

    def tidy(self) -> pl.DataFrame:
        """Return one row a value and time.

        Returns
        -------
        DataFrame
            group (the value), time, estimate, std_error, conf_low, conf_high, n_persons, n_events (of the whole fit).
        """
        shape = self.estimate.shape
        columns = {"estimate": self.estimate, "std_error": self.std_error}
        columns |= {"conf_low": self.conf_low, "conf_high": self.conf_high}
        return pl.DataFrame(
            {
                "group": np.repeat(self.values, shape[1]),
                "time": np.tile(self.time, shape[0]),
                **{name: values.ravel() for name, values in columns.items()},
            }
        ).with_columns(n_persons=pl.lit(self.n_persons), n_events=pl.lit(self.n_events))

    def _readable(self) -> pl.DataFrame:
        few = np.unique(self.time)[:: -(-self.time.size // _LINES)]
        return self.tidy().filter(pl.col("time").is_in(few))

    def plot(self, *, labels: CurveLabels | None = None) -> ShownFigure:
        """Draw the curves with bands; points of the grid are joined by lines.

        Parameters
        ----------
        labels : CurveLabels, optional
            The words of the figure; `arms` names the values.

        Returns
        -------
        ShownFigure
            A matplotlib figure with `alt_text`. Not disclosure-checked.
        """
        names = {value: f"{self.term} = {value:g}" for value in self.values}
        words = labels or CurveLabels(x="Time", y="Free of the event, standardised", arms=names)
        frame = self.tidy().drop("n_persons", "n_events")
        return plot_curves(frame, labels=words, joined=True)


def adjusted_survival(
    fit: CoxFit,
    *,
    term: str,
    values: Sequence[float],
    times: npt.ArrayLike,
    conf_level: float = 0.95,
    conf_type: IntervalKind = "log-log",
) -> AdjustedSurvival:
    """Average the model's curves over everybody, with one covariate set to each of some values [1]_.

    The standard error is the infinitesimal jackknife [2]_: it knows that coefficients, baseline hazard and the
    population itself were estimated, and respects sampling weights and clusters.

    Parameters
    ----------
    fit : CoxFit
        The fit.
    term : str
        The covariate to set.
    values : sequence of float
        What to set it to, for example 0 and 1.
    times : float array, shape (n_times,)
        The grid.
    conf_level : float
        Confidence level.
    conf_type : {"log-log", "log", "plain", "arcsine", "logit"}
        Scale on which the interval is symmetric.

    Returns
    -------
    AdjustedSurvival
        Frozen.

    Raises
    ------
    EstimationError
        When the model has no such covariate, or nobody is followed to a time.

    References
    ----------
    .. [1] Makuch (1982), J. Chronic Dis. 35, 437-443; Therneau & Grambsch (2000), section 10.4.
    .. [2] Reid & Crepeau (1985), Biometrika 72, 1-9.
    """
    if term not in fit.names:
        raise EstimationError(f"covariate {term}: not in the model.", hint=f"There are: {', '.join(fit.names)}.")
    chosen = _check_values(values, term)
    grid = check_grid(times)
    if grid.max() > fit.sample.exit_time.max():
        raise EstimationError(f"time {grid.max():g}: nobody is followed to it.")
    model = _Model.of(fit, grid)
    curves = [_standardise(model, fit.names.index(term), value) for value in chosen]
    estimate = np.stack([curve.mean for curve in curves])
    estimate[estimate > 1.0 - _ROUNDING] = 1.0  # a mean of ones is one only up to rounding
    covariance = _covariance(model, curves)
    std_error = np.sqrt(np.einsum("vvt->vt", covariance))
    low, high = probability_interval(estimate, std_error, level=conf_level, kind=conf_type)
    low = np.where(estimate < 1.0, np.fmin(low, estimate), _before_events(fit.sample, grid, conf_level))
    high = np.fmax(high, estimate)
    numbers = (estimate, std_error, low, high, covariance, conf_level, fit.n_persons, fit.n_events)
    return AdjustedSurvival(term, chosen, grid, *numbers)


def _check_values(values: Sequence[float], term: str) -> tuple[float, ...]:
    chosen = as_floats(values, f"values of {term}")
    if chosen.ndim != 1 or not chosen.size or not np.all(np.isfinite(chosen)):
        raise EstimationError(f"values of {term}: not a list of finite numbers.", hint="For example [0, 1].")
    if np.unique(chosen).size < chosen.size:
        raise EstimationError(f"values of {term}: one stands twice.")
    return tuple(chosen.tolist())


def _before_events(sample: CoxSample, grid: FloatArray, level: float) -> FloatArray:
    """Lower limits while nobody has had the event, shape (n_times,): those of the persons at risk, 1 at time 0."""
    case = 1.0 if sample.case_weight is None else sample.case_weight
    weight, squared = _at_risk(sample, sample.weight, grid), _at_risk(sample, sample.weight**2 / case, grid)
    effective = np.where(squared > 0, weight**2 / np.where(squared > 0, squared, 1.0), 0.0)
    return np.where(grid > 0, zero_event_bound(effective, level), 1.0)


def _at_risk(sample: CoxSample, weight: FloatArray, grid: FloatArray) -> FloatArray:
    """Sum the weights of rows with entry < t <= exit, shape (n_times,)."""

    def from_then_on(times: IntArray) -> FloatArray:
        order = np.argsort(times, kind="stable")
        passed = np.concatenate([[0.0], np.cumsum(weight[order])])
        return np.asarray(passed[-1] - passed[np.searchsorted(times[order], grid, side="left")])

    return from_then_on(sample.exit_time) - (0.0 if sample.entry_time is None else from_then_on(sample.entry_time))


@dataclass(frozen=True, slots=True)
class _Model:
    """What the fit says at the grid's times; hazards up to the fit's constant factor."""

    sample: CoxSample
    coefficients: FloatArray
    shift: float
    grid: FloatArray
    stratum: IntArray  # (n,)
    cumulative: FloatArray  # (n_strata, n_times)
    centre_moved: FloatArray  # (n_strata, n_times, p): minus the derivative of it to the coefficients
    per_row: FloatArray  # (p, n): derivative of the coefficients to a row's weight
    hazard: FloatArray  # (n,)
    jump: FloatArray  # (n_slots,): what an event adds to the baseline hazard
    spared: FloatArray  # (n_slots,): what tied events do not take from it
    drift: FloatArray  # (n_slots,)

    @classmethod
    def of(cls, fit: CoxFit, grid: FloatArray) -> _Model:
        sample, likelihood, sets = fit.sample, fit.likelihood, fit.sample.sets
        a1, _, a2, a2f, _ = likelihood.terms
        moved = (a2 * likelihood.at_risk - a2f * likelihood.events).T
        event_weight = binned(sets.event_slot, sample.weight[sets.event_row], sets.n_slots)
        stratum = np.zeros(sample.exit_time.size, np.int64) if sample.strata is None else sample.strata
        residuals = score_residuals(likelihood, sample.covariates, sets, sample.weight)
        return cls(
            sample,
            fit.coefficients,
            likelihood.shift,
            grid,
            stratum,
            _on_grid(a1, sets.slot_stratum, sets.slot_time, grid, int(stratum.max()) + 1),
            _on_grid(moved, sets.slot_stratum, sets.slot_time, grid, int(stratum.max()) + 1),
            fit.naive_covariance @ residuals,
            likelihood.relative_hazard,
            a1 / event_weight,
            a2f,
            a2,
        )


@dataclass(frozen=True, slots=True)
class _Curve:
    """One standardised curve and its derivatives."""

    own: FloatArray  # (n, n_times): each row's own survival
    mean: FloatArray  # (n_times,)
    to_hazard: FloatArray  # (n_strata, n_times)
    to_coefficients: FloatArray  # (n_times, p)


def _standardise(model: _Model, term: int, value: float) -> _Curve:
    sample = model.sample
    x = sample.covariates.copy()
    x[term] = value - sample.centre[term]
    predictor = model.coefficients @ x + (0.0 if sample.offset is None else sample.offset)
    hazard = np.exp(np.minimum(predictor - model.shift, _STEEPEST))
    own = np.exp(-hazard[:, None] * model.cumulative[model.stratum])
    share = sample.weight / sample.weight.sum()
    pull = (share * hazard)[:, None] * own
    n_strata = model.cumulative.shape[0]
    to_hazard = -np.stack([pull[model.stratum == s].sum(axis=0) for s in range(n_strata)])
    direct = -np.einsum("nt,nt,pn->tp", pull, model.cumulative[model.stratum], x)
    to_coefficients = direct - np.einsum("st,stp->tp", to_hazard, model.centre_moved)
    return _Curve(own, share @ own, to_hazard, to_coefficients)


def _covariance(model: _Model, curves: Sequence[_Curve]) -> FloatArray:
    """Sum the products of contributions over rows or clusters, shape (n_values, n_values, n_times)."""
    sample, n_times = model.sample, model.grid.size
    n, total = sample.weight.size, sample.weight.sum()
    together = None if sample.cluster is None else np.zeros((len(curves), sample.n_clusters, n_times))
    covariance = np.zeros((len(curves), len(curves), n_times))
    scale = sample.weight if sample.case_weight is None else sample.weight / np.sqrt(sample.case_weight)
    block = max(1, _CELLS_AT_ONCE // max(n_times * len(curves), 1))
    for first in range(0, n, block):
        rows = slice(first, min(first + block, n))
        baseline = _baseline_moves(model, rows)
        moves = np.stack(
            [
                curve.to_hazard[model.stratum[rows]] * baseline
                + (curve.to_coefficients @ model.per_row[:, rows]).T
                + (curve.own[rows] - curve.mean) / total
                for curve in curves
            ]
        )
        if sample.cluster is None or together is None:
            moves *= scale[rows, None]
            covariance += np.einsum("vnt,wnt->vwt", moves, moves)
        else:
            for value, move in zip(together, moves, strict=True):
                np.add.at(value, sample.cluster[rows], move * sample.weight[rows, None])
    if together is not None:
        covariance = np.einsum("vct,wct->vwt", together, together)
    return covariance


def _baseline_moves(model: _Model, rows: slice) -> FloatArray:
    """Return how rows' weights move their stratum's cumulative hazard, coefficients held, shape (n_rows, n_times)."""
    sample, sets = model.sample, model.sample.sets
    slot_of = np.full(sample.exit_time.size, -1)
    slot_of[sets.event_row] = sets.event_slot
    slot, hazard = slot_of[rows], model.hazard[rows]
    until = _slots_until(sets.slot_stratum, sets.slot_time, model.grid, model.cumulative.shape[0])[model.stratum[rows]]
    lost = np.concatenate([[0.0], np.cumsum(model.drift)])
    first, last = sets.first[rows, None], sets.last[rows, None]
    moves = -hazard[:, None] * (lost[np.clip(until, first, np.maximum(last, first))] - lost[first])
    happened = np.flatnonzero(slot >= 0)
    gain = model.jump[slot[happened]] + hazard[happened] * model.spared[slot[happened]]
    moves[happened] += gain[:, None] * (slot[happened, None] < until[happened])
    return np.asarray(moves)


def _slots_until(stratum: IntArray, time: IntArray, grid: FloatArray, n_strata: int) -> IntArray:
    """How many slots lie before or at each time of the grid, counted over all strata, shape (n_strata, n_times)."""
    bounds = np.searchsorted(stratum, np.arange(n_strata + 1))
    return np.stack(
        [bounds[s] + np.searchsorted(time[bounds[s] : bounds[s + 1]], grid, side="right") for s in range(n_strata)]
    )


def _on_grid(values: FloatArray, stratum: IntArray, time: IntArray, grid: FloatArray, n_strata: int) -> FloatArray:
    """Cumulate values of slots and read them on the grid, shape (n_strata, n_times, ...)."""
    cumulated = np.concatenate([np.zeros_like(values[:1]), cumulate_by_stratum(values, stratum)])
    until = _slots_until(stratum, time, grid, n_strata)
    start = np.searchsorted(stratum, np.arange(n_strata))[:, None]
    return np.asarray(cumulated[np.where(until > start, until, 0)])
