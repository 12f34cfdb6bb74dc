"""Curves: fewer points, so that no step between two of them shows a small number of persons.

Counts that run up over time leak through their differences. So a point is kept only when every count that drives the
curve has risen by nobody or by enough persons since the point before. A count that is small in all is hidden, and with
it the numbers censored and at risk of the same persons, which would give it back by subtraction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import polars as pl

from evalkit.disclosure.policy import Policy
from evalkit.disclosure.relations import groups_of
from evalkit.disclosure.structure import columns_of
from evalkit.errors import DisclosureError
from evalkit.results import CellRole, Result

__all__ = ["ThinnedCurve", "safe_points", "thin_curve"]

_Series = dict[object, int]
"""Time to cumulative count."""


@dataclass(frozen=True, slots=True)
class ThinnedCurve:
    """What remains of a curve.

    Parameters
    ----------
    rows : tuple of int
        Row numbers of the result that are kept.
    primary, secondary : frozenset of (str, int)
        Count column and row number of the hidden cells among them.
    """

    rows: tuple[int, ...]
    primary: frozenset[tuple[str, int]]
    secondary: frozenset[tuple[str, int]]


def safe_points(series: Sequence[Sequence[int]], *, min_step: int) -> list[int]:
    """Choose points between which every cumulative count rises by 0 or by at least `min_step`.

    From the start each point is taken as soon as it is safe; then earlier ones are given up until the last point, the
    horizon, can be taken too.

    Parameters
    ----------
    series : sequence of sequence of int, shape (n_series, n_points)
        Cumulative counts of persons, each from 0 before the first point.
    min_step : int
        Smallest rise other than 0; persons.

    Returns
    -------
    list of int
        Indices of the points, ascending.

    Examples
    --------
    >>> safe_points([[0, 2, 5, 6, 7]], min_step=5)
    [0, 4]
    >>> safe_points([[0, 2, 5, 6, 11]], min_step=5)
    [0, 2, 4]
    """
    n_points = len(series[0]) if series else 0
    kept: list[int] = []
    for point in range(n_points):
        if _is_safe_step(series, kept[-1] if kept else None, point, min_step):
            kept.append(point)
    early = list(kept)
    while kept and kept[-1] != n_points - 1:
        kept.pop()
        if _is_safe_step(series, kept[-1] if kept else None, n_points - 1, min_step):
            return [*kept, n_points - 1]
    return early


def thin_curve(result: Result, policy: Policy) -> ThinnedCurve:
    """Choose the points of every curve in a result, and the counts to hide at them.

    Curves whose numbers at risk agree at every time are about the same persons, one for each cause.

    Parameters
    ----------
    result : Result
        A result with ``cumulative_over``.
    policy : Policy
        The smallest step is ``policy.min_cell``.

    Returns
    -------
    ThinnedCurve
        The rows that may leave.

    Raises
    ------
    DisclosureError
        When a count that should be cumulative falls over time.
    """
    curves = [_curve(result, policy, rows) for rows in _groups(result)]
    populations: dict[object, list[_Curve]] = {}
    for number, curve in enumerate(curves):
        same = tuple(curve.at_risk.items()) or number
        populations.setdefault(same, []).append(curve)
    for population in populations.values():
        _hide_sides(population, policy)
    return ThinnedCurve(
        tuple(sorted(row for curve in curves for row in curve.rows.values())),
        frozenset(cell for curve in curves for cell in curve.cells("primary")),
        frozenset(cell for curve in curves for cell in curve.cells("secondary")),
    )


@dataclass(slots=True)
class _Curve:
    """One curve: its rows by time, its counts by column and time, and what is hidden."""

    rows: dict[object, int]
    at_risk: _Series
    sides: dict[str, _Series]
    drivers: dict[str, _Series]
    stock: str
    status: dict[tuple[str, object], str] = field(default_factory=dict)

    def times(self) -> list[object]:
        return list(self.rows)

    def hide(self, column: str, times: Sequence[object], status: str) -> None:
        for time in times:
            self.status.setdefault((column, time), status)

    def is_shown(self, column: str, time: object) -> bool:
        return time in self.rows and (column, time) not in self.status

    def cells(self, status: str) -> list[tuple[str, int]]:
        return [
            (column, self.rows[time])
            for (column, time), said in self.status.items()
            if said == status and time in self.rows
        ]


def _groups(result: Result) -> list[list[int]]:
    over = result.cumulative_over
    return groups_of(result.frame, [name for name in columns_of(result, CellRole.DIMENSION) if name != over])


def _curve(result: Result, policy: Policy, rows: list[int]) -> _Curve:
    rule = policy.curve
    frame = result.frame[rows].with_columns(pl.Series("__row", rows)).sort(str(result.cumulative_over))
    counts = columns_of(result, CellRole.COUNT)
    times = frame.get_column(str(result.cumulative_over)).to_list()
    series = {column: _series(result, frame, column, times, policy) for column in counts}
    at_risk = series.pop(rule.at_risk, {})
    sides = {column: series.pop(column) for column in rule.side_counts if column in series}
    followed = [time for time in times if not at_risk or at_risk[time] >= rule.min_at_risk]
    curve = _Curve(
        {time: row for time, row in zip(times, frame.get_column("__row"), strict=True) if time in set(followed)},
        at_risk,
        sides,
        series,
        rule.at_risk,
    )
    _thin(curve, policy)
    return curve


def _series(result: Result, frame: pl.DataFrame, column: str, times: list[object], policy: Policy) -> _Series:
    values = frame.get_column(column).to_list()
    if any(value is None for value in values):
        raise DisclosureError(f"{result.name}: count column {column!r} of a curve has missing values.")
    falls = any(after < before for before, after in pairwise(values))
    if falls and column != policy.curve.at_risk:
        raise DisclosureError(
            f"{result.name}: count column {column!r} falls over {result.cumulative_over!r}.",
            hint="Counts of a curve are cumulative.",
        )
    return {time: int(value) for time, value in zip(times, values, strict=True)}


def _thin(curve: _Curve, policy: Policy) -> None:
    """Keep the points that the curve's own counts allow; hide a count that is small in all."""
    times = curve.times()
    if not times:
        return
    drivers = {column: [values[time] for time in times] for column, values in curve.drivers.items()}
    small = [column for column, values in drivers.items() if 0 < values[-1] < policy.min_cell]
    for column in small:
        curve.hide(column, times[1:] if drivers[column][0] == 0 else times, "primary")
    large = [values for column, values in drivers.items() if column not in small]
    if large:
        kept = {times[point] for point in _looked_at_first(large, range(len(times)), policy)}
        curve.rows = {time: row for time, row in curve.rows.items() if time in kept}


