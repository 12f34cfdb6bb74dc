"""Plans of the Exit programme: made in intro, and for most completers going on after discharge."""

from __future__ import annotations

import numpy as np
import polars as pl

from evalkit.synthetic.days import NEVER, Bools, Ints, day_number
from evalkit.synthetic.draws import days_between, lognormal_days, with_chance
from evalkit.synthetic.exit_courses import COMPLETED
from evalkit.synthetic.exit_scenario import ExitPlan
from evalkit.synthetic.plans import COMPLETED as ENDED_AS_INTENDED
from evalkit.synthetic.plans import INTERRUPTED, OPEN, PlanTables
from evalkit.synthetic.world import World

__all__ = ["draw_exit_plans"]

_SIGNED = 0.85
_OTHER_AREAS_MEAN = 1.2
_GOES_ON_ANYWAY = 0.30
_AT_LEAST_DAYS = 30


def draw_exit_plans(rng: np.random.Generator, plan: ExitPlan, world: World, cases: pl.DataFrame) -> PlanTables:
    """Draw the municipality's plans for those enrolled.

    Parameters
    ----------
    rng : Generator
        Source of chance.
    plan : ExitPlan
        What happens in the programme.
    world : World
        Persons: death ends what goes on.
    cases : DataFrame
        The case list.

    Returns
    -------
    PlanTables
        Plans with a further column, signed, and activities; domains are places in the scenario's.
    """
    vintage = day_number(world.scenario.calendar.vintage)
    courses = cases.filter(pl.col("enrolled") < NEVER)
    created = courses["enrolled"].to_numpy() + rng.integers(5, 29, courses.height)
    until = np.minimum(courses["discharged"].to_numpy(), vintage)
    made = pl.Series((created < until) & with_chance(rng, plan.plan_share, courses.height))
    courses = courses.with_columns(created=pl.Series(created), until=pl.Series(until)).filter(made)
    courses = courses.with_columns(plan=pl.int_range(1, pl.len() + 1))
    signed = courses["created"].to_numpy() + rng.integers(0, 11, courses.height)
    is_signed = with_chance(rng, _SIGNED, courses.height) & (signed < courses["until"].to_numpy())
    closed = np.where(courses["reason"].to_numpy() == COMPLETED, courses["followed_until"], courses["discharged"])
    plans = courses.select(
        "person",
        "plan",
        pl.lit(value=True).alias("is_municipal"),
        "created",
        pl.Series("closed", closed),
        pl.Series("signed", np.where(is_signed, signed, NEVER)),
    )
    return PlanTables(plans=plans, activities=_activities(rng, plan, world, courses))


def _activities(rng: np.random.Generator, plan: ExitPlan, world: World, courses: pl.DataFrame) -> pl.DataFrame:
    """Draw one activity for education or employment, and some in other areas."""
    domains = list(world.scenario.plans.domains)
    for_work = np.array([domains.index("uddannelse"), domains.index("beskaeftigelse")])
    others = np.setdiff1d(np.arange(len(domains)), for_work)
    with_work = np.flatnonzero(with_chance(rng, plan.work_plan_share, courses.height))
    with_other = np.repeat(np.arange(courses.height), rng.poisson(_OTHER_AREAS_MEAN, courses.height).clip(0, 4))
    which = np.concatenate([with_work, with_other])
    is_work = np.arange(which.size) < with_work.size
    area = np.where(is_work, for_work[rng.integers(0, 2, which.size)], others[rng.integers(0, others.size, which.size)])
    course = courses[which]
    created, until = course["created"].to_numpy(), course["until"].to_numpy()
    planned = days_between(rng, created, np.minimum(created + 21, until))
    begun = planned + rng.integers(0, 41, which.size)
    begun = np.where(begun < until, begun, NEVER)
    ended, end = _ends(rng, plan, world, course, begun, is_work)
    return pl.DataFrame(
        {
            "person": course["person"],
            "plan": course["plan"],
            "domain": area,
            "planned": planned,
            "begun": begun,
            "ended": ended,
            "end": end,
        }
    ).sort("person", "plan", "planned", "domain", "begun", "ended")


def _ends(
    rng: np.random.Generator, plan: ExitPlan, world: World, course: pl.DataFrame, begun: Ints, is_work: Bools
) -> tuple[Ints, Ints]:
    """Let activities go on after discharge, for at least thirty days, or end by then."""
    n, person = begun.size, course["person"].to_numpy()
    vintage = day_number(world.scenario.calendar.vintage)
    discharged = course["discharged"].to_numpy()
    kept = (course["reason"].to_numpy() == COMPLETED) & is_work
    goes_on = with_chance(rng, np.where(kept, plan.plan_goes_on, _GOES_ON_ANYWAY), n)
    later = discharged + _AT_LEAST_DAYS + 1 + lognormal_days(rng, 200.0, 0.8, n)
    by_then = days_between(rng, begun, np.maximum(discharged, begun) + 1)
    ended = np.where(goes_on, later, by_then)
    dies = world.people.death[person] < ended
    ended = np.minimum(ended, world.people.death[person])
    known = (begun < NEVER) & (discharged < NEVER) & (ended < vintage)
    as_intended = ~dies & with_chance(rng, 0.55, n)
    end = np.where(known, np.where(as_intended, ENDED_AS_INTENDED, INTERRUPTED), OPEN)
    return np.where(known, ended, NEVER), end
