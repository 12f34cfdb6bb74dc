"""Who is left after each eligibility step, and who each step excluded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from evalkit.results import Column, Counts, Provenance, Relation, Result

__all__ = ["ATTRITION_REASONS", "attrition"]

ATTRITION_REASONS: tuple[str, ...] = (
    "released_in_window",
    "in_population_register",
    "municipality_known",
    "release_type",
    "stay_length",
    "age",
    "resident",
    "offer",
)
"""Machine names of the steps when a study does not put its own together."""

_SPLIT = "municipality_known"
"""The step at which everyone gets an arm."""


def attrition(counts: pl.DataFrame, provenance: Provenance, reasons: Sequence[str] = ATTRITION_REASONS) -> Result:
    """Make the attrition table.

    Parameters
    ----------
    counts : DataFrame
        ``analysis.attrition``: step, arm, n_persons, n_excluded.
    provenance : Provenance
        Where the counts come from.
    reasons : sequence of str
        Machine names of the steps in their order.

    Returns
    -------
    Result
        One row an arm and step: persons left, persons excluded by the step.
    """
    names = pl.DataFrame(
        {"step": range(1, len(reasons) + 1), "reason": reasons},
        schema={"step": pl.Int32, "reason": pl.String},
    )
    frame = (
        counts.with_columns(pl.col("step").cast(pl.Int32))
        .join(names, on="step", how="left")
        .select("step", "reason", "arm", "n_persons", "n_excluded")
        .sort("arm", "step")
    )
    roles = {
        "step": Column.dimension(),
        "reason": Column.label(),
        "arm": Column.dimension(),
        "n_persons": Column.count(),
        "n_excluded": Column.count(),
    }
    linked = (("n_persons@step", "n_persons", "n_excluded"),)
    return Result("attrition", provenance, frame, roles, linked=linked, relations=tuple(_relations(reasons, frame)))


def _relations(reasons: Sequence[str], frame: pl.DataFrame) -> Iterator[Relation]:
    """Everyone is in one arm as soon as there are arms, and whom the last step leaves is followed."""
    names = frame.get_column("arm").unique().sort().to_list()
    names = [arm for arm in names if arm != "all"]
    split, last = {"step": (reasons.index(_SPLIT) + 1,)}, {"step": (len(reasons),)}
    arms = tuple(Counts("attrition", "n_persons", {**split, "arm": (arm,)}) for arm in names)
    yield Relation((Counts("attrition", "n_persons", {**split, "arm": ("all",)}),), arms, exact=True)
    yield Relation((Counts("attrition", "n_persons", last),), (Counts("risk", "n_persons"),), ("arm",), exact=True)
