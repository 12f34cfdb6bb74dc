"""The life table of distinct times: every curve and test is computed from it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import ClassVar

import numpy as np
import numpy.typing as npt
import polars as pl

from evalkit.errors import EstimationError
from evalkit.survival.arrays import FloatArray, GroupLabel, IntArray, binned, row_blocks
from evalkit.survival.counts import Counts, counts_from_moves, one_cause
from evalkit.survival.life_table_rows import interval_rows, life_table_rows
from evalkit.survival.observations import FROM_THE_START, Observations, check_observations
from evalkit.survival.shown_result import ShownResult

__all__ = ["LifeTable", "as_life_table", "life_table", "tabulate"]

_FEW = 20  # groups whose labels a message may hold; more may be persons


@dataclass(frozen=True, repr=False)
class LifeTable(ShownResult):
    """Persons at risk, events and censorings at each distinct time, by group.

    Events come before censorings and before entries of the same time: at risk at t are those with entry < t <= exit.

    Parameters
    ----------
    time : int array, shape (n_times,)
        Distinct times at which somebody enters late or leaves, in any group.
    groups : tuple of str or int
        The groups' labels.
    weighted : Counts
        What the estimates are computed from: case weight times sampling weight.
    persons : Counts
        Persons, without sampling weights.
    squared : Counts
        Squared sampling weights, for effective sample sizes and robust variances.
    observations : Observations
        What was counted, for robust variances. Person-level: it never leaves the secure zone.
    """

    time: IntArray
    groups: tuple[GroupLabel, ...]
    weighted: Counts
    persons: Counts
    squared: Counts
    observations: Observations = field(repr=False, compare=False)

    @property
    def n_causes(self) -> int:
        """Number of causes of leaving by an event."""
        return int(self.weighted.events.shape[2])

    @property
    def n_at_risk(self) -> FloatArray:
        """Persons at risk, shape (n_groups, n_times)."""
        return self.persons.at_risk

    @property
    def n_events(self) -> FloatArray:
        """Persons with an event, shape (n_groups, n_times, n_causes)."""
        return self.persons.events

    @property
    def n_censored(self) -> FloatArray:
        """Persons censored, shape (n_groups, n_times)."""
        return self.persons.censored

    @cached_property
    def n_persons(self) -> FloatArray:
        """Rows' total of persons, shape (n_groups,)."""
        return np.asarray(self.persons.start + self.persons.entered.sum(axis=1))

    @cached_property
    def effective_at_risk(self) -> FloatArray:
        """Effective number at risk, (sum of weights)^2 / sum of squared weights (Kish), shape (n_groups, n_times)."""
        if self.squared is self.weighted:
            return self.weighted.at_risk
        safe = np.where(self.squared.at_risk > 0, self.squared.at_risk, 1.0)
        return np.asarray(self.weighted.at_risk**2 / safe)

    @cached_property
    def last_time(self) -> IntArray:
        """Last time at which somebody was under observation, shape (n_groups,)."""
        left = (self.weighted.events.sum(axis=2) + self.weighted.censored) > 0
        last = left.shape[1] - 1 - np.argmax(left[:, ::-1], axis=1)
        return np.asarray(self.time[last])

    figure_hint: ClassVar[str] = "Draw the curves: kaplan_meier() of it has plot()."

    def tidy(self) -> pl.DataFrame:
        """Return one row a group and time, in persons.

        Returns
        -------
        DataFrame
            group, time, n_at_risk (entry < t <= exit), n_entered (at t, at risk after it), n_events_1 to n_events_k and
            n_censored (at t).
        """
        return life_table_rows(self.time, self.groups, self.persons)

    def _readable(self) -> pl.DataFrame:
        return interval_rows(self.tidy())

    def group_index(self, group: GroupLabel | None) -> int:
        """Return a group's position.

        Parameters
        ----------
        group : str or int, optional
            The label; may be left out when there is one group.

        Returns
        -------
        int
            Position in `groups`.

        Raises
        ------
        EstimationError
            When there is no such group, or none was named and there are several.
        """
        many = len(self.groups) > _FEW
        known = f"{len(self.groups)} groups" if many else ", ".join(str(label) for label in self.groups)
        if group is None:
            if len(self.groups) > 1:
                raise EstimationError("which group?", hint=f"There are: {known}.")
            return 0
        if group not in self.groups:
            raise EstimationError(f"group {group}: nobody is in it.", hint=f"There are: {known}.")
        return self.groups.index(group)

    def for_cause(self, cause: int | None) -> LifeTable:
        """Return the table with one kind of event.

        Parameters
        ----------
        cause : int or None
            This cause is the event and the others censor; None: every cause is the event.

        Returns
        -------
        LifeTable
            With one cause.

        Raises
        ------
        EstimationError
            When `cause` is less than 1.
        """
        if self.n_causes == 1 and cause in (None, 1):
            return self
        if cause is not None and cause < 1:
            raise EstimationError(f"cause {cause}: causes are numbered from 1.")
        weighted = one_cause(self.weighted, cause)
        persons = weighted if self.persons is self.weighted else one_cause(self.persons, cause)
        squared = weighted if self.squared is self.weighted else one_cause(self.squared, cause)
        happened = self.observations.event_type
        kind = (happened > 0) if cause is None else (happened == cause)
        rows = replace(self.observations, event_type=kind.astype(np.int64), n_causes=1)
        return LifeTable(self.time, self.groups, weighted, persons, squared, rows)

    @classmethod
    def from_counts(
        cls,
        time: npt.ArrayLike,
        event_type: npt.ArrayLike,
        n: npt.ArrayLike,
        *,
        entry_time: npt.ArrayLike | None = None,
        group: npt.ArrayLike | None = None,
        n_causes: int | None = None,
    ) -> LifeTable:
        """Build the table from rows already counted, as a database delivers them.

        Parameters
        ----------
        time : int array, shape (n_rows,)
            Exit time.
        event_type : int array, shape (n_rows,)
            0 censored, 1..k the cause.
        n : float array, shape (n_rows,)
            Persons with this exit time, event type, entry time and group.
        entry_time, group : array, shape (n_rows,), optional
            As for :func:`life_table`.
        n_causes : int, optional
            Number of causes when some may not occur.

        Returns
        -------
        LifeTable
            The same as from one row a person.

        Raises
        ------
        EstimationError
            When a value is missing or impossible.
        """
        return life_table(time, event_type, entry_time=entry_time, weight=n, group=group, n_causes=n_causes)


