"""Compares a delivery's profile with that of the delivery before: how much did years change that both know?

A year that the earlier delivery held whole should be the same again, so everything in it is compared. A later year was
not over then: it may only have grown since, and its blanks and codes are held against the last whole year, at most as
something to look at. Rows without a year may grow as well.

What was open ends in time: a date that was blank is filled, and with it the reason that comes with the date. So fewer
blanks in a date are as expected, and in another column as far as a date of the same rows explains them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import date
from pathlib import Path

import polars as pl

from evalkit.registers.evidence.least_change import least_count, least_difference

__all__ = ["LOOK", "LOOK_IF_GRAVE", "METHOD", "STOP", "compare_profiles"]

STOP, LOOK, LOOK_IF_GRAVE = "stop", "look", "look if grave"
"""What a difference can come to at the most: it stops the run beyond the limit for that; it is looked at beyond the
limit for that and never stops; it is looked at where another would stop."""

METHOD = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:12]
"""Changes when the way of comparing may have changed."""


def compare_profiles(
    before: pl.DataFrame, now: pl.DataFrame, *, complete_before: date, dates: Collection[str] = ()
) -> pl.DataFrame:
    """Compare two deliveries of one register.

    Parameters
    ----------
    before, now : DataFrame
        Their profiles, as :data:`evalkit.registers.evidence.profile.PROFILE_SCHEMA` says.
    complete_before : date
        The vintage of the earlier delivery.
    dates : collection of str, optional
        The columns that are dates.

    Returns
    -------
    DataFrame
        One row a comparison: part, measure (also ``new code`` and ``lost code``, over all whole years), name, code,
        year, against (the year of the earlier delivery), n_before, of_before, n_now, of_now (of how many; 0 for rows
        and persons), size (the least change that the counts leave room for, as a share) and gravest.
    """
    whole = pl.col("year").is_null() | (pl.col("year") < complete_before.year)
    was, is_now = _where_counted_in(now, before), _where_counted_in(before, now)
    compared = [
        _counts(was, is_now, whole),
        _shares(was.filter(whole), is_now.filter(whole), dates),
        _later_shares(was.filter(whole), is_now.filter(~whole), dates),
        _codes_come_and_gone(was.filter(whole), is_now.filter(whole)),
    ]
    return pl.concat([frame.select(_COLUMNS) for frame in compared])


_IS_CODE = pl.col("measure") == "code"
_KEYS = ["part", "year", "measure", "name", "code"]
_COLUMNS = [
    pl.col("part", "measure", "name", "code").cast(pl.String),
    pl.col("year", "against").cast(pl.Int32),
    pl.col("n_before", "of_before", "n_now", "of_now").cast(pl.Int64),
    pl.col("size").cast(pl.Float64),
    pl.col("gravest").cast(pl.String),
]
_ALL_OF = {"n_before": "of_before", "n_now": "of_now"}


def _where_counted_in(other: pl.DataFrame, profile: pl.DataFrame) -> pl.DataFrame:
    """Leave out the blanks and codes of columns in which the other delivery has none counted.

    Its contract had no such column then, or the column has many codes, or it is all blank, which its blanks say. The
    beginnings of codes are compared, as codes are, where the codes themselves are not.
    """
    counted = other.select("part", "measure", "name").unique()
    of_column = pl.col("name") != ""
    kept = profile.filter(of_column).join(counted, on=["part", "measure", "name"], how="semi")
    by_code = kept.filter(_IS_CODE).select("part", "name").unique()
    begins = pl.col("measure") == "beginning"
    beginnings = kept.filter(begins).join(by_code, on=["part", "name"], how="anti")
    compared = [profile.filter(~of_column), kept.filter(~begins), beginnings.with_columns(measure=pl.lit("code"))]
    return pl.concat(compared)


def _side_by_side(before: pl.DataFrame, now: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Join two sides; a count that one of them does not have is 0."""
    sides = [side.select(*keys, pl.col("n").alias(name)) for side, name in ((before, "n_before"), (now, "n_now"))]
    both = sides[0].join(sides[1], on=keys, how="full", coalesce=True, nulls_equal=True)
    return both.with_columns(pl.col("n_before", "n_now").fill_null(0))


def _gravest(where: pl.Expr) -> pl.Expr:
    """Let something be looked at and no more where a condition holds."""
    return pl.when(where).then(pl.lit(LOOK)).otherwise(pl.lit(STOP)).alias("gravest")


def _counts(before: pl.DataFrame, now: pl.DataFrame, whole: pl.Expr) -> pl.DataFrame:
    """Compare rows and persons. More rows because there are more persons are not held against a delivery."""
    counted = pl.col("measure").is_in(["rows", "persons"])
    both = _side_by_side(before.filter(counted), now.filter(counted), _KEYS)
    persons = both.filter((pl.col("measure") == "persons") & (pl.col("n_before") > 0))
    growth = persons.select("part", "year", growth=(pl.col("n_now") / pl.col("n_before")).clip(1.0))
    grown, of_rows = pl.col("n_now") > pl.col("n_before"), pl.col("measure") == "rows"
    expected = pl.col("n_before") * pl.when(grown & of_rows).then(pl.col("growth").fill_null(1.0)).otherwise(1.0)
    size = least_count((pl.col("n_now") - expected).abs()) / pl.max_horizontal(pl.col("n_now"), expected)
    may_grow = grown & (pl.col("year").is_null() | ~whole)
    return both.join(growth, on=["part", "year"], how="left", nulls_equal=True).with_columns(
        _gravest(grown & (~of_rows | pl.col("growth").is_null())),
        size=pl.when(may_grow).then(0.0).otherwise(size),
        against=pl.col("year"),
        of_before=0,
        of_now=0,
    )


