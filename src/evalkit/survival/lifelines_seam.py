"""Where models of lifelines are fitted: its warnings become our errors, and its messages stay inside."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from evalkit.errors import EstimationError
from evalkit.survival.columns import as_floats
from evalkit.survival.covariates import check_covariates, check_event_count, check_names
from evalkit.survival.errors import ConvergenceError
from evalkit.survival.observations import check_same_length

__all__ = ["check_columns", "fit_quietly"]

Fitted = TypeVar("Fitted")
_RESERVED = ("_exit", "_event", "_entry", "_person", "Intercept")


def fit_quietly(model: str, fit: Callable[[], Fitted], *, strict: bool = True) -> Fitted:
    """Fit a model of lifelines without letting its warnings out.

    Parameters
    ----------
    model : str
        Name of the model, for the message.
    fit : callable
        Fits it.
    strict : bool
        Whether a warning that the maximum is not to be trusted is an error.

    Returns
    -------
    object
        What `fit` returned.

    Raises
    ------
    ConvergenceError
        When lifelines raised its own error, a matrix could not be inverted, or it warned that it did not converge.
    """
    from lifelines import exceptions  # noqa: PLC0415 - a second that nobody else needs

    hint = "Look for a covariate that separates, or that others add up to." if strict else ""
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            fitted = fit()
    except (exceptions.ConvergenceError, exceptions.StatError, np.linalg.LinAlgError):
        # lifelines' message may hold values of persons
        raise ConvergenceError(f"{model}: lifelines could not fit it.", hint=hint) from None
    serious = (exceptions.ConvergenceWarning, exceptions.StatisticalWarning)
    if strict and any(issubclass(warning.category, serious) for warning in caught):
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
        When there are no events, or no more events than covariates.
    """
    terms = check_names(names, reserved=_RESERVED)
    time, happened = as_floats(exit_time, "exit time"), as_floats(event, "event")
    check_same_length({"exit time": time, "event": happened})
    for name, column in (("exit time", time), ("event", happened)):
        n_missing = int(np.count_nonzero(~np.isfinite(column)))
        if n_missing:
            raise EstimationError(f"{name}: missing or infinite in {n_missing:,} of {time.size:,} rows.")
    n_other = int(np.count_nonzero((happened != 0) & (happened != 1)))
    if n_other:
        raise EstimationError(f"event: neither 0 nor 1 in {n_other:,} of {time.size:,} rows.")
    x = check_covariates(covariates, terms, time.size)
    check_event_count(int(happened.sum()), time.size, len(terms))
    return {name: x[:, column] for column, name in enumerate(terms)} | {"_exit": time, "_event": happened}
