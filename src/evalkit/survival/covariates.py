"""Checks of covariates that every regression model needs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from evalkit.errors import EstimationError
from evalkit.survival.arrays import FloatArray
from evalkit.survival.columns import as_floats
from evalkit.survival.errors import TooFewEventsError

__all__ = ["LARGEST_VALUE", "SMALLEST_SPREAD", "check_covariates", "check_event_count", "check_names"]

SMALLEST_SPREAD, LARGEST_VALUE = 1e-100, 1e100
"""Beyond these, squares are 0 or overflow."""


def check_names(names: Sequence[str], *, reserved: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Check covariates' names.

    Parameters
    ----------
    names : sequence of str
        One a covariate.
    reserved : tuple of str
        Names that the model needs for other columns.

    Returns
    -------
    tuple of str
        The same names.

    Raises
    ------
    EstimationError
        When there are none, one is no text or empty, stands twice, or is reserved.
    """
    is_list = not isinstance(names, str) and np.iterable(names)
    given = tuple(names) if is_list else ()
    if not given or not all(isinstance(name, str) and name for name in given):
        raise EstimationError("names: not a list of texts.", hint='One a covariate, for example ["age", "sex"].')
    if len(set(given)) < len(given):
        twice = sorted({name for name in given if given.count(name) > 1})
        raise EstimationError(f"names: {', '.join(twice)} stands twice.", hint="Every covariate has its own name.")
    kept = [name for name in given if name in reserved]
    if kept:
        raise EstimationError(f"names: {', '.join(kept)} is kept for another column.", hint="Rename the covariate.")
    return tuple(str(name) for name in given)


def check_covariates(covariates: npt.ArrayLike, names: Sequence[str], n_rows: int) -> FloatArray:
    """Check covariates.

    Parameters
    ----------
    covariates : float array, shape (n, p)
        One column a covariate.
    names : sequence of str
        Their names.
    n_rows : int
        n.

    Returns
    -------
    float array, shape (n, p)
        The same covariates.

    Raises
    ------
    EstimationError
        When the shape does not fit, a value is missing or too large, or a covariate is the same in all rows.
    """
    x = as_floats(covariates, "covariates")
    if x.shape != (n_rows, len(names)):
        raise EstimationError(
            f"covariates: shape {x.shape} for {n_rows:,} rows and {len(names)} names.",
            hint="One row a person, one column a name.",
        )
    too_large = f"above {LARGEST_VALUE:g}"
    for wrong, problem in ((~np.isfinite(x), "missing or infinite"), (np.abs(x) > LARGEST_VALUE, too_large)):
        counts = np.count_nonzero(wrong, axis=0)
        if counts.any():
            j = int(np.argmax(counts))
            raise EstimationError(f"covariate {names[j]}: {problem} in {counts[j]:,} of {n_rows:,} rows.")
    for name, column in zip(names, x.T, strict=True):
        if column.max() - column.min() < SMALLEST_SPREAD:
            raise EstimationError(f"covariate {name}: the same in all {n_rows:,} rows.", hint="Leave it out.")
    return x


def check_event_count(n_events: int, n_rows: int, n_covariates: int) -> None:
    """Refuse a model with too few events.

    Parameters
    ----------
    n_events, n_rows, n_covariates : int
        Rows with an event, all rows, and covariates.

    Raises
    ------
    TooFewEventsError
        When there are no events, or no more events than covariates.
    """
    if n_events == 0:
        raise TooFewEventsError(f"no events in {n_rows:,} rows.")
    if n_events <= n_covariates:
        raise TooFewEventsError(f"{n_events:,} events for {n_covariates:,} covariates.", hint="Use fewer covariates.")
