"""Checked arrays: one row a person or a part of a person's time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import polars as pl

from evalkit.errors import EstimationError
from evalkit.survival.arrays import BoolArray, FloatArray, GroupLabel, IntArray
from evalkit.survival.columns import as_floats, as_labels, as_numbers

__all__ = [
    "FROM_THE_START",
    "Observations",
    "check_cause",
    "check_observations",
    "check_same_length",
    "encode_groups",
    "weights_or_none",
]

_Scalar = TypeVar("_Scalar", bound=np.generic)

FROM_THE_START = -1
"""Entry of those who are at risk from time 0, time 0 included."""

_LATEST = 10**12
_LARGEST = 2**62  # that both floats and unsigned numbers can be compared with
_MOST_CAUSES = 100
_EVENT_CODES = "0 is censored, 1, 2, ... are the causes."
_LIGHTEST, _HEAVIEST = 1e-30, 1e30


@dataclass(frozen=True, slots=True)
class Observations:
    """Times, events, weights and groups that fit each other.

    Parameters
    ----------
    exit_time : int array, shape (n,)
        Time of event or censoring, at least 0.
    entry_time : int array, shape (n,), or None
        Under observation after this time; -1 from the start. None when nobody enters late.
    event_type : int array, shape (n,)
        0 censored, 1..k the cause.
    weight : float array, shape (n,), or None
        How many persons the row stands for.
    sampling_weight : float array, shape (n,), or None
        What the row counts for in the estimate.
    group : int array, shape (n,), or None
        Position in `groups`; None when there is one group.
    groups : tuple
        The groups' labels, sorted.
    n_causes : int
        k.
    cluster : int array, shape (n,), or None
        Codes of rows that belong together.
    """

    exit_time: IntArray
    entry_time: IntArray | None
    event_type: IntArray
    weight: FloatArray | None
    sampling_weight: FloatArray | None
    group: IntArray | None
    groups: tuple[GroupLabel, ...]
    n_causes: int
    cluster: IntArray | None = None


def check_observations(  # noqa: PLR0913 - the columns of one row
    exit_time: npt.ArrayLike,
    event_type: npt.ArrayLike,
    *,
    entry_time: npt.ArrayLike | None = None,
    weight: npt.ArrayLike | None = None,
    sampling_weight: npt.ArrayLike | None = None,
    group: npt.ArrayLike | None = None,
    n_causes: int | None = None,
    cluster: npt.ArrayLike | None = None,
) -> Observations:
    """Check that arrays can be estimated from.

    Rows with weight 0 are left out: they stand for nobody.

    Parameters
    ----------
    exit_time : int array, shape (n,)
        Time of event or censoring, whole units, at least 0.
    event_type : int array, shape (n,)
        0 censored, 1..k the cause.
    entry_time : int array, shape (n,), optional
        At risk at t are those with entry < t <= exit. Entry 0 is not late: such a person is at risk from time 0,
        time 0 included.
    weight, sampling_weight : float array, shape (n,), optional
        At least 0.
    group : array, shape (n,), optional
        Text or whole numbers.
    n_causes : int, optional
        Number of causes when some may not occur.
    cluster : array, shape (n,), optional
        Rows that belong together; text or whole numbers.

    Returns
    -------
    Observations
        The arrays, cleaned of rows that stand for nobody.

    Raises
    ------
    EstimationError
        When lengths differ, a value is missing or impossible, or there is nobody.
    """
    exits = _times(exit_time, "exit time")
    events = _whole_numbers(event_type, "event type", hint=_EVENT_CODES)
    entries = None if entry_time is None else _times(entry_time, "entry time")
    weights = weights_or_none(weight, "weight")
    sampling = weights_or_none(sampling_weight, "sampling weight")
    codes, labels = (None, ("all",)) if group is None else encode_groups(group)
    together = None if cluster is None else encode_groups(cluster, "cluster")[0]
    columns = {"event type": events, "entry time": entries, "weight": weights, "sampling weight": sampling}
    check_same_length({"exit time": exits, **columns, "group": codes, "cluster": together})
    late = _late_entries(entries, exits)
    k = _count_causes(events, n_causes)
    checked = Observations(exits, late, events, weights, sampling, codes, labels, k, together)
    return _without_weightless(checked)


def encode_groups(group: npt.ArrayLike, name: str = "group") -> tuple[IntArray, tuple[GroupLabel, ...]]:
    """Turn labels into positions in the sorted list of labels.

    Parameters
    ----------
    group : array, shape (n,)
        Text or whole numbers, without missing values.
    name : str
        What to call them in a message.

    Returns
    -------
    codes : int array, shape (n,)
        Position of each row's label.
    labels : tuple
        The sorted labels.

    Raises
    ------
    EstimationError
        When a label is missing, or neither text nor a whole number.
    """
    if isinstance(group, np.ndarray) and group.dtype == np.int64 and group.ndim == 1:
        return _encode_integers(group)
    series = as_labels(group, name)
    if series.dtype.is_integer():
        return _encode_integers(series.to_numpy())
    labels = series.unique().sort()
    codes = series.cast(pl.Enum(labels)).to_physical()
    return codes.to_numpy().astype(np.int64), tuple(labels.to_list())


def weights_or_none(values: npt.ArrayLike | None, name: str) -> FloatArray | None:
    """Check weights.

    Parameters
    ----------
    values : float array, shape (n,), or None
        The weights.
    name : str
        What to call them in a message.

    Returns
    -------
    float array, shape (n,), or None
        The same weights.

    Raises
    ------
    EstimationError
        When a weight is missing, infinite or negative, or all are 0.
    """
    if values is None:
        return None
    weights = as_floats(values, name)
    n_bad = int(np.count_nonzero(~np.isfinite(weights) | (weights < 0)))
    if n_bad:
        raise EstimationError(f"{name}: missing, infinite or negative in {n_bad:,} of {weights.size:,} rows.")
    if weights.size and not weights.any():
        raise EstimationError(f"{name}: 0 in all {weights.size:,} rows.")
    n_extreme = int(np.count_nonzero((weights > _HEAVIEST) | ((weights > 0) & (weights < _LIGHTEST))))
    if n_extreme:
        wrong = f"below {_LIGHTEST:g}, or above {_HEAVIEST:g}, in {n_extreme:,} of {weights.size:,} rows"
        raise EstimationError(f"{name}: above 0 and {wrong}.", hint="Divide them by their mean.")
    return weights


def check_cause(cause: int, name: str = "cause") -> int:
    """Check the number of a cause.

    Parameters
    ----------
    cause : int
        From 1 on.
    name : str
        What to call it in a message.

    Returns
    -------
    int
        The same number.

    Raises
    ------
    EstimationError
        When it is no whole number, or less than 1.
    """
    if not isinstance(cause, int | np.integer) or cause < 1:
        raise EstimationError(f"{name} {cause}: not a whole number from 1 on.", hint=_EVENT_CODES)
    return int(cause)


def check_same_length(columns: Mapping[str, npt.NDArray[Any] | None]) -> None:
    """Check that columns have one value a row.

    Parameters
    ----------
    columns : mapping of str to array, shape (n,), or None
        By what to call them in a message; the first sets the number of rows, and None is passed over.

    Raises
    ------
    EstimationError
        When shapes differ, or there are no rows.
    """
    given = {name: column.shape for name, column in columns.items() if column is not None}
    first, *others = given.items()
    wrong = dict([first] if len(first[1]) != 1 else [other for other in others if other[1] != first[1]])
    if wrong:
        shapes = ", ".join(f"{name} {shape}" for name, shape in (dict([first]) | wrong).items())
        raise EstimationError(f"arrays of different shapes: {shapes}.", hint="Give one value a row.")
    if not first[1][0]:
        raise EstimationError("nobody to follow: the arrays are empty.")


def _times(values: npt.ArrayLike, name: str) -> IntArray:
    array = as_numbers(values, name)
    if array.dtype == np.bool_:
        raise EstimationError(f"{name}: true and false instead of times.", hint="Times come first, then events.")
    times = _whole_numbers(array, name, hint="Use a finer unit, such as days.")
    n_late = int(np.count_nonzero(times > _LATEST))
    if n_late:
        raise EstimationError(f"{name}: above {_LATEST:,} in {n_late:,} of {times.size:,} rows.", hint="Count days.")
    return times


def _whole_numbers(values: npt.ArrayLike, name: str, *, hint: str) -> IntArray:
    array = as_numbers(values, name)
    if array.dtype.kind == "f":
        _check_floats(array, name, hint)
    if array.size and array.min() < 0:
        n_negative = int(np.count_nonzero(array < 0))
        raise EstimationError(f"{name}: negative in {n_negative:,} of {array.size:,} rows.")
    if array.size and array.max() > _LARGEST:
        array = np.minimum(array, _LARGEST)
    return array.astype(np.int64, copy=False)


def _check_floats(floats: npt.NDArray[np.floating[Any]], name: str, hint: str) -> None:
    n_missing = int(np.count_nonzero(~np.isfinite(floats)))
    if n_missing:
        raise EstimationError(f"{name}: missing or infinite in {n_missing:,} of {floats.size:,} rows.")
    n_broken = int(np.count_nonzero(floats != np.round(floats)))
    if n_broken:
        raise EstimationError(f"{name}: not a whole number in {n_broken:,} of {floats.size:,} rows.", hint=hint)


def _late_entries(entries: IntArray | None, exits: IntArray) -> IntArray | None:
    if entries is None or not entries.any():
        return None
    n_wrong = int(np.count_nonzero((entries >= exits) & (entries > 0)))
    if n_wrong:
        raise EstimationError(f"entry time: not before exit time in {n_wrong:,} of {exits.size:,} rows.")
    return np.where(entries == 0, FROM_THE_START, entries)


def _count_causes(events: IntArray, n_causes: int | None) -> int:
    if n_causes is not None and check_cause(n_causes, "number of causes") > _MOST_CAUSES:
        raise EstimationError(f"number of causes {n_causes}: above {_MOST_CAUSES}.")
    most = _MOST_CAUSES if n_causes is None else n_causes
    n_more = int(np.count_nonzero(events > most))
    if n_more:
        raise EstimationError(f"event type: above {most} in {n_more:,} of {events.size:,} rows.", hint=_EVENT_CODES)
    return n_causes or max(int(events.max()), 1)


def _encode_integers(values: IntArray) -> tuple[IntArray, tuple[GroupLabel, ...]]:
    low, high = (int(values.min()), int(values.max())) if values.size else (0, 0)
    if high - low > 10_000:
        distinct, codes = np.unique(values, return_inverse=True)
        return codes.astype(np.int64), tuple(int(label) for label in distinct)
    from_zero = values - low if low else values
    seen = np.bincount(from_zero, minlength=1) > 0
    labels = tuple(int(label) + low for label in np.flatnonzero(seen))
    return from_zero if seen.all() else (np.cumsum(seen) - 1)[from_zero], labels


def _without_weightless(observations: Observations) -> Observations:
    given = [w for w in (observations.weight, observations.sampling_weight) if w is not None]
    if all(w.all() for w in given):
        return observations
    keep: BoolArray = np.logical_and.reduce([w > 0 for w in given])
    if not keep.any():
        raise EstimationError(f"weight times sampling weight: 0 in all {keep.size:,} rows.")
    group = _take(observations.group, keep)
    if group is not None:
        empty = np.flatnonzero(np.bincount(group, minlength=len(observations.groups)) == 0)
        if empty.size:
            raise EstimationError(f"group {observations.groups[empty[0]]}: every weight is 0.")
    return Observations(
        observations.exit_time[keep],
        _take(observations.entry_time, keep),
        observations.event_type[keep],
        _take(observations.weight, keep),
        _take(observations.sampling_weight, keep),
        group,
        observations.groups,
        observations.n_causes,
        _take(observations.cluster, keep),
    )


def _take(array: npt.NDArray[_Scalar] | None, keep: BoolArray) -> npt.NDArray[_Scalar] | None:
    return None if array is None else array[keep]