def life_table(  # noqa: PLR0913 - the columns of one row
    exit_time: npt.ArrayLike,
    event_type: npt.ArrayLike,
    *,
    entry_time: npt.ArrayLike | None = None,
    weight: npt.ArrayLike | None = None,
    sampling_weight: npt.ArrayLike | None = None,
    group: npt.ArrayLike | None = None,
    cluster: npt.ArrayLike | None = None,
    n_causes: int | None = None,
) -> LifeTable:
    """Count persons at risk, events and censorings at each distinct time.

    Parameters
    ----------
    exit_time : int array, shape (n,)
        Time of event or censoring in whole units (days, weeks, ...), at least 0.
    event_type : int array, shape (n,)
        0 censored, 1..k the cause.
    entry_time : int array, shape (n,), optional
        Delayed entry: at risk at t are those with entry < t <= exit. Entry 0 is not late.
    weight : float array, shape (n,), optional
        Case weights: the row stands for so many persons.
    sampling_weight : float array, shape (n,), optional
        Sampling or propensity weights: the row is one person who counts for so much in the estimate.
    group : array, shape (n,), optional
        Text or whole numbers.
    cluster : array, shape (n,), optional
        Rows that belong together (a person's, a prison's), for robust variances.
    n_causes : int, optional
        Number of causes when some may not occur.

    Returns
    -------
    LifeTable
        Frozen.

    Raises
    ------
    EstimationError
        When a value is missing or impossible.

    Examples
    --------
    >>> table = life_table([1, 2, 2, 3], [1, 0, 1, 0])
    >>> table.n_at_risk[0].tolist(), table.n_events[0, :, 0].tolist()
    ([4.0, 3.0, 1.0], [1.0, 1.0, 0.0])
    """
    return tabulate(
        check_observations(
            exit_time,
            event_type,
            entry_time=entry_time,
            weight=weight,
            sampling_weight=sampling_weight,
            group=group,
            n_causes=n_causes,
            cluster=cluster,
        )
    )


