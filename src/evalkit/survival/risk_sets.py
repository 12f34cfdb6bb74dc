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
    slot_time, slot_stratum : int array, shape (n_slots,)
        Time and stratum of each slot.
    slot_n_events : float array, shape (n_slots,)
        Rows with an event in the slot.
    share_slot : int array, shape (n_shares,)
        Slot of each term of the likelihood: with Efron's ties one an event, with Breslow's one a slot.
    share_fraction : float array, shape (n_shares,)
        Part of the tied events that has already left the risk set.
    share_weight : float array, shape (n_shares,)
        Weight of the term.
    """

    first: IntArray
    last: IntArray
    has_late: bool
    event_row: IntArray
    event_slot: IntArray
    slot_time: IntArray
    slot_stratum: IntArray
    slot_n_events: FloatArray
    share_slot: IntArray
    share_fraction: FloatArray
    share_weight: FloatArray

    @property
    def n_slots(self) -> int:
        """Number of distinct event times, over all strata."""
        return int(self.slot_time.size)

    def at_risk_sum(self, values: FloatArray) -> FloatArray:
        """Sum values over each risk set.

        Parameters
        ----------
        values : float array, shape (n,)
            One value a row.

        Returns
        -------
        float array, shape (n_slots,)
            The sums.
        """
        total = _after(binned(self.last, values, self.n_slots + 1))
        if self.has_late:
            total = total - _after(binned(self.first, values, self.n_slots + 1))
        return total

    def event_sum(self, values: FloatArray) -> FloatArray:
        """Sum values over the events of each slot.

        Parameters
        ----------
        values : float array, shape (n,)
            One value a row.

        Returns
        -------
        float array, shape (n_slots,)
            The sums.
        """
        return binned(self.event_slot, values[self.event_row], self.n_slots)

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
        return binned(self.share_slot, values, self.n_slots)

    def while_at_risk(self, values: FloatArray) -> FloatArray:
        """Sum, for each row, a value of the slots in which it is at risk.

        Parameters
        ----------
        values : float array, shape (n_slots,) or (n_slots, p)
            One value, or one row of values, a slot.

        Returns
        -------
        float array, shape (n,) or (n, p)
            The sums.
        """
        cumulated = np.concatenate([np.zeros_like(values[:1]), np.cumsum(values, axis=0)])
        total = cumulated[self.last]
        if self.has_late:
            total = total - cumulated[self.first]
        return np.asarray(total, dtype=np.float64)


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
        Time of event or censoring.
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
    slots = np.unique(place[event])
    last = _count_up_to(slots, place, span if strata is None else 0)
    if entry_time is not None:
        first = np.searchsorted(slots, np.maximum(entry_time, -1) + base, side="right")
    elif strata is not None:
        first = np.searchsorted(slots, base, side="left")
    else:
        first = np.zeros_like(last)
    rows = np.flatnonzero(event)
    event_slot = last[rows] - 1
    n_events = binned(event_slot, None, slots.size)
    event_weight = binned(event_slot, weight[rows], slots.size)
    stratum = np.zeros_like(slots) if strata is None else slots // span
    return RiskSets(
        first,
        last,
        bool(first.any()),
        rows,
        event_slot,
        slots - stratum * span,
        stratum,
        n_events,
        *_shares(n_events, event_weight, efron=efron),
    )


def _shares(n_events: FloatArray, event_weight: FloatArray, *, efron: bool) -> tuple[IntArray, FloatArray, FloatArray]:
    slot = np.arange(n_events.size)
    if not efron:
        return slot, np.zeros(slot.size), event_weight
    count = n_events.astype(np.int64)
    share_slot = np.repeat(slot, count)
    rank = np.arange(share_slot.size) - np.repeat(np.cumsum(count) - count, count)
    return share_slot, rank / n_events[share_slot], (event_weight / n_events)[share_slot]


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
