"""What a reader can add and subtract in one table: sums over a dimension, remainders, steps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import polars as pl

from evalkit.disclosure.cells import Cells, Equation
from evalkit.disclosure.policy import Policy
from evalkit.disclosure.structure import columns_of
from evalkit.errors import DisclosureError
from evalkit.results import CellRole, Result

__all__ = ["cells_of", "groups_of"]

_Terms = tuple[int, ...]


def cells_of(result: Result, policy: Policy) -> Cells:
    """Return the counts of a result and what a reader knows about them.

    Known are: for each column of ``additive_over`` the sums over it, unless the sum is itself small (then it is
    suppressed wherever it stands); and that a total is never less than its parts (``Result.linked``, ``Policy.link``).

    Parameters
    ----------
    result : Result
        The result.
    policy : Policy
        The policy.

    Returns
    -------
    Cells
        The counts of the result column by column, then the remainders.

    Raises
    ------
    DisclosureError
        When a declared link does not hold in the data.
    """
    sheet = _Sheet(result, policy)
    for dimension in result.additive_over:
        _add_sums(sheet, dimension)
    for names in _links(result, policy):
        _add_link(sheet, names, declared=names in result.linked)
    return sheet.cells()


def groups_of(frame: pl.DataFrame, dimensions: Sequence[str]) -> list[list[int]]:
    """Return the row numbers of each group of rows that agree on some columns.

    Parameters
    ----------
    frame : DataFrame
        The rows.
    dimensions : sequence of str
        The columns; none of them makes one group of all rows.

    Returns
    -------
    list of list of int
        Row numbers, in the frame's order.
    """
    keys = frame.select(dimensions).rows() if dimensions else [()] * frame.height
    groups: dict[tuple[object, ...], list[int]] = {}
    for row, key in enumerate(keys):
        groups.setdefault(key, []).append(row)
    return list(groups.values())


@dataclass(slots=True)
class _Sheet:
    """The cells of a result while the equations are written down."""

    result: Result
    policy: Policy
    columns: list[str] = field(init=False)
    values: list[int | None] = field(init=False)
    implied: list[int] = field(default_factory=list)
    fixed: set[int] = field(default_factory=set)
    first_row: dict[str, list[int]] = field(default_factory=dict)
    equations: list[Equation] = field(default_factory=list)

    def __post_init__(self) -> None:
        frame = self.result.frame
        self.columns = columns_of(self.result, CellRole.COUNT)
        self.values = [
            None if value is None else int(value)
            for column in self.columns
            for value in frame.get_column(column).to_list()
        ]
        for column, dimensions in self.result.repeats:
            self.first_row[column] = _first_rows(self.result, column, dimensions)

    def cell(self, column: str, row: int) -> int:
        first = self.first_row[column][row] if column in self.first_row else row
        return self.columns.index(column) * self.result.frame.height + first

    def value(self, cell: int) -> int:
        value = self.values[cell]
        return 0 if value is None else value

    def has(self, terms: Sequence[int]) -> bool:
        return all(self.values[cell] is not None for cell in terms)

    def others(self, dimension: str) -> list[str]:
        return [name for name in columns_of(self.result, CellRole.DIMENSION) if name != dimension]

    def add_remainder(self, value: int) -> int:
        self.implied.append(value)
        return len(self.values) + len(self.implied) - 1

    def add_sum(self, terms: Sequence[int]) -> None:
        """Write down that a reader knows the sum; a small sum is suppressed wherever it stands, so it is unknown."""
        present = tuple(cell for cell in terms if self.values[cell] is not None)
        total = sum(self.value(cell) for cell in present)
        if total >= self.policy.min_cell:
            self.equations.append(Equation(present, (1,) * len(present), total))

    def cells(self) -> Cells:
        printed = [value is not None for value in self.values] + [False] * len(self.implied)
        values = [self.value(cell) for cell in range(len(self.values))] + self.implied
        fixed = [cell in self.fixed for cell in range(len(values))]
        return Cells(
            np.array(values, dtype=np.int64),
            np.array(printed, dtype=np.bool_),
            np.array(fixed, dtype=np.bool_),
            np.array(self._silent(), dtype=np.bool_),
            tuple(self.equations),
            np.array(self._stands_for(), dtype=np.int64),
        )

    def _silent(self) -> list[bool]:
        # A curve tells about how many were still followed, so those who left are never said to be few.
        sides = self.policy.curve.side_counts
        height = self.result.frame.height
        return [column in sides for column in self.columns for _ in range(height)] + [False] * len(self.implied)

    def _stands_for(self) -> list[int]:
        printed = [self.cell(column, row) for column in self.columns for row in range(self.result.frame.height)]
        return [*printed, *range(len(printed), len(printed) + len(self.implied))]


def _first_rows(result: Result, column: str, dimensions: Sequence[str]) -> list[int]:
    """For each row, the first row in which the same count stands."""
    others = [name for name in columns_of(result, CellRole.DIMENSION) if name not in dimensions]
    values = result.frame.get_column(column).to_list()
    first = list(range(result.frame.height))
    for rows in groups_of(result.frame, others):
        if len({values[row] for row in rows}) > 1:
            raise DisclosureError(f"{result.name}: {column!r} does not repeat over {', '.join(dimensions)}.")
        for row in rows:
            first[row] = rows[0]
    return first


def _add_sums(sheet: _Sheet, dimension: str) -> None:
    for rows in groups_of(sheet.result.frame, sheet.others(dimension)):
        for column in sheet.columns:
            sheet.add_sum([sheet.cell(column, row) for row in rows])


def _links(result: Result, policy: Policy) -> Iterator[tuple[str, ...]]:
    yield from result.linked
    columns = set(result.frame.columns)
    for link in policy.link:
        named = {part for name in link.columns for part in name.split("@")}
        if named <= columns and link.columns not in result.linked:
            yield link.columns


def _add_link(sheet: _Sheet, names: tuple[str, ...], *, declared: bool) -> None:
    unknown = [name for name in names if name.partition("@")[0] not in sheet.columns]
    if unknown:
        raise DisclosureError(f"{sheet.result.name}: linked names {', '.join(unknown)}, which is no count column.")
    instances = [terms for terms in _instances(sheet, names) if sheet.has(terms)]
    rests = [sheet.value(terms[0]) - sum(sheet.value(cell) for cell in terms[1:]) for terms in instances]
    if min(rests, default=0) < 0:
        if declared:
            raise DisclosureError(
                f"{sheet.result.name}: {names[0]} is less than its parts in {sum(rest < 0 for rest in rests)} rows.",
                hint="Correct the counts, or do not declare them linked.",
            )
        return
    # A reader who sees no remainder anywhere takes it that there is none.
    exact = not any(rests)
    for terms, rest in zip(instances, rests, strict=True):
        cells = terms if exact else (*terms, sheet.add_remainder(rest))
        sheet.equations.append(Equation(cells, (1,) + (-1,) * (len(cells) - 1), 0))


def _instances(sheet: _Sheet, names: tuple[str, ...]) -> Iterator[_Terms]:
    dimensions = {name.partition("@")[2] for name in names} - {""}
    if not dimensions:
        for row in range(sheet.result.frame.height):
            yield tuple(sheet.cell(name, row) for name in names)
        return
    if len(dimensions) > 1 or not dimensions <= set(sheet.others("")):
        raise DisclosureError(f"{sheet.result.name}: linked names {', '.join(names)}: that is not one dimension.")
    yield from _steps(sheet, names, dimensions.pop())


def _steps(sheet: _Sheet, names: tuple[str, ...], dimension: str) -> Iterator[_Terms]:
    frame = sheet.result.frame
    # A dimension that only renames the step, such as its reason, does not split the chain.
    apart = [name for name in sheet.others(dimension) if not _follows(frame, name, dimension)]
    order = frame.get_column(dimension).to_list()
    for group in groups_of(frame, apart):
        rows = sorted(group, key=order.__getitem__)
        for name in names:
            if "@" in name:
                # Where the chain ends stands in every other table.
                sheet.fixed.add(sheet.cell(name.partition("@")[0], rows[-1]))
        for before, row in pairwise(rows):
            yield tuple(sheet.cell(name.partition("@")[0], before if "@" in name else row) for name in names)


def _follows(frame: pl.DataFrame, column: str, dimension: str) -> bool:
    return frame.select(dimension, column).n_unique() == frame.select(dimension).n_unique()
