"""Where people are on a given day after release: one state each, adding up to everyone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise, product

import polars as pl

from evalkit.indicators.shares import with_share
from evalkit.results import Column, Counts, Provenance, Relation, Result

__all__ = ["status"]


def status(counts: pl.DataFrame, provenance: Provenance) -> Result:
    """Make the status table.

    Parameters
    ----------
    counts : DataFrame
        ``analysis.status``: arm, month, state, n_persons.
    provenance : Provenance
        Where the counts come from.

    Returns
    -------
    Result
        One row an arm, month and state; the shares of an arm and month add up to 1.
    """
    frame = with_share(counts.with_columns(pl.col("month").cast(pl.Int32)), within=("arm", "month"))
    roles = {
        "arm": Column.dimension(),
        "month": Column.dimension(),
        "state": Column.dimension(),
        "n_persons": Column.count(),
        "share": Column.derived("n_persons"),
    }
    months = frame.get_column("month").unique().sort().to_list()
    relations = (*_died_between(months), *_without_plan(months))
    return Result("status", provenance, frame, roles, additive_over=("state",), relations=relations)


def _died_between(months: Sequence[int]) -> Iterator[Relation]:
    """Whoever is dead stays dead; so the dead of one month less those of the month before died in between."""
    for before, month in pairwise(months):
        earlier, later = _in_state("dead", before), _in_state("dead", month)
        yield Relation((later,), (earlier,), ("arm",))
        # The same for those without a plan: the dead less the dead with a plan.
        with_plan = (_with_plan("dead", before), _with_plan("dead", month))
        yield Relation((later, with_plan[0]), (earlier, with_plan[1]), ("arm",))


def _without_plan(months: Sequence[int]) -> Iterator[Relation]:
    """Whoever has a plan and is dead, abroad or in custody is so here too; the others have no plan."""
    for month, (state, plan_state) in product(months, _SAME_STATE.items()):
        yield Relation((_in_state(state, month),), (_with_plan(plan_state, month),), ("arm",))


_SAME_STATE = {"dead": "dead", "emigrated": "emigrated", "in_custody": "returned_to_custody"}


def _in_state(state: str, month: int) -> Counts:
    return Counts("status", "n_persons", {"state": (state,), "month": (month,)})


def _with_plan(state: str, month: int) -> Counts:
    return Counts("continuity", f"n_{state}", {"domain": ("any",), "checkpoint": (str(month),)})
