"""Whether hazards are proportional: Schoenfeld residuals and the score test for effects that change with time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal, TypeAlias

import numpy as np
import polars as pl
from scipy.stats import chi2

from evalkit.errors import EstimationError
from evalkit.survival.arrays import FloatArray, IntArray
from evalkit.survival.cox import ChiSquaredTest, CoxFit
from evalkit.survival.curve_labels import CurveLabels
from evalkit.survival.kaplan_meier import kaplan_meier
from evalkit.survival.partial_likelihood import mean_at_events, sum_of_variances
from evalkit.survival.residual_plot import plot_residuals
from evalkit.survival.shown_figure import ShownFigure
from evalkit.survival.shown_result import ShownResult

__all__ = [
    "ProportionalHazardsTest",
    "SchoenfeldResiduals",
    "TimeScale",
    "proportional_hazards_test",
    "schoenfeld_residuals",
]

_FEWEST = 5  # events that a mean in a table is taken over
TimeScale: TypeAlias = Literal["km", "identity", "log"]


@dataclass(frozen=True, repr=False)
class SchoenfeldResiduals(ShownResult):
    """What each event's covariates differ by from the mean of those at risk.

    Parameters
    ----------
    names : tuple of str
        The covariates.
    time : int array, shape (n_events,)
        Event times, ascending within strata. Person-level: it never leaves the secure zone.
    residual : float array, shape (n_events, p)
        Covariates less their mean, times the weight; in each row one event.
    scaled : float array, shape (n_events, p)
        Scaled to estimate the coefficient at that time [1]_.

    References
    ----------
    .. [1] Grambsch & Therneau (1994), Biometrika 81, 515-526.
    """

    names: tuple[str, ...]
    time: IntArray
    residual: FloatArray
    scaled: FloatArray

    def tidy(self) -> pl.DataFrame:
        """Return one row an event and covariate: person-level, for computing on and not for showing.

        Returns
        -------
        DataFrame
            term, time, residual, scaled.
        """
        return pl.DataFrame(
            {
                "term": np.repeat(self.names, self.time.size),
                "time": np.tile(self.time, len(self.names)),
                "residual": self.residual.T.ravel(),
                "scaled": self.scaled.T.ravel(),
            }
        )

    def _readable(self) -> pl.DataFrame:
        """Return means over up to four parts of the events, as rows are persons."""
        ranked = self.tidy().sort("term", "time", maintain_order=True)
        parts = max(1, min(4, self.time.size // _FEWEST))
        part = parts * pl.int_range(pl.len()).over("term") // pl.len().over("term") + 1
        means = pl.col("time").mean(), pl.col("scaled").mean(), pl.len().alias("n_events")
        return ranked.with_columns(part.alias("part")).group_by("term", "part", maintain_order=True).agg(means)

    def plot(self, *, labels: CurveLabels | None = None) -> ShownFigure:
        """Draw the scaled residuals over time with a smooth line: how the coefficient changes, a panel a covariate.

        Parameters
        ----------
        labels : CurveLabels, optional
            The words of the figure; `arms` names the covariates.

        Returns
        -------
        ShownFigure
            A matplotlib figure with `alt_text`. Every dot is a person's event: it must not leave the secure zone.
        """
        frame = self.tidy().select("term", "time", estimate="scaled")
        means = dict(zip(self.names, self.scaled.mean(axis=0).tolist(), strict=True))
        return plot_residuals(frame, labels=labels or CurveLabels(x="Time", y="Coefficient"), constant=means)


@dataclass(frozen=True, repr=False)
class ProportionalHazardsTest(ShownResult):
    """Tests that no coefficient changes with time.

    Parameters
    ----------
    terms : dict of str to ChiSquaredTest
        One a covariate.
    overall : ChiSquaredTest
        All together.
    time_scale : {"km", "identity", "log"}
        The function of time that coefficients were tested against.
    n_persons, n_events : int
        What the fit rests on.
    """

    terms: dict[str, ChiSquaredTest]
    overall: ChiSquaredTest
    time_scale: TimeScale
    n_persons: int
    n_events: int

    figure_hint: ClassVar[str] = "Draw the residuals: schoenfeld_residuals() of the same fit has plot()."

    def tidy(self) -> pl.DataFrame:
        """Return one row a covariate, and one for all together.

        Returns
        -------
        DataFrame
            term (``"global"`` for all together), statistic, degrees_of_freedom, p_value, n_persons, n_events.
        """
        rows = {**self.terms, "global": self.overall}
        return pl.DataFrame(
            {
                "term": list(rows),
                "statistic": [test.statistic for test in rows.values()],
                "degrees_of_freedom": [test.degrees_of_freedom for test in rows.values()],
                "p_value": [test.p_value for test in rows.values()],
            }
        ).with_columns(n_persons=pl.lit(self.n_persons), n_events=pl.lit(self.n_events))


def schoenfeld_residuals(fit: CoxFit) -> SchoenfeldResiduals:
    """Return the Schoenfeld residuals of a fit.

    Parameters
    ----------
    fit : CoxFit
        The fit.

    Returns
    -------
    SchoenfeldResiduals
        Ordered by stratum and time.
    """
    sample, sets = fit.sample, fit.sample.sets
    order = np.argsort(sets.event_slot, kind="stable")
    rows, slot = sets.event_row[order], sets.event_slot[order]
    centre = mean_at_events(fit.likelihood, sets, sample.weight)
    residual = (sample.covariates[:, rows] - centre[:, slot]) * sample.weight[rows]
    scaled = fit.coefficients[:, None] + rows.size * (fit.naive_covariance @ residual)
    return SchoenfeldResiduals(fit.names, sets.slot_time[slot], residual.T, scaled.T)


def proportional_hazards_test(fit: CoxFit, *, time_scale: TimeScale = "km") -> ProportionalHazardsTest:
    """Test whether coefficients change with time.

    The score test for adding each covariate times g(time) to the model [1]_, as R's ``cox.zph`` since survival 3.0. The
    variance is that of the model, also when the fit is robust.

    Parameters
    ----------
    fit : CoxFit
        The fit.
    time_scale : {"km", "identity", "log"}
        g: 1 less the overall Kaplan-Meier curve just before the event, the time, or its logarithm.

    Returns
    -------
    ProportionalHazardsTest
        Frozen.

    Raises
    ------
    EstimationError
        When the time scale is not known, or all events happen at one time.

    References
    ----------
    .. [1] Grambsch & Therneau (1994), Biometrika 81, 515-526.
    """
    sample, likelihood = fit.sample, fit.likelihood
    g = _time_function(fit, time_scale)
    if np.ptp(g) == 0:
        raise EstimationError("proportional hazards: all events happen at one time.")
    mass = sample.weight * likelihood.relative_hazard

    def information(factor: FloatArray) -> FloatArray:
        terms = [term * factor for term in likelihood.terms]
        sums = likelihood.at_risk, likelihood.events
        return sum_of_variances(sample.covariates, mass, *sums, terms, sample.sets)

    residual = _slot_residuals(fit)
    score = residual @ g
    crossed = information(g)
    reduced = information(g**2) - crossed @ np.linalg.solve(likelihood.information, crossed)
    overall = float(score @ np.linalg.solve(reduced, score))
    p = len(fit.names)
    each = score**2 / np.diag(reduced)
    return ProportionalHazardsTest(
        {name: ChiSquaredTest(float(x), 1, float(chi2.sf(x, 1))) for name, x in zip(fit.names, each, strict=True)},
        ChiSquaredTest(overall, p, float(chi2.sf(overall, p))),
        time_scale,
        fit.n_persons,
        fit.n_events,
    )


def _slot_residuals(fit: CoxFit) -> FloatArray:
    """Sum of weighted Schoenfeld residuals in each slot, shape (p, n_slots)."""
    sample, sets, likelihood = fit.sample, fit.sample.sets, fit.likelihood
    seen = np.stack([sets.risk_and_event_sums(sample.weight * row)[1] for row in sample.covariates])
    return np.asarray(seen - likelihood.terms[0] * likelihood.at_risk + likelihood.terms[1] * likelihood.events)


def _time_function(fit: CoxFit, time_scale: TimeScale) -> FloatArray:
    """Return the centred function of time at each slot, shape (n_slots,)."""
    time = fit.sample.sets.slot_time
    if time_scale == "identity":
        g = time.astype(np.float64)
    elif time_scale == "log":
        if time.min() == 0:
            raise EstimationError("time scale log: an event at time 0.", hint="Use km or identity.")
        g = np.log(time.astype(np.float64))
    elif time_scale == "km":
        sample = fit.sample
        curve = kaplan_meier(sample.exit_time, sample.event, entry_time=_entries(fit))
        before = np.concatenate([[1.0], curve.estimate[0]])
        g = 1.0 - before[np.searchsorted(curve.time, time, side="left")]
    else:
        raise EstimationError(f"time scale {time_scale}: not known.", hint="One of km, identity, log.")
    events = fit.sample.sets.slot_n_events
    return np.asarray(g - np.average(g, weights=events), dtype=np.float64)


def _entries(fit: CoxFit) -> IntArray | None:
    entries = fit.sample.entry_time
    return None if entries is None else np.maximum(entries, 0)
