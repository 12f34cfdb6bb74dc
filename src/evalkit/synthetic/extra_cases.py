"""What surrounds the cases of careers: petty traffic fines, charges that come to nothing, late decisions."""

from __future__ import annotations

import numpy as np
import polars as pl

from evalkit.synthetic.careers import Careers
from evalkit.synthetic.courts import Docket, cases_frame
from evalkit.synthetic.days import NEVER
from evalkit.synthetic.draws import choose_code, with_chance
from evalkit.synthetic.extra_custody import spells_of
from evalkit.synthetic.intervals import Spells
from evalkit.synthetic.population import People, any_day, is_here
from evalkit.synthetic.scenario import Scenario

__all__ = ["add_extra_cases"]


def add_extra_cases(rng: np.random.Generator, scenario: Scenario, people: People, careers: Careers) -> pl.DataFrame:
    """Add cases that an outcome must not count: petty traffic fines, charges that come to nothing, late decisions.

    Parameters
    ----------
    rng : Generator
        Source of chance.
    scenario : Scenario
        The made-up world.
    people : People
        All persons.
    careers : Careers
        Their careers.

    Returns
    -------
    DataFrame
        All cases; those added have series -1. Days after the registers' end are still in it.
    """
    spells = spells_of(careers.stays)
    return pl.concat(
        [
            careers.cases,
            _petty_traffic(rng, scenario, people, spells),
            _lone_acquittals(rng, scenario, people, spells),
            _late_decisions(rng, scenario, people, careers.stays, spells),
        ],
        how="diagonal",
    )


def _petty_traffic(rng: np.random.Generator, scenario: Scenario, people: People, spells: Spells) -> pl.DataFrame:
    who = np.repeat(np.arange(people.size), rng.poisson(scenario.traps.minor_traffic_mean, people.size))
    offence = any_day(rng, scenario, people, who)
    charge = offence + rng.integers(0, 20, who.size)
    free = is_here(people, who, offence) & ~spells.contain(who, offence)
    decision = charge + rng.integers(14, 120, who.size)
    code = choose_code(rng, {"21": 0.9, "2": 0.1}, who.size)
    frame = cases_frame(rng, scenario, Docket(who, offence, charge, decision, code))
    return frame.with_columns(
        pl.Series("group", choose_code(rng, {"2610": 0.8, "2410": 0.2}, who.size)),
        pl.Series("fine", choose_code(rng, {"500": 0.2, "1000": 0.4, "1500": 0.2, "2000": 0.2}, who.size)),
        pl.lit(-1, pl.Int64).alias("unsuspended"),
        pl.lit(-1, pl.Int64).alias("suspended"),
    ).filter(pl.Series(free))


def _lone_acquittals(rng: np.random.Generator, scenario: Scenario, people: People, spells: Spells) -> pl.DataFrame:
    who = np.flatnonzero(with_chance(rng, scenario.traps.lone_acquittal_share, people.size))
    offence = any_day(rng, scenario, people, who)
    charge = offence + rng.integers(0, 60, who.size)
    decision = charge + rng.integers(30, 400, who.size)
    code = choose_code(rng, scenario.courts.not_guilty_codes, who.size)
    frame = cases_frame(rng, scenario, Docket(who, offence, charge, decision, code))
    return frame.filter(pl.Series(is_here(people, who, offence) & ~spells.contain(who, offence)))


def _late_decisions(
    rng: np.random.Generator, scenario: Scenario, people: People, stays: pl.DataFrame, spells: Spells
) -> pl.DataFrame:
    late = pl.Series(with_chance(rng, scenario.traps.late_decision_share, stays.height))
    released = stays.filter(late & (stays["release"] < NEVER))
    who, release = released["person"].to_numpy(), released["release"].to_numpy()
    offence = release + rng.integers(30, 700, who.size)
    charge = offence + rng.integers(100, 700, who.size)
    decision = np.maximum(charge + 60, offence + rng.integers(1100, 1460, who.size))
    code = choose_code(rng, scenario.courts.guilty_codes, who.size)
    frame = cases_frame(rng, scenario, Docket(who, offence, charge, decision, code))
    return frame.filter(pl.Series(is_here(people, who, offence) & ~spells.contain(who, offence)))
