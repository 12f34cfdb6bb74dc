"""Registered crime that the outcome's definition does not count, so that a reader sees what a definition does."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from evalkit.results import Column, Counts, Provenance, Relation, Result

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
    return Result("left_out", provenance, counts, roles, relations=tuple(_relations()))


def _relations() -> Iterator[Relation]:
    """Say whom the reasons concern: some of the arm, nobody who reoffended, or only those who did."""
    everyone, events, left = (Counts("risk", f"n_{name}") for name in ("persons", "events", "left"))
    yield Relation((everyone,), (_concerned("offence_before_release"),), ("arm",))
    yield Relation((everyone,), (events, _concerned("decided_too_late")), ("arm",))
    # Who emigrated first can have reoffended afterwards.
    yield Relation((events, left), (_concerned("dated_by_decision"),), ("arm",))


def _concerned(reason: str) -> Counts:
    return Counts("left_out", "n_persons", {"reason": (reason,)})
