"""What a reader can work out about one hidden count, exactly."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csc_array

from evalkit.disclosure.cells import Cells, Equation
from evalkit.errors import InternalError

__all__ = ["Puzzle", "narrows_down"]

_FloatArray = NDArray[np.float64]
_SEED = 1  # of weights that say only in which order solutions are looked for

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


def narrows_down(puzzle: Puzzle, targets: Sequence[int], *, enough: int) -> bool:
    """Tell whether a reader can narrow any of some hidden counts down to too few values.

    One equation is solved directly. Several are solved as linear programmes with HiGHS [1]_, after each equation alone
    has failed to pin a cell down. For sums over one dimension and remainders the equations are those of a flow, so that
    every whole number between the two ends is possible; for more tangled tables their number is an upper bound. Every
    solution is one for all cells at once, so a cell that took values far enough apart is asked for no more.

    Parameters
    ----------
    puzzle : Puzzle
        What the reader sees.
    targets : sequence of int
        The cells, each of them hidden.
    enough : int
        Each must keep so many whole numbers that it can be.

    Returns
    -------
    bool
        Whether one of them keeps fewer.

    Raises
    ------
    InternalError
        When the solver fails: the true counts always satisfy the equations.

    References
    ----------
    .. [1] Huangfu & Hall (2018), Math. Prog. Comp. 10, 119-142.
    """
    if any(_count(*_from_each(puzzle, target)) < enough for target in targets):
        return True
    if len(puzzle.equations) < 2 or not targets:
        return False
    programme = _Programme.of(puzzle)
    asked, unsure = len(targets) + 1, list(targets)
    while 0 < len(unsure) < asked:
        asked = len(unsure)
        programme.look_around(unsure)
        unsure = [target for target in unsure if not programme.leaves(target, enough)]
    return any(programme.pins_down(target, enough) for target in unsure)


def _count(low: float, high: float) -> int:
    if math.isinf(high):
        return 10**9
    return max(0, math.floor(high + _ROUNDING) - math.ceil(low - _ROUNDING) + 1)


def _from_each(puzzle: Puzzle, target: int) -> tuple[float, float]:
    """Return the target's range from each equation by itself and from its status."""
    ends = [_from_one(puzzle, equation, target) for equation in puzzle.equations if target in equation.cells]
    low = max([float(puzzle.lower[target]), *(low for low, _ in ends)])
    return low, min([puzzle.upper[target], *(high for _, high in ends)])


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


@dataclass(slots=True)
class _Programme:
    """All equations at once, and the least and greatest value that each cell took in a solution so far."""

    column: dict[int, int]
    equations: LinearConstraint
    bounds: Bounds
    ceiling: float
    least: _FloatArray
    greatest: _FloatArray
    chance: np.random.Generator

    @classmethod
    def of(cls, puzzle: Puzzle) -> _Programme:
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
        lower = np.array([float(puzzle.lower[cell]) for cell in puzzle.unknowns])
        upper = np.array([min(puzzle.upper[cell], ceiling) for cell in puzzle.unknowns])
        none = np.full(len(column), np.inf)
        equations = LinearConstraint(csc_array(left), right, right)
        return cls(column, equations, Bounds(lower, upper), ceiling, none, -none, np.random.default_rng(_SEED))

    def look_around(self, targets: Sequence[int]) -> None:
        """Look for two solutions that are far apart in all targets, by weights that are drawn.

        With one weight for all, targets of which the sum is known would stay where they are.
        """
        weights = self.chance.normal(size=len(targets))
        for sign in (1, -1):
            self._solve(targets, sign * weights)

    def leaves(self, target: int, enough: int) -> bool:
        """Tell whether the solutions so far have enough whole numbers between them for a target."""
        high = float(self.greatest[self.column[target]])
        return _count(float(self.least[self.column[target]]), math.inf if high >= self.ceiling - 1 else high) >= enough

    def pins_down(self, target: int, enough: int) -> bool:
        """Tell whether all solutions have too few."""
        for sign in (1.0, -1.0):
            if not self.leaves(target, enough):
                self._solve((target,), np.array([sign]))
        return not self.leaves(target, enough)

    def _solve(self, targets: Sequence[int], weights: _FloatArray) -> None:
        aim = np.zeros(len(self.column))
        aim[[self.column[target] for target in targets]] = weights
        answer = milp(aim, constraints=self.equations, bounds=self.bounds)
        if answer.status != 0 or answer.x is None:
            raise InternalError(
                "disclosure audit: the linear programme has no solution, though the true counts are one."
            )
        self.least = np.minimum(self.least, answer.x)
        self.greatest = np.maximum(self.greatest, answer.x)
