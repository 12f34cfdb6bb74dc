"""Days, months and look-ups in spells, against the slow and obvious way."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from evalkit.synthetic.days import NEVER, add_months, completed_years, day_number, from_day_number, month_start
from evalkit.synthetic.grids import covered, mid_month_steps, week_steps
from evalkit.synthetic.intervals import sorted_spells

DATES = st.dates(date(1930, 1, 1), date(2030, 12, 31))


@given(DATES, st.integers(0, 60))
def test_add_months_keeps_the_day_of_the_month_or_takes_the_last(day: date, months: int) -> None:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    expected = date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
    assert from_day_number(int(add_months(np.array([day_number(day)]), months)[0])) == expected


@given(DATES, DATES)
def test_completed_years_count_birthdays(birth: date, on: date) -> None:
    expected = on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))
    assert completed_years(np.array([day_number(birth)]), np.array([day_number(on)]))[0] == expected


SPELLS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 15), st.integers(0, 4)), max_size=12)


def disjoint(drawn: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    kept: list[tuple[int, int, int]] = []
    for person, start, length in sorted(drawn):
        if not any(other == person and start < stop for other, _, stop in kept):
            kept.append((person, start, start + length))
    return kept


@given(SPELLS, st.integers(0, 3), st.integers(0, 20), st.integers(1, 5))
def test_look_ups_in_spells(drawn: list[tuple[int, int, int]], person: int, day: int, length: int) -> None:
    spells = disjoint(drawn)
    table = np.array(spells, np.int64).reshape(-1, 3)
    looked_up = sorted_spells(table[:, 0], table[:, 1], table[:, 2])
    who, when = np.array([person]), np.array([day])
    mine = [(start, stop) for other, start, stop in spells if other == person and stop > start]
    assert looked_up.contain(who, when)[0] == any(start <= day < stop for start, stop in mine)
    assert looked_up.touch(who, when, when + length)[0] == any(
        start < day + length and stop > day for start, stop in mine
    )
    later = [start for start, _ in mine if start >= day]
    assert looked_up.next_start(who, when)[0] == min(later, default=NEVER)


@given(SPELLS)
def test_a_grid_covers_what_the_spells_cover(drawn: list[tuple[int, int, int]]) -> None:
    spells = disjoint(drawn)
    table = np.array(spells, np.int64).reshape(-1, 3)
    grid = covered(table[:, 0], table[:, 1], table[:, 2], (10, 4))
    for step in range(10):
        for person in range(4):
            assert grid[step, person] == any(who == person and start <= step < stop for who, start, stop in spells)


@given(DATES)
def test_steps_begin_on_the_first_monday_and_the_first_fifteenth(day: date) -> None:
    number, monday = day_number(day), day_number(date(2013, 12, 30))
    week = int(week_steps(np.array([number]), monday)[0])
    assert 0 <= monday + 7 * week - number < 7
    month = int(mid_month_steps(np.array([number]), 0)[0])
    fifteenth = from_day_number(int(month_start(np.array([month]))[0])) + timedelta(days=14)
    assert day <= fifteenth < day + timedelta(days=32)
