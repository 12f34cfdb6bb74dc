"""Municipalities with more releases a year than the call asks for."""

from __future__ import annotations

from datetime import date

import polars as pl

from evalkit.indicators.municipality_release import municipality_release
from evalkit.results import Provenance

PROVENANCE = Provenance("study@0", date(2023, 7, 1), {}, "0")
COUNTS = pl.DataFrame(
    [
        ("101", 2015, 500),  # before the years that are told
        ("101", 2016, 80),  # eighty is not more than eighty
        ("101", 2017, 81),
        ("316", 2016, 12),  # too few, but a pilot
        ("615", 2017, 80),  # never enough, and no pilot
    ],
    schema=["municipality", "calendar_year", "n_releases"],
    orient="row",
)


def test_more_than_eighty_in_one_of_the_years_or_a_pilot() -> None:
    result = municipality_release(COUNTS, PROVENANCE, more_than=80, years=range(2016, 2018), pilots=("316",))
    assert result.tidy().rows() == [
        ("101", 2016, 80, False),
        ("101", 2017, 81, True),
        ("316", 2016, 12, False),
    ]
