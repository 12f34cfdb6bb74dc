"""Offers and plans of those in the Exit programme: counted by the rules of :mod:`~.exit_truth`."""

from __future__ import annotations

import numpy as np
import polars as pl

from evalkit.synthetic.days import NEVER, add_months, day_number, month_number
from evalkit.synthetic.exit_courses import COMPLETED
from evalkit.synthetic.world import World

__all__ = ["offers_of", "plans_of"]

_OFFER_MONTHS = 3
_RESUME_WITHIN_DAYS = 30
_FOR_WORK = ("uddannelse", "beskaeftigelse")


def offers_of(world: World, enrolled: pl.DataFrame) -> dict[str, int]:
    """Count where those with an offer of employment were three months after it.

    Parameters
    ----------
    world : World
        With everybody's jobs and education.
    enrolled : DataFrame
        The first enrolments.

    Returns
    -------
    dict
        State to persons.
    """
    offers = enrolled.filter("has_offer")
    ended = offers["offer_ended"].to_numpy()
    on_day = np.where(ended < NEVER, add_months(np.where(ended < NEVER, ended, 0), _OFFER_MONTHS), NEVER)
    offers = offers.select("person").with_columns(on_day=pl.Series(on_day))
    known = offers.filter(pl.col("on_day") < day_number(world.scenario.calendar.vintage))
    month = pl.Series(month_number(known["on_day"].to_numpy()))
    paid = world.jobs.filter(pl.col("hours") > 0)
    paid = paid.select("person", month=pl.Series(month_number(paid["start"].to_numpy())))
    works = known.with_columns(month=month).join(paid, on=["person", "month"], how="semi")
    spells = known.join(world.education.select("person", "start", "stop"), on="person")
    learns = spells.filter(pl.col("start") <= pl.col("on_day"), pl.col("stop") > pl.col("on_day"))
    employed = set(works["person"])
    in_education = set(learns["person"]) - employed
    return {
        "employed": len(employed),
        "in_education": len(in_education),
        "neither": known.height - len(employed) - len(in_education),
        "open": offers.height - known.height,
    }


def plans_of(world: World, activities: pl.DataFrame, enrolled: pl.DataFrame) -> dict[str, int]:
    """Count what became of the completers' plans for education or employment.

    Parameters
    ----------
    world : World
        With the areas of plans.
    activities : DataFrame
        The programme's.
    enrolled : DataFrame
        The first enrolments.

    Returns
    -------
    dict
        State to persons.
    """
    domains = list(world.scenario.plans.domains)
    completers = enrolled.filter(pl.col("reason") == COMPLETED).select("person", "discharged")
    last_day = pl.col("discharged") + _RESUME_WITHIN_DAYS
    mature = completers.filter(last_day < day_number(world.scenario.calendar.vintage))
    for_work = activities.filter(pl.col("domain").is_in([domains.index(name) for name in _FOR_WORK]))
    planned = mature.join(for_work.drop("plan"), on="person").filter(
        (pl.col("planned") <= pl.col("discharged")) | (pl.col("begun") <= pl.col("discharged"))
    )
    under_way = planned.filter(pl.col("begun") <= last_day, pl.col("ended") > pl.col("discharged"))
    n_planned, n_continuing = planned["person"].n_unique(), under_way["person"].n_unique()
    return {
        "continuing": n_continuing,
        "not_continued": n_planned - n_continuing,
        "no_plan_recorded": mature.height - n_planned,
        "open": completers.height - mature.height,
    }
