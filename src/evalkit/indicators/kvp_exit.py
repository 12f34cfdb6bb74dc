"""What the Norwegian qualification programme ended in, by the exit states of form 11CF."""

from __future__ import annotations

import polars as pl

from evalkit.indicators.shares import with_share
from evalkit.results import Column, Counts, Provenance, Relation, Result

__all__ = ["KVP_EXITS", "kvp_exit"]

KVP_EXITS: tuple[str, ...] = (
    "ordinary_work",
    "subsidised_work",
    "labour_market_measure",
    "education",
    "disability_pension",
    "work_assessment",
    "social_assistance_waiting",
    "social_assistance",
    "other",
    "unknown",
)
"""The exit states, in the form's order. A programme that had not ended has none."""


def kvp_exit(counts: pl.DataFrame, provenance: Provenance) -> Result:
    """Make the table of exit states, of all programmes that had ended.

    Parameters
    ----------
    counts : DataFrame
        ``analysis.kvp_exit``: arm, exit_state, n_persons.
    provenance : Provenance
        Where the counts come from.

    Returns
    -------
    Result
        One row an arm and exit state, those that nobody has too; the shares of an arm add up to 1.

    References
    ----------
    .. [1] Statistics Norway, KOSTRA form 11CF (statisticsnorway/kostra-kontrollprogram).
    """
    roles = {
        "arm": Column.dimension(),
        "exit_state": Column.dimension(),
        "n_persons": Column.count(),
        "share": Column.derived("n_persons"),
    }
    arms = counts.select("arm").unique(maintain_order=True)
    every = arms.join(pl.DataFrame({"exit_state": KVP_EXITS}), how="cross")
    frame = every.join(counts, on=["arm", "exit_state"], how="left", maintain_order="left")
    frame = with_share(frame.with_columns(pl.col("n_persons").fill_null(0)), within=("arm",)).select(*roles)
    everyone = Counts("process", "n_persons", {"measure": ("kvp_at_release",)})
    ended = Counts("kvp_exit", "n_persons", {"exit_state": KVP_EXITS})
    return Result(
        "kvp_exit",
        provenance,
        frame,
        roles,
        additive_over=("exit_state",),
        relations=(Relation((everyone,), (ended,), ("arm",)),),
    )
