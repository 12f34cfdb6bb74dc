"""How long people were where: mean days in each state, and the longest unbroken time."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from evalkit.results import Column, Counts, Provenance, Relation, Result

__all__ = ["time_in_state"]


def time_in_state(counts: pl.DataFrame, provenance: Provenance, *, months: Sequence[int]) -> Result:
    """Make the table of days in each state.

    Parameters
    ----------
    counts : DataFrame
        ``analysis.time_in_state``: arm, state, n_persons, n_ever, all_days, all_longest_days.
    provenance : Provenance
        Where the counts come from.
    months : sequence of int
        The months at which the status stands beside this table.

    Returns
    -------
    Result
        One row an arm and state: n_persons of the arm, n_ever who were in the state at all, mean_days over everyone in
        the arm (the means of an arm add up to the whole time), and mean_longest_days over those who were ever in it.
    """
    # Published in whole days: the means add up to the same for everybody, so exact ones would give the days of a few
    # persons in a state that is hidden.
    days = Column.derived("n_persons", "n_ever", group_size=1)
    roles = {
        "arm": Column.dimension(),
        "state": Column.dimension(),
        "n_persons": Column.count(),
        "n_ever": Column.count(),
        **dict.fromkeys(("mean_days", "mean_longest_days"), days),
    }
    frame = counts.with_columns(
        mean_days=pl.when(pl.col("n_persons") > 0).then(pl.col("all_days") / pl.col("n_persons")),
        mean_longest_days=pl.when(pl.col("n_ever") > 0).then(pl.col("all_longest_days") / pl.col("n_ever")),
    ).select(*roles)
    last = max(months)
    states = frame.get_column("state").unique(maintain_order=True).to_list()
    relations = [
        Relation(
            (Counts("time_in_state", "n_ever", {"state": (state,)}),),
            (Counts("status", "n_persons", {"state": (state,), "month": (month,)}),),
            ("arm",),
            # Whoever is dead stays dead, so those ever dead are those dead at the end.
            exact=state == "dead" and month == last,
        )
        for state in states
        for month in months
    ]
    return Result(
        "time_in_state",
        provenance,
        frame,
        roles,
        linked=(("n_persons", "n_ever"),),
        repeats=(("n_persons", ("state",)),),
        relations=tuple(relations),
    )
