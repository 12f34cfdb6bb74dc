"""Where people are week by week: one state each on the first day of every fourth week, adding up to everyone."""

from __future__ import annotations

from itertools import pairwise

import polars as pl

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
    died = tuple(Relation((_dead(week),), (_dead(before),), ("arm",)) for before, week in pairwise(weeks))
    return Result("state_weeks", provenance, frame, roles, additive_over=("state",), relations=died)


def _dead(week: int) -> Counts:
    return Counts("state_weeks", "n_persons", {"state": ("dead",), "week": (week,)})
