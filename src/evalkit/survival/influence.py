"""The infinitesimal jackknife: what each row, or each cluster of rows, contributes to an estimate.

Every estimator here moves, when row i gets a little more weight, by a sum of terms

    jump[cause](exit) if the event has happened  -  sum of drift(u) while at risk, entry < u <= exit,

so an estimator only says what its jumps and drifts are. Variances are sums of squared contributions, row times weight,
or cluster by cluster; there is no degrees-of-freedom factor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from evalkit.errors import EstimationError
from evalkit.survival.arrays import FloatArray, IntArray, binned
from evalkit.survival.life_table import LifeTable
from evalkit.survival.observations import FROM_THE_START, Observations

__all__ = ["Influence", "check_variance", "final_moments", "is_sampled", "moments_over_time", "row_places"]

_CELLS_AT_ONCE = 4_000_000


@dataclass(frozen=True, slots=True)
class Influence:
    """How events and time at risk move an estimate.

    Parameters
    ----------
    jump : float array, shape (n_groups, n_causes, n_times)
        Gain by an event of a cause at a time.
    drift : float array, shape (n_groups, n_times)
        Loss by being at risk at a time.
    """

    jump: FloatArray
    drift: FloatArray

    def of_group(self, group: int) -> Influence:
        """Return the part that comes from one group's rows.

        Parameters
        ----------
        group : int
            Position of the group.

        Returns
        -------
        Influence
            Zeros for all other groups.
        """
        mine = (np.arange(self.drift.shape[0]) == group).astype(np.float64)
        return Influence(self.jump * mine[:, None, None], self.drift * mine[:, None])


def is_sampled(table: LifeTable) -> bool:
    """Say whether the table has sampling weights or clusters, which only robust variances respect.

    Parameters
    ----------
    table : LifeTable
        The table.

    Returns
    -------
    bool
        True when it has.
    """
    return table.observations.sampling_weight is not None or table.observations.cluster is not None


def check_variance(table: LifeTable, variance: str | None, known: tuple[str, ...]) -> str:
    """Choose how standard errors are made.

    Parameters
    ----------
    table : LifeTable
        The table.
    variance : str or None
        What was asked for; None: robust with sampling weights or clusters, else the first of `known`.
    known : tuple of str
        What there is.

    Returns
    -------
    str
        One of `known`.

    Raises
    ------
    EstimationError
        When it is not known, or would ignore sampling weights or clusters.
    """
    if variance is None:
        return "robust" if is_sampled(table) else known[0]
    if variance not in known:
        raise EstimationError(f"variance {variance}: not known.", hint=f"One of {', '.join(known)}.")
    if variance != "robust" and is_sampled(table):
        raise EstimationError(
            f"variance {variance}: it would ignore the sampling weights or clusters.", hint="Use robust."
        )
    return variance


def final_moments(table: LifeTable, parts: Sequence[Influence]) -> FloatArray:
    """Return products of contributions, summed over rows or clusters, when all time has passed.

    Parameters
    ----------
    table : LifeTable
        The table, with its observations.
    parts : sequence of Influence
        R estimates.

    Returns
    -------
    float array, shape (R, R)
        Their covariance matrix.
    """
    rows = table.observations
    exits, entries = row_places(table)
    group = np.zeros_like(exits) if rows.group is None else rows.group
    values = np.stack([_row_values(part, rows, group, exits, entries) for part in parts])
    case = np.ones(exits.size) if rows.weight is None else rows.weight
    weight = np.ones(exits.size) if rows.sampling_weight is None else rows.sampling_weight
    if rows.cluster is None:
        return np.asarray((values * (case * weight**2)) @ values.T)
    n_clusters = int(rows.cluster.max()) + 1
    sums = np.stack([binned(rows.cluster, row * case * weight, n_clusters) for row in values])
    return np.asarray(sums @ sums.T)


def moments_over_time(table: LifeTable, parts: Sequence[Influence]) -> FloatArray:
    """Return products of contributions, summed over rows or clusters, as they stand at each time.

    Parameters
    ----------
    table : LifeTable
        The table, with its observations.
    parts : sequence of Influence
        R estimates.

    Returns
    -------
    float array, shape (n_groups, R, R, n_times)
        Their covariance matrices; groups are taken as independent.
    """
    if table.observations.cluster is not None:
        return _clustered(table, parts)
    if table.observations.entry_time is not None:
        return _with_late_entries(table, parts)
    return _from_counts(table, parts)


def row_places(table: LifeTable) -> tuple[IntArray, IntArray]:
    """Return where rows' exits and entries stand among the table's times.

    Parameters
    ----------
    table : LifeTable
        The table, with its observations.

    Returns
    -------
    exits, entries : int array, shape (n_rows,)
        Positions; -1 for an entry at the start.
    """
    rows = table.observations
    exits = np.searchsorted(table.time, rows.exit_time)
    if rows.entry_time is None:
        return exits, np.full_like(exits, FROM_THE_START)
    late = rows.entry_time != FROM_THE_START
    return exits, np.where(late, np.searchsorted(table.time, rows.entry_time), FROM_THE_START)


def _row_values(part: Influence, rows: Observations, group: IntArray, exits: IntArray, entries: IntArray) -> FloatArray:
    lost = np.concatenate([np.zeros_like(part.drift[:, :1]), np.cumsum(part.drift, axis=1)], axis=1)
    gain = np.concatenate([np.zeros_like(part.jump[:, :1]), part.jump], axis=1)
    return np.asarray(gain[group, rows.event_type, exits] - lost[group, exits + 1] + lost[group, entries + 1])


def _from_counts(table: LifeTable, parts: Sequence[Influence]) -> FloatArray:
    """Everybody from the start: rows that leave at one time in one way contribute the same."""
    squared = table.squared
    left = np.concatenate([squared.censored[:, None, :], squared.events.transpose(0, 2, 1)], axis=1)
    stay = squared.start[:, None] - np.cumsum(left.sum(axis=1), axis=1)
    lost = [np.cumsum(part.drift, axis=1) for part in parts]
    value = [
        np.concatenate([np.zeros_like(part.jump[:, :1]), part.jump], axis=1) - gone[:, None, :]
        for part, gone in zip(parts, lost, strict=True)
    ]

    def moment(r: int, s: int) -> FloatArray:
        gone = np.cumsum((left * value[r] * value[s]).sum(axis=1), axis=1)
        return np.asarray(gone + np.maximum(stay, 0.0) * lost[r] * lost[s])

    return _matrix(len(parts), moment)


def _with_late_entries(table: LifeTable, parts: Sequence[Influence]) -> FloatArray:
    rows = table.observations
    exits, entries = row_places(table)
    group = np.zeros_like(exits) if rows.group is None else rows.group
    n_groups, n_times = len(table.groups), table.time.size
    case = np.ones(exits.size) if rows.weight is None else rows.weight
    mass = case if rows.sampling_weight is None else case * rows.sampling_weight**2
    values = [_row_values(part, rows, group, exits, entries) for part in parts]
    lost = [np.cumsum(part.drift, axis=1) for part in parts]
    before = [np.where(entries < 0, 0.0, gone[group, np.maximum(entries, 0)]) for gone in lost]

    def summed(place: IntArray, row: FloatArray) -> FloatArray:
        width = n_times + 1
        return np.cumsum(binned(group * width + place + 1, row, n_groups * width).reshape(n_groups, width), axis=1)

    def inside(row: FloatArray) -> FloatArray:
        return (summed(entries, row) - summed(exits, row))[:, 1:]

    weight_inside = inside(mass)
    first_inside = [inside(mass * value) for value in before]

    def moment(r: int, s: int) -> FloatArray:
        gone = summed(exits, mass * values[r] * values[s])[:, 1:]
        crossed = lost[r] * first_inside[s] + lost[s] * first_inside[r]
        present = weight_inside * lost[r] * lost[s] - crossed + inside(mass * before[r] * before[s])
        return np.asarray(gone + present)

    return _matrix(len(parts), moment)


def _clustered(table: LifeTable, parts: Sequence[Influence]) -> FloatArray:
    n_groups, n_parts, n_times = len(table.groups), len(parts), table.time.size
    total = np.zeros((n_groups, n_parts, n_parts, n_times))
    for g in range(n_groups):
        for jumps, at_risk in _cluster_blocks(table, g, [part.jump[g] for part in parts]):
            paths = [np.cumsum(jump - part.drift[g] * at_risk, axis=1) for jump, part in zip(jumps, parts, strict=True)]
            for r in range(n_parts):
                for s in range(n_parts):
                    total[g, r, s] += np.einsum("ct,ct->t", paths[r], paths[s])
    return total


def _cluster_blocks(
    table: LifeTable, g: int, jumps: Sequence[FloatArray]
) -> Iterator[tuple[list[FloatArray], FloatArray]]:
    """For some clusters at a time: weighted jumps of each part, and weight at risk, shape (n_clusters, n_times)."""
    rows, n_times = table.observations, table.time.size
    exits, entries = row_places(table)
    mine = np.arange(exits.size) if rows.group is None else np.flatnonzero(rows.group == g)
    if rows.cluster is None:
        return
    codes = np.unique(rows.cluster[mine], return_inverse=True)[1]
    order = np.argsort(codes, kind="stable")
    mine, codes = mine[order], codes[order]
    weight = np.ones(mine.size)
    for given in (rows.weight, rows.sampling_weight):
        weight = weight if given is None else weight * given[mine]
    block = max(1, _CELLS_AT_ONCE // n_times)
    for first in range(0, int(codes[-1]) + 1, block):
        part = slice(*np.searchsorted(codes, [first, first + block]))
        n = min(block, int(codes[-1]) + 1 - first)
        cell, w, who = codes[part] - first, weight[part], mine[part]
        happened = rows.event_type[who] > 0
        place = (cell * n_times + exits[who])[happened]
        cause = rows.event_type[who][happened] - 1
        gains = [w[happened] * jump[cause, exits[who][happened]] for jump in jumps]
        left = _still_in(cell, exits[who] + 1, w, (n, n_times + 1))
        entered = _still_in(cell, entries[who] + 1, w, (n, n_times + 1))
        yield [binned(place, gain, n * n_times).reshape(n, n_times) for gain in gains], entered - left


def _still_in(cell: IntArray, place: IntArray, weight: FloatArray, shape: tuple[int, int]) -> FloatArray:
    """Cumulated weight of those whose place is before each time."""
    bins = binned(cell * shape[1] + place, weight, shape[0] * shape[1]).reshape(shape)
    return np.asarray(np.cumsum(bins, axis=1)[:, :-1])


def _matrix(n_parts: int, moment: Callable[[int, int], FloatArray]) -> FloatArray:
    return np.stack([np.stack([moment(r, s) for s in range(n_parts)], axis=1) for r in range(n_parts)], axis=1)
