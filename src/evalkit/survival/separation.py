"""Whether an accelerated failure time model has a maximum."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.optimize import linprog

from evalkit.errors import EstimationError
from evalkit.survival.arrays import BoolArray, FloatArray
from evalkit.survival.errors import SeparationError

__all__ = ["check_independent", "check_separation"]

_SAME = 1e-10  # squared: of the standard deviation of a sum of covariates


def check_independent(x: FloatArray, names: Sequence[str]) -> None:
    """Refuse covariates of which one follows from the others.

    Parameters
    ----------
    x : float array, shape (n, p)
        Covariates, none of them constant.
    names : sequence of str
        Their names.

    Raises
    ------
    EstimationError
        When covariates depend on each other linearly.
    """
    scaled = _scaled(x)
    values, vectors = np.linalg.eigh(scaled.T @ scaled / x.shape[0])
    if values[0] < _SAME:
        involved = [name for name, part in zip(names, vectors[:, 0], strict=True) if abs(part) > 0.01]
        raise EstimationError(f"covariates {', '.join(involved)}: one follows from the others.", hint="Leave one out.")


def check_separation(x: FloatArray, event: BoolArray, names: Sequence[str]) -> None:
    """Refuse covariates whose coefficients in an accelerated failure time model are infinite.

    That is when some sum of them is the same for all events and never on one side of it without: those without an event
    can then be given times as late as one likes, at no cost to the events [1]_.

    Parameters
    ----------
    x : float array, shape (n, p)
        Covariates, none of them constant.
    event : bool array, shape (n,)
        Whether the event happened.
    names : sequence of str
        Their names.

    Raises
    ------
    SeparationError
        When there is such a sum.

    References
    ----------
    .. [1] Albert & Anderson (1984), Biometrika 71, 1-10, for logistic models; the argument is the same.
    """
    scaled = np.column_stack([_scaled(x), np.ones(x.shape[0])])
    spread, sums = np.linalg.eigh(scaled[event].T @ scaled[event] / np.count_nonzero(event))
    same = sums[:, spread < _SAME]
    if not same.size:
        return
    apart = np.asarray(scaled[~event] @ same)
    found = linprog(-apart.sum(axis=0), A_ub=-apart, b_ub=np.zeros(apart.shape[0]), bounds=(-1, 1))
    if found.status == 0 and found.x is not None and np.max(apart @ found.x) > np.sqrt(_SAME):
        direction = np.abs((same @ found.x)[:-1])
        name = names[int(np.argmax(direction))]
        raise SeparationError(
            f"covariate {name}: its coefficient is infinite, as nobody on one side of it has the event.",
            hint="Merge categories or leave it out.",
        )


def _scaled(x: FloatArray) -> FloatArray:
    centred = x - x.mean(axis=0)
    return np.asarray(centred / centred.std(axis=0))
