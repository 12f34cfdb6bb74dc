"""Changes from one state to another: how many people made each at least once."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from evalkit.results import Column, Counts, Provenance, Relation, Result

__all__ = ["transitions"]


def transitions(counts: pl.DataFrame, provenance: Provenance) -> Result:
    """Make the table of changes.

    Parameters
    ----------
    counts : DataFrame
        ``analysis.transition``: arm, from_state, to_state, n_persons.
    provenance : Provenance
        Where the counts come from.

    Returns
    -------
    Result
        One row an arm and change that anybody made; a person stands in the row of each change made.
    """
    roles = {
        "arm": Column.dimension(),
        "from_state": Column.dimension(),
        "to_state": Column.dimension(),
        "n_persons": Column.count(),
    }
    frame = counts.select(*roles)
    return Result("transitions", provenance, frame, roles, relations=tuple(_relations(frame)))


def _relations(frame: pl.DataFrame) -> Iterator[Relation]:
    """Say that whoever leaves a state was in it, and that everybody who died did so once, or was dead at the start."""
    for before, after in frame.select("from_state", "to_state").unique(maintain_order=True).iter_rows():
        change = Counts("transitions", "n_persons", {"from_state": (before,), "to_state": (after,)})
        yield Relation((Counts("time_in_state", "n_ever", {"state": (before,)}),), (change,), ("arm",))
    died = Counts("transitions", "n_persons", {"to_state": ("dead",)})
    dead = Counts("time_in_state", "n_ever", {"state": ("dead",)})
    at_once = Counts("state_weeks", "n_persons", {"state": ("dead",), "week": (0,)})
    yield Relation((dead,), (died,), ("arm",))
    yield Relation((dead,), (at_once, died), ("arm",), exact=True)
