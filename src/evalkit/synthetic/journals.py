"""Case numbers: one a case, and one more for whatever the prison register files under a number of its own."""

from __future__ import annotations

import numpy as np
import polars as pl

from evalkit.synthetic.custody import Joint

__all__ = ["case_number", "with_journals"]

_TRAFFIC = 2610


def case_number(place: pl.Expr) -> pl.Expr:
    """Write case numbers.

    Parameters
    ----------
    place : Expr
        Whole numbers below 100 million.

    Returns
    -------
    Expr
        The letter J and eight digits.
    """
    return pl.lit("J") + place.cast(pl.String).str.zfill(8)


def with_journals(cases: pl.DataFrame, stays: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Give every case and stay its number.

    Parameters
    ----------
    cases : DataFrame
        Registered cases.
    stays : DataFrame
        All stays.

    Returns
    -------
    tuple of DataFrame
        Cases with journal, unique; stays with journal (that of the case that led to them, else one of their own),
        serving_journal (another one where remand and serving have two case numbers), group (offence group) and stay
        (its place).
    """
    numbered = cases.with_columns(case_number(pl.int_range(1, pl.len() + 1)).alias("journal"))
    triggers = numbered.filter("is_trigger").select("person", "series", pl.col("journal"), pl.col("group"))
    own = case_number(pl.int_range(0, pl.len()) + cases.height + 1)
    other = case_number(pl.int_range(0, pl.len()) + cases.height + stays.height + 1)
    joined = stays.sort("person", "admission").join(
        triggers, on=["person", "series"], how="left", maintain_order="left"
    )
    joined = joined.with_columns(pl.col("journal").fill_null(own), pl.col("group").fill_null(_TRAFFIC))
    serving = pl.when(pl.col("joint") == int(Joint.ONE_CASE)).then("journal").otherwise(other)
    return numbered, joined.with_columns(serving.alias("serving_journal"), pl.Series("stay", np.arange(stays.height)))
