"""The multiplier bootstrap: curves moved at random, by a standard normal number for each row or cluster of rows.

Rows that enter and leave together and end alike contribute alike, and a sum of normal numbers is one: such rows share a
number, so that what is drawn grows with the life table and not with the persons.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array, csr_array

from evalkit.errors import EstimationError
from evalkit.survival.arrays import FloatArray, IntArray, binned
from evalkit.survival.curve_influence import CurveInfluence
from evalkit.survival.influence import row_places
from evalkit.survival.intervals import normal_quantile
from evalkit.survival.life_table import LifeTable

__all__ = ["Multipliers", "build_multipliers"]

_NUMBERS_AT_ONCE = 4_000_000


@dataclass(frozen=True, slots=True)
class Multipliers:
    """What may be drawn, and where in the life table it lands.

    Parameters
    ----------
    loadings : sparse array, shape (n_groups * (1 + n_causes) * n_times, n_units)
        By group and time: weight that comes at risk less weight that leaves, and weight with an event of each cause. A
        unit is a cluster, or the rows that enter and leave together and end alike; these have the root of their summed
        squared weights.
    shape : tuple of int
        n_groups, 1 + n_causes, n_times.
    """

    loadings: csr_array[np.float64]
    shape: tuple[int, int, int]

    def critical_values(
        self,
        moved: CurveInfluence,
        contrast: FloatArray,
        spread: FloatArray,
        *,
        level: float,
        seed: int | np.random.Generator,
        n_draws: int,
    ) -> FloatArray:
        """Return how many standard deviations drawn curves stay within, over all times at once.

        Parameters
        ----------
        moved : CurveInfluence
            What rows contribute.
        contrast : float array, shape (n_curves, n_groups)
            Curves as sums over the groups' curves.
        spread : float array, shape (n_curves, n_times)
            Standard deviations; infinite where a curve does not count.
        level : float
            The share of draws that stay within.
        seed : int or numpy Generator
            The source of chance.
        n_draws : int
            Number of draws.

        Returns
        -------
        float array, shape (n_curves,)
            Critical values, by chance never below the one for a single time.

        Raises
        ------
        EstimationError
            When there are too few draws for the level.
        """
        if (n_draws + 1) * (1.0 - level) < 1.0:
            raise EstimationError(f"{n_draws:,} draws are too few for confidence level {level:g}.")
        generator = np.random.default_rng(seed)
        size = max(1, _NUMBERS_AT_ONCE // max(self.loadings.shape))
        highest = np.empty((contrast.shape[0], n_draws))
        for first in range(0, n_draws, size):
            numbers = generator.standard_normal((self.loadings.shape[1], min(size, n_draws - first)))
            distance = np.abs(self._curves(moved, contrast, np.asarray(self.loadings @ numbers))) / spread[..., None]
            highest[:, first : first + size] = distance.max(axis=1)
        return np.maximum(np.quantile(highest, level, axis=1, method="weibull"), normal_quantile(level))

    def spread(self, moved: CurveInfluence, contrast: FloatArray) -> FloatArray:
        """Return the standard deviation of the drawn curves, without drawing.

        Parameters
        ----------
        moved : CurveInfluence
            What rows contribute.
        contrast : float array, shape (n_curves, n_groups)
            Curves as sums over the groups' curves.

        Returns
        -------
        float array, shape (n_curves, n_times)
            Root of the summed squared contributions.
        """
        by_unit = self.loadings.tocsc()
        size = max(1, _NUMBERS_AT_ONCE // self.loadings.shape[0])
        variance = np.zeros((contrast.shape[0], self.shape[2]))
        for first in range(0, self.loadings.shape[1], size):
            alone = by_unit[:, first : first + size].toarray()
            variance += np.square(self._curves(moved, contrast, alone)).sum(axis=2)
        return np.sqrt(variance)

    def _curves(self, moved: CurveInfluence, contrast: FloatArray, landed: FloatArray) -> FloatArray:
        """Curves, shape (n_curves, n_times, n_draws), from where the drawn numbers landed."""
        cells, n_times = landed.reshape(*self.shape, -1), self.shape[2]
        at_risk, events = np.cumsum(cells[:, 0], axis=1), cells[:, 1:]
        total = np.zeros_like(at_risk)
        for factor, part in moved.terms:
            steps = np.einsum("gkt,gktb->gtb", part.jump[..., :n_times], events)
            steps -= part.drift[:, :n_times, None] * at_risk
            total += factor[:, :n_times, None] * np.cumsum(steps, axis=1)
        return np.tensordot(contrast, total, axes=1)


@dataclass(frozen=True, slots=True)
class _Rows:
    """Rows and the unit that draws for each: places among the times, n_times for after them all."""

    unit: IntArray
    group: IntArray
    event: IntArray
    entry: IntArray
    exit: IntArray
    weight: FloatArray


def build_multipliers(table: LifeTable, n_times: int) -> Multipliers:
    """Find what may be drawn for the first times of a table.

    Parameters
    ----------
    table : LifeTable
        The table, with its observations.
    n_times : int
        How many of its times matter.

    Returns
    -------
    Multipliers
        Frozen.
    """
    if table.observations.cluster is not None:
        rows = _clusters(table, table.observations.cluster, n_times)
    elif table.observations.entry_time is not None:
        rows = _late_entries(table, n_times)
    else:
        rows = _from_the_start(table, n_times)
    shape = (len(table.groups), 1 + table.n_causes, n_times)
    return Multipliers(_loadings(rows, shape), shape)


def _from_the_start(table: LifeTable, n_times: int) -> _Rows:
    """One unit a cell of the life table, and one a group for those who stay longer."""
    squared = table.squared
    left = np.concatenate([squared.censored[:, None], squared.events.transpose(0, 2, 1)], axis=1)[..., :n_times]
    stay = np.zeros_like(left[..., :1])
    stay[:, 0, 0] = np.maximum(squared.start - left.sum(axis=(1, 2)), 0.0)
    is_unit = np.concatenate([left > 0, np.zeros_like(stay, dtype=np.bool_)], axis=2)
    is_unit[:, 0, -1] = True  # also where rounding leaves nothing: which numbers are whose must not hang on a crumb
    group, event, leave = np.nonzero(is_unit)
    mass = np.concatenate([left, stay], axis=2)[is_unit]
    return _Rows(np.arange(group.size), group, event, np.zeros_like(group), leave, np.sqrt(mass))


def _late_entries(table: LifeTable, n_times: int) -> _Rows:
    """One unit for all who enter and leave together and end alike."""
    rows = table.observations
    places, shape = _places(table, n_times), (len(table.groups), 1 + table.n_causes, n_times + 1, n_times + 1)
    cells, unit = np.unique(np.ravel_multi_index(places, shape), return_inverse=True)
    mass = np.ones(unit.size) if rows.weight is None else rows.weight
    mass = mass if rows.sampling_weight is None else mass * rows.sampling_weight**2
    group, event, entry, leave = np.unravel_index(cells, shape)
    return _Rows(np.arange(cells.size), group, event, entry, leave, np.sqrt(binned(unit, mass, cells.size)))


def _clusters(table: LifeTable, cluster: IntArray, n_times: int) -> _Rows:
    rows = table.observations
    weight = np.ones(cluster.size) if rows.weight is None else rows.weight
    weight = weight if rows.sampling_weight is None else weight * rows.sampling_weight
    return _Rows(cluster, *_places(table, n_times), weight)


def _places(table: LifeTable, n_times: int) -> tuple[IntArray, IntArray, IntArray, IntArray]:
    """Group, event, and first and last time at risk of each row; what comes after the times is not told apart."""
    rows = table.observations
    leave, entry = row_places(table)
    group = np.zeros_like(leave) if rows.group is None else rows.group
    event = np.where(leave < n_times, rows.event_type, 0)
    return group, event, np.minimum(entry + 1, n_times), np.minimum(leave, n_times)


def _loadings(rows: _Rows, shape: tuple[int, int, int]) -> csr_array[np.float64]:
    n_times = shape[2]
    first = rows.group * shape[1] * n_times
    comes, goes, happens = rows.entry < n_times, rows.exit + 1 < n_times, (rows.event > 0) & (rows.exit < n_times)
    bins = (
        (first + rows.entry)[comes],
        (first + rows.exit + 1)[goes],
        (first + rows.event * n_times + rows.exit)[happens],
    )
    units = rows.unit[comes], rows.unit[goes], rows.unit[happens]
    weights = rows.weight[comes], -rows.weight[goes], rows.weight[happens]
    size = int(np.prod(shape)), int(rows.unit.max()) + 1
    return coo_array((np.concatenate(weights), (np.concatenate(bins), np.concatenate(units))), shape=size).tocsr()
