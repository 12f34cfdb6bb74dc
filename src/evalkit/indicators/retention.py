"""Retention: of those who began work or education, how many are in it some months later."""

from __future__ import annotations

import polars as pl

from evalkit.indicators.shares import with_wilson
from evalkit.results import Column, Counts, Provenance, Relation, Result

__all__ = ["retention"]


def retention(counts: pl.DataFrame, provenance: Provenance, *, begun_within: int) -> Result:
    """Make the table of who stayed in work or education.

    Asked is whether people are in work or education on the day, not whether they were so without a break.

    Parameters
    ----------
    counts : DataFrame
        ``analysis.retention``: arm, month (after work or education began), n_starters, n_working.
    provenance : Provenance
        Where the counts come from.
    begun_within : int
        Months after release within which they began.

    Returns
    -------
    Result
        One row an arm and month: the share still in work or education, with its Wilson interval; without a share in
        an arm in which nobody began.
    """
    roles = {
        "arm": Column.dimension(),
        "month": Column.dimension(),
        "n_starters": Column.count(),
        "n_working": Column.count(),
        "share": Column.derived("n_starters", "n_working"),
        "conf_low": Column.derived("n_starters", "n_working"),
        "conf_high": Column.derived("n_starters", "n_working"),
    }
    frame = with_wilson(counts.with_columns(pl.col("month").cast(pl.Int32)), count="n_working", total="n_starters")
    starters = tuple(Counts("retention", "n_starters", {"month": (month,)}) for month in frame.get_column("month")[:1])
    begun = Counts("work_start", "n_started", {"month": (begun_within,)})
    everyone = Counts("risk", "n_persons")
    return Result(
        "retention",
        provenance,
        frame.select(*roles),
        roles,
        linked=(("n_starters", "n_working"),),
        repeats=(("n_starters", ("month",)),),
        relations=(
            Relation((begun,), starters, ("arm",), exact=True),
            Relation((everyone,), starters, ("arm",)),
        ),
    )
