"""Where models of lifelines are fitted: its warnings become our errors, and its messages stay inside."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from evalkit.errors import EstimationError
from evalkit.survival.arrays import FloatArray
from evalkit.survival.errors import ConvergenceError, TooFewEventsError

__all__ = ["check_columns", "fit_quietly"]

Fitted = TypeVar("Fitted")


def fit_quietly(model: str, fit: Callable[[], Fitted]) -> Fitted:
    """Fit a model of lifelines without letting its warnings out.

    Parameters
    ----------
    model : str
        Name of the model, for the message.
    fit : callable
        Fits it.

    Returns
    -------
    object
        What `fit` returned.

    Raises
    ------
    ConvergenceError
        When lifelines raised its own, a matrix could not be inverted, or it warned that it did not converge.
    """
    from lifelines import exceptions  # noqa: PLC0415 - a second that nobody else needs

    hint = "Look for a covariate that separates, or that others add up to."
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            fitted = fit()
    except (exceptions.ConvergenceError, exceptions.StatError, np.linalg.LinAlgError):
        # lifelines' message may hold values of persons
        raise ConvergenceError(f"{model}: lifelines found no maximum.", hint=hint) from None
    serious = (exceptions.ConvergenceWarning, exceptions.StatisticalWarning)
    if any(issubclass(warning.category, serious) for warning in caught):
        raise ConvergenceError(f"{model}: lifelines warned that the maximum is not to be trusted.", hint=hint)
    return fitted


def check_columns(
    exit_time: npt.ArrayLike, event: npt.ArrayLike, covariates: npt.ArrayLike, names: Sequence[str]
) -> dict[str, npt.NDArray[Any]]:
    """Check what every model needs, and name the columns.

    Parameters
    ----------
    exit_time : float array, shape (n,)
        Time of event or censoring.
    event : bool array, shape (n,)
        Whether the event happened.
    covariates : float array, shape (n, p)
        One column a covariate.
    names : sequence of str
        Their names.

    Returns
    -------
    dict of str to array
        The covariates by name, then ``_exit`` and ``_event``.

    Raises
    ------
    EstimationError
        When shapes differ, a value is missing, or a covariate is constant.
    TooFewEventsError
        When there are fewer events than covariates, or none.
    """
    x = np.asarray(covariates, dtype=np.float64)
    time, happened = np.asarray(exit_time, dtype=np.float64), np.asarray(event, dtype=np.float64)
    if x.ndim != 2 or x.shape != (time.size, len(names)) or happened.shape != time.shape:
        raise EstimationError(
            f"arrays of different shapes: exit time {time.shape}, event {happened.shape}, covariates {x.shape}.",
            hint=f"Covariates are (n, {len(names)}), one column a name.",
        )
    _check_values(time, happened, x, names)
    n_events = int(happened.sum())
    if n_events < max(len(names), 1):
        raise TooFewEventsError(f"{n_events} events for {len(names)} covariates.")
    return {name: x[:, column] for column, name in enumerate(names)} | {"_exit": time, "_event": happened}


def _check_values(time: FloatArray, event: FloatArray, x: FloatArray, names: Sequence[str]) -> None:
    missing = int(np.count_nonzero(~np.isfinite(np.column_stack([time, event, x])).all(axis=1)))
    if missing:
        raise EstimationError(f"a value is missing or infinite in {missing:,} of {time.size:,} rows.")
    other = int(np.count_nonzero((event != 0) & (event != 1)))
    if other:
        raise EstimationError(f"event: neither 0 nor 1 in {other:,} of {time.size:,} rows.")
    if len(set(names)) < len(names) or {"_exit", "_event", "_entry", "_person"} & set(names):
        raise EstimationError("names: one stands twice, or is kept for another column.")
    flat = [name for name, column in zip(names, x.T, strict=True) if np.ptp(column) == 0]
    if flat:
        raise EstimationError(f"constant covariates: {', '.join(flat)}.")
