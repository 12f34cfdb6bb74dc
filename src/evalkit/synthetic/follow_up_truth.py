"""Plan continuity and status after release: counted in the world's own tables, by the rules of :mod:`~.truth`."""

from __future__ import annotations

import numpy as np
import polars as pl

from evalkit.synthetic.benefits import ABROAD
from evalkit.synthetic.cohort_truth import Arm
from evalkit.synthetic.days import Bools, Ints, add_months, day_number, month_number
from evalkit.synthetic.intervals import sorted_spells
from evalkit.synthetic.truth import Continuity
from evalkit.synthetic.world import World

__all__ = ["STATES", "at_home", "continuity_of", "status_of"]

STATES = ("dead", "emigrated", "in_custody", "employed", "in_education", "benefit", "no_record")
"""In order: of several that fit, the first."""
_STATUS_MONTHS = (3, 6, 12, 24)
_CONTINUITY_MONTHS = (3, 6, 12)
_RESUME_WITHIN_DAYS = 30


def continuity_of(world: World, arm: Arm) -> Continuity:
    """Count plan continuity.

    Parameters
    ----------
    world : World
        What happened.
    arm : Arm
        The persons.

    Returns
    -------
    Continuity
        Of the arm.
    """
    index = pl.DataFrame({"person": arm.person, "admission": arm.admission, "release": arm.release})
    activities = index.join(world.plans.activities, on="person", maintain_order="left")
    inside = _in_custody(pl.col("planned")) | _in_custody(pl.col("begun"))
    domains = activities.filter(inside).select("person", "domain").unique(maintain_order=True)
    activities = activities.join(domains, on=["person", "domain"], how="semi", maintain_order="left")
    last_day = pl.col("release") + _RESUME_WITHIN_DAYS
    resumed = activities.filter((pl.col("begun") <= last_day) & (pl.col("ended") > pl.col("release")))
    resumed_domains = resumed.select("person", "domain").unique()
    kept = activities.join(resumed_domains, on=["person", "domain"], how="semi", maintain_order="left")
    n_with_plan = domains["person"].n_unique()
    counts = {"resumed": resumed_domains["person"].n_unique()}
    for months in _CONTINUITY_MONTHS:
        counts[str(months)] = _n_active(world, kept, months)
    share = {name: round(count / n_with_plan, 6) if n_with_plan else 0.0 for name, count in counts.items()}
    return Continuity(n_with_plan=n_with_plan, n_continuing=counts, share=share)


def status_of(world: World, arm: Arm) -> dict[str, dict[str, int]]:
    """Count states after release.

    Parameters
    ----------
    world : World
        What happened.
    arm : Arm
        The persons.

    Returns
    -------
    dict
        Months to state to persons; a state that nobody is in is there with 0.
    """
    counts = {}
    for months in _STATUS_MONTHS:
        day = add_months(arm.release, months)
        fits = np.stack([*_away(world, arm.person, day), *at_home(world, arm.person, day)])
        state = np.where(fits.any(axis=0), fits.argmax(axis=0), len(STATES) - 1)
        number = np.bincount(state, minlength=len(STATES))
        counts[str(months)] = {name: int(number[place]) for place, name in enumerate(STATES)}
    return counts


def at_home(world: World, person: Ints, day: Ints) -> tuple[Bools, Bools, Bools]:
    """Say who has what on a day.

    Parameters
    ----------
    world : World
        What happened.
    person, day : int array, shape (n,)
        Who and when.

    Returns
    -------
    tuple of bool array
        A paid hour in the calendar month; enrolled that day; a benefit in the ISO week.
    """
    calendar = world.scenario.calendar
    first, stop = month_number(np.array([day_number(calendar.register_start), day_number(calendar.vintage)]))
    month = month_number(day) - first
    jobs = world.jobs.filter(pl.col("hours") > 0)
    paid = np.zeros((int(stop - first), world.people.size), np.bool_)
    paid[jobs["month"].to_numpy(), jobs["person"].to_numpy()] = True
    code = world.weeks.code[(day - world.weeks.first_monday) // 7, person]
    return paid[month, person], _enrolled(world, person, day), (code > 0) & (code != ABROAD)


def _in_custody(day: pl.Expr) -> pl.Expr:
    return (day >= pl.col("admission")) & (day < pl.col("release"))


def _n_active(world: World, kept: pl.DataFrame, months: int) -> int:
    day = add_months(kept["release"].to_numpy(), months)
    active = (kept["begun"].to_numpy() <= day) & (kept["ended"].to_numpy() > day)
    person = kept["person"].to_numpy()
    active &= ~np.stack(_away(world, person, day)).any(axis=0)
    return int(np.unique(person[active]).size)


def _away(world: World, person: Ints, day: Ints) -> list[Bools]:
    people = world.people
    dead = people.death[person] <= day
    abroad = (people.out[person] <= day) & (people.back[person] > day)
    return [dead, abroad, world.spells.contain(person, day)]


def _enrolled(world: World, person: Ints, day: Ints) -> Bools:
    # Enrolments of a person may overlap: look at the longest of those begun.
    spells = world.education.sort("person", "start").with_columns(stop=pl.col("stop").cum_max().over("person"))
    until = sorted_spells(*(spells[name].to_numpy() for name in ("person", "start", "stop")))
    place, found = until.last_until(person, day)
    return found & (until.stop[place] > day) if until.person.size else found
