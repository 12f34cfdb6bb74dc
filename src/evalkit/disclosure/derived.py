"""Computed numbers: hidden with the counts that they would give back, and rounded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from evalkit.disclosure.policy import Policy
from evalkit.disclosure.relations import groups_of
from evalkit.disclosure.structure import columns_of
from evalkit.results import CellRole, Result

__all__ = ["counts_behind", "derived_status", "rounded"]

_FloatArray = NDArray[np.float64]


def counts_behind(result: Result, column: str, policy: Policy) -> tuple[str, ...]:
    """Return the counts that a derived column must be hidden with.

    Those that it names, and those that it turns out to be a plain share of, whether it names them or not. Of a curve
    those that may be hidden without hiding the curve are left out: its steps are safe and its values are rounded.

    Parameters
    ----------
    result : Result
        The result.
    column : str
        A derived column of it.
    policy : Policy
        Says which counts of a curve do not hide it.

    Returns
    -------
    tuple of str
        Count columns.
    """
    named = result.roles[column].counts
    if result.cumulative_over is not None:
        beside = (policy.curve.at_risk, *policy.curve.side_counts)
        return tuple(name for name in named if name not in beside) or named
    return (*named, *(name for name in _shares(result, column) if name not in named))


def derived_status(statuses: Sequence[Sequence[str]]) -> list[str]:
    """Return the status of a derived column from those of its counts, row by row.

    Parameters
    ----------
    statuses : sequence of sequence of str, shape (n_counts, n_rows)
        The counts' statuses.

    Returns
    -------
    list of str, length n_rows
        ``"suppressed_primary"`` where one of them is, else ``"suppressed_secondary"`` where one is.
    """
    ranks = ("suppressed_primary", "suppressed_secondary")
    return [next((rank for rank in ranks if rank in row), "published") for row in zip(*statuses, strict=True)]


def rounded(result: Result, name: str, decimals: int | None) -> pl.Series:
    """Round a derived column.

    An estimate that moves when somebody leaves early tells how many have left: of 100 persons, each early leaver
    moves a curve by some thousandths, and its next steps tell how many were still followed. Such estimates are
    rounded to 1, 2 or 5 of the decimal place at which a unit is ``Column.persons_per_unit`` persons of the group.

    Parameters
    ----------
    result : Result
        The result.
    name : str
        A derived column of it.
    decimals : int, optional
        Decimals to keep; by default all.

    Returns
    -------
    Series
        The same with fewer decimals; not-a-number becomes null, and there is no negative zero.
    """
    column = result.frame.get_column(name)
    if not column.dtype.is_float():
        return column
    plain = column.fill_nan(None)
    if decimals is None:
        return plain
    units = pl.Series([_unit(share, decimals) for share in _shares_of_persons(result, name)], dtype=pl.Float64)
    return ((plain / units).round() * units).round(decimals) + 0.0


def _shares_of_persons(result: Result, name: str) -> list[float]:
    """Return for each row the share that must not be told apart; 0 where there is none."""
    size, persons = result.roles[name].group_size, result.roles[name].persons_per_unit
    if size is None:
        return [0.0] * result.frame.height
    if isinstance(size, int):
        return [persons / max(size, 1)] * result.frame.height
    groups = result.frame.get_column(columns_of(result, CellRole.DIMENSION)[0]).to_list()
    return [persons / max(size[group], 1) for group in groups]


def _unit(share: float, decimals: int) -> float:
    """Return the smallest of 1, 2, 5, 10, … units of the last decimal that is no less than the share."""
    unit = 10.0**-decimals
    steps = (unit * digit * 10**power for power in range(decimals) for digit in (1, 2, 5))
    return next((step for step in steps if step >= share - _EQUAL), 1.0)


_EQUAL = 1e-12


def _shares(result: Result, column: str) -> Iterator[str]:
    """Yield the counts of which the column, or what it lacks of 1, is a share wherever it has a value."""
    values = result.frame.get_column(column)
    if not values.dtype.is_numeric():
        return
    share = _floats(values)
    counts = {name: _floats(result.frame.get_column(name)) for name in columns_of(result, CellRole.COUNT)}
    for name, count in counts.items():
        totals = [total for other, total in counts.items() if other != name]
        totals.extend(_sums(result, count))
        if any(_is_share(share, count, total) for total in totals):
            yield name


def _sums(result: Result, count: _FloatArray) -> Iterator[_FloatArray]:
    dimensions = columns_of(result, CellRole.DIMENSION)
    for over in result.additive_over:
        sums = np.zeros(len(count))
        for rows in groups_of(result.frame, [one for one in dimensions if one != over]):
            sums[rows] = np.nansum(count[rows])
        yield sums


def _is_share(share: _FloatArray, count: _FloatArray, total: _FloatArray) -> bool:
    usable = np.isfinite(share) & np.isfinite(count) & np.isfinite(total) & (total > 0)
    if not usable.any():
        return False
    ratio = count[usable] / total[usable]
    seen = share[usable]
    forms: Mapping[str, _FloatArray] = {"share": seen, "rest": 1 - seen, "percent": seen / 100}
    return any(bool(np.allclose(form, ratio, rtol=0, atol=1e-9)) for form in forms.values())


def _floats(column: pl.Series) -> _FloatArray:
    return np.array([np.nan if value is None else float(value) for value in column.to_list()], dtype=np.float64)
