"""What a reader can add and subtract when all tables of a study lie side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from evalkit.disclosure.cells import Cells, Equation
from evalkit.disclosure.curves import ThinnedCurve
from evalkit.disclosure.policy import Policy
from evalkit.disclosure.relations import cells_of
from evalkit.disclosure.structure import columns_of
from evalkit.errors import DisclosureError
from evalkit.results import CellRole, Counts, Relation, Result

__all__ = ["SideBySide", "side_by_side"]


@dataclass(frozen=True, slots=True)
class SideBySide:
    """The counts of all tables but the curves, and what a reader knows about them.

    Parameters
    ----------
    cells : Cells
        The cells of one table after those of another.
    first_cell : mapping of str to int
        Table to its first cell.
    """

    cells: Cells
    first_cell: Mapping[str, int]


def side_by_side(results: Sequence[Result], curves: Mapping[str, ThinnedCurve], policy: Policy) -> SideBySide:
    """Put the tables of one study side by side.

    Parameters
    ----------
    results : sequence of Result
        All tables that leave together.
    curves : mapping of str to ThinnedCurve
        Name of each curve among them to what remains of it. What it shows stays shown, so the other tables give way.
    policy : Policy
        The policy.

    Returns
    -------
    SideBySide
        The cells, with the equations within each table and those of ``Result.relations``.

    Raises
    ------
    DisclosureError
        When counts do not add up as declared.
    """
    desk = _Desk({result.name: result for result in results}, curves, policy)
    for result in results:
        if result.name not in curves:
            desk.lay(result)
    for relation in (relation for result in results for relation in result.relations):
        if relation.tables <= set(desk.results):
            desk.relate(relation)
    return SideBySide(desk.cells(), desk.first)


@dataclass(frozen=True, slots=True)
class _Sum:
    """A sum of counts: cells that may be hidden, and a number that a curve shows."""

    cells: tuple[int, ...] = ()
    shown: int = 0
    is_whole: bool = True
    """False where the curve shows an earlier point only, so that the sum is at least this."""


@dataclass(slots=True)
class _Desk:
    results: Mapping[str, Result]
    curves: Mapping[str, ThinnedCurve]
    policy: Policy
    first: dict[str, int] = field(default_factory=dict)
    blocks: dict[str, Cells] = field(default_factory=dict)
    values: list[int] = field(default_factory=list)
    fixed: set[int] = field(default_factory=set)
    equations: list[Equation] = field(default_factory=list)

    def lay(self, result: Result) -> None:
        """Put one table beside those before."""
        block, start = cells_of(result, self.policy), len(self.values)
        self.first[result.name], self.blocks[result.name] = start, block
        self.values.extend(block.values.tolist())
        self.fixed.update((start + np.flatnonzero(block.is_fixed)).tolist())
        self.equations.extend(
            Equation(tuple(start + cell for cell in one.cells), one.signs, one.total) for one in block.equations
        )

    def relate(self, relation: Relation) -> None:
        """Write down a relation, once for each value of the dimensions that it holds along."""
        sums = [(self._sum(relation.total, key), self._sum(relation.parts, key)) for key in self._keys(relation)]
        told = [(total, parts) for total, parts in sums if total is not None and parts is not None and total.is_whole]
        is_exact = relation.exact or (self._is_of_totals(relation) and not any(self._rest(*one) for one in told))
        for total, parts in told:
            self._equate(relation, total, parts, is_exact=is_exact and parts.is_whole)

    def cells(self) -> Cells:
        n_implied = len(self.values) - sum(len(block.values) for block in self.blocks.values())
        implied = np.zeros(n_implied, dtype=np.bool_)
        own = np.arange(len(self.values) - n_implied, len(self.values), dtype=np.int64)
        blocks = list(self.blocks.items())
        return Cells(
            np.array(self.values, dtype=np.int64),
            np.concatenate([*(block.is_printed for _, block in blocks), implied]),
            np.isin(np.arange(len(self.values)), sorted(self.fixed)),
            np.concatenate([*(block.is_silent for _, block in blocks), implied]),
            tuple(self.equations),
            np.concatenate([*(block.stands_for + self.first[name] for name, block in blocks), own]),
        )

    def _is_of_totals(self, relation: Relation) -> bool:
        """Say whether both are totals that their tables repeat: who sees no remainder anywhere takes them for one."""
        sides = (relation.total, relation.parts)
        return all(
            len(side) == 1 and side[0].column in {column for column, _ in self.results[side[0].table].repeats}
            for side in sides
        )

    def _keys(self, relation: Relation) -> Iterator[Mapping[str, object]]:
        first = relation.total[0]
        if not relation.by:
            yield {}
            return
        rows = _matching(self.results[first.table].frame, first.where, {})
        for values in dict.fromkeys(self.results[first.table].frame[rows].select(relation.by).rows()):
            yield dict(zip(relation.by, values, strict=True))

    def _sum(self, terms: Sequence[Counts], key: Mapping[str, object]) -> _Sum | None:
        """Return the sum of the terms; None where a count is missing, so that there is no such sum."""
        found = [self._on_curve(one, key) if one.table in self.curves else self._in_table(one, key) for one in terms]
        known = [one for one in found if one is not None]
        if len(known) < len(found):
            return None
        return _Sum(
            tuple(cell for one in known for cell in one.cells),
            sum(one.shown for one in known),
            all(one.is_whole for one in known),
        )

    def _in_table(self, counts: Counts, key: Mapping[str, object]) -> _Sum | None:
        result, block = self.results[counts.table], self.blocks[counts.table]
        rows = _matching(result.frame, counts.where, key)
        if not rows or result.frame[rows].get_column(counts.column).null_count():
            return None
        column = columns_of(result, CellRole.COUNT).index(counts.column) * result.frame.height
        # A count that stands in several of the rows is one count.
        cells = dict.fromkeys(self.first[counts.table] + int(block.stands_for[column + row]) for row in rows)
        return _Sum(tuple(cells))

    def _on_curve(self, counts: Counts, key: Mapping[str, object]) -> _Sum | None:
        """Return what a curve shows at a time, or where that is hidden, what it showed before."""
        result, thinned = self.results[counts.table], self.curves[counts.table]
        over = str(result.cumulative_over)
        (asked,) = counts.where[over]
        apart = {name: values for name, values in counts.where.items() if name != over}
        times = result.frame.get_column(over).to_list()
        hidden = {row for column, row in thinned.primary | thinned.secondary if column == counts.column}
        shown = [row for row in _matching(result.frame, apart, key) if row in thinned.rows and row not in hidden]
        before = sorted((times[row], row) for row in shown if times[row] <= asked)
        is_same = bool(before) and before[-1][0] == asked
        if counts.column == self.policy.curve.at_risk and not is_same:
            return None
        value = int(result.frame.get_column(counts.column)[before[-1][1]]) if before else 0
        return _Sum(shown=value, is_whole=is_same)

    def _rest(self, total: _Sum, parts: _Sum) -> int:
        """Return what the total has more than the parts."""
        return (
            total.shown
            - parts.shown
            + sum(self.values[cell] for cell in total.cells)
            - sum(self.values[cell] for cell in parts.cells)
        )

    def _equate(self, relation: Relation, total: _Sum, parts: _Sum, *, is_exact: bool) -> None:
        cells = (*total.cells, *parts.cells)
        signs = (1,) * len(total.cells) + (-1,) * len(parts.cells)
        known = parts.shown - total.shown
        rest = self._rest(total, parts)
        if rest < 0 or (is_exact and rest):
            raise DisclosureError(
                f"{', '.join(sorted(relation.tables))}: counts do not add up as declared.",
                hint="Correct the counts, or the relation.",
            )
        if is_exact and len(cells) == 1:
            self.fixed.add(cells[0])
        if not is_exact:
            self.values.append(rest)
            cells, signs = (*cells, len(self.values) - 1), (*signs, -1)
        if cells:
            self.equations.append(Equation(cells, signs, known))


def _matching(frame: pl.DataFrame, where: Mapping[str, Sequence[object]], key: Mapping[str, object]) -> list[int]:
    wanted = {**where, **{name: (value,) for name, value in key.items()}}
    rows = list(range(frame.height))
    for name, values in wanted.items():
        column = frame.get_column(name).to_list()
        rows = [row for row in rows if column[row] in values]
    return rows
