"""How severe what people did was, and how often they did it: two ways to part those who reoffended."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from evalkit.indicators.shares import with_share
from evalkit.results import Column, Counts, Provenance, Relation, Result

__all__ = ["TIERS", "frequency", "severity"]

TIERS: tuple[str, ...] = ("none", "custodial", "community", "fine", "other")
"""No new crime, then from the most severe decision to the least."""

_MANY = 5


def severity(counts: pl.DataFrame, provenance: Provenance) -> Result:
    """Make the table of persons by the most severe decision on what they did in follow-up.

    Parameters
    ----------
    counts : DataFrame
        ``analysis.severity``: arm, tier, n_persons.
    provenance : Provenance
        Where the counts come from.

    Returns
    -------
    Result
        One row an arm and tier; the shares of an arm add up to 1.
    """
    return _parts("severity", "tier", "none", counts, provenance)


def frequency(counts: pl.DataFrame, provenance: Provenance) -> Result:
    """Make the table of persons by how many times they reoffended, five standing for five and more.

    Parameters
    ----------
    counts : DataFrame
        ``analysis.frequency``: arm, n_reoffences, n_persons.
    provenance : Provenance
        Where the counts come from.

    Returns
    -------
    Result
        One row an arm and number; the shares of an arm add up to 1.
    """
    arms = counts.select("arm").unique(maintain_order=True)
    every = arms.join(pl.DataFrame({"times": range(_MANY + 1)}, schema={"times": pl.Int32}), how="cross")
    capped = counts.select(
        "arm", pl.col("n_reoffences").clip(upper_bound=_MANY).alias("times").cast(pl.Int32), "n_persons"
    )
    found = capped.group_by("arm", "times").agg(pl.col("n_persons").sum())
    filled = every.join(found, on=["arm", "times"], how="left", maintain_order="left").with_columns(
        pl.col("n_persons").fill_null(0)
    )
    return _parts("frequency", "times", 0, filled, provenance)


def _parts(name: str, dimension: str, nobody: object, counts: pl.DataFrame, provenance: Provenance) -> Result:
    roles = {
        "arm": Column.dimension(),
        dimension: Column.dimension(),
        "n_persons": Column.count(),
        "share": Column.derived("n_persons"),
    }
    values = tuple(counts.get_column(dimension).unique(maintain_order=True).to_list())
    relations = tuple(_relations(name, dimension, nobody, values))
    frame = with_share(counts, within=("arm",)).select(*roles)
    return Result(name, provenance, frame, roles, additive_over=(dimension,), relations=relations)


def _relations(name: str, dimension: str, nobody: object, values: tuple[object, ...]) -> Iterator[Relation]:
    """Say that the parts are everyone, and that all but one of them are those with the event."""
    some = tuple(value for value in values if value != nobody)
    for total, those in (("n_persons", values), ("n_events", some)):
        parts = Counts(name, "n_persons", {dimension: those})
        yield Relation((Counts("risk", total),), (parts,), ("arm",), exact=True)
