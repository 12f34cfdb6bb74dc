"""Who was at risk and who left, by group and time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evalkit.survival.arrays import FloatArray

__all__ = ["Counts", "counts_from_moves", "one_cause"]


@dataclass(frozen=True, slots=True)
class Counts:
    """Who was at risk and who left, by group and time.

    Parameters
    ----------
    start : float array, shape (n_groups,)
        At risk from time 0.
    entered : float array, shape (n_groups, n_times)
        Entering at this time, at risk after it.
    at_risk : float array, shape (n_groups, n_times)
        With entry < time <= exit.
    events : float array, shape (n_groups, n_times, n_causes)
        Events at this time by cause.
    censored : float array, shape (n_groups, n_times)
        Leaving at this time without an event, after the events of the same time.
    """

    start: FloatArray
    entered: FloatArray
    at_risk: FloatArray
    events: FloatArray
    censored: FloatArray


def counts_from_moves(left: FloatArray, entered: FloatArray | None) -> Counts:
    """Build the counts from who left and who entered.

    Parameters
    ----------
    left : float array, shape (n_groups, 1 + n_causes, n_times)
        Leaving at each time: censored, and by each cause.
    entered : float array, shape (n_groups, 1 + n_times), or None
        Entering at the start and at each time; None when everybody is there from the start.

    Returns
    -------
    Counts
        Frozen.
    """
    censored = left[:, 0, :]
    events = np.ascontiguousarray(left[:, 1:, :].transpose(0, 2, 1))
    at_risk = _still_to_come(events.sum(axis=2) + censored)
    if entered is None:
        return Counts(at_risk[:, 0].copy(), np.zeros_like(censored), at_risk, events, censored)
    late = entered[:, 1:]
    at_risk = at_risk - _still_to_come(late)
    # sums of fractional weights leave crumbs where nobody is at risk
    at_risk[at_risk < 1e-12 * entered.sum(axis=1, keepdims=True)] = 0.0
    return Counts(entered[:, 0], late, at_risk, events, censored)


def _still_to_come(values: FloatArray) -> FloatArray:
    return np.cumsum(values[:, ::-1], axis=1)[:, ::-1]


def one_cause(counts: Counts, cause: int | None) -> Counts:
    """Return the counts with one kind of event.

    Parameters
    ----------
    counts : Counts
        With any number of causes.
    cause : int or None
        This cause is the event and the others censor; None: every cause is the event.

    Returns
    -------
    Counts
        With one cause.
    """
    total = counts.events.sum(axis=2, keepdims=True)
    if cause is None:
        return Counts(counts.start, counts.entered, counts.at_risk, total, counts.censored)
    known = cause <= counts.events.shape[2]
    chosen = counts.events[:, :, cause - 1 : cause] if known else np.zeros_like(total)
    censored = counts.censored + (total - chosen)[:, :, 0]
    return Counts(counts.start, counts.entered, counts.at_risk, chosen, censored)
