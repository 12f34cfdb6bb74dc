"""Totals that stand in two tables, and what all equations together leave of a hidden count."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product

import numpy as np
import polars as pl
import pytest

from evalkit.disclosure import Policy, release_all
from evalkit.disclosure.bounds import Puzzle, narrows_down
from evalkit.disclosure.cells import Equation, IntArray
from evalkit.results import Counts, Relation, Result

Make = Callable[..., Result]

# Of 26 referred 22 were enrolled, so 4 were not; the other table says again how many were enrolled.
REFERRED = pl.DataFrame({"arm": ["a", "a"], "end": ["x", "y"], "n_referred": [26, 26], "n_enrolled": [22, 22]})
COURSE = pl.DataFrame({"arm": ["a", "a"], "month": [3, 6], "n_persons": [22, 22]})
SAME = Relation((Counts("ends", "n_enrolled"),), (Counts("course", "n_persons"),), ("arm",))


def side_by_side(make_result: Make, policy: Policy, n_course: tuple[int, int]) -> dict[str, pl.DataFrame]:
    """Two arms: nobody is left over in the first; in the second 30 were enrolled."""
    of_b = REFERRED.with_columns(arm=pl.lit("b"), n_referred=pl.lit(40, pl.Int64), n_enrolled=pl.lit(30, pl.Int64))
    arms = zip("ab", n_course, strict=True)
    course = pl.concat([COURSE.with_columns(arm=pl.lit(arm), n_persons=pl.lit(n)) for arm, n in arms])
    ends = make_result(
        pl.concat([REFERRED, of_b]),
        name="ends",
        linked=(("n_referred", "n_enrolled"),),
        repeats=(("n_referred", ("end",)), ("n_enrolled", ("end",))),
    )
    again = make_result(course, name="course", repeats=(("n_persons", ("month",)),))
    released = release_all((ends, replace(again, relations=(SAME,))), policy)
    return {one.name: one.tidy().filter(pl.col("arm") == "a") for one in released}


def test_a_total_hidden_in_one_table_is_hidden_in_the_other(make_result: Make, standard: Policy) -> None:
    shown = side_by_side(make_result, standard, (22, 30))
    referred, enrolled = (shown["ends"].get_column(name).null_count() for name in ("n_referred", "n_enrolled"))
    again = shown["course"].get_column("n_persons").null_count()
    assert (referred, max(enrolled, again)) in {(2, 0), (0, 2)}
    assert enrolled == again


def test_a_remainder_elsewhere_says_that_they_are_not_one_total(make_result: Make, standard: Policy) -> None:
    shown = side_by_side(make_result, standard, (22, 20))
    assert shown["ends"].get_column("n_enrolled").null_count() == 2
    assert shown["course"].get_column("n_persons").to_list() == [22, 22]


def tables_of(sums: IntArray, others: IntArray, lower: list[int], upper: list[int]) -> Iterator[list[int]]:
    """Yield every table of two rows and three columns with these sums and ends."""
    for cells in product(*(range(low, high + 1) for low, high in zip(lower, upper, strict=True))):
        table = np.array(cells).reshape(2, 3)
        if (table.sum(axis=1) == sums).all() and (table.sum(axis=0) == others).all():
            yield list(cells)


@pytest.mark.parametrize("seed", range(16))
def test_what_is_left_is_what_counting_all_tables_finds(seed: int) -> None:
    generator = np.random.default_rng(seed)
    table = generator.integers(0, 7, (2, 3))
    values = table.ravel().tolist()
    lower = [1 if 0 < value < 5 else 0 for value in values]
    upper = [4 if 0 < value < 5 else 8 for value in values]
    rows = [Equation((3 * row, 3 * row + 1, 3 * row + 2), (1, 1, 1), int(table[row].sum())) for row in range(2)]
    columns = [Equation((column, column + 3), (1, 1), int(table[:, column].sum())) for column in range(3)]
    cells = range(6)
    ends = dict(enumerate(lower)), {cell: float(high) for cell, high in enumerate(upper)}
    puzzle = Puzzle(tuple(cells), (*rows, *columns), {}, *ends)
    found = np.array(list(tables_of(table.sum(axis=1), table.sum(axis=0), lower, upper)))
    left = {cell: len(np.unique(found[:, cell])) for cell in cells}
    for enough in (2, 3, 4):
        too_few = {cell for cell in cells if left[cell] < enough}
        assert {cell for cell in cells if narrows_down(puzzle, [cell], enough=enough)} == too_few
        assert narrows_down(puzzle, list(cells), enough=enough) == bool(too_few)