def _looked_at_first(series: Sequence[Sequence[int]], places: Sequence[int], policy: Policy) -> list[int]:
    """Choose safe points: first among those that readers look at, then what fits between them."""
    first = [point for point, place in enumerate(places) if place % policy.curve.first_every == 0]
    kept = {
        first[n]
        for n in safe_points([[values[point] for point in first] for values in series], min_step=policy.min_cell)
    }
    for point in range(len(places)):
        tried = sorted({*kept, point})
        before = [None, *tried[:-1]]
        if all(_is_safe_step(series, *step, policy.min_cell) for step in zip(before, tried, strict=True)):
            kept.add(point)
    return sorted(kept)


def _hide_sides(population: list[_Curve], policy: Policy) -> None:
    """Hide the numbers censored and at risk wherever they would give a small step away."""
    times = list(dict.fromkeys(time for curve in population for time in curve.times()))
    if not times:
        return
    shared = [time for time in times if all(_is_whole(curve, time) for curve in population)]
    # Two different numbers censored of the same persons differ by a count that no column shows.
    is_short = any(curve.sides != population[0].sides for curve in population)
    for column in population[0].sides:
        values = population[0].sides[column]
        candidates = shared[:1] if is_short else shared
        grid = list(values)
        points = _looked_at_first([[values[time] for time in candidates]], [grid.index(t) for t in candidates], policy)
        shared = [candidates[point] for point in points]
        small = 0 < max(values[time] for time in times) < policy.min_cell
        for curve in population:
            curve.hide(column, _except(times, shared), "primary" if small else "secondary")
    _hide_at_risk(population, shared, policy)
    _blur(population)


def _hide_at_risk(population: list[_Curve], shared: list[object], policy: Policy) -> None:
    """Publish the number at risk only where, with the counts beside it, it tells nothing more."""
    at_risk = population[0].at_risk
    if not at_risk:
        return
    everyone = next(iter(at_risk.values()))
    parts = [*population[0].sides.values(), *(values for curve in population for values in curve.drivers.values())]
    shown, before = [], 0
    for time in shared:
        # Above zero: lost without being counted. Below: counted at this very time, but at risk just before it.
        unexplained = everyone - at_risk[time] - sum(values[time] for values in parts)
        step = unexplained - before if max(unexplained, before) > 0 else 0
        if 0 < abs(unexplained) < policy.min_cell or 0 < abs(step) < policy.min_cell:
            continue
        shown.append(time)
        before = unexplained
    for curve in population:
        curve.hide(curve.stock, _except(curve.times(), shown), "secondary")


def _blur(population: list[_Curve]) -> None:
    """Where several counts are hidden for being small, do not say so: their sum may stand in another table.

    Of those who left it is never said: the curve itself tells that they are not very few.
    """
    small = {
        column if column in curve.sides else (number, column)
        for number, curve in enumerate(population)
        for (column, _), status in curve.status.items()
        if status == "primary"
    }
    for curve in population:
        for column, time in curve.status:
            if len(small) > 1 or column in curve.sides:
                curve.status[column, time] = "secondary"


def _is_whole(curve: _Curve, time: object) -> bool:
    return time in curve.rows and all(curve.is_shown(column, time) for column in curve.drivers)


def _except(times: Sequence[object], kept: Sequence[object]) -> list[object]:
    keep = set(kept)
    return [time for time in times if time not in keep]


def _is_safe_step(series: Sequence[Sequence[int]], before: int | None, after: int, min_step: int) -> bool:
    rises = [values[after] - (0 if before is None else values[before]) for values in series]
    return all(rise == 0 or rise >= min_step for rise in rises)
