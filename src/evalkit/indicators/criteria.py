"""Whom a programme reached: each criterion of its target group, and of how many nobody said."""

from __future__ import annotations

import polars as pl

from evalkit.indicators.shares import with_wilson
from evalkit.results import Column, Provenance, Result

__all__ = ["criteria"]

_ANSWERS = ("yes", "no", "not_answered")


def criteria(counts: pl.DataFrame, provenance: Provenance) -> Result:
    """Make the table of a target group's criteria.

    Parameters
    ----------
    counts : DataFrame
        ``analysis.programme_criterion`` of one case list: criterion, answer (yes, no, not_answered), n_persons.
    provenance : Provenance
        Where the counts come from.

    Returns
    -------
    Result
        One row a criterion: who meets it, who does not, of whom nobody said, and the share of those of whom somebody
        said with its Wilson interval.
    """
    wide = counts.group_by("criterion", maintain_order=True).agg(
        *(pl.col("n_persons").filter(pl.col("answer") == answer).sum().alias(f"n_{answer}") for answer in _ANSWERS),
        pl.col("n_persons").sum(),
    )
    frame = with_wilson(
        wide.with_columns((pl.col("n_yes") + pl.col("n_no")).alias("n_answered")), count="n_yes", total="n_answered"
    )
    roles = {
        "criterion": Column.dimension(),
        **{name: Column.count() for name in ("n_persons", "n_answered", "n_yes", "n_no", "n_not_answered")},
        **dict.fromkeys(("share", "conf_low", "conf_high"), Column.derived("n_yes", "n_answered")),
    }
    return Result(
        "criteria",
        provenance,
        frame.select(*roles),
        roles,
        linked=(("n_answered", "n_yes", "n_no"), ("n_persons", "n_answered", "n_not_answered")),
        repeats=(("n_persons", ("criterion",)),),
    )
