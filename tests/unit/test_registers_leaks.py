"""National identity numbers where pseudonyms should be. All numbers here are made up."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
import pytest

from evalkit.registers.leaks import Leak, count_leaks, suspect_columns

OPAQUE = [f"{number:016x}" for number in np.random.default_rng(1).integers(2**60, 2**63, 200)]


def ten_digits(seed: int) -> list[str]:
    return [f"{number:010d}" for number in np.random.default_rng(seed).integers(0, 10**10, 2000)]


def leaked(values: Sequence[str | None]) -> int:
    leaks = count_leaks([pl.DataFrame({"PNR": values}, schema={"PNR": pl.String})])
    return leaks[0].n_values if leaks else 0


@pytest.mark.parametrize(
    "value",
    [
        "0101901234",
        "010190-1234",
        "010190 1234",
        " 3112991234 ",
        "1503901234.0",
        "se 010190-1234 i sagen",
        "(0101901234)",
        "01019012345",  # Norwegian
        "41019012345",  # a D-number
        "71129912345",
    ],
)
def test_one_number_among_pseudonyms_is_found(value: str) -> None:
    assert suspect_columns(pl.DataFrame({"PNR": [*OPAQUE, value]})) == {"PNR"}
    assert leaked([*OPAQUE, value]) == 1


@pytest.mark.parametrize(
    "value",
    [
        "3201901234",  # no 32nd day
        "0013901234",
        "0113901234",  # no 13th month
        "0100-73111-00001-16",
        "x0101901234",
        "0101901234ab",
        "010190123456",
        "139077112",
        "2016-01-01",
        "01012016",
        "2016-01-01 00:00:00",
        "72019012345",
        "",
        None,
    ],
)
def test_other_values_are_left_alone(value: str | None) -> None:
    assert leaked([*OPAQUE, value]) == 0


def test_a_column_of_identity_numbers_is_found_whole() -> None:
    numbers = [f"{day:02d}{month:02d}{year:02d}1234" for day in (1, 28) for month in (1, 12) for year in (0, 57)]
    assert leaked(numbers) == len(numbers) == 8


def test_random_ten_digit_pseudonyms_pass_in_every_draw() -> None:
    for seed in range(40):
        assert leaked(ten_digits(seed)) == 0


def test_identity_numbers_hidden_among_ten_digit_pseudonyms_are_found() -> None:
    assert leaked([*ten_digits(3), *["0101901234"] * 60]) >= 60


def test_counts_add_up_over_pieces() -> None:
    frame = pl.DataFrame({"PNR": ["ab", "010190-1234"], "JOURNR": ["J1", "J2"]})
    assert count_leaks([frame, frame]) == (Leak("PNR", 2),)


def test_chance_explains_nothing_where_ten_digits_are_not_the_rule() -> None:
    numbers = ten_digits(4)
    assert leaked(numbers) == 0
    assert leaked([*numbers, *OPAQUE, *OPAQUE]) > 30  # 2,000 of 2,400 have ten digits: two kinds of pseudonym
