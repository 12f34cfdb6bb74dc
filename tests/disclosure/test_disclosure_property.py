"""Random tables, and an attacker written from the meaning of the statuses alone.

The attacker knows the published counts, the policy, the sums and what "primary" and "secondary" say, and solves integer
programmes. Every small count must be left with four whole numbers at least. Where a table is refused instead, that must
be impossible even with every cell hidden.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import product

import numpy as np
import polars as pl
from hypothesis import event, example, given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from evalkit.disclosure import load_policy, release
from evalkit.errors import DisclosureError
from evalkit.results import Column, Provenance, Result

MIN_CELL = 5
NEEDED = MIN_CELL - 1
FAR = 500
STANDARD = load_policy("standard")
PROVENANCE = Provenance("d@1", date(2023, 7, 1), {}, "0.1.0")

Cell = tuple[str, int]
Sum = tuple[dict[Cell, int], int]
"""Cells with their signs, and what they add up to."""
Ends = dict[Cell, tuple[int, int]]
"""Smallest and largest number that each unknown cell can be by its status alone."""

counts = st.one_of(st.integers(0, 6), st.integers(0, 14))


def make(frame: pl.DataFrame, additive_over: tuple[str, ...]) -> Result:
    roles = {column: Column.count() if column.startswith("n_") else Column.dimension() for column in frame.columns}
    return Result("random", PROVENANCE, frame, roles, additive_over)


def read(released: pl.DataFrame) -> tuple[dict[Cell, int], dict[Cell, str]]:
    """Return the published counts, and the statuses of the hidden ones."""
    known: dict[Cell, int] = {}
    said: dict[Cell, str] = {}
    for column in [name for name in released.columns if f"{name}_status" in released.columns]:
        rows = released.select(column, f"{column}_status").rows()
        known |= {(column, row): value for row, (value, status) in enumerate(rows) if status == "published"}
        said |= {(column, row): status for row, (_, status) in enumerate(rows) if status.startswith("suppressed")}
    return known, said


def ends_of(said: Mapping[Cell, str], truth: Mapping[Cell, int]) -> Ends:
    """Take the statuses at their word; "secondary" as "not small" wherever that does not mislead the attacker."""
    is_strong = all(truth[cell] >= MIN_CELL for cell, status in said.items() if status == "suppressed_secondary")
    return {
        cell: (1, MIN_CELL - 1) if status == "suppressed_primary" else (MIN_CELL if is_strong else 0, FAR)
        for cell, status in said.items()
    }


def n_possible(ends: Ends, sums: Sequence[Sum], known: Mapping[Cell, int], sought: Cell) -> int:
    """Count the whole numbers between the least and the greatest that a hidden cell can be."""
    cells = sorted(ends)
    left = np.array([[weights.get(cell, 0) for cell in cells] for weights, _ in sums], dtype=float)
    right = [total - sum(sign * known.get(cell, 0) for cell, sign in weights.items()) for weights, total in sums]
    least, greatest = np.array([ends[cell] for cell in cells], dtype=float).T
    aim = np.array([float(cell == sought) for cell in cells])
    least_and_greatest = [
        milp(
            sign * aim,
            constraints=LinearConstraint(left, np.array(right), np.array(right)) if sums else None,
            integrality=np.ones(len(cells), dtype=np.int64),
            bounds=Bounds(least, greatest),
        )
        for sign in (1, -1)
    ]
    smallest, negative = (answer.fun for answer in least_and_greatest)
    assert smallest is not None
    assert negative is not None
    return round(-negative) - round(smallest) + 1


def attack(
    frame: pl.DataFrame, additive_over: tuple[str, ...], implied: Mapping[Cell, int], sums: Sequence[Sum]
) -> None:
    """Put a table through the door and try to find each small count, printed or implied."""
    columns = [column for column in frame.columns if column.startswith("n_")]
    printed = {(column, row): value for column in columns for row, value in enumerate(frame.get_column(column))}
    truth = {cell: value for cell, value in (printed | dict(implied)).items() if value is not None}
    small = [cell for cell, value in truth.items() if 0 < value < MIN_CELL]
    free = dict.fromkeys(implied, (0, FAR))
    try:
        known, said = read(release(make(frame, additive_over), STANDARD).tidy())
    except DisclosureError:
        event("refused")
        hidden = dict.fromkeys(truth, (0, FAR))
        assert any(n_possible(hidden, sums, {}, cell) < NEEDED for cell in small)
        return
    event(f"hidden: {len(said)}")
    assert all(truth[cell] == value for cell, value in known.items())
    assert not set(small) & set(known)
    for cell in small:
        assert n_possible(ends_of(said, truth) | free, sums, known, cell) >= NEEDED


def margin(column: str, rows: Sequence[int], values: Sequence[int]) -> Iterator[Sum]:
    """Yield the sum of some rows, unless it is small: then it is hidden wherever it stands."""
    total = sum(values[row] for row in rows)
    if total >= MIN_CELL:
        yield {(column, row): 1 for row in rows}, total


@given(st.lists(counts, min_size=2, max_size=5))
@settings(max_examples=200, deadline=None)
def test_no_small_cell_can_be_found_by_trying_every_table(n_persons: list[int]) -> None:
    frame = pl.DataFrame({"level": list(range(len(n_persons))), "n_persons": n_persons})
    known, said = read(release(make(frame, ("level",)), STANDARD).tidy())
    truth = {("n_persons", row): value for row, value in enumerate(n_persons)}
    small = [cell for cell, value in truth.items() if 0 < value < MIN_CELL]
    assert all(truth[cell] == value for cell, value in known.items())
    assert not set(small) & set(known)
    rest = sum(n_persons) - sum(known.values())
    if not small or sum(n_persons) < MIN_CELL:
        assert set(said) == set(small)
        return
    ends = [ends_of(said, truth)[cell] for cell in said]
    first = [range(least, min(greatest, rest) + 1) for least, greatest in ends[:-1]]
    tables = [(*table, rest - sum(table)) for table in product(*first)]
    possible = [table for table in tables if ends[-1][0] <= table[-1] <= ends[-1][1]]
    for cell in small:
        assert len({table[list(said).index(cell)] for table in possible}) >= NEEDED


@given(st.integers(2, 3), st.integers(2, 4), st.data())
@settings(max_examples=60, deadline=None)
def test_no_small_cell_can_be_found_from_row_and_column_totals(
    n_rows: int, n_columns: int, data: st.DataObject
) -> None:
    n_persons = data.draw(st.lists(counts, min_size=n_rows * n_columns, max_size=n_rows * n_columns))
    places = list(product(range(n_rows), range(n_columns)))
    frame = pl.DataFrame({"arm": [a for a, _ in places], "level": [b for _, b in places], "n_persons": n_persons})
    lines = [[row for row, place in enumerate(places) if place[axis] == level] for axis in (0, 1) for level in range(4)]
    attack(frame, ("arm", "level"), {}, [one for line in lines for one in margin("n_persons", line, n_persons)])


@given(st.lists(st.tuples(counts, counts), min_size=2, max_size=4))
@example([(0, 5), (5, 1)])
@settings(max_examples=80, deadline=None)
def test_no_small_cell_or_complement_can_be_found_from_totals_and_differences(parts: list[tuple[int, int]]) -> None:
    """Levels add up for persons and for those with an event; each person has an event or has none."""
    n_persons, n_events = [a + b for a, b in parts], [a for a, _ in parts]
    rows = range(len(parts))
    frame = pl.DataFrame({"level": list(rows), "n_persons": n_persons, "n_events": n_events})
    has_rest = any(b for _, b in parts)
    implied = {("n_without", row): b for row, (_, b) in enumerate(parts)} if has_rest else {}
    sums: list[Sum] = []
    for row in rows:
        sides = {("n_persons", row): 1, ("n_events", row): -1}
        sums.append((sides | ({("n_without", row): -1} if has_rest else {}), 0))
    sums.extend(margin("n_persons", rows, n_persons))
    sums.extend(margin("n_events", rows, n_events))
    attack(frame, ("level",), implied, sums)


@given(st.lists(st.one_of(st.integers(0, 4), st.integers(0, 30)), min_size=1, max_size=5))
@example([1, 3])
@settings(max_examples=80, deadline=None)
def test_no_exclusion_can_be_found_from_the_steps(excluded: list[int]) -> None:
    persons = [40 + sum(excluded[step:]) for step in range(len(excluded) + 1)]
    frame = pl.DataFrame({"step": list(range(len(persons))), "n_persons": persons, "n_excluded": [None, *excluded]})
    sums: list[Sum] = [({("n_persons", len(excluded)): 1}, 40)]
    sums.extend(
        ({("n_persons", step - 1): 1, ("n_persons", step): -1, ("n_excluded", step): -1}, 0)
        for step in range(1, len(persons))
    )
    attack(frame, (), {}, sums)


@given(st.lists(counts, min_size=2, max_size=6))
@settings(max_examples=60, deadline=None)
def test_order_of_rows_changes_nothing(n_persons: list[int]) -> None:
    frame = pl.DataFrame({"level": list(range(len(n_persons))), "n_persons": n_persons})
    shown = [
        release(make(one, ("level",)), STANDARD).tidy().get_column("n_persons").sort().to_list()
        for one in (frame, frame.reverse())
    ]
    assert shown[0] == shown[1]
