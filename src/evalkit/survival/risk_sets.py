"""Risk sets of a Cox model: sums over those at risk at each event time.

A person is at risk in a run of consecutive event times, so every sum over a risk set is a difference of two cumulated
sums, and no risk set is ever listed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evalkit.survival.arrays import BoolArray, FloatArray, IntArray, binned

__all__ = ["RiskSets", "build_risk_sets"]


@dataclass(frozen=True, slots=True)
class RiskSets:
    """Who is at risk when, and how tied events share a risk set.

    Parameters
    ----------
    first, last : int array, shape (n,)
        Person i is at risk in the event slots first[i] .. last[i] - 1.
    has_late : bool
        Whether anybody starts after slot 0 (delayed entry or strata).
    event_row : int array, shape (n_events,)
        Rows with an event.
    event_slot : int array, shape (n_events,)
        Their slots.
    event_weight : float array, shape (n,)
        Weight of rows with an event, 0 of others.
    slot_time, slot_stratum : int array, shape (n_slots,)
        Time and stratum of each slot.
    slot_n_events : float array, shape (n_slots,)
        Rows with an event in the slot.
    run_start : int array, shape (n_runs,)
        First rows of the runs of rows that leave between the same slots in the same way.
    run_place : int array, shape (n_runs,)
        Twice the run's `last`, and 1 more when its rows have the event.
    share_slot : int array, shape (n_shares,)
        Slot of each term of the likelihood: with Efron's ties one an event, with Breslow's one a slot.
    share_fraction : float array, shape (n_shares,)
        Part of the tied events that has already left the risk set.
    share_weight : float array, shape (n_shares,)
        Weight of the term.
    share_start : int array, shape (n_slots,)
        Position of each slot's first term.
    """

    first: IntArray
    last: IntArray
    has_late: bool
    event_row: IntArray
    event_slot: IntArray
    event_weight: FloatArray
    slot_time: IntArray
    slot_stratum: IntArray
    slot_n_events: FloatArray
    run_start: IntArray
    run_place: IntArray
    share_slot: IntArray
    share_fraction: FloatArray
    share_weight: FloatArray
    share_start: IntArray

    @property
    def n_slots(self) -> int:
        """Number of distinct event times, over all strata."""
        return int(self.slot_time.size)

    def risk_and_event_sums(self, values: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Sum values over each risk set, and over the events of each slot.

        Parameters
        ----------
        values : float array, shape (n,)
            One value a row.

        Returns
        -------
        at_risk, events : float array, shape (n_slots,)
            The sums.
        """
        run_sums = np.add.reduceat(values, self.run_start)
        by_slot = binned(self.run_place, run_sums, 2 * (self.n_slots + 1)).reshape(-1, 2)
        at_risk = _after(by_slot.sum(axis=1))
        if self.has_late:
            at_risk = at_risk - _after(binned(self.first, values, self.n_slots + 1))
        return at_risk, by_slot[1:, 1]

    def share_sum(self, values: FloatArray) -> FloatArray:
        """Sum the terms of each slot.

        Parameters
        ----------
        values : float array, shape (n_shares,)
            One value a term.

        Returns
        -------
        float array, shape (n_slots,)
            The sums.
        """
        return np.asarray(np.add.reduceat(values, self.share_start), dtype=np.float64)

    def while_at_risk(self, values: FloatArray, spared: FloatArray) -> FloatArray:
        """Sum, for each row, a value of the slots in which it is at risk.

        Parameters
        ----------
        values : float array, shape (n_slots,)
            One value a slot.
        spared : float array, shape (n_slots,)
            What rows with an event are spared in the slot of their event.

        Returns
        -------
        float array, shape (n,)
            The sums.
        """
        cumulated = np.concatenate([[0.0], np.cumsum(values)])
        by_run = cumulated[self.run_place // 2]
        has_event = self.run_place % 2 == 1
        by_run[has_event] -= spared[self.run_place[has_event] // 2 - 1]
        total = np.repeat(by_run, np.diff(self.run_start, append=self.last.size))
        if self.has_late:
            total -= cumulated[self.first]
        return total


def build_risk_sets(
    exit_time: IntArray,
    event: BoolArray,
    *,
    entry_time: IntArray | None,
    weight: FloatArray,
    strata: IntArray | None,
    efron: bool,
) -> RiskSets:
    """Find each row's event slots.

    Parameters
    ----------
    exit_time : int array, shape (n,)
        Time of event or censoring; rows sorted by stratum, exit time, and censored before events.
    event : bool array, shape (n,)
        Whether it was an event; at least one is.
    entry_time : int array, shape (n,), or None
        Delayed entry.
    weight : float array, shape (n,)
        Weights.
    strata : int array, shape (n,), or None
        Stratum codes from 0.
    efron : bool
        Efron's ties; otherwise Breslow's.

    Returns
    -------
    RiskSets
        Frozen.
    """
    span = int(exit_time.max()) + 2
    base = np.int64(0) if strata is None else strata * span
    place = exit_time + base
    rows = np.flatnonzero(event)
    slots = _distinct(place[rows])
    last = _count_up_to(slots, place, span if strata is None else 0)
    if entry_time is not None:
        first = np.searchsorted(slots, np.maximum(entry_time, -1) + base, side="right")
    elif strata is not None:
        first = np.searchsorted(slots, base, side="left")
    else:
        first = np.zeros_like(last)
    event_slot = last[rows] - 1
    n_events = binned(event_slot, None, slots.size)
    slot_weight = binned(event_slot, weight[rows], slots.size)
    stratum = np.zeros_like(slots) if strata is None else slots // span
    place_of_row = 2 * last
    place_of_row += event
    run_start = np.concatenate([[0], np.flatnonzero(place_of_row[1:] != place_of_row[:-1]) + 1])
    return RiskSets(
        first,
        last,
        (entry_time is not None or strata is not None) and bool(first.any()),
        rows,
        event_slot,
        weight * event,
        slots - stratum * span,
        stratum,
        n_events,
        run_start,
        place_of_row[run_start],
        *_shares(n_events, slot_weight, efron=efron),
    )


def _shares(
    n_events: FloatArray, event_weight: FloatArray, *, efron: bool
) -> tuple[IntArray, FloatArray, FloatArray, IntArray]:
    slot = np.arange(n_events.size)
    if not efron:
        return slot, np.zeros(slot.size), event_weight, slot
    count = n_events.astype(np.int64)
    share_slot = np.repeat(slot, count)
    start = np.cumsum(count) - count
    rank = np.arange(share_slot.size) - np.repeat(start, count)
    return share_slot, rank / n_events[share_slot], (event_weight / n_events)[share_slot], start


def _distinct(ascending: IntArray) -> IntArray:
    is_new = np.concatenate([[True], ascending[1:] != ascending[:-1]])
    return np.asarray(ascending[is_new])


def _count_up_to(slots: IntArray, place: IntArray, span: int) -> IntArray:
    """How many slots are at or before each place."""
    if not 0 < span <= 4 * place.size + 100_000:
        return np.searchsorted(slots, place, side="right")
    seen = np.zeros(span, dtype=np.int64)
    seen[slots] = 1
    return np.cumsum(seen)[place]


def _after(values: FloatArray) -> FloatArray:
    """For each slot, the sum of the values at later positions."""
    return np.cumsum(values[::-1])[::-1][1:]
