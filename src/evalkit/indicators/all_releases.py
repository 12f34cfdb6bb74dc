"""Every eligible release instead of each person's first: the secondary analysis, its errors clustered by person."""

from __future__ import annotations

import polars as pl

from evalkit.results import Column, Counts, Provenance, Relation, Result
from evalkit.survival import aalen_johansen, life_table

__all__ = ["all_releases"]

_NUMBERS = ("estimate", "std_error", "conf_low", "conf_high")
_PERSONS_PER_STEP = 5


def all_releases(exits: pl.DataFrame, provenance: Provenance, *, horizon: int) -> Result:
    """Read the risk over all releases, with the robust variance of a person's releases taken together.

    How many releases there were is not shown: beside the number of persons it would tell how many came again.

    Parameters
    ----------
    exits : DataFrame
        ``analysis.release_exit``: person_key, arm, entry_time, exit_time, event_type; it stays in memory.
    provenance : Provenance
        Where the rows come from.
    horizon : int
        Time at which the risk is read.

    Returns
    -------
    Result
        One row an arm.
    """
    columns = ("exit_time", "event_type", "entry_time", "arm", "person_key")
    exit_time, event_type, entry_time, arm, person = (exits.get_column(name).to_numpy() for name in columns)
    table = life_table(exit_time, event_type, entry_time=entry_time, group=arm, cluster=person, n_causes=2)
    risks = aalen_johansen(table).tidy([horizon]).filter(pl.col("cause") == 1)
    sizes = dict(exits.group_by("arm").agg(pl.col("person_key").n_unique()).iter_rows())
    frame = risks.select(
        pl.col("group").alias("arm"),
        pl.col("group").replace_strict(sizes, return_dtype=pl.Int64).alias("n_persons"),
        *_NUMBERS,
    )
    derived = Column.derived("n_persons", group_size=sizes, persons_per_unit=_PERSONS_PER_STEP)
    roles = {"arm": Column.dimension(), "n_persons": Column.count(), **dict.fromkeys(_NUMBERS, derived)}
    same = Relation((Counts("risk", "n_persons"),), (Counts("all_releases", "n_persons"),), ("arm",), exact=True)
    return Result("all_releases", provenance, frame, roles, relations=(same,))
