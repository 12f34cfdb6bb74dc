"""Which municipalities have so many releases a year that they may take part."""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from evalkit.results import Column, Provenance, Result

__all__ = ["municipality_release"]


def municipality_release(
    counts: pl.DataFrame, provenance: Provenance, *, more_than: int, years: Collection[int], pilots: Collection[str]
) -> Result:
    """Make the table of releases by municipality and year.

    Releases are counted, not persons: somebody released twice in a year stands there twice, so the table shares no
    total with the tables of persons.

    Parameters
    ----------
    counts : DataFrame
        ``analysis.municipality_release``: municipality, calendar_year, n_releases.
    provenance : Provenance
        Where the counts come from.
    more_than : int
        A municipality may take part with more releases than this in a year.
    years : collection of int
        The calendar years that are told.
    pilots : collection of str
        Municipalities that are told whatever their number.

    Returns
    -------
    Result
        One row a municipality and year, of the municipalities that have enough in at least one of the years and of the
        pilots: releases, and whether they are enough.
    """
    asked = counts.filter(pl.col("calendar_year").is_in(list(years)))
    most = pl.col("n_releases").max().over("municipality")
    told = asked.filter((most > more_than) | pl.col("municipality").is_in(list(pilots)))
    roles = {
        "municipality": Column.dimension(),
        "year": Column.dimension(),
        "n_releases": Column.count(),
        "is_enough": Column.derived("n_releases"),
    }
    frame = told.select(
        "municipality",
        pl.col("calendar_year").cast(pl.Int32).alias("year"),
        "n_releases",
        (pl.col("n_releases") > more_than).alias("is_enough"),
    ).sort("municipality", "year")
    return Result("municipality_release", provenance, frame, roles)
