"""Concordance: whether a higher predicted hazard goes with an earlier event."""

from __future__ import annotations

import numpy as np

from evalkit.survival.arrays import BoolArray, FloatArray, IntArray

__all__ = ["concordance"]


def concordance(
    predictor: FloatArray,
    exit_time: IntArray,
    event: BoolArray,
    *,
    entry_time: IntArray | None,
    weight: FloatArray,
    strata: IntArray | None,
) -> float:
    """Return the share of comparable pairs in which the higher predictor had the event first [1]_.

    A pair is comparable when one has the event while the other is at risk and has none at the same time; a censoring at
    the time of an event comes after it. Equal predictors count one half.

    Parameters
    ----------
    predictor : float array, shape (n,)
        Higher means an earlier event.
    exit_time : int array, shape (n,)
        Time of event or censoring.
    event : bool array, shape (n,)
        Whether it was an event.
    entry_time : int array, shape (n,), or None
        Delayed entry.
    weight : float array, shape (n,)
        A pair counts the product.
    strata : int array, shape (n,), or None
        Pairs are made within strata.

    Returns
    -------
    float
        NaN when no pair is comparable.

    References
    ----------
    .. [1] Harrell, Lee & Mark (1996), Statistics in Medicine 15, 361-387; pairs and ties as R's ``concordance``.
    """
    _, rank = np.unique(predictor, return_inverse=True)
    span = 2 * (int(exit_time.max()) + 2)
    base = np.zeros_like(exit_time) if strata is None else strata * span
    rows = np.flatnonzero(event)
    leaves = 2 * exit_time + np.where(event, 0, 1) + base
    later = _later_weights(leaves, rank, weight, (2 * exit_time + base)[rows], (base + span - 1)[rows], rank[rows])
    if entry_time is not None:
        enters = 2 * np.maximum(entry_time, -1) + 2 + base
        late = _later_weights(
            enters, rank, weight, (2 * exit_time + 1 + base)[rows], (base + span - 1)[rows], rank[rows]
        )
        later = later - late
    lower, same, every = (weight[rows] * later).sum(axis=1)
    return float((lower + same / 2.0) / every) if every > 0 else float("nan")


def _later_weights(
    key: IntArray, rank: IntArray, weight: FloatArray, above: IntArray, until: IntArray, at_rank: IntArray
) -> FloatArray:
    """Weight of the points with above < key <= until and a rank lower than, equal to, and any; shape (3, n_queries)."""
    order = np.argsort(key, kind="stable")
    low, high = np.searchsorted(key[order], above, "right"), np.searchsorted(key[order], until, "right")
    points, mass = rank[order], weight[order]
    cumulated = np.concatenate([[0.0], np.cumsum(mass)])
    every = cumulated[high] - cumulated[low]
    lower = _weight_below(points, mass, (low, high), at_rank)
    up_to = _weight_below(points, mass, (low, high), at_rank + 1)
    return np.stack([lower, up_to - lower, every])


def _weight_below(rank: IntArray, weight: FloatArray, span: tuple[IntArray, IntArray], limit: IntArray) -> FloatArray:
    """Weight of the points in each span whose rank is below its limit, by a wavelet matrix: one pass a binary digit."""
    low, high = span
    found = np.zeros(limit.size)
    for digit in range(int(max(rank.max(), limit.max())).bit_length() - 1, -1, -1):
        is_zero = (rank >> digit) & 1 == 0
        zeros = np.concatenate([[0], np.cumsum(is_zero)])
        mass = np.concatenate([[0.0], np.cumsum(np.where(is_zero, weight, 0.0))])
        up = (limit >> digit) & 1 == 1
        found += np.where(up, mass[high] - mass[low], 0.0)
        n_zero = zeros[-1]
        low = np.where(up, n_zero + low - zeros[low], zeros[low])
        high = np.where(up, n_zero + high - zeros[high], zeros[high])
        order = np.concatenate([np.flatnonzero(is_zero), np.flatnonzero(~is_zero)])
        rank, weight = rank[order], weight[order]
    return found
