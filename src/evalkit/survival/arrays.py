"""The array types that the estimators pass around."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

__all__ = ["BoolArray", "FloatArray", "GroupLabel", "IntArray", "binned", "row_blocks"]

FloatArray: TypeAlias = npt.NDArray[np.float64]
IntArray: TypeAlias = npt.NDArray[np.int64]
BoolArray: TypeAlias = npt.NDArray[np.bool_]
GroupLabel: TypeAlias = str | int
"""What a group is called: text, or the whole number it was coded with."""

_ROWS_AT_ONCE = 1 << 16  # what the arrays of a block need then stays in the processor's cache


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


def row_blocks(n_rows: int, *, at_least: int = 0) -> Iterator[slice]:
    """Cut rows into blocks, one after the other.

    Parameters
    ----------
    n_rows : int
        Number of rows.
    at_least : int
        Rows a block has at least, where each block costs something of its own.

    Yields
    ------
    slice
        The rows of a block.
    """
    size = max(_ROWS_AT_ONCE, at_least)
    for first in range(0, n_rows, size):
        yield slice(first, min(first + size, n_rows))
