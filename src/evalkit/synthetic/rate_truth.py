"""Contacts over time, and days with an open case: counted in the world's own tables, by the rules of :mod:`~.truth`."""

from __future__ import annotations

import numpy as np
import polars as pl

from evalkit.synthetic.cohort_truth import Arm
from evalkit.synthetic.contacts import NOTICE
from evalkit.synthetic.days import NEVER, Ints, add_months, day_number
from evalkit.synthetic.truth import Rate
from evalkit.synthetic.world import World

__all__ = ["rates_of"]

_MONTHS_AFTER = 3


def rates_of(world: World, arm: Arm, layouts: tuple[str, ...]) -> dict[str, Rate]:
    """Count what happened over time.

    Parameters
    ----------
    world : World
        What happened.
    arm : Arm
        The persons.
    layouts : tuple of str
        The extracts that are written: what they cannot show is left out.

    Returns
    -------
    dict of str to Rate
        ``"contacts_in_custody"``, ``"contacts_after_release"``, ``"case_open_days"``.
    """
    found = {}
    if "kontakt" in layouts:
        found["contacts_in_custody"] = _contacts(world, arm.person, arm.admission, arm.release)
        found["contacts_after_release"] = _contacts(world, arm.person, arm.release, _seen_until(world, arm))
    if "handleplan" in layouts:
        found["case_open_days"] = _open_days(world, arm)
    return found


def _seen_until(world: World, arm: Arm) -> Ints:
    """Return the day three months after release, or the day on which somebody dies, leaves or returns to custody."""
    people, who = world.people, arm.person
    out = np.where(people.out[who] > arm.release, people.out[who], NEVER)
    gone = np.minimum(np.minimum(people.death[who], out), world.spells.next_start(who, arm.release))
    end = np.minimum(add_months(arm.release, _MONTHS_AFTER), day_number(world.scenario.calendar.vintage))
    return np.minimum(end, gone)


def _contacts(world: World, person: Ints, start: Ints, stop: Ints) -> Rate:
    spans = pl.DataFrame({"person": person, "start": start, "stop": stop}).filter(pl.col("start") < pl.col("stop"))
    met = world.contacts.filter((pl.col("attended") != 0) & (pl.col("kind") != NOTICE))
    during = spans.join(met, on="person").filter(pl.col("day").is_between("start", "stop", "left"))
    return Rate(
        n_persons=spans.height,
        n_without=spans.height - during["person"].n_unique(),
        n_events=during.height,
        n_days=(spans["stop"] - spans["start"]).sum(),
    )


def _open_days(world: World, arm: Arm) -> Rate:
    index = pl.DataFrame({"person": arm.person, "admission": arm.admission, "release": arm.release})
    municipal = world.plans.plans.filter("is_municipal")
    spans = index.join(municipal, on="person").select(
        "person", start=pl.max_horizontal("created", "admission"), stop=pl.min_horizontal("closed", "release")
    )
    spans = spans.filter(pl.col("start") < pl.col("stop")).sort("person", "start", "stop")
    # Days on which several are open count once: only what reaches beyond all the spans before it.
    reached = pl.col("stop").cum_max().shift(1).over("person").fill_null(0)
    days = spans.select(pl.max_horizontal(pl.col("stop") - pl.max_horizontal("start", reached), 0))
    return Rate(
        n_persons=index.height,
        n_without=index.height - spans["person"].n_unique(),
        n_events=days.to_series().sum(),
        n_days=int((arm.release - arm.admission).sum()),
    )
