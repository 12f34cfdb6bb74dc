"""Cox's model with covariates that change over time, fitted by lifelines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.special import ndtr

from evalkit.errors import EstimationError
from evalkit.survival.arrays import FloatArray, IntArray
from evalkit.survival.columns import as_floats
from evalkit.survival.curve_labels import CurveLabels
from evalkit.survival.intervals import normal_quantile
from evalkit.survival.lifelines_seam import check_columns, fit_quietly
from evalkit.survival.observations import check_same_length, encode_groups
from evalkit.survival.ratio_plot import plot_ratios
from evalkit.survival.shown_figure import ShownFigure
from evalkit.survival.shown_result import ShownResult

__all__ = ["TimeVaryingCoxFit", "time_varying_cox"]


@dataclass(frozen=True, repr=False)
class TimeVaryingCoxFit(ShownResult):
    """A fitted proportional hazards model with time-varying covariates.

    Parameters
    ----------
    names : tuple of str
        The covariates.
    coefficients : float array, shape (p,)
        Log hazard ratios.
    covariance : float array, shape (p, p)
        The inverse information.
    log_likelihood : float
        Partial, at the estimate.
    n_persons, n_events : int
        Persons, and rows with an event.
    fitter : lifelines.CoxTimeVaryingFitter
        What was fitted. It may hold the data: it never leaves the secure zone.
    """

    names: tuple[str, ...]
    coefficients: FloatArray
    covariance: FloatArray
    log_likelihood: float
    n_persons: int
    n_events: int
    fitter: Any = field(repr=False, compare=False)

    @property
    def std_error(self) -> FloatArray:
        """Standard errors of the coefficients, shape (p,)."""
        return np.asarray(np.sqrt(np.diag(self.covariance)))

    def tidy(self, *, conf_level: float = 0.95) -> pl.DataFrame:
        """Return one row a covariate.

        Parameters
        ----------
        conf_level : float
            Confidence level.

        Returns
        -------
        DataFrame
            The columns of :meth:`evalkit.survival.CoxFit.tidy`: term, estimate (log hazard ratio), std_error, conf_low,
            conf_high, statistic, p_value, hazard_ratio, hazard_ratio_low, hazard_ratio_high, n_persons, n_events.
        """
        z, margin = self.coefficients / self.std_error, normal_quantile(conf_level) * self.std_error
        low, high = self.coefficients - margin, self.coefficients + margin
        return pl.DataFrame(
            {
                "term": self.names,
                "estimate": self.coefficients,
                "std_error": self.std_error,
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
        """Return what was fitted, to go on there.

        Returns
        -------
        lifelines.CoxTimeVaryingFitter
            Fitted.
        """
        return self.fitter


def time_varying_cox(
    exit_time: npt.ArrayLike,
    event: npt.ArrayLike,
    covariates: npt.ArrayLike,
    names: Sequence[str],
    *,
    entry_time: npt.ArrayLike,
    person: npt.ArrayLike,
) -> TimeVaryingCoxFit:
    """Fit Cox's model to rows of constant covariates, several a person [1]_, by ``lifelines.CoxTimeVaryingFitter``.

    Ties are Efron's. The same model without a person column, with weights, strata or robust variances, is
    :func:`evalkit.survival.cox` with `entry_time`; lifelines' own robust variance is not offered, because it is not
    clustered by person.

    Parameters
    ----------
    exit_time : float array, shape (n,)
        End of the row.
    event : bool array, shape (n,)
        Whether the event happened at the end of the row.
    covariates : float array, shape (n, p)
        Values during the row. What is known only at its end must not be in them.
    names : sequence of str
        The covariates' names.
    entry_time : float array, shape (n,)
        Start of the row: at risk at t are rows with entry < t <= exit.
    person : array, shape (n,)
        Whose row it is.

    Returns
    -------
    TimeVaryingCoxFit
        Frozen.

    Raises
    ------
    EstimationError
        When a value is missing or impossible, or a person's rows overlap.
    ConvergenceError
        When there is no maximum.

    References
    ----------
    .. [1] Therneau & Grambsch (2000), Modeling Survival Data, section 3.7; Davidson-Pilon (2019), JOSS 4(40), 1317.
    """
    import pandas as pd  # noqa: PLC0415 - only here
    from lifelines import CoxTimeVaryingFitter  # noqa: PLC0415 - a second that nobody else needs

    columns = check_columns(exit_time, event, covariates, names)
    entry, owner = as_floats(entry_time, "entry time"), encode_groups(person, "person")[0]
    check_same_length({"exit time": columns["_exit"], "entry time": entry, "person": owner})
    _check_rows(owner, entry, columns["_exit"], columns["_event"])
    frame = pd.DataFrame(columns | {"_entry": entry, "_person": owner})
    options = {"id_col": "_person", "event_col": "_event", "start_col": "_entry", "stop_col": "_exit"}
    fitted = fit_quietly("time-varying Cox", lambda: CoxTimeVaryingFitter().fit(frame, **options))
    place = [list(fitted.params_.index).index(name) for name in names]
    return TimeVaryingCoxFit(
        tuple(names),
        fitted.params_.to_numpy(dtype=np.float64)[place],
        np.asarray(fitted.variance_matrix_, dtype=np.float64)[np.ix_(place, place)],
        float(fitted.log_likelihood_),
        int(owner.max()) + 1,
        int(columns["_event"].sum()),
        fitted,
    )


def _check_rows(owner: IntArray, entry: FloatArray, end: FloatArray, event: FloatArray) -> None:
    n_wrong = int(np.count_nonzero(~((entry >= 0) & (entry < end))))
    if n_wrong:
        raise EstimationError(
            f"entry time: missing, negative, or not before exit time, in {n_wrong:,} of {end.size:,} rows."
        )
    order = np.lexsort((entry, owner))
    same = owner[order][1:] == owner[order][:-1]
    n_overlapping = int(np.count_nonzero(same & (entry[order][1:] < end[order][:-1])))
    if n_overlapping:
        raise EstimationError(f"rows of one person overlap in {n_overlapping:,} of {end.size:,} rows.")
    n_after = int(np.count_nonzero(same & (event[order][:-1] == 1)))
    if n_after:
        raise EstimationError(f"rows after a person's event: {n_after:,} of {end.size:,} rows.")
