"""How much differs at the least: published intervals and figures by hand."""

from __future__ import annotations

import polars as pl
import pytest

from evalkit.registers.evidence.least_change import least_count, least_difference, least_share


def value(expression: pl.Expr) -> float:
    return float(pl.select(expression).item())


def of(*counts: int) -> list[pl.Expr]:
    return [pl.lit(count) for count in counts]


# Newcombe (1998), Statistics in Medicine 17, 873-890, Table II, method 10: the lower limits of contrasts (a) to (d).
# They are printed with four decimals, for the 97.5 % point 1.959964; 1.96 moves the fifth.
@pytest.mark.parametrize(
    ("now", "before", "lower"),
    [((56, 70), (48, 80), 0.0524), ((9, 10), (3, 10), 0.1705), ((6, 7), (2, 7), 0.0582), ((5, 56), (0, 29), 0.0)],
)
def test_the_difference_of_two_shares_is_the_published_one(
    now: tuple[int, int], before: tuple[int, int], lower: float
) -> None:
    # The interval of (d), -0.0381 to 0.1926, holds 0.
    assert value(least_difference(*of(*before, *now))) == pytest.approx(lower, abs=5e-5)
    assert value(least_difference(*of(*now, *before))) == pytest.approx(-lower, abs=5e-5)


def test_a_share_is_drawn_towards_none() -> None:
    # Wilson: of 10, all: 1 / (1 + 1.96^2 / 10) = 1 / 1.38416; none: 0.
    assert value(least_share(*of(10, 10))) == pytest.approx(1 / 1.38416, rel=1e-12)
    assert value(least_share(*of(0, 10))) == pytest.approx(0.0, abs=1e-12)


def test_a_count_is_drawn_towards_none() -> None:
    # 100 - 1.96 * 10; 2 - 1.96 * 1.414 is below 0.
    assert value(least_count(pl.lit(100))) == pytest.approx(80.4, rel=1e-12)
    assert value(least_count(pl.lit(2))) == 0.0
