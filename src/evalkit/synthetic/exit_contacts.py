"""Contacts of the Exit programme: every 7 to 10 days in the course, monthly and then quarterly after it."""

from __future__ import annotations

import numpy as np
import polars as pl

from evalkit.synthetic.days import NEVER, Ints, add_months, day_number
from evalkit.synthetic.draws import choose, with_chance
from evalkit.synthetic.exit_courses import COMPLETED, DIED
from evalkit.synthetic.exit_scenario import ExitPlan
from evalkit.synthetic.world import World

__all__ = ["draw_exit_contacts"]

_SHORTEST_GAP, _LONGEST_GAP = 7, 10
_LATE_GAPS = 0.15
_MONTHLY_MONTHS, _THEN_MONTHS = 3, 3
_STEPS_AFTER = 14
_KINDS_FREE = ("moede", "telefon", "besoeg")


def draw_exit_contacts(rng: np.random.Generator, plan: ExitPlan, world: World, cases: pl.DataFrame) -> pl.DataFrame:
    """Draw contacts and missed appointments of those enrolled.

    Parameters
    ----------
    rng : Generator
        Source of chance.
    plan : ExitPlan
        What happens in the programme.
    world : World
        What else happened: who is in custody is visited there.
    cases : DataFrame
        The case list.

    Returns
    -------
    DataFrame
        person, day, kind (text), attended (1; 0 for an appointment that was not kept; -1 where nobody said, which is
        so for telephone calls); sorted. Those who keep the cadence have no two contacts further apart than ten days in
        the course, and the months of the programme after it; the others have longer gaps.
    """
    vintage = day_number(world.scenario.calendar.vintage)
    courses = cases.filter(pl.col("enrolled") < NEVER)
    met = pl.concat([_in_course(rng, plan, courses, vintage), _after(rng, plan, courses, vintage)])
    person, day = met["person"].to_numpy(), met["day"].to_numpy()
    free = np.array(_KINDS_FREE)[choose(rng, (0.55, 0.30, 0.15), person.size)]
    kind = np.where(world.spells.contain(person, day), "besoeg", free)
    contacts = met.select("person", "day").with_columns(
        kind=pl.Series(kind), attended=pl.Series(np.where(kind == "telefon", -1, 1))
    )
    return pl.concat([contacts, _missed(rng, plan, met)]).sort("person", "day", "kind", "attended")


def _in_course(rng: np.random.Generator, plan: ExitPlan, courses: pl.DataFrame, vintage: int) -> pl.DataFrame:
    """Draw gaps as long as the longest course has room for."""
    enrolled = courses["enrolled"].to_numpy()
    until = np.minimum(courses["discharged"].to_numpy(), vintage)
    shape = (enrolled.size, plan.longest_days // _SHORTEST_GAP + 1)
    gap = rng.integers(_SHORTEST_GAP, _LONGEST_GAP + 1, shape)
    late = rng.random(shape) < _LATE_GAPS
    late &= ~with_chance(rng, plan.cadence_kept, enrolled.size)[:, np.newaxis]
    day = enrolled[:, np.newaxis] + np.cumsum(gap + np.where(late, rng.integers(4, 25, shape), 0), axis=1)
    which, step = np.nonzero(day < until[:, np.newaxis])
    return _rows(courses, which, day[which, step], is_in_course=True)


def _after(rng: np.random.Generator, plan: ExitPlan, courses: pl.DataFrame, vintage: int) -> pl.DataFrame:
    """Draw one contact after the other: when due or a little sooner by those who keep to it, by others late."""
    followed = courses.filter(pl.col("discharged") < NEVER, pl.col("reason") != DIED)
    discharged = followed["discharged"].to_numpy()
    until = np.minimum(followed["followed_until"].to_numpy(), vintage)
    n = discharged.size
    chance = np.where(followed["reason"].to_numpy() == COMPLETED, plan.follow_up_kept, plan.follow_up_kept / 2)
    keeps = with_chance(rng, chance, n)
    monthly_until = add_months(discharged, _MONTHLY_MONTHS)
    day, days = discharged, []
    for _ in range(_STEPS_AFTER):
        is_monthly = day < monthly_until
        due = np.where(is_monthly, add_months(day, 1), add_months(day, _THEN_MONTHS))
        soon = rng.integers(0, 6, n)
        day = due + np.where(keeps, -soon, rng.integers(-5, 40, n))
        days.append(day)
    met = np.stack(days, axis=1)
    which, step = np.nonzero(met < until[:, np.newaxis])
    return _rows(followed, which, met[which, step], is_in_course=False)


def _rows(courses: pl.DataFrame, which: Ints, day: Ints, *, is_in_course: bool) -> pl.DataFrame:
    inside = np.full(which.size, is_in_course)
    columns = {"person": courses["person"].to_numpy()[which], "day": day, "is_in_course": inside}
    return pl.DataFrame({**columns, "enrolled": courses["enrolled"].to_numpy()[which]})


def _missed(rng: np.random.Generator, plan: ExitPlan, met: pl.DataFrame) -> pl.DataFrame:
    """Let an appointment that was not kept come some days before a contact of the course."""
    odds = plan.missed_share / max(1 - plan.missed_share, 1e-9)
    chance = np.where(met["is_in_course"].to_numpy(), odds, 0.0)
    before = met.filter(pl.Series(with_chance(rng, chance, met.height)))
    day = np.maximum(before["day"].to_numpy() - rng.integers(1, 6, before.height), before["enrolled"].to_numpy())
    attended = np.zeros(before.height, np.int64)
    return pl.DataFrame({"person": before["person"], "day": day, "kind": "moede", "attended": attended})
