"""The criterion of the social-investment model: work or education on more than half of the first year."""

from __future__ import annotations

import polars as pl

from evalkit.indicators.shares import with_wilson
from evalkit.results import Column, Counts, Provenance, Relation, Result

__all__ = ["working_year"]


def working_year(counts: pl.DataFrame, provenance: Provenance) -> Result:
    """Make the table of who was in work or education on more than half of the first 365 days after release.

    Parameters
    ----------
    counts : DataFrame
        ``analysis.working_year``: arm, n_persons, n_most_of_year.
    provenance : Provenance
        Where the counts come from.

    Returns
    -------
    Result
        One row an arm: the share, with its Wilson interval.

    References
    ----------
    .. [1] Justitsministeriet (2021), the social-investment model on crime; Folketinget, REU 2020-21, bilag 425.
    """
    roles = {
        "arm": Column.dimension(),
        "n_persons": Column.count(),
        "n_most_of_year": Column.count(),
        "share": Column.derived("n_persons", "n_most_of_year"),
        "conf_low": Column.derived("n_persons", "n_most_of_year"),
        "conf_high": Column.derived("n_persons", "n_most_of_year"),
    }
    frame = with_wilson(counts, count="n_most_of_year", total="n_persons").select(*roles)
    most = Counts("working_year", "n_most_of_year")
    begun = Counts("work_start", "n_started", {"month": (12,)})
    return Result(
        "working_year",
        provenance,
        frame,
        roles,
        linked=(("n_persons", "n_most_of_year"),),
        relations=(Relation((begun,), (most,), ("arm",)),),
    )
