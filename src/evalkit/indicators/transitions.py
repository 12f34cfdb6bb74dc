"""Changes from one state to another: how many people made each at least once."""

from __future__ import annotations

import polars as pl

from evalkit.results import Column, Provenance, Result

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
    return Result("transitions", provenance, counts.select(*roles), roles)