def _shares(before: pl.DataFrame, now: pl.DataFrame, dates: Collection[str]) -> pl.DataFrame:
    """Compare shares of blanks and of codes in years in which both have rows. Fewer blanks are never grave."""
    shared = pl.col("measure").is_in(["missing", "code"])
    both = _side_by_side(before.filter(shared), now.filter(shared), _KEYS)
    both = _with_all(_with_all(both, before, "of_before"), now, "of_now")
    both = both.filter((pl.col("of_before") > 0) & (pl.col("of_now") > 0)).join(
        _fallen_due(both, dates), on=["part", "year"], how="left", nulls_equal=True
    )
    difference = least_difference(*(pl.col(name) for name in ("n_before", "of_before", "n_now", "of_now")))
    fewer_blanks = ~_IS_CODE & (difference < 0.0)
    due = pl.when(fewer_blanks).then(pl.when(pl.col("name").is_in(dates)).then(1.0).otherwise("due")).otherwise(0.0)
    size = (difference.abs() - due.fill_null(0.0)).clip(0.0)
    return both.with_columns(_gravest(fewer_blanks), size=size, against=pl.col("year"))


def _fallen_due(shares: pl.DataFrame, dates: Collection[str]) -> pl.DataFrame:
    """Find the share of a year's rows that one of their dates has come to."""
    fewer = pl.col("n_before") / pl.col("of_before") - pl.col("n_now") / pl.col("of_now")
    blanks_of_dates = shares.filter(~_IS_CODE & pl.col("name").is_in(dates))
    return blanks_of_dates.group_by("part", "year").agg(due=fewer.max().clip(0.0))


def _with_all(counts: pl.DataFrame, profile: pl.DataFrame, name: str) -> pl.DataFrame:
    """Add of how many a count is: of all rows, and for a code of those that have a value."""
    rows = profile.filter(pl.col("measure") == "rows").select("part", "year", rows="n")
    blank = profile.filter(pl.col("measure") == "missing").select("part", "year", "name", blank="n")
    filled = pl.col("rows") - pl.when(_IS_CODE).then(pl.col("blank").fill_null(0)).otherwise(0)
    return (
        counts.join(rows, on=["part", "year"], how="left", nulls_equal=True)
        .join(blank, on=["part", "year", "name"], how="left", nulls_equal=True)
        .with_columns(filled.fill_null(0).alias(name))
        .drop("rows", "blank")
    )


def _later_shares(before: pl.DataFrame, later: pl.DataFrame, dates: Collection[str]) -> pl.DataFrame:
    """Hold years that the earlier delivery did not know whole against its last whole year."""
    last = before.drop_nulls("year").group_by("part").agg(against=pl.col("year").max())
    years = later.drop_nulls("year").select("part", "year").unique()
    moved = before.join(last, left_on=["part", "year"], right_on=["part", "against"], how="semi").drop("year")
    shares = _shares(moved.join(years, on="part").select(*_KEYS, "n"), later.drop_nulls("year"), dates).drop("against")
    return shares.with_columns(gravest=pl.lit(LOOK_IF_GRAVE)).join(last, on="part", how="left")


def _codes_come_and_gone(before: pl.DataFrame, now: pl.DataFrame) -> pl.DataFrame:
    """Find codes that one side has, beyond what chance explains, and the other has not in any year that both have."""
    years = [side.filter(pl.col("measure") == "rows").select("part", "year") for side in (before, now)]
    common = years[0].join(years[1], on=["part", "year"], how="semi", nulls_equal=True)
    keys = ["part", "name", "code"]
    totals = [
        side.filter(_IS_CODE)
        .join(common, on=["part", "year"], how="semi", nulls_equal=True)
        .group_by(keys)
        .agg(pl.col("n").sum())
        for side in (before, now)
    ]
    both = _side_by_side(totals[0], totals[1], keys)
    beyond_chance = least_count(pl.max_horizontal("n_before", "n_now")) > 0.0
    one_sided = (pl.col("n_before") == 0) | (pl.col("n_now") == 0)
    all_of = [pl.col(name).sum().over("part", "name").alias(of) for name, of in _ALL_OF.items()]
    measure = pl.when(pl.col("n_before") == 0).then(pl.lit("new code")).otherwise(pl.lit("lost code"))
    return both.with_columns(
        *all_of,
        measure=measure,
        year=pl.lit(None),
        against=pl.lit(None),
        size=(one_sided & beyond_chance).cast(pl.Float64),
        gravest=pl.lit(LOOK),
    )