def as_life_table(  # noqa: PLR0913 - the columns of one row
    data: npt.ArrayLike | LifeTable,
    event_type: npt.ArrayLike | None = None,
    *,
    entry_time: npt.ArrayLike | None = None,
    weight: npt.ArrayLike | None = None,
    sampling_weight: npt.ArrayLike | None = None,
    group: npt.ArrayLike | None = None,
    cluster: npt.ArrayLike | None = None,
) -> LifeTable:
    """Return the life table that was given, or the one of the arrays that were given.

    Parameters
    ----------
    data : LifeTable or int array, shape (n,)
        A life table, or exit times.
    event_type, entry_time, weight, sampling_weight, group, cluster : array, optional
        As for :func:`life_table`; only with exit times.

    Returns
    -------
    LifeTable
        Frozen.

    Raises
    ------
    EstimationError
        When arrays come with a life table, or exit times without event types.
    """
    if not isinstance(data, LifeTable):
        if event_type is None:
            raise EstimationError("exit times need event types.", hint="0 is censored, 1..k the cause.")
        return life_table(
            data,
            event_type,
            entry_time=entry_time,
            weight=weight,
            sampling_weight=sampling_weight,
            group=group,
            cluster=cluster,
        )
    if any(array is not None for array in (event_type, entry_time, weight, sampling_weight, group, cluster)):
        raise EstimationError("a life table already holds events, entries, weights, groups and clusters.")
    return data


def tabulate(observations: Observations) -> LifeTable:
    """Count checked observations.

    Parameters
    ----------
    observations : Observations
        One row a person or a part of a person's time.

    Returns
    -------
    LifeTable
        Frozen.
    """
    axis = _TimeAxis.of(observations)
    n_groups, n_kinds, n_times = len(observations.groups), observations.n_causes + 1, axis.time.size
    weights = _row_weights(observations)
    left = np.zeros((len(weights), n_groups * n_kinds * n_times))
    entered = None if observations.entry_time is None else np.zeros((len(weights), n_groups * (n_times + 1)))
    for rows in row_blocks(observations.exit_time.size, at_least=left.shape[1]):
        group = 0 if observations.group is None else observations.group[rows]
        kind = group * n_kinds + observations.event_type[rows]
        _add(left, kind * n_times + axis.place(observations.exit_time[rows]), weights, rows)
        if entered is not None and observations.entry_time is not None:
            start = axis.place(observations.entry_time[rows]) + 1
            _add(entered, group * (n_times + 1) + start, weights, rows)

    def count(i: int) -> Counts:
        moves = None if entered is None else entered[i].reshape(n_groups, n_times + 1)
        return counts_from_moves(left[i].reshape(n_groups, n_kinds, n_times), moves)

    persons = count(0)
    weighted, squared = (persons, persons) if len(weights) == 1 else (count(1), count(2))
    return LifeTable(axis.time, observations.groups, weighted, persons, squared, observations)


def _row_weights(observations: Observations) -> list[FloatArray | None]:
    """Weights of rows as persons; and with sampling weights also in the estimate, and squared."""
    case, sampling = observations.weight, observations.sampling_weight
    if sampling is None:
        return [case]
    weighted = sampling if case is None else case * sampling
    return [case, weighted, weighted * sampling]


def _add(totals: FloatArray, cell: IntArray, weights: list[FloatArray | None], rows: slice) -> None:
    """Add a block of rows to each of the totals, shape (n_weights, n_cells)."""
    for i, weight in enumerate(weights):
        totals[i] += binned(cell, None if weight is None else weight[rows], totals.shape[1])


@dataclass(frozen=True, slots=True)
class _TimeAxis:
    """Distinct times, and where each time stands among them; an entry at the start stands at -1."""

    time: IntArray
    position: IntArray | None  # by time, or None where times are too far apart for that

    @classmethod
    def of(cls, observations: Observations) -> _TimeAxis:
        exits, entries = observations.exit_time, observations.entry_time
        top = int(exits.max())
        if top > 4 * exits.size + 100_000:
            late = np.empty(0, np.int64) if entries is None else entries[entries != FROM_THE_START]
            return cls(np.unique(np.concatenate([exits, late])), None)
        seen = np.zeros(top + 2, dtype=np.bool_)
        seen[exits] = True
        if entries is not None:
            seen[entries] = True
            seen[FROM_THE_START] = False  # the spare last slot, which index -1 means
        position = np.cumsum(seen) - 1
        position[FROM_THE_START] = FROM_THE_START
        return cls(np.flatnonzero(seen), position)

    def place(self, times: IntArray) -> IntArray:
        if self.position is not None:
            return self.position[times]
        return np.where(times == FROM_THE_START, FROM_THE_START, np.searchsorted(self.time, times))
