"""What surrounds the stays of careers: fine-serving, and arrests that end within 24 hours."""

from __future__ import annotations

import numpy as np
import polars as pl

from evalkit.synthetic.custody import StayKind, draw_stays
from evalkit.synthetic.days import NEVER, day_number
from evalkit.synthetic.draws import with_chance
from evalkit.synthetic.intervals import Spells, sorted_spells
from evalkit.synthetic.population import People, any_day, home_on, is_here
from evalkit.synthetic.scenario import Scenario

__all__ = ["add_fine_stays", "draw_arrests", "spells_of"]

_APART_DAYS = 4
"""Different stays are at least this many days apart: the programme's data must not merge them."""


def spells_of(stays: pl.DataFrame) -> Spells:
    """Make look-ups of stays in custody.

    Parameters
    ----------
    stays : DataFrame
        With person, admission and release.

    Returns
    -------
    Spells
        Half-open, from admission to release.
    """
    return sorted_spells(stays["person"].to_numpy(), stays["admission"].to_numpy(), stays["release"].to_numpy())


def add_fine_stays(rng: np.random.Generator, scenario: Scenario, people: People, stays: pl.DataFrame) -> pl.DataFrame:
    """Let some persons serve a fine for some days, well apart from their other stays.

    Parameters
    ----------
    rng : Generator
        Source of chance.
    scenario : Scenario
        The made-up world.
    people : People
        All persons.
    stays : DataFrame
        The careers' stays.

    Returns
    -------
    DataFrame
        The stays with those added; series -1.
    """
    who = np.flatnonzero(with_chance(rng, scenario.custody.fine_stays_share, people.size))
    admission = any_day(rng, scenario, people, who)
    drawn = draw_stays(rng, scenario, who, np.full(who.size, StayKind.FINE), admission)
    release = drawn["release"].to_numpy()
    fits = ~spells_of(stays).touch(who, admission - _APART_DAYS, release + _APART_DAYS)
    fits &= (release < NEVER) & is_here(people, who, admission) & is_here(people, who, release)
    nobody = [pl.lit(False).alias(name) for name in ("is_offered", "accepts", "has_plan", "continues", "works")]
    added = drawn.with_columns(
        pl.lit(-1, pl.Int64).alias("series"),
        pl.Series("home", home_on(people, who, admission)),
        *nobody,
        pl.lit(NEVER, pl.Int64).alias("days_to_offence"),
        pl.lit(NEVER, pl.Int64).alias("days_without_offer"),
    ).filter(pl.Series(fits))
    return pl.concat([stays, added])


def draw_arrests(
    rng: np.random.Generator, scenario: Scenario, people: People, cases: pl.DataFrame, stays: pl.DataFrame
) -> pl.DataFrame:
    """Draw arrests of less than 24 hours that end there; they are no stays in custody.

    Parameters
    ----------
    rng : Generator
        Source of chance.
    scenario : Scenario
        The made-up world.
    people : People
        All persons.
    cases : DataFrame
        Registered cases, with a journal.
    stays : DataFrame
        All stays.

    Returns
    -------
    DataFrame
        person, journal, admission, release (the same day or the next), by_judge; well apart from every stay.
    """
    n = cases.height
    who, day = cases["person"].to_numpy(), cases["charge"].to_numpy()
    release = day + rng.integers(0, 2, n)
    chosen = with_chance(rng, scenario.custody.arrest_share, n) & ~cases["is_trigger"].to_numpy()
    chosen &= ~cases["is_charge_missing"].to_numpy() & (release < day_number(scenario.calendar.vintage))
    chosen &= ~spells_of(stays).touch(who, day - _APART_DAYS, day + _APART_DAYS) & is_here(people, who, release)
    drawn = pl.DataFrame(
        {
            "person": who,
            "journal": cases["journal"],
            "admission": day,
            "release": release,
            "by_judge": with_chance(rng, 0.3, n),
        }
    )
    return drawn.filter(pl.Series(chosen))
