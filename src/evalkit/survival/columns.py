"""Columns as they are given: lists, NumPy arrays, Polars and pandas columns become arrays of numbers or labels."""

from __future__ import annotations

from decimal import Decimal
from numbers import Real
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from evalkit.errors import EstimationError
from evalkit.survival.arrays import FloatArray

__all__ = ["as_floats", "as_labels", "as_numbers"]

_NUMBER = (Real, Decimal, np.bool_)
_HINT = "Give numbers: days counted from the start, categories as 0 and 1."
_EXACT = 2.0**53  # greater whole numbers are not told apart as floats


def as_numbers(values: npt.ArrayLike, name: str) -> npt.NDArray[Any]:
    """Turn a list, a NumPy array, a Polars or a pandas column into an array of numbers.

    Parameters
    ----------
    values : array, any shape
        Numbers or booleans. Text that looks like numbers is refused, as are dates and time differences, whose unit
        nobody would see.
    name : str
        What to call them in a message.

    Returns
    -------
    bool, int or float array, the same shape
        What is missing (None, null, NA, masked) is NaN.

    Raises
    ------
    EstimationError
        When a value is no number.
    """
    if isinstance(values, np.ma.MaskedArray):
        values = np.ma.filled(values.astype(np.float64), np.nan)
    try:
        array = np.asarray(values)
    except (TypeError, ValueError):
        raise EstimationError(f"{name}: rows of different lengths.", hint="Give one number a row.") from None
    if array.dtype.kind in "mM":
        raise EstimationError(f"{name}: dates or time differences, not numbers.", hint=_HINT)
    if array.dtype.kind == "O":
        return _from_objects(array, name)
    if array.dtype.kind not in "biuf":
        raise EstimationError(f"{name}: not numbers.", hint=_HINT)
    return array


def as_floats(values: npt.ArrayLike, name: str) -> FloatArray:
    """Turn a list, a NumPy array, a Polars or a pandas column into an array of floats.

    Parameters
    ----------
    values : array, any shape
        As for :func:`as_numbers`.
    name : str
        What to call them in a message.

    Returns
    -------
    float array, the same shape
        What is missing is NaN.

    Raises
    ------
    EstimationError
        When a value is no number.
    """
    return as_numbers(values, name).astype(np.float64, copy=False)


def as_labels(values: npt.ArrayLike, name: str) -> pl.Series:
    """Turn a list, a NumPy array, a Polars or a pandas column into a column of whole numbers or text.

    Parameters
    ----------
    values : array, shape (n,)
        Text, whole numbers, booleans, dates or categories.
    name : str
        What to call them in a message.

    Returns
    -------
    Series, length n
        Of 64-bit whole numbers when all are whole, booleans among them; else text.

    Raises
    ------
    EstimationError
        When a label is missing, or is something else.
    """
    series = values if isinstance(values, pl.Series) else _series(values, name)
    n_missing = series.null_count() + (int((~series.is_finite()).sum()) if series.dtype.is_float() else 0)
    if n_missing:
        raise EstimationError(f"{name}: missing in {n_missing:,} of {series.len():,} rows.")
    if series.dtype == pl.Boolean or (series.dtype.is_float() and _is_whole(series)):
        return series.cast(pl.Int64)
    if series.dtype.is_integer():
        return _as_integers(series)
    if series.dtype in {pl.Binary, pl.Object} or series.dtype.is_nested():
        raise EstimationError(f"{name}: neither text nor whole numbers.")
    return series.cast(pl.String)


def _from_objects(array: npt.NDArray[Any], name: str) -> FloatArray:
    n_wrong = sum(not _is_number_or_missing(value) for value in array.ravel())
    if n_wrong:
        raise EstimationError(
            f"{name}: not a number in {n_wrong:,} of {array.size:,} places.",
            hint=_HINT,
        )
    flat = [float(value) if isinstance(value, _NUMBER) else np.nan for value in array.ravel()]
    return np.array(flat, dtype=np.float64).reshape(array.shape)


def _is_number_or_missing(value: object) -> bool:
    return isinstance(value, _NUMBER) or _is_missing(value)


def _series(values: npt.ArrayLike, name: str) -> pl.Series:
    try:
        # a plain array of text and numbers would make text of what is missing
        array = np.asarray(values, dtype=object if isinstance(values, list | tuple) else None)
    except (TypeError, ValueError):
        raise EstimationError(f"{name}: rows of different lengths.", hint="Give one label a row.") from None
    if array.ndim != 1:
        raise EstimationError(f"{name}: shape {array.shape}.", hint="Give one label a row.")
    if array.dtype.kind in "cSV":
        raise EstimationError(f"{name}: neither text nor whole numbers.")
    if array.dtype.kind != "O":
        return pl.Series(array)
    missing = [_is_missing(value) for value in array]
    plain = [None if gone else value for gone, value in zip(missing, array.tolist(), strict=True)]
    try:
        return pl.Series(plain)
    except (OverflowError, TypeError, pl.exceptions.PolarsError):  # several kinds of labels in one column
        return pl.Series([None if value is None else str(value) for value in plain])


def _as_integers(series: pl.Series) -> pl.Series:
    narrowed = series.cast(pl.Int64, strict=False)
    return series.cast(pl.String) if narrowed.null_count() else narrowed  # hashes may be unsigned


def _is_whole(series: pl.Series) -> bool:
    return bool(((series == series.round()) & (series.abs() < _EXACT)).all())


def _is_missing(value: object) -> bool:
    # pandas' signs for missing are told by their names, so that pandas need not be loaded
    is_nan = isinstance(value, float) and value != value  # noqa: PLR0124 - only not-a-number is not itself
    return value is None or is_nan or type(value).__name__ in {"NAType", "NaTType"}
