"""The first gap in a plan that was resumed after release: whether it was closed, and how long it lasted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from evalkit.indicators.plan_end import PLAN_END_STATES, days_of, state_at
from evalkit.indicators.shares import with_wilson
from evalkit.results import Column, Counts, Provenance, Relation, Result

__all__ = ["GAPS", "plan_gap"]

_LONGEST_DAYS = {"days_1_7": 7, "days_8_30": 30, "days_31_90": 90}
_CLOSED = (*_LONGEST_DAYS, "days_over_90")

GAPS: tuple[str, ...] = (PLAN_END_STATES[0], *_CLOSED, *PLAN_END_STATES[1:])
"""What became of a plan: the length of its first gap where that was closed, else where the plan stands; in the order of
the report. ``going_on`` is then without a gap, or in one that is still too short to end the plan."""


def plan_gap(counts: pl.DataFrame, provenance: Provenance, *, months: Sequence[int]) -> Result:
    """Make the table of first gaps.

    A gap is a number of days on which no activity in an area of the plan is under way, however short. It is closed when
    the next one begins before the person dies, emigrates or returns to custody. A gap that is longer than the days in
    which a plan can be resumed ends the plan, and can be closed all the same.

    Parameters
    ----------
    counts : DataFrame
        ``analysis.plan_end``: arm, exit_time (days), exit_state, gap_days, closed_time (days), n_persons.
    provenance : Provenance
        Where the counts come from.
    months : sequence of int
        The months of the table ``plan_end``; the longest is how long a plan is followed here too.

    Returns
    -------
    Result
        One row an arm and gap: persons of all whose plan was resumed, their share and its Wilson interval. The gaps of
        an arm add up to all of them; those whose gap was not closed stand where the table ``plan_end`` has them.
    """
    in_classes = (
        counts.filter(pl.col("n_persons") > 0)
        .with_columns(_class(days_of(max(months))).alias("gap"))
        .group_by("arm", "gap")
        .agg(pl.col("n_persons").sum())
    )
    frame = (
        counts.select("arm")
        .unique()
        .sort("arm")
        .join(pl.DataFrame({"gap": GAPS}), how="cross")
        .join(in_classes, on=["arm", "gap"], how="left", maintain_order="left")
        .with_columns(pl.col("n_persons").fill_null(0))
        .with_columns(pl.col("n_persons").sum().over("arm").alias("n_resumed"))
    )
    roles = {
        **{name: Column.dimension() for name in ("arm", "gap")},
        **{name: Column.count() for name in ("n_resumed", "n_persons")},
        **{name: Column.derived("n_resumed", "n_persons") for name in ("share", "conf_low", "conf_high")},
    }
    return Result(
        "plan_gap",
        provenance,
        with_wilson(frame, count="n_persons", total="n_resumed").select(*roles),
        roles,
        linked=(("n_resumed", "n_persons"),),
        repeats=(("n_resumed", ("gap",)),),
        relations=tuple(_relations(max(months))),
    )


def _class(last_day: int) -> pl.Expr:
    """Name the class of a gap that was closed by the last day; otherwise where the plan stands on it."""
    days, named = pl.col("gap_days"), pl.lit(_CLOSED[-1])
    for name, longest in reversed(_LONGEST_DAYS.items()):
        named = pl.when(days <= longest).then(pl.lit(name)).otherwise(named)
    return pl.when(pl.col("closed_time") <= last_day).then(named).otherwise(state_at(last_day))


def _relations(month: int) -> Iterator[Relation]:
    """Say that the gaps add up, and that whoever stands here without a closed gap stands so among all ends."""
    everyone = Counts("plan_gap", "n_resumed", {"gap": GAPS[:1]})
    of_ends = Counts("plan_end", "n_resumed", {"month": (month,), "state": PLAN_END_STATES[:1]})
    yield Relation((everyone,), (Counts("plan_gap", "n_persons"),), ("arm",), exact=True)
    yield Relation((of_ends,), (everyone,), ("arm",), exact=True)
    for state in PLAN_END_STATES:
        ends = Counts("plan_end", "n_persons", {"month": (month,), "state": (state,)})
        yield Relation((ends,), (Counts("plan_gap", "n_persons", {"gap": (state,)}),), ("arm",))
