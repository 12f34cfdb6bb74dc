"""The array types that the estimators pass around."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

__all__ = ["BoolArray", "FloatArray", "GroupLabel", "IntArray", "binned"]

FloatArray: TypeAlias = npt.NDArray[np.float64]
IntArray: TypeAlias = npt.NDArray[np.int64]
BoolArray: TypeAlias = npt.NDArray[np.bool_]
GroupLabel: TypeAlias = str | int
"""What a group is called: text, or the whole number it was coded with."""


def binned(place: IntArray, values: FloatArray | None, n_bins: int) -> FloatArray:
    """Sum values by bin.

    Parameters
    ----------
    place : int array, shape (n,)
        Bin of each value.
    values : float array, shape (n,), or None
        The values; None counts them.
    n_bins : int
        Number of bins.

    Returns
    -------
    float array, shape (n_bins,)
        The sums.
    """
    return np.bincount(place, values, n_bins).astype(np.float64, copy=False)
