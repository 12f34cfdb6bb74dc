"""Who was followed: what was known on the index date, by arm."""

from __future__ import annotations

import polars as pl

from evalkit.indicators.shares import with_share
from evalkit.results import Column, Provenance, Result

__all__ = ["baseline"]


def baseline(counts: pl.DataFrame, provenance: Provenance) -> Result:
    """Make the table of characteristics.

    Parameters
    ----------
    counts : DataFrame
        ``analysis.baseline``: arm, variable, level, n_persons.
    provenance : Provenance
        Where the counts come from.

    Returns
    -------
    Result
        One row an arm, variable and level; the levels of a variable add up to the arm.
    """
    roles = {
        "arm": Column.dimension(),
        "variable": Column.dimension(),
        "level": Column.dimension(),
        "n_persons": Column.count(),
        "share": Column.derived("n_persons"),
    }
    frame = with_share(counts, within=("arm", "variable"))
    return Result("baseline", provenance, frame, roles, additive_over=("level",))
