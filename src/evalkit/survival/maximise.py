"""Newton's method for the partial likelihood, with a name for each way it can fail."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from evalkit.errors import EstimationError
from evalkit.survival.arrays import FloatArray
from evalkit.survival.errors import ConvergenceError, SeparationError
from evalkit.survival.partial_likelihood import Likelihood

__all__ = ["maximise"]

_MAX_STEPS = 60
# Squared length of the next step in standard errors. Steps shrink quadratically, so the one taken after this is exact.
_SMALL_DECREMENT = 1e-10
# With the likelihood flat a regular step moves no one's log hazard by this much; a runaway coefficient moves it by 1.
_RUNAWAY_MOVE = 0.01
_DEPENDENT = 1e-10


def maximise(
    evaluate: Callable[[FloatArray], Likelihood],
    start: Likelihood,
    names: Sequence[str],
    covariates: FloatArray,
) -> tuple[FloatArray, Likelihood]:
    """Find the coefficients of largest partial likelihood.

    Parameters
    ----------
    evaluate : callable
        Coefficients to likelihood.
    start : Likelihood
        With all coefficients 0.
    names : sequence of str
        The covariates, for messages.
    covariates : float array, shape (p, n)
        Centred.

    Returns
    -------
    coefficients : float array, shape (p,)
        The maximum.
    likelihood : Likelihood
        There.

    Raises
    ------
    EstimationError
        When covariates depend on each other.
    SeparationError
        When a coefficient runs off to infinity.
    ConvergenceError
        When no maximum was found.
    """
    reach = np.maximum(covariates.max(axis=1), -covariates.min(axis=1))
    _check_independent(start.information, names, reach)
    coefficients, current = np.zeros(len(names)), start
    for _ in range(_MAX_STEPS):
        step = _newton_step(current, coefficients, names, reach)
        decrement = float(current.score @ step)
        coefficients, current = _climb(evaluate, coefficients, current, step)
        if decrement < _SMALL_DECREMENT:
            if np.max(np.abs(step) * reach) > _RUNAWAY_MOVE:
                raise _separated(step, names, reach)
            return coefficients, current
    raise ConvergenceError(
        f"no maximum after {_MAX_STEPS} steps.", hint="Look for covariates on very different scales."
    )


def _newton_step(current: Likelihood, coefficients: FloatArray, names: Sequence[str], reach: FloatArray) -> FloatArray:
    try:
        step = np.asarray(np.linalg.solve(current.information, current.score), dtype=np.float64)
    except np.linalg.LinAlgError:
        raise _separated(coefficients, names, reach) from None
    if not np.all(np.isfinite(step)):
        raise _separated(coefficients, names, reach)
    return step


def _climb(
    evaluate: Callable[[FloatArray], Likelihood],
    coefficients: FloatArray,
    current: Likelihood,
    step: FloatArray,
) -> tuple[FloatArray, Likelihood]:
    """Take the step, or the largest of its halves that does not lower the likelihood."""
    allowance = 1e-11 * max(1.0, abs(current.value))
    for halving in range(30):
        proposal = coefficients + step * 0.5**halving
        reached = evaluate(proposal)
        if reached.value >= current.value - allowance:
            return proposal, reached
    raise ConvergenceError("the likelihood cannot be raised.", hint="Look for covariates on very different scales.")


def _check_independent(information: FloatArray, names: Sequence[str], reach: FloatArray) -> None:
    spread = np.diag(information)
    if np.any(spread <= 1e-12 * reach**2):
        j = int(np.argmin(spread / reach**2))
        raise EstimationError(f"covariate {names[j]}: the same among all at risk whenever an event happens.")
    scale = np.sqrt(spread)
    values, vectors = np.linalg.eigh(information / np.outer(scale, scale))
    if values[0] < _DEPENDENT:
        involved = [name for name, part in zip(names, vectors[:, 0], strict=True) if abs(part) > 0.01]
        raise EstimationError(f"covariates {', '.join(involved)}: one follows from the others.", hint="Leave one out.")


def _separated(direction: FloatArray, names: Sequence[str], reach: FloatArray) -> SeparationError:
    name = names[int(np.argmax(np.abs(direction) * reach))]
    return SeparationError(
        f"covariate {name}: its coefficient is infinite, as nobody on one side of it has the event.",
        hint="Merge categories or leave it out.",
    )
