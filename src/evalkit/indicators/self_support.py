"""Self-support: how many live without public support, some months after release."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from evalkit.indicators.shares import with_wilson
from evalkit.results import Column, Counts, Provenance, Relation, Result

__all__ = ["self_support"]


def self_support(counts: pl.DataFrame, provenance: Provenance) -> Result:
    """Make the table of who lives without public support.

    Everyone stays in the denominator: whoever is dead, abroad or in custody does not support themselves.

    Parameters
    ----------
    counts : DataFrame
        ``analysis.self_support``: arm, month, n_persons, n_self_supporting, n_paid (of them those with paid work).
    provenance : Provenance
        Where the counts come from.

    Returns
    -------
    Result
        One row an arm and month: the share that lives without public support, with its Wilson interval.
    """
    roles = {
        "arm": Column.dimension(),
        "month": Column.dimension(),
        **dict.fromkeys(("n_persons", "n_self_supporting", "n_paid"), Column.count()),
        **dict.fromkeys(("share", "conf_low", "conf_high"), Column.derived("n_persons", "n_self_supporting")),
    }
    counts = counts.with_columns(pl.col("month").cast(pl.Int32))
    frame = with_wilson(counts, count="n_self_supporting", total="n_persons").select(*roles)
    months = frame.get_column("month").unique().sort().to_list()
    return Result(
        "self_support",
        provenance,
        frame,
        roles,
        linked=(("n_persons", "n_self_supporting"), ("n_self_supporting", "n_paid")),
        repeats=(("n_persons", ("month",)),),
        relations=tuple(_relations(months)),
    )


def _relations(months: Sequence[int]) -> Iterator[Relation]:
    """Say that those paid without support are among those at work, and that no record is self-support without pay."""
    for month in months:
        at_work = ("employed", "employed_full_time", "supported_work")
        working = Counts("status", "n_persons", {"month": (month,), "state": at_work})
        where = {"month": (month,)}
        yield Relation(
            (Counts("risk", "n_persons"),), (Counts("self_support", "n_persons", where),), ("arm",), exact=True
        )
        yield Relation((working,), (Counts("self_support", "n_paid", where),), ("arm",))
        nothing = Counts("status", "n_persons", {"month": (month,), "state": ("no_record",)})
        paid = Counts("self_support", "n_paid", where)
        yield Relation((Counts("self_support", "n_self_supporting", where),), (paid, nothing), ("arm",))
