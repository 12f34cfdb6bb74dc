"""Finds national identity numbers where pseudonyms should be.

A Danish CPR number is ten digits DDMMYYSSSS, often written DDMMYY-SSSS; a Norwegian fødselsnummer is eleven digits that
begin DDMMYY (DD + 40 for a D-number). What counts is a plausible day and month, not a control digit: Danish numbers
need not have one since 2007.

A pseudonym of ten digits begins with a plausible day and month in 3.7 of 100 cases by chance (366 of 10,000), one of
eleven digits in 7.3. The rule is therefore: any hit stops the delivery, unless the column is plainly one of opaque
numbers, that is, at least nine in ten of its values have that many digits *and* the hits are no more than chance gives
(five standard errors above it, and three times it, whichever is less). So a single identity number among other
pseudonyms stops the delivery, a column of identity numbers always does, and a column of random ten-digit numbers does
not when it has more than a handful of rows. A number written with a hyphen always stops it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

__all__ = ["Leak", "count_leaks", "suspect_columns"]

_DAY = r"(?:0[1-9]|[12]\d|3[01])"
_DAY_OR_D_NUMBER = r"(?:[04][1-9]|[1256]\d|[37][01])"
_MONTH = r"(?:0[1-9]|1[0-2])"
# Where a number may begin and end: not inside a longer one, nor inside a code with letters or hyphens.
_FREE, _END = r"(?:^|[^0-9A-Za-z-])", r"(?:\.0+)?(?:$|[^0-9A-Za-z.-]|\.$|\.\s)"


@dataclass(frozen=True, slots=True)
class _Kind:
    digits: int
    hit: str
    chance: float


_KINDS = (
    _Kind(10, rf"{_FREE}{_DAY}{_MONTH}\d{{6}}{_END}", 366 / 10_000),
    _Kind(11, rf"{_FREE}{_DAY_OR_D_NUMBER}{_MONTH}\d{{7}}{_END}", 732 / 10_000),
)
_HYPHENATED = rf"{_FREE}{_DAY}{_MONTH}\d{{2}}[- ]\d{{4}}{_END}"
_ANY = "|".join([_HYPHENATED, *(kind.hit for kind in _KINDS)])


@dataclass(frozen=True, slots=True)
class Leak:
    """Identity numbers in a column.

    Parameters
    ----------
    column : str
        The column.
    n_values : int
        How many values look like one.
    """

    column: str
    n_values: int


def suspect_columns(frame: pl.DataFrame) -> set[str]:
    """Name the columns in which anything looks like an identity number.

    Parameters
    ----------
    frame : DataFrame
        Text columns.

    Returns
    -------
    set of str
        Columns worth counting in.
    """
    if frame.is_empty():
        return set()
    found = frame.select(pl.all().str.contains(_ANY).any()).row(0, named=True)
    return {name for name, any_hit in found.items() if any_hit}


def count_leaks(frames: Iterable[pl.DataFrame]) -> tuple[Leak, ...]:
    """Count identity numbers by column, leaving out what chance explains.

    Parameters
    ----------
    frames : iterable of DataFrame
        The rows in pieces, each with the same text columns.

    Returns
    -------
    tuple of Leak
        One a column that has any; empty when there are none.
    """
    totals: dict[str, int] = {}
    columns: list[str] = []
    for frame in frames:
        columns = frame.columns
        counts = frame.select(*(count for name in columns for count in _counts(name))).row(0, named=True)
        totals = {name: totals.get(name, 0) + int(n or 0) for name, n in counts.items()}
    leaks = (Leak(name, _n_leaked(totals, name)) for name in columns)
    return tuple(leak for leak in leaks if leak.n_values)


def _counts(name: str) -> list[pl.Expr]:
    value = pl.col(name).str.strip_chars()
    counts = [
        (value != "").sum().alias(f"filled {name}"),
        value.str.contains(_HYPHENATED).sum().alias(f"hyphenated {name}"),
    ]
    for kind in _KINDS:
        shape = rf"^\d{{{kind.digits}}}(?:\.0+)?$"
        counts.append(value.str.contains(shape).sum().alias(f"shape {kind.digits} {name}"))
        counts.append(value.str.contains(kind.hit).sum().alias(f"hit {kind.digits} {name}"))
    return counts


def _n_leaked(totals: Mapping[str, int], name: str) -> int:
    n_leaked = totals[f"hyphenated {name}"]
    for kind in _KINDS:
        n_hits, n_shape = totals[f"hit {kind.digits} {name}"], totals[f"shape {kind.digits} {name}"]
        if not (n_shape >= 0.9 * totals[f"filled {name}"] and n_hits <= _explained(n_shape, kind.chance)):
            n_leaked += n_hits
    return n_leaked


def _explained(n_values: int, chance: float) -> float:
    expected = n_values * chance
    return min(3 * expected, expected + 5 * math.sqrt(expected * (1 - chance)))
