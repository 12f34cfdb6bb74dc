"""The comparison as it would be with the pilot's mixture of groups: each of its groups weighted as in the pilot."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from evalkit.results import Column, Counts, Provenance, Relation, Result

__all__ = ["standardised"]

_COUNTS = ("n_treated", "n_reference")
_Z = 1.959963984540054  # of the standard normal distribution, at 0.975
_LINE = ("measure", "month")
_FEWEST = 200
"""Persons in each arm: with fewer the steps below are more than 5 percentage points, too coarse to weight anything."""
_PERSONS_PER_STEP = 10
"""Twice the smallest cell: a sum over groups must not tell what stands in a group that is hidden."""


def standardised(groups: Result, grouping: str, provenance: Provenance, *, reference: str, treated: str) -> Result:
    """Standardise the reference arm directly to the treated arm's distribution over the groups.

    Each group's share in the reference arm is weighted by the group's share of the treated arm's persons [1]_. That
    takes out the difference in this one characteristic and in no other. Groups in which only one of the arms has
    anybody tell nothing of the other and are left out of both; how many persons that leaves, is told.

    Parameters
    ----------
    groups : Result
        The table ``by_<grouping>``.
    grouping : str
        The grouping's name.
    provenance : Provenance
        Where the counts come from.
    reference, treated : str
        The arms' names.

    Returns
    -------
    Result
        Named ``standardised_<grouping>``; one row a measure and month with at least 200 persons in each arm: persons
        of both arms in groups that both have, the treated arm's estimate, the reference's as it is and as
        standardised, and the standardised difference with its interval, from the groups' variances, which are those
        of shares.

    References
    ----------
    .. [1] Rothman, Greenland & Lash (2008), Modern Epidemiology, 3rd edition, chapter 15.
    """
    told = pl.coalesce("estimate", "share").alias("estimate")
    table = groups.tidy().select("group", "arm", *_LINE, "n_persons", told)
    one, other = (table.filter(pl.col("arm") == arm).drop("arm") for arm in (treated, reference))
    both = one.join(other, on=["group", *_LINE], suffix="_reference").filter(
        pl.col("estimate").is_not_null() & pl.col("estimate_reference").is_not_null()
    )
    weight = pl.col("n_persons") / pl.col("n_persons").sum()
    crude = pl.col("n_persons_reference") / pl.col("n_persons_reference").sum()
    variance = pl.col("estimate") * (1 - pl.col("estimate")) / pl.col("n_persons")
    variance_reference = (
        pl.col("estimate_reference") * (1 - pl.col("estimate_reference")) / pl.col("n_persons_reference")
    )
    frame = (
        both.group_by(*_LINE)
        .agg(
            pl.col("n_persons").sum().alias("n_treated"),
            pl.col("n_persons_reference").sum().alias("n_reference"),
            (weight * pl.col("estimate")).sum().alias("treated"),
            (crude * pl.col("estimate_reference")).sum().alias("reference"),
            (weight * pl.col("estimate_reference")).sum().alias("standardised"),
            (weight * weight * (variance + variance_reference)).sum().sqrt().alias("std_error"),
        )
        .with_columns(difference=pl.col("treated") - pl.col("standardised"))
        .with_columns(
            conf_low=pl.col("difference") - _Z * pl.col("std_error"),
            conf_high=pl.col("difference") + _Z * pl.col("std_error"),
        )
        .filter(pl.min_horizontal("n_treated", "n_reference") >= _FEWEST)
        .sort(*_LINE)
    )
    numbers = ("treated", "reference", "standardised", "difference", "std_error", "conf_low", "conf_high")
    smallest = int(frame.select(pl.min_horizontal("n_treated", "n_reference").min()).item() or _FEWEST)
    roles = {
        **dict.fromkeys(_LINE, Column.dimension()),
        **dict.fromkeys(_COUNTS, Column.count()),
        **dict.fromkeys(numbers, Column.derived(*_COUNTS, group_size=smallest, persons_per_unit=_PERSONS_PER_STEP)),
    }
    name = f"standardised_{grouping}"
    lines = [tuple(line) for line in frame.select(*_LINE).iter_rows()]
    relations = tuple(_relations(name, grouping, lines, reference=reference, treated=treated))
    return Result(name, provenance, frame.select(*roles), roles, relations=relations)


def _relations(
    name: str, grouping: str, lines: Sequence[tuple[object, ...]], *, reference: str, treated: str
) -> list[Relation]:
    """Say that these persons are among those of the table by group; the rest are in groups of one arm alone."""
    return [
        Relation(
            (Counts(f"by_{grouping}", "n_persons", {"measure": (measure,), "month": (month,), "arm": (arm,)}),),
            (Counts(name, column, {"measure": (measure,), "month": (month,)}),),
        )
        for measure, month in lines
        for arm, column in ((treated, "n_treated"), (reference, "n_reference"))
    ]
