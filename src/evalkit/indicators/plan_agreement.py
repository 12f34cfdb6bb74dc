"""Agreement: do the prison service's plan and the municipality's name the same areas?"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from evalkit.indicators.shares import with_wilson
from evalkit.results import Column, Counts, Provenance, Relation, Result

__all__ = ["plan_agreement"]

_ONE_ONLY = ("n_prison_only", "n_municipality_only")


def plan_agreement(counts: pl.DataFrame, provenance: Provenance) -> Result:
    """Make the table of areas that stand in both plans.

    It is about those who have a plan of each, with something in both. An activity of a plan that is not known counts
    as neither plan's; how many have such a one is said, because it could have been either's.

    Parameters
    ----------
    counts : DataFrame
        ``analysis.plan_agreement``: arm, domain, n_persons, n_both, n_prison_only, n_municipality_only,
        n_plan_unknown.
    provenance : Provenance
        Where the counts come from.

    Returns
    -------
    Result
        One row an arm and domain. The share is of those who have the domain in any of the two plans, n_any. For
        ``any`` it is of all n_persons: those with at least one area in both plans.
    """
    is_one = pl.col("domain") != "any"
    frame = (
        counts.with_columns(pl.when(is_one).then(pl.col(_ONE_ONLY)))
        .with_columns((pl.col("n_both") + pl.sum_horizontal(_ONE_ONLY)).alias("n_all"))
        .with_columns(pl.when(is_one).then("n_all").otherwise("n_persons").alias("n_all"))
        .with_columns(pl.when(is_one).then("n_all").alias("n_any"))
        .sort("arm", is_one, "domain")
    )
    roles = {
        **{name: Column.dimension() for name in ("arm", "domain")},
        **{name: Column.count() for name in ("n_persons", "n_any", "n_both", *_ONE_ONLY, "n_plan_unknown")},
        **{name: Column.derived("n_persons", "n_any", "n_both") for name in ("share", "conf_low", "conf_high")},
    }
    domains = frame.filter(is_one).get_column("domain").unique().sort().to_list()
    return Result(
        "plan_agreement",
        provenance,
        with_wilson(frame, count="n_both", total="n_all").select(*roles),
        roles,
        linked=(
            ("n_persons", "n_any"),
            ("n_any", "n_both", *_ONE_ONLY),
            ("n_persons", "n_both"),
            ("n_persons", "n_plan_unknown"),
        ),
        repeats=(("n_persons", ("domain",)),),
        relations=tuple(_relations(domains)),
    )


def _relations(domains: list[str]) -> Iterator[Relation]:
    """Say that a shared area is some shared area, and that whoever has both plans had a municipality's open."""
    for everyone in (Counts("risk", "n_persons"), Counts("case_open_days", "n_open")):
        yield Relation((everyone,), (_cell("n_persons", "any"),), ("arm",))
    for column in ("n_both", "n_plan_unknown"):
        yield from (Relation((_cell(column, "any"),), (_cell(column, domain),), ("arm",)) for domain in domains)
        yield Relation((_cell(column, *domains),), (_cell(column, "any"),), ("arm",))


def _cell(column: str, *domains: str) -> Counts:
    return Counts("plan_agreement", column, {"domain": domains})
