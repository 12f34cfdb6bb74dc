"""Where people are week by week: one state each on the first day of every fourth week, adding up to everyone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import polars as pl

from evalkit.indicators.plan_end import days_of
from evalkit.indicators.shares import with_share
from evalkit.results import Column, Counts, Provenance, Relation, Result

__all__ = ["state_weeks"]


def state_weeks(counts: pl.DataFrame, provenance: Provenance) -> Result:
    """Make the table behind the figure of stacked areas.

    Parameters
    ----------
    counts : DataFrame
        ``analysis.state_week``: arm, week, state, n_persons.
    provenance : Provenance
        Where the counts come from.

    Returns
    -------
    Result
        One row an arm, week and state; the shares of an arm and week add up to 1.
    """
    roles = {
        "arm": Column.dimension(),
        "week": Column.dimension(),
        "state": Column.dimension(),
        "n_persons": Column.count(),
        "share": Column.derived("n_persons"),
    }
    frame = with_share(counts.with_columns(pl.col("week").cast(pl.Int32)), within=("arm", "week")).select(*roles)
    weeks = frame.get_column("week").unique().sort().to_list()
    states = frame.get_column("state").unique(maintain_order=True).to_list()
    relations = (*_ever(weeks, states), *_died_between(weeks), *_dead_in_months(weeks))
    return Result("state_weeks", provenance, frame, roles, additive_over=("state",), relations=relations)


def _ever(weeks: Sequence[int], states: Sequence[str]) -> Iterator[Relation]:
    """Say that whoever is in a state in some week was in it at all."""
    for state in states:
        ever = Counts("time_in_state", "n_ever", {"state": (state,)})
        for week in weeks:
            in_week = Counts("state_weeks", "n_persons", {"state": (state,), "week": (week,)})
            yield Relation((ever,), (in_week,), ("arm",))


def _died_between(weeks: Sequence[int]) -> Iterator[Relation]:
    for before, week in pairwise(weeks):
        yield Relation((_dead(week),), (_dead(before),), ("arm",))


def _dead_in_months(weeks: Sequence[int]) -> Iterator[Relation]:
    """Say that the dead stay dead between the weeks and the months of the status, whichever months it has."""
    last_day = 7 * max(weeks, default=0)
    for month in range(1, 1 + last_day // 28):
        least, most = _days_in(month)
        by_month = Counts("status", "n_persons", {"state": ("dead",), "month": (month,)})
        for week in [week for week in weeks if 7 * week <= least][-1:]:
            yield Relation((by_month,), (_dead(week),), ("arm",))
        for week in [week for week in weeks if 7 * week >= most][:1]:
            yield Relation((_dead(week),), (by_month,), ("arm",))


def _days_in(months: int) -> tuple[int, int]:
    """Return the fewest and the most days that so many calendar months can have, at most two too far apart."""
    years, rest = divmod(months, 12)
    around = (days_of(rest) - 2, days_of(rest) + 3) if rest else (0, 1)
    return 365 * years + around[0], 365 * years + around[1] + 1


def _dead(week: int) -> Counts:
    return Counts("state_weeks", "n_persons", {"state": ("dead",), "week": (week,)})
