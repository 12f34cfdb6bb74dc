"""What a reader can work out about one hidden count, exactly."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

from evalkit.disclosure.cells import Cells, Equation
from evalkit.errors import InternalError

__all__ = ["Puzzle", "possible_values"]

_ROUNDING = 1e-6
"""The solver's answer may miss a whole number by this much."""


@dataclass(frozen=True, slots=True)
class Puzzle:
    """A connected set of hidden counts, as a reader sees it.

    Parameters
    ----------
    unknowns : tuple of int
        The hidden cells, indices into ``Cells.values``.
    equations : tuple of Equation
        Every equation with one of them.
    known : mapping of int to int
        The published cells in those equations.
    lower, upper : mapping of int to float
        What the status of each hidden cell says about its size; persons, `upper` may be infinite.
    """

    unknowns: tuple[int, ...]
    equations: tuple[Equation, ...]
    known: dict[int, int]
    lower: dict[int, int]
    upper: dict[int, float]

    @classmethod
    def of(
        cls, cells: Cells, unknowns: Sequence[int], equations: Sequence[Equation], sizes: dict[int, tuple[int, float]]
    ) -> Puzzle:
        """Collect what a reader sees.

        Parameters
        ----------
        cells : Cells
            All cells.
        unknowns : sequence of int
            The hidden ones of this component.
        equations : sequence of Equation
            The equations they stand in.
        sizes : dict of int to (int, float)
            Smallest and largest value that the status allows.

        Returns
        -------
        Puzzle
            The component.
        """
        hidden = set(unknowns)
        shown = {cell for equation in equations for cell in equation.cells} - hidden
        return cls(
            tuple(unknowns),
            tuple(equations),
            {cell: int(cells.values[cell]) for cell in shown},
            {cell: sizes[cell][0] for cell in unknowns},
            {cell: sizes[cell][1] for cell in unknowns},
        )


def possible_values(puzzle: Puzzle, target: int, *, enough: int) -> int:
    """Count the whole numbers that a hidden count can be.

    One equation is solved directly. Several are solved as two linear programmes with HiGHS [1]_, after each equation
    alone has failed to pin the cell down. For sums over one dimension and remainders the equations are those of a
    flow, so that every whole number between the two ends is possible; for more tangled tables it is an upper bound.

    Parameters
    ----------
    puzzle : Puzzle
        What the reader sees.
    target : int
        The cell.
    enough : int
        The search may stop when this many are certain not to be reached.

    Returns
    -------
    int
        How many values remain; at most 10**9 when there is no upper end.

    Raises
    ------
    InternalError
        When the solver fails: the true counts always satisfy the equations.

    References
    ----------
    .. [1] Huangfu & Hall (2018), Math. Prog. Comp. 10, 119-142.
    """
    ends = [_from_one(puzzle, equation, target) for equation in puzzle.equations if target in equation.cells]
    low = max([float(puzzle.lower[target]), *(low for low, _ in ends)])
    high = min([puzzle.upper[target], *(high for _, high in ends)])
    if len(puzzle.equations) > 1 and _count(low, high) >= enough:
        low, high = _from_all(puzzle, target)
    return _count(low, high)


def _count(low: float, high: float) -> int:
    if math.isinf(high):
        return 10**9
    return max(0, math.floor(high + _ROUNDING) - math.ceil(low - _ROUNDING) + 1)


def _from_one(puzzle: Puzzle, equation: Equation, target: int) -> tuple[float, float]:
    """Return the target's range from one equation: what is left over when the others are at their ends."""
    rest = float(equation.total)
    most = least = 0.0
    own = 1
    for cell, sign in zip(equation.cells, equation.signs, strict=True):
        if cell == target:
            own = sign
        elif cell in puzzle.known:
            rest -= sign * puzzle.known[cell]
        else:
            ends = (sign * puzzle.lower[cell], sign * puzzle.upper[cell])
            least, most = least + min(ends), most + max(ends)
    left = (own * (rest - most), own * (rest - least))
    return min(left), max(left)


def _from_all(puzzle: Puzzle, target: int) -> tuple[float, float]:
    column = {cell: place for place, cell in enumerate(puzzle.unknowns)}
    left = np.zeros((len(puzzle.equations), len(column)))
    right = np.zeros(len(puzzle.equations))
    for row, equation in enumerate(puzzle.equations):
        right[row] = equation.total
        for cell, sign in zip(equation.cells, equation.signs, strict=True):
            if cell in column:
                left[row, column[cell]] += sign
            else:
                right[row] -= sign * puzzle.known[cell]
    # An end that no reader can find still needs a number, far beyond every count in the table.
    ceiling = float(1000 + 10 * (np.abs(right).sum() + sum(puzzle.lower.values())))
    bounds = [(puzzle.lower[cell], min(puzzle.upper[cell], ceiling)) for cell in puzzle.unknowns]
    aim = np.zeros(len(column))
    aim[column[target]] = 1.0
    low = _solve(aim, left, right, bounds)
    high = -_solve(-aim, left, right, bounds)
    return low, math.inf if high >= ceiling - 1 else high


def _solve(
    aim: NDArray[np.float64],
    left: NDArray[np.float64],
    right: NDArray[np.float64],
    bounds: list[tuple[int, float]],
) -> float:
    answer = linprog(aim, A_eq=left, b_eq=right, bounds=bounds, method="highs")
    if answer.status != 0 or answer.fun is None:
        raise InternalError("disclosure audit: the linear programme has no solution, though the true counts are one.")
    return float(answer.fun)
