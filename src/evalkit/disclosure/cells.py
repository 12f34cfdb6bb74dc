"""Counts as unknowns, and the equations between them that a reader can write down."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["BoolArray", "Cells", "Equation", "IntArray"]

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Equation:
    """A sum that a reader knows: ``sum(signs * values[cells]) == total``.

    Parameters
    ----------
    cells : tuple of int
        Indices into ``Cells.values``.
    signs : tuple of int
        1 or -1 for each.
    total : int
        What they add up to.
    """

    cells: tuple[int, ...]
    signs: tuple[int, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Cells:
    """All counts of one result, with those that are only implied.

    Parameters
    ----------
    values : int array, shape (n_cells,)
        Numbers of persons; the counts of the result first, column by column, then the implied ones.
    is_printed : bool array, shape (n_cells,)
        Whether the cell stands in the table. An implied one, such as a remainder, does not, and a missing value does
        not either.
    is_fixed : bool array, shape (n_cells,)
        Whether other tables show the cell, so that hiding it here protects nothing.
    is_silent : bool array, shape (n_cells,)
        Whether the status of the cell never says that it is small, because estimates say that it is not very small.
    equations : tuple of Equation
        What a reader knows about them.
    stands_for : int array, shape (n_cells,)
        The cell that stands for this one in the equations: itself, or the first of the same count repeated.
    """

    values: IntArray
    is_printed: BoolArray
    is_fixed: BoolArray
    is_silent: BoolArray
    equations: tuple[Equation, ...]
    stands_for: IntArray
