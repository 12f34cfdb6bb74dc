"""Who is left after each eligibility step, and who each step excluded."""

from __future__ import annotations

import polars as pl

from evalkit.results import Column, Provenance, Result

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
"""Machine names of the steps 1 to 8, in the order of ``sql/analysis/eligibility.sql``."""


def attrition(counts: pl.DataFrame, provenance: Provenance) -> Result:
    """Make the attrition table.

    Parameters
    ----------
    counts : DataFrame
        ``analysis.attrition``: step, arm, n_persons, n_excluded.
    provenance : Provenance
        Where the counts come from.

    Returns
    -------
    Result
        One row an arm and step: persons left, persons excluded by the step.
    """
    reasons = pl.DataFrame(
        {"step": range(1, len(ATTRITION_REASONS) + 1), "reason": ATTRITION_REASONS},
        schema={"step": pl.Int32, "reason": pl.String},
    )
    frame = (
        counts.with_columns(pl.col("step").cast(pl.Int32))
        .join(reasons, on="step", how="left")
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
    return Result("attrition", provenance, frame, roles, linked=(("n_persons@step", "n_persons", "n_excluded"),))
