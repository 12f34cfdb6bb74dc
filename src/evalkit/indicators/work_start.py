"""Time to work: how many had been in work or education at all, some months after release."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from evalkit.indicators.shares import with_wilson
from evalkit.results import Column, Counts, Provenance, Relation, Result

__all__ = ["work_start"]


def work_start(counts: pl.DataFrame, provenance: Provenance, *, working: Sequence[str]) -> Result:
    """Make the table of who had begun work or education.

    Everyone stays in the denominator: whoever died, left the country or went back to prison first had not begun.

    Parameters
    ----------
    counts : DataFrame
        ``analysis.work_start``: arm, month, n_persons, n_started.
    provenance : Provenance
        Where the counts come from.
    working : sequence of str
        The states that are work or education.

    Returns
    -------
    Result
        One row an arm and month: the share that had begun by then, with its Wilson interval.
    """
    roles = {
        "arm": Column.dimension(),
        "month": Column.dimension(),
        "n_persons": Column.count(),
        "n_started": Column.count(),
        "share": Column.derived("n_persons", "n_started"),
        "conf_low": Column.derived("n_persons", "n_started"),
        "conf_high": Column.derived("n_persons", "n_started"),
    }
    frame = with_wilson(counts.with_columns(pl.col("month").cast(pl.Int32)), count="n_started", total="n_persons")
    months = frame.get_column("month").unique().sort().to_list()
    return Result(
        "work_start",
        provenance,
        frame.select(*roles),
        roles,
        linked=(("n_persons", "n_started"),),
        repeats=(("n_persons", ("month",)),),
        relations=tuple(_relations(months, working)),
    )


def _relations(months: Sequence[int], working: Sequence[str]) -> Iterator[Relation]:
    """Say that who has begun stays so, and that whoever works on a day has begun by then."""
    for place, month in enumerate(months):
        started = Counts("work_start", "n_started", {"month": (month,)})
        for earlier in months[:place][-1:]:
            yield Relation((started,), (Counts("work_start", "n_started", {"month": (earlier,)}),), ("arm",))
        at_work = Counts("status", "n_persons", {"month": (month,), "state": tuple(working)})
        yield Relation((started,), (at_work,), ("arm",))
