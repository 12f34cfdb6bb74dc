"""The pilot's offers: asked in custody, enrolled, discharged."""

from __future__ import annotations

import numpy as np
import polars as pl

from evalkit.synthetic.days import NEVER, Ints, day_number
from evalkit.synthetic.draws import choose, days_between, lognormal_days
from evalkit.synthetic.population import People
from evalkit.synthetic.scenario import Scenario

__all__ = ["DISCHARGE_REASONS", "draw_offers"]

DISCHARGE_REASONS = ("gennemfoert", "afbrudt", "flyttet", "doed")
_COMPLETED, _BROKEN_OFF, _MOVED, _DIED = range(4)


def draw_offers(rng: np.random.Generator, scenario: Scenario, people: People, stays: pl.DataFrame) -> pl.DataFrame:
    """Draw dates of offers, enrolments and discharges.

    Parameters
    ----------
    rng : Generator
        Source of chance.
    scenario : Scenario
        The made-up world.
    people : People
        All persons.
    stays : DataFrame
        All stays, with is_offered and accepts.

    Returns
    -------
    DataFrame
        One row an offer: person, home, release, accepts, offered (in the stay), enrolled, discharged (NEVER without or
        after the registers' end), reason (place in :data:`DISCHARGE_REASONS`, -1 without).
    """
    offered = stays.filter("is_offered")
    who, release = offered["person"].to_numpy(), offered["release"].to_numpy()
    start = np.maximum(offered["admission"].to_numpy(), day_number(scenario.calendar.window_start))
    offer = days_between(rng, np.minimum(start, release - 1), release)
    accepts = offered["accepts"].to_numpy()
    enrolled = np.where(accepts, offer + rng.integers(0, 22, who.size), NEVER)
    enrolled = np.where(enrolled < people.death[who], enrolled, NEVER)
    discharged, reason = _discharges(rng, scenario, people, who, enrolled, release)
    return pl.DataFrame(
        {
            "person": who,
            "home": offered["home"],
            "release": release,
            "accepts": accepts,
            "offered": offer,
            "enrolled": enrolled,
            "discharged": discharged,
            "reason": reason,
        }
    ).sort("person", "offered")


def _discharges(
    rng: np.random.Generator, scenario: Scenario, people: People, who: Ints, enrolled: Ints, release: Ints
) -> tuple[Ints, Ints]:
    n = who.size
    programme = scenario.programme
    reason = choose(rng, list(programme.discharge.values()), n)
    early = enrolled + 5 + (rng.random(n) * np.maximum(release - enrolled + 200, 30)).astype(np.int64)
    after = np.maximum(release, enrolled)
    completed = after + lognormal_days(rng, programme.days_after_release_median, 0.45, n)
    moved = after + rng.integers(20, 300, n)
    day = np.choose(reason, [completed, early, moved])
    reason = np.where(people.out[who] < day, _MOVED, reason)
    day = np.minimum(day, np.where(people.out[who] > enrolled, people.out[who], day))
    reason = np.where(people.death[who] <= day, _DIED, reason)
    day = np.minimum(day, people.death[who])
    known = (enrolled < NEVER) & (day < day_number(scenario.calendar.vintage))
    return np.where(known, day, NEVER), np.where(known, reason, -1)
