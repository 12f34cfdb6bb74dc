"""What happens in a stay in custody: arrest, remand, serving and moves, each in a facility."""

from __future__ import annotations

import numpy as np
import polars as pl

from evalkit.synthetic.custody import StayKind
from evalkit.synthetic.days import NEVER, Ints, day_number
from evalkit.synthetic.draws import days_between
from evalkit.synthetic.scenario import Scenario

__all__ = ["ARREST", "REMAND", "SERVING", "draw_custody_events", "draw_facilities", "moves_of"]

ARREST, REMAND, SERVING = range(3)
"""Phases of a stay."""
_EVENT_COLUMNS = ["stay", "day", "phase", "is_transfer", "journal_row", "kind", "at_home_address"]


def draw_custody_events(rng: np.random.Generator, scenario: Scenario, stays: pl.DataFrame) -> pl.DataFrame:
    """Draw what happens in a stay: arrest, remand, serving, transfers, and where.

    Parameters
    ----------
    rng : Generator
        Source of chance.
    scenario : Scenario
        The made-up world.
    stays : DataFrame
        All stays.

    Returns
    -------
    DataFrame
        stay, day, phase, is_transfer, journal_row, facility; at most one a day of a stay, sorted.
    """
    vintage = day_number(scenario.calendar.vintage)
    transfers = _transfers(rng, scenario, stays)
    events = [_arrests(stays), _remands(stays), _servings(stays), transfers]
    rows = pl.concat([event.select(_EVENT_COLUMNS) for event in events])
    rows = rows.filter(pl.col("day") < vintage)
    rows = rows.unique(["stay", "day", "phase"], keep="first", maintain_order=True).sort("stay", "day", "phase")
    return rows.with_columns(facility=draw_facilities(rng, rows)).drop("kind", "at_home_address")


def moves_of(events: pl.DataFrame) -> pl.DataFrame:
    """Find the days after the first on which a stay goes on in another facility than before.

    Parameters
    ----------
    events : DataFrame
        As :func:`draw_custody_events` gives them.

    Returns
    -------
    DataFrame
        stay, day; sorted. The way from an arrest the day before is none.
    """
    inside = events.filter(pl.col("phase") != ARREST)
    goes_on = pl.col("stay") == pl.col("stay").shift(1)
    return inside.filter(goes_on & (pl.col("facility") != pl.col("facility").shift(1))).select("stay", "day")


def draw_facilities(rng: np.random.Generator, rows: pl.DataFrame) -> pl.Series:
    """Draw where a person is held.

    Parameters
    ----------
    rng : Generator
        Source of chance.
    rows : DataFrame
        With phase, kind of stay and at_home_address.

    Returns
    -------
    Series
        Codes of prisons for those who serve, of remand houses for the others, of the home for home detention.
    """
    jails = np.array([f"A{number:03d}" for number in range(101, 137)])
    prisons = np.array([f"F{number:03d}" for number in range(201, 215)])
    n, kind = rows.height, rows["kind"].to_numpy()
    in_prison = (rows["phase"].to_numpy() == SERVING) & (kind != StayKind.FINE)
    place = np.where(in_prison, prisons[rng.integers(0, 14, n)], jails[rng.integers(0, 36, n)])
    home = np.where(rows["at_home_address"], "9050", "HJEM")
    return pl.Series(np.where(kind == StayKind.HOME, home, place))


def _arrests(stays: pl.DataFrame) -> pl.DataFrame:
    day = pl.col("admission") - 1
    return _events(stays.filter("is_arrested"), day, ARREST, "journal")


def _remands(stays: pl.DataFrame) -> pl.DataFrame:
    return _events(stays.filter(pl.col("kind") <= int(StayKind.REMAND_SERVING)), pl.col("admission"), REMAND, "journal")


def _servings(stays: pl.DataFrame) -> pl.DataFrame:
    serving = stays.filter(pl.col("serving_start") < NEVER)
    return _events(serving, pl.col("serving_start"), SERVING, "serving_journal")


def _events(stays: pl.DataFrame, day: pl.Expr, phase: int, journal: str) -> pl.DataFrame:
    return stays.with_columns(
        day.alias("day"),
        pl.lit(phase, pl.Int64).alias("phase"),
        pl.lit(value=False).alias("is_transfer"),
        pl.col(journal).alias("journal_row"),
    )


def _transfers(rng: np.random.Generator, scenario: Scenario, stays: pl.DataFrame) -> pl.DataFrame:
    # Not on the days on which remand turns into serving, nor on the first.
    inside = stays.filter(pl.col("kind") <= int(StayKind.SERVING))
    number = rng.poisson(scenario.custody.transfers_mean, inside.height)
    moved = inside[np.repeat(np.arange(inside.height), number)]
    until = np.minimum(moved["release"].to_numpy(), day_number(scenario.calendar.vintage))
    day = days_between(rng, moved["admission"].to_numpy() + 1, until)
    serving: Ints = moved["serving_start"].to_numpy()
    phase = np.where(day < serving, REMAND, SERVING)
    fits = (day < until) & (day != serving) & (day != serving - 1)
    return moved.with_columns(
        pl.Series("day", day),
        pl.Series("phase", phase.astype(np.int64)),
        pl.lit(value=True).alias("is_transfer"),
        pl.when(pl.Series(phase == SERVING)).then("serving_journal").otherwise("journal").alias("journal_row"),
    ).filter(pl.Series(fits))
