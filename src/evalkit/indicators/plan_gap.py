"""The first gap in a plan that was resumed after release: whether there is one, and how long it lasts."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from evalkit.indicators.shares import with_wilson
from evalkit.results import Column, Counts, Provenance, Relation, Result

__all__ = ["GAPS", "plan_gap"]

_LONGEST_DAYS = {"days_1_7": 7, "days_8_30": 30, "days_31_90": 90}

GAPS: tuple[str, ...] = (
    "no_gap",
    *_LONGEST_DAYS,
    "days_over_90",
    "not_resumed",
    "completed",
    "returned_to_custody",
    "died",
    "emigrated",
)
"""What can become of a plan the first time that none of its activities is under way, in the order of the report."""


def plan_gap(counts: pl.DataFrame, provenance: Provenance, *, months: Sequence[int]) -> Result:
    """Make the table of first gaps.

    A gap is a number of days on which no activity in an area of the plan is under way, however short; it ends when the
    next one begins. Days count up to the end of the study's follow-up, the same for everyone.

    Parameters
    ----------
    counts : DataFrame
        ``analysis.plan_gap``: arm, gap_state, gap_days, n_persons.
    provenance : Provenance
        Where the counts come from.
    months : sequence of int
        The months of the table ``plan_end``, which is about the same persons.

    Returns
    -------
    Result
        One row an arm and gap: persons of all whose plan was resumed, their share and its Wilson interval. The gaps of
        an arm add up to all of them.
    """
    in_classes = counts.with_columns(_class().alias("gap")).group_by("arm", "gap").agg(pl.col("n_persons").sum())
    arms = counts.select("arm").unique().sort("arm")
    frame = (
        arms.join(pl.DataFrame({"gap": GAPS}), how="cross")
        .join(in_classes, on=["arm", "gap"], how="left", maintain_order="left")
        .with_columns(pl.col("n_persons").fill_null(0))
        .with_columns(pl.col("n_persons").sum().over("arm").alias("n_resumed"))
    )
    roles = {
        **{name: Column.dimension() for name in ("arm", "gap")},
        **{name: Column.count() for name in ("n_resumed", "n_persons")},
        **{name: Column.derived("n_resumed", "n_persons") for name in ("share", "conf_low", "conf_high")},
    }
    everyone = Counts("plan_gap", "n_resumed", {"gap": GAPS[:1]})
    of_ends = Counts("plan_end", "n_resumed", {"month": tuple(months[:1]), "state": ("going_on",)})
    return Result(
        "plan_gap",
        provenance,
        with_wilson(frame, count="n_persons", total="n_resumed").select(*roles),
        roles,
        linked=(("n_resumed", "n_persons"),),
        repeats=(("n_resumed", ("gap",)),),
        relations=(
            Relation((everyone,), (Counts("plan_gap", "n_persons"),), ("arm",), exact=True),
            Relation((of_ends,), (everyone,), ("arm",), exact=True),
        ),
    )


def _class() -> pl.Expr:
    """Name the class of a gap that was closed; whatever else became of the plan keeps its name."""
    days = pl.col("gap_days")
    named = pl.lit("days_over_90")
    for name, longest in reversed(_LONGEST_DAYS.items()):
        named = pl.when(days <= longest).then(pl.lit(name)).otherwise(named)
    return pl.when(days.is_not_null()).then(named).otherwise(pl.col("gap_state"))
