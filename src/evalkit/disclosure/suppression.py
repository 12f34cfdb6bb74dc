"""Which counts to hide: the small ones, then as many others as it takes so that no small one can be worked out.

A reader is taken to know the policy and to believe the statuses: "primary" says below the smallest publishable count,
"secondary" says no such thing. So a small count is protected only when every equation and every status together leave
it all the values that its own status leaves it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from evalkit.disclosure.bounds import Puzzle, narrows_down
from evalkit.disclosure.cells import BoolArray, Cells
from evalkit.disclosure.policy import Policy
from evalkit.errors import DisclosureError

__all__ = ["Suppression", "suppress"]


@dataclass(frozen=True, slots=True)
class Suppression:
    """Which cells are hidden, and what their status says.

    Parameters
    ----------
    is_hidden : bool array, shape (n_cells,)
        Hidden cells; implied ones always are.
    is_primary : bool array, shape (n_cells,)
        Hidden cells whose status says that they are small.
    """

    is_hidden: BoolArray
    is_primary: BoolArray


def suppress(cells: Cells, policy: Policy, *, name: str) -> Suppression:
    """Choose the cells to hide.

    In each connected set of hidden cells from which a small one could be worked out, the smallest published count is
    hidden as well, until none can. Where that cannot help, the statuses stop telling which of the hidden cells are
    small; as the last resort zeros are hidden, and cells that other tables are taken to show. In the end each cell
    hidden for others' sake is shown again if it turns out that the others do without.

    Parameters
    ----------
    cells : Cells
        The counts and what a reader knows about them.
    policy : Policy
        What is small, and how many values must remain possible.
    name : str
        The result's name, for the message.

    Returns
    -------
    Suppression
        The choice, the same for the same input.

    Raises
    ------
    DisclosureError
        When even hiding everything would give a small count away.
    """
    search = _Search(cells, policy)
    while True:
        unsafe = [component for component in search.components() if search.fails(component)]
        if not unsafe:
            search.show_needless()
            return Suppression(search.is_hidden, search.is_primary())
        for component in search.apart(unsafe):
            if not search.hide_more(component):
                raise DisclosureError(
                    f"{name}: small counts can be worked out from totals that other tables show.",
                    hint="Merge levels, or leave the table out.",
                )


@dataclass(frozen=True, slots=True)
class _Component:
    unknowns: tuple[int, ...]
    equations: tuple[int, ...]


@dataclass(slots=True)
class _Search:
    cells: Cells
    policy: Policy
    is_small: BoolArray = field(init=False)
    is_hidden: BoolArray = field(init=False)
    is_blurred: BoolArray = field(init=False)
    safe: set[_Component] = field(default_factory=set)

    def __post_init__(self) -> None:
        values = self.cells.values
        self.is_small = np.array([self.policy.is_small(int(value)) for value in values], dtype=np.bool_)
        self.is_hidden = self.is_small | ~self.cells.is_printed
        self.is_blurred = self.cells.is_silent.copy()

    def is_primary(self) -> BoolArray:
        return self.is_small & self.cells.is_printed & ~self.is_blurred

    def components(self) -> Iterator[_Component]:
        """Yield the sets of hidden cells that equations tie together, each with its equations."""
        parent = list(range(len(self.cells.values)))
        touched = []
        for number, equation in enumerate(self.cells.equations):
            hidden = [cell for cell in equation.cells if self.is_hidden[cell]]
            if hidden:
                touched.append((number, hidden[0]))
                for cell in hidden[1:]:
                    parent[_root(parent, cell)] = _root(parent, hidden[0])
        equations: dict[int, list[int]] = {}
        for number, cell in touched:
            equations.setdefault(_root(parent, cell), []).append(number)
        for root, numbers in equations.items():
            unknowns = {cell for number in numbers for cell in self.cells.equations[number].cells}
            yield _Component(
                tuple(sorted(cell for cell in unknowns if self.is_hidden[cell] and _root(parent, cell) == root)),
                tuple(numbers),
            )

    def fails(self, component: _Component) -> bool:
        """Tell whether a reader can narrow down a small count too far."""
        if component in self.safe:
            return False
        targets = [cell for cell in component.unknowns if self.is_small[cell]]
        if not targets:
            return False
        puzzle = self._puzzle(component, component.unknowns)
        if narrows_down(puzzle, targets, enough=self.policy.required_values):
            return True
        self.safe.add(component)
        return False

    def _puzzle(self, component: _Component, unknowns: Sequence[int]) -> Puzzle:
        equations = [self.cells.equations[number] for number in component.equations]
        return Puzzle.of(self.cells, unknowns, equations, {cell: self._size(cell) for cell in unknowns})

    def _statuses_tell(self, component: _Component, large: Sequence[int]) -> bool:
        """Tell whether a reader gets there from the statuses even if every large count around is hidden."""
        puzzle = self._puzzle(component, sorted({*component.unknowns, *large}))
        targets = [cell for cell in component.unknowns if self.is_small[cell]]
        return narrows_down(puzzle, targets, enough=self.policy.required_values)

    def apart(self, components: Sequence[_Component]) -> Iterator[_Component]:
        """Yield the components that share no cell with one before, so that a step for one leaves the next as it was."""
        taken: set[int] = set()
        for component in components:
            reach = self._reach(component)
            if taken.isdisjoint(reach):
                taken |= reach
                yield component

    def hide_more(self, component: _Component) -> bool:
        """Take the next step against a reader; False when there is none left."""
        shown = sorted(cell for cell in self._reach(component) if not self.is_hidden[cell])
        free = [cell for cell in shown if not self.cells.is_fixed[cell]]
        large = [cell for cell in free if self.cells.values[cell] > 0]
        hidden = [cell for cell in component.unknowns if self.cells.is_printed[cell]]
        may_blur = any(self.is_small[cell] and not self.is_blurred[cell] for cell in hidden)
        if may_blur and (not large or self._statuses_tell(component, large)):
            self.is_blurred[hidden] = True
            return True
        if large:
            smallest = min(large, key=lambda cell: (self.cells.values[cell], cell))
            self._hide(smallest)
            # Where the statuses do not tell, that of the next one does not either.
            self.is_blurred[smallest] |= bool((self.is_blurred & ~self.cells.is_silent)[hidden].any())
            return True
        if free or shown:
            last = (free or shown)[0]
            self._hide(last)
            # A zero among the secondary ones: from now on "secondary" says nothing about size here.
            if self.cells.values[last] < self.policy.min_cell:
                self.is_blurred[[*hidden, last]] = True
            return True
        return False

    def show_needless(self) -> None:
        """Publish again what the small counts do without, the largest first."""
        says_so = ~self.is_blurred | self.cells.is_silent
        secondary = np.flatnonzero(self.is_hidden & self.cells.is_printed & ~self.is_small & says_so)
        for cell in sorted(secondary.tolist(), key=lambda cell: -int(self.cells.values[cell])):
            self.is_hidden[cell] = False
            if any(self.fails(component) for component in self.components()):
                self.is_hidden[cell] = True

    def _reach(self, component: _Component) -> set[int]:
        return {cell for number in component.equations for cell in self.cells.equations[number].cells}

    def _hide(self, cell: int) -> None:
        self.is_hidden[cell] = True

    def _size(self, cell: int) -> tuple[int, float]:
        """Return the smallest and the largest number that the cell's status allows."""
        if self.is_blurred[cell] or not self.cells.is_printed[cell]:
            return 0, math.inf
        if self.is_small[cell]:
            return self.policy.smallest_sensitive, self.policy.min_cell - 1
        return self.policy.min_cell, math.inf


def _root(parent: list[int], cell: int) -> int:
    while parent[cell] != cell:
        parent[cell] = parent[parent[cell]]
        cell = parent[cell]
    return cell
