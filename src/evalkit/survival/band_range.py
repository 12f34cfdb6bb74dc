"""The times over which a band holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evalkit.errors import EstimationError
from evalkit.survival.arrays import BoolArray, FloatArray, GroupLabel, IntArray
from evalkit.survival.curve_influence import CurveInfluence
from evalkit.survival.errors import TooFewEventsError
from evalkit.survival.steps import check_grid

__all__ = ["BandRange", "band_range"]

_ENOUGH = 20.0 * (1.0 - 1e-9)
"""Simulated with 200 persons, a band of 95 % held in 91 to 94 % of samples with ten, in 93 to 94 % with twenty."""


@dataclass(frozen=True, slots=True)
class BandRange:
    """From where to where each of some bands holds.

    Parameters
    ----------
    first, last : int array, shape (n_bands,)
        Positions of the curve's steps that lie in the band, both included.
    from_time, until : float array, shape (n_bands,)
        The times themselves.
    """

    first: IntArray
    last: IntArray
    from_time: FloatArray
    until: FloatArray

    @property
    def n_times(self) -> int:
        """How many of the curve's times are needed for all bands."""
        return int(self.last.max()) + 1

    def inside(self, n_times: int) -> BoolArray:
        """Say which steps lie in the bands.

        Parameters
        ----------
        n_times : int
            For so many of the curve's times.

        Returns
        -------
        bool array, shape (n_bands, n_times)
            True inside.
        """
        place = np.arange(n_times)
        return np.asarray((self.first[:, None] <= place) & (place <= self.last[:, None]))

    def common(self) -> BandRange:
        """Return where all the bands hold.

        Returns
        -------
        BandRange
            One band.

        Raises
        ------
        TooFewEventsError
            When they have no time in common.
        """
        first, from_time = self.first.max(keepdims=True), self.from_time.max(keepdims=True)
        last, until = self.last.min(keepdims=True), self.until.min(keepdims=True)
        if first[0] > last[0] or from_time[0] > until[0]:
            raise TooFewEventsError("band of a difference: it holds in both groups at no time.")
        return BandRange(first, last, from_time, until)


def band_range(
    moved: CurveInfluence,
    spread: FloatArray,
    groups: Sequence[int],
    *,
    from_time: float | None,
    until: float | None,
) -> BandRange:
    """Choose the times over which the bands of some groups hold.

    Parameters
    ----------
    moved : CurveInfluence
        The curve.
    spread : float array, shape (n_groups, n_times)
        The standard error of its contributions.
    groups : sequence of int
        Positions of the groups.
    from_time, until : float, optional
        By default as long as the curve is known as well as from 20 persons with and 20 without the event, all followed
        to the end, and 20 are at risk (effective number when there are sampling weights). Never before the first
        event, after the follow-up, or where a share has reached its end.

    Returns
    -------
    BandRange
        One band a group.

    Raises
    ------
    EstimationError
        When a time is impossible.
    TooFewEventsError
        When a group has no time in the band.
    """
    if from_time is not None and until is not None and from_time > until:
        raise EstimationError(f"band from {from_time:g} until {until:g}: it ends before it begins.")
    time, known, rows = moved.table.time, moved.known(spread), list(groups)
    earliest, latest = _ends(known[rows])
    first, last = _ends((known & _is_enough(moved, spread))[rows])
    if from_time is not None:
        first = np.maximum(earliest, _step_at(time, from_time))
    if until is not None:
        last = np.minimum(latest, _step_at(time, until))
    _check_not_empty([moved.table.groups[row] for row in rows], first, last)
    begins, ends = time[first].astype(np.float64), time[last].astype(np.float64)
    if from_time is not None:
        begins = np.maximum(begins, from_time)
    if until is not None:
        ends = np.where(last < latest, until, ends)
    return BandRange(first, last, begins, ends)


def _is_enough(moved: CurveInfluence, spread: FloatArray) -> BoolArray:
    """Say where so much is known that a normal distribution fits the error of the curve."""
    squared = np.where(spread > 0, spread, np.inf) ** 2
    enough = moved.table.effective_at_risk >= _ENOUGH
    if moved.kind == "count":
        return np.asarray(enough & (moved.estimate**2 / squared >= _ENOUGH))
    # n persons who are all followed have the variance p (1 - p) / n
    rarer = np.minimum(moved.estimate, 1.0 - moved.estimate)
    return np.asarray(enough & (rarer * moved.estimate * (1.0 - moved.estimate) / squared >= _ENOUGH))


def _ends(held: BoolArray) -> tuple[IntArray, IntArray]:
    """First and last position at which something holds, by group; after the last and before the first if nowhere."""
    n_times = held.shape[1]
    nowhere = ~held.any(axis=1)
    first, last = np.argmax(held, axis=1), n_times - 1 - np.argmax(held[:, ::-1], axis=1)
    return np.where(nowhere, n_times, first), np.where(nowhere, -1, last)


def _step_at(time: IntArray, when: float) -> int:
    """Position of the step in force at a time."""
    return int(np.searchsorted(time, check_grid(when)[0], side="right")) - 1


def _check_not_empty(labels: Sequence[GroupLabel], first: IntArray, last: IntArray) -> None:
    for label, a, b in zip(labels, first, last, strict=True):
        if a > b:
            raise TooFewEventsError(
                f"band of group {label}: too few events, or too few at risk.",
                hint=f"By itself it needs {_ENOUGH:g} with the event, without it and at risk. Give from_time and until "
                "for a band on less; before the first event there is none.",
            )
