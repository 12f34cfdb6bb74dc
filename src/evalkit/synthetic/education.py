"""Enrolments in education: after release, and at other times."""

from __future__ import annotations

import numpy as np
import polars as pl

from evalkit.synthetic.days import NEVER, Ints, day_number
from evalkit.synthetic.draws import choose_code, days_between, lognormal_days, with_chance
from evalkit.synthetic.intervals import Spells
from evalkit.synthetic.population import People
from evalkit.synthetic.scenario import Scenario

__all__ = ["draw_education"]

# Made-up programme codes: general upper secondary, basic and main course of vocational training, higher, preparatory.
_PROGRAMMES = {"1145": 0.15, "5190": 0.45, "4260": 0.15, "6110": 0.05, "2910": 0.20}


def draw_education(
    rng: np.random.Generator, scenario: Scenario, people: People, stays: pl.DataFrame, spells: Spells
) -> pl.DataFrame:
    """Draw enrolments; custody, death and emigration end them.

    Parameters
    ----------
    rng : Generator
        Source of chance.
    scenario : Scenario
        The made-up world.
    people : People
        All persons.
    stays : DataFrame
        All stays, with is_offered.
    spells : Spells
        Look-ups of the stays.

    Returns
    -------
    DataFrame
        person, start, stop (half-open; NEVER where it goes on when the registers end), programme, completed, has_grant.
    """
    labour = scenario.labour
    chance = np.where(stays["is_offered"], labour.study_after_release_offered, labour.study_after_release_other)
    studies = stays.filter(pl.Series(with_chance(rng, chance, stays.height)) & (stays["release"] < NEVER))
    after, n_after = studies["release"].to_numpy(), studies.height
    others = np.flatnonzero(with_chance(rng, labour.study_share, people.size))
    start_day = np.full(others.size, day_number(scenario.calendar.register_start))
    any_day = days_between(rng, start_day - 700, np.full(others.size, day_number(scenario.calendar.vintage)))
    who = np.concatenate([studies["person"].to_numpy(), others])
    start = np.concatenate([after + 10 + rng.exponential(80.0, n_after).astype(np.int64), any_day])
    return _enrolments(rng, scenario, people, spells, who, start)


def _enrolments(
    rng: np.random.Generator, scenario: Scenario, people: People, spells: Spells, who: Ints, start: Ints
) -> pl.DataFrame:
    n = who.size
    vintage = day_number(scenario.calendar.vintage)
    planned = start + 60 + lognormal_days(rng, 260.0, 0.6, n)
    end = np.minimum(people.death[who], np.where(start < people.out[who], people.out[who], NEVER))
    cut = np.minimum(end, spells.next_start(who, start))
    stop = np.minimum(planned, cut)
    abroad = (people.out[who] <= start) & (people.back[who] > start)
    fits = people.is_registered[who] & ~abroad & ~spells.contain(who, start) & (start < vintage) & (stop > start)
    fits &= start - people.birth[who] > 15 * 365
    frame = pl.DataFrame(
        {
            "person": who,
            "start": start,
            "stop": np.where(stop <= vintage, stop, NEVER),
            "programme": choose_code(rng, _PROGRAMMES, n),
            "completed": (planned <= cut) & with_chance(rng, 0.5, n),
            "has_grant": with_chance(rng, scenario.labour.student_grant_share, n),
        }
    )
    return (
        frame.filter(pl.Series(fits))
        .sort("person", "start", "stop", "programme")
        .unique(["person", "start"], keep="first", maintain_order=True)
    )
