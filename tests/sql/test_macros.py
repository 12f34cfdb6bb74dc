"""The two macros that every engine brings: completed years and calendar months, 29 February included."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from evalkit.warehouse import Warehouse, open_warehouse


@pytest.fixture(scope="module")
def engine() -> Iterator[Warehouse]:
    with open_warehouse(threads=1) as opened:
        yield opened


@pytest.mark.parametrize(
    ("birth", "on", "years"),
    [
        ("1990-06-15", "2008-06-14", 17),  # the day before the birthday
        ("1990-06-15", "2008-06-15", 18),
        ("1990-12-31", "2008-01-01", 17),  # calendar years apart are not completed years
        ("1990-06-15", "2008-07-01", 18),  # later month, earlier day
        ("1990-06-15", "2008-05-30", 17),  # earlier month, later day
        ("2000-02-29", "2018-02-28", 17),  # born on a leap day: not yet
        ("2000-02-29", "2018-03-01", 18),
        ("2000-02-29", "2020-02-29", 20),
        ("2016-01-01", "2016-01-01", 0),
    ],
)
def test_age_is_completed_years(engine: Warehouse, birth: str, on: str, years: int) -> None:
    found = engine.fetch(
        "SELECT age_in_years(CAST($birth AS DATE), CAST($on AS DATE)) AS age", {"birth": birth, "on": on}
    )
    assert found.item() == years


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2016-01-15", 24, "2018-01-15"),
        ("2016-02-29", 12, "2017-02-28"),  # the last day of a month that lacks the day
        ("2016-02-29", 24, "2018-02-28"),
        ("2016-02-29", 48, "2020-02-29"),
        ("2018-02-28", 24, "2020-02-28"),  # the last of February is a day like any other
        ("2019-08-31", 6, "2020-02-29"),
        ("2018-08-31", 6, "2019-02-28"),
        ("2016-12-31", 3, "2017-03-31"),
        ("2016-11-30", 3, "2017-02-28"),
        ("2016-03-31", -1, "2016-02-29"),
        ("2017-06-15", -60, "2012-06-15"),
        ("2017-06-15", 0, "2017-06-15"),
    ],
)
def test_months_are_calendar_months(engine: Warehouse, start: str, months: int, end: str) -> None:
    found = engine.fetch(
        "SELECT CAST(add_months(CAST($start AS DATE), $months) AS VARCHAR) AS day", {"start": start, "months": months}
    )
    assert found.item() == end


def test_macros_pass_missing_dates_on(engine: Warehouse) -> None:
    found = engine.fetch(
        "SELECT age_in_years(CAST(NULL AS DATE), DATE '2016-01-01') AS age, add_months(CAST(NULL AS DATE), 3) AS day"
    )
    assert found.row(0) == (None, None)
