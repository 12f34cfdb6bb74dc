"""One made-up world, complete: everything that happened, before any of it is written to a register."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl

from evalkit.synthetic.benefits import Weeks, draw_benefits
from evalkit.synthetic.careers import Careers, simulate_careers
from evalkit.synthetic.contacts import draw_contacts
from evalkit.synthetic.custody_events import draw_custody_events
from evalkit.synthetic.education import draw_education
from evalkit.synthetic.extra_cases import add_extra_cases
from evalkit.synthetic.extra_custody import add_fine_stays, draw_arrests, spells_of
from evalkit.synthetic.intervals import Spells
from evalkit.synthetic.journals import with_journals
from evalkit.synthetic.labour import draw_jobs, draw_work, months_of
from evalkit.synthetic.municipal_work import add_municipal_work
from evalkit.synthetic.offers import draw_offers
from evalkit.synthetic.plans import PlanTables, draw_plans
from evalkit.synthetic.population import People, draw_people
from evalkit.synthetic.registration import registered_cases
from evalkit.synthetic.scenario import Scenario

__all__ = ["World", "simulate_world"]


@dataclass(frozen=True, slots=True)
class World:
    """Everything that happened.

    Parameters
    ----------
    scenario : Scenario
        What it was drawn from.
    people : People
        Persons.
    cases, stays, arrests : DataFrame
        Offences and what became of them, stays in custody, arrests that ended there.
    custody_events : DataFrame
        What happens in the stays, and in which facility.
    spells : Spells
        Look-ups of the stays.
    jobs, education : DataFrame
        Months of work and enrolments.
    weeks : Weeks
        Benefits.
    offers, contacts : DataFrame
        The pilot's offers, and contacts with it and with others before release.
    plans : PlanTables
        Plans and activities.
    """

    scenario: Scenario
    people: People
    cases: pl.DataFrame
    stays: pl.DataFrame
    arrests: pl.DataFrame
    custody_events: pl.DataFrame
    spells: Spells
    jobs: pl.DataFrame
    education: pl.DataFrame
    weeks: Weeks
    offers: pl.DataFrame
    contacts: pl.DataFrame
    plans: PlanTables


def simulate_world(
    rng: np.random.Generator, scenario: Scenario, n_persons: int, progress: Callable[[str], None]
) -> World:
    """Draw a world.

    Parameters
    ----------
    rng : Generator
        Source of all chance.
    scenario : Scenario
        What to draw from.
    n_persons : int
        Persons in the registers.
    progress : callable
        Told what is being drawn.

    Returns
    -------
    World
        The same for the same generator state.
    """
    progress("careers")
    people = draw_people(rng, scenario, n_persons)
    careers = simulate_careers(rng, scenario, people)
    stays = add_fine_stays(rng, scenario, people, careers.stays)
    everything = add_extra_cases(rng, scenario, people, Careers(careers.cases, stays))
    cases, stays = with_journals(registered_cases(scenario, people, everything), stays)
    spells = spells_of(stays)
    arrests = draw_arrests(rng, scenario, people, cases, stays)
    progress("work, education and benefits")
    education = draw_education(rng, scenario, people, stays, spells)
    months = months_of(rng, scenario, people, stays)
    working = draw_work(rng, scenario, people, months)
    jobs = draw_jobs(rng, scenario, working)
    weeks = draw_benefits(rng, scenario, people, working, education, stays)
    progress("offers and plans")
    offers = draw_offers(rng, scenario, people, stays)
    plans = draw_plans(rng, scenario, people, stays, spells)
    events = draw_custody_events(rng, scenario, stays)
    return World(
        scenario=scenario,
        people=people,
        cases=cases,
        stays=stays,
        arrests=arrests,
        custody_events=events,
        spells=spells,
        jobs=jobs,
        education=education,
        weeks=weeks,
        offers=offers,
        contacts=draw_contacts(rng, scenario, stays, offers, events),
        plans=add_municipal_work(rng, scenario, people, stays, spells, plans),
    )
