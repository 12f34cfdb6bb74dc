"""Registered crime that the outcome's definition does not count, so that a reader sees what a definition does."""

from __future__ import annotations

import polars as pl

from evalkit.results import Column, Provenance, Result

__all__ = ["left_out"]


def left_out(counts: pl.DataFrame, provenance: Provenance) -> Result:
    """Make the table of persons whose registered crime is left out, or is dated by the decision.

    Parameters
    ----------
    counts : DataFrame
        ``analysis.left_out``: arm, reason, n_persons.
    provenance : Provenance
        Where the counts come from.

    Returns
    -------
    Result
        One row an arm and reason; a person can stand under several reasons.
    """
    roles = {"arm": Column.dimension(), "reason": Column.dimension(), "n_persons": Column.count()}
    return Result("left_out", provenance, counts, roles)
