"""Plans made in custody, and what becomes of their activities after release."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from evalkit.synthetic.custody import StayKind
from evalkit.synthetic.days import NEVER, Bools, Floats, Ints, day_number
from evalkit.synthetic.draws import days_between, lognormal_days, with_chance
from evalkit.synthetic.intervals import Spells
from evalkit.synthetic.population import People
from evalkit.synthetic.scenario import Scenario

__all__ = ["COMPLETED", "INTERRUPTED", "OPEN", "PlanTables", "draw_plans"]

OPEN, COMPLETED, INTERRUPTED = range(3)
"""How an activity ended: not yet, as intended, before its time."""
_BEGUN_INSIDE = 0.65
_KEPT_BY_PRISON_PLAN = 0.35
_COMPLETED_INSIDE = 0.22
_COMPLETED_AFTER = 0.55
_LATE = 0.25
_ALSO_GOES_ON = 0.35


@dataclass(frozen=True, slots=True)
class PlanTables:
    """Plans and their activities; days are NEVER where there is none.

    Parameters
    ----------
    plans : DataFrame
        person, stay, plan (number), is_municipal, created, closed; later signed.
    activities : DataFrame
        person, plan, domain (place in the scenario's domains), planned, begun, ended, end.
    """

    plans: pl.DataFrame
    activities: pl.DataFrame


@dataclass(frozen=True, slots=True)
class _Inside:
    """Activities of prison plans, one place an activity, with what their stays say."""

    stay: Ints
    domain: Ints
    release: Ints
    cut: Ints
    planned: Ints
    begun: Ints
    is_offered: Bools
    goes_on: Bools


def draw_plans(
    rng: np.random.Generator, scenario: Scenario, people: People, stays: pl.DataFrame, spells: Spells
) -> PlanTables:
    """Draw plans for stays long enough to make one.

    Parameters
    ----------
    rng : Generator
        Source of chance.
    scenario : Scenario
        The made-up world.
    people : People
        All persons.
    stays : DataFrame
        All stays, with has_plan, continues and is_offered.
    spells : Spells
        Look-ups of the stays.

    Returns
    -------
    PlanTables
        Plans of the prison service and of municipalities. Death, emigration and the next admission end activities.
    """
    vintage = day_number(scenario.calendar.vintage)
    planned = _planned_stays(scenario, stays, vintage)
    who, admission, until = (planned[name].to_numpy() for name in ("person", "admission", "inside_until"))
    created = days_between(rng, admission, admission + np.maximum((until - admission) // 2, 1))
    inside = _inside(rng, scenario, people, planned, created, spells)
    in_prison, after = _fates(rng, scenario, inside, vintage)
    early, municipal_created = _municipal_plans(rng, scenario, planned, created)
    has_municipal = early.copy()
    has_municipal[after["stay"].to_numpy()] = True
    number = np.cumsum(has_municipal) + planned.height
    closed = np.where(planned["release"].to_numpy() < NEVER, np.where(planned["continues"], NEVER, until), NEVER)
    never = np.full(planned.height, NEVER)
    prison = _plans(planned, np.arange(1, planned.height + 1), created, closed, is_municipal=False)
    municipal = _plans(planned, number, municipal_created, never, is_municipal=True).filter(pl.Series(has_municipal))
    place = after["stay"].to_numpy()
    asked = days_between(rng, municipal_created[place], np.maximum(until[place], municipal_created[place] + 1))
    after = after.with_columns(
        pl.Series("plan", number[place]),
        pl.Series("planned", np.where(early[place], asked, after["begun"].to_numpy())),
    )
    return PlanTables(
        plans=pl.concat([prison, municipal]).sort("person", "created", "plan"),
        activities=_activities(who, in_prison.with_columns(plan=pl.col("stay") + 1), after),
    )


def _planned_stays(scenario: Scenario, stays: pl.DataFrame, vintage: int) -> pl.DataFrame:
    until = pl.min_horizontal(pl.col("release"), pl.lit(vintage))
    long_enough = pl.col("inside_until") - pl.col("admission") >= scenario.programme.offer_min_days
    in_prison = pl.col("kind") <= int(StayKind.SERVING)
    return stays.with_columns(inside_until=until).filter(pl.col("has_plan") & in_prison & long_enough)


def _activities(who: Ints, in_prison: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    activities = pl.concat([in_prison, after.select(in_prison.columns)])
    person = pl.Series("person", who[activities["stay"].to_numpy()])
    order = ("person", "plan", "planned", "domain", "begun")
    return activities.with_columns(person).drop("stay").sort(order)


def _plans(planned: pl.DataFrame, number: Ints, created: Ints, closed: Ints, *, is_municipal: bool) -> pl.DataFrame:
    columns = {"plan": number, "is_municipal": np.full(number.size, is_municipal), "created": created, "closed": closed}
    return planned.select("person", "stay").with_columns(pl.Series(name, values) for name, values in columns.items())


def _municipal_plans(
    rng: np.random.Generator, scenario: Scenario, planned: pl.DataFrame, created: Ints
) -> tuple[Bools, Ints]:
    plans = scenario.plans
    offered = planned["is_offered"].to_numpy()
    chance = np.where(offered, plans.municipal_plan_offered, plans.municipal_plan_other)
    early = with_chance(rng, chance, planned.height)
    until = planned["inside_until"].to_numpy()
    return early, np.where(early, days_between(rng, created, until), until)


def _inside(
    rng: np.random.Generator, scenario: Scenario, people: People, planned: pl.DataFrame, created: Ints, spells: Spells
) -> _Inside:
    n = planned.height
    weights = np.log(np.array(list(scenario.plans.domains.values()), np.float64))
    # The largest of weights plus Gumbel noise: a draw without replacement in proportion to the weights.
    order = np.argsort(-(weights + rng.gumbel(size=(n, weights.size))), axis=1)
    number = 1 + rng.binomial(2, 0.4, n)
    stay, rank = np.nonzero(np.arange(weights.size) < number[:, np.newaxis])
    person, until = planned["person"].to_numpy(), planned["inside_until"].to_numpy()
    release = planned["release"].to_numpy()
    cut = np.minimum(spells.next_start(person, np.minimum(release, NEVER - 1)), people.death[person])
    cut = np.minimum(cut, np.where(people.out[person] > release, people.out[person], NEVER))
    planned_on = days_between(rng, created[stay], until[stay])
    begun = days_between(rng, planned_on, until[stay])
    begun = np.where(with_chance(rng, _BEGUN_INSIDE, stay.size), begun, NEVER)
    also = (rank == 0) | with_chance(rng, _ALSO_GOES_ON, stay.size)
    return _Inside(
        stay=stay,
        domain=order[stay, rank],
        release=release[stay],
        cut=cut[stay],
        planned=planned_on,
        begun=begun,
        is_offered=planned["is_offered"].to_numpy()[stay],
        goes_on=planned["continues"].to_numpy()[stay] & also,
    )


def _fates(
    rng: np.random.Generator, scenario: Scenario, inside: _Inside, vintage: int
) -> tuple[pl.DataFrame, pl.DataFrame]:
    n = inside.stay.size
    released = inside.release < NEVER
    has_begun = inside.begun < NEVER
    keeps = with_chance(rng, np.where(has_begun, _KEPT_BY_PRISON_PLAN, 0.5), n)
    start, stop, end = _after_release(rng, scenario, inside, vintage)
    goes_on = inside.goes_on & released
    in_own_row = goes_on & keeps & (start < NEVER)
    begun = np.where(in_own_row & ~has_begun, start, inside.begun)
    own_stop, own_end = _ends_inside(rng, inside)
    # Begun inside and kept: the same activity goes on over the day of release.
    own_stop = np.where(in_own_row, np.where(has_begun, np.maximum(stop, inside.release + 1), stop), own_stop)
    own_end = np.where(in_own_row, end, own_end)
    in_prison = pl.DataFrame(
        {
            "stay": inside.stay,
            "domain": inside.domain,
            "planned": inside.planned,
            "begun": begun,
            "ended": np.where(begun < NEVER, own_stop, NEVER),
            "end": np.where((begun < NEVER) & (own_stop < NEVER), own_end, OPEN),
        }
    )
    late = released & ~inside.goes_on & with_chance(rng, _LATE, n)
    moved = ((goes_on & ~keeps) | late) & (start < NEVER)
    after = pl.DataFrame({"stay": inside.stay, "domain": inside.domain, "begun": start, "ended": stop, "end": end})
    return in_prison, after.filter(pl.Series(moved))


def _after_release(
    rng: np.random.Generator, scenario: Scenario, inside: _Inside, vintage: int
) -> tuple[Ints, Ints, Ints]:
    plans = scenario.plans
    n = inside.stay.size
    soon = np.minimum(rng.exponential(9.0, n).astype(np.int64), plans.resume_within_days)
    late = rng.integers(plans.resume_within_days + 1, plans.late_until_days + 1, n)
    start = np.minimum(inside.release + np.where(inside.goes_on, soon, late), NEVER)
    start = np.where(start < np.minimum(inside.cut, vintage), start, NEVER)
    median: Floats = np.where(inside.is_offered, plans.kept_days_median_offered, plans.kept_days_median_other)
    planned_stop = start + 2 + lognormal_days(rng, median, plans.kept_days_sigma, n)
    stop = np.minimum(planned_stop, inside.cut)
    as_intended = with_chance(rng, _COMPLETED_AFTER, n) & (planned_stop <= inside.cut)
    stop = np.where(stop < vintage, stop, NEVER)
    end = np.where(stop < NEVER, np.where(as_intended, COMPLETED, INTERRUPTED), OPEN)
    return start, stop, end


def _ends_inside(rng: np.random.Generator, inside: _Inside) -> tuple[Ints, Ints]:
    n = inside.stay.size
    completed = with_chance(rng, _COMPLETED_INSIDE, n) & ~inside.goes_on
    early = completed | (~inside.goes_on & with_chance(rng, 0.4, n))
    before_release = days_between(rng, inside.begun + 1, inside.release + 1)
    stop = np.where(early, before_release, inside.release)
    released = inside.release < NEVER
    end = np.where(completed, COMPLETED, INTERRUPTED)
    return np.where(released, np.maximum(stop, inside.begun), NEVER), np.where(released, end, OPEN)
