"""The municipality's part before release: cases kept open through custody, areas taken up, and signed plans.

It is laid over the plans of :mod:`~.plans` without touching what goes on after release: an activity of the
municipality's own has ended by the day of release, or never begins.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from evalkit.synthetic.custody import StayKind
from evalkit.synthetic.days import NEVER, Bools, Ints, day_number
from evalkit.synthetic.draws import days_between, lognormal_days, with_chance
from evalkit.synthetic.intervals import Spells
from evalkit.synthetic.plans import COMPLETED, INTERRUPTED, OPEN, PlanTables
from evalkit.synthetic.population import People
from evalkit.synthetic.scenario import Scenario

__all__ = ["add_municipal_work"]

_CASE_BEFORE_DAYS = 30
_CASE_LONGEST_DAYS = 700
_ALSO_ANOTHER_AREA = 0.6
_BROKEN_OFF = 0.3
_CLOSED_ON_RELEASE = 0.05
_PLAN = ["person", "stay", "plan", "is_municipal", "created", "closed"]


def add_municipal_work(
    rng: np.random.Generator, scenario: Scenario, people: People, stays: pl.DataFrame, spells: Spells, plans: PlanTables
) -> PlanTables:
    """Add cases, areas and signatures to the plans.

    Parameters
    ----------
    rng : Generator
        Source of chance.
    scenario : Scenario
        The made-up world.
    people : People
        All persons.
    stays : DataFrame
        All stays.
    spells : Spells
        Look-ups of the stays.
    plans : PlanTables
        As :func:`~evalkit.synthetic.plans.draw_plans` gives them.

    Returns
    -------
    PlanTables
        With the column signed in `plans`.
    """
    vintage = day_number(scenario.calendar.vintage)
    inside = stays.filter(pl.col("kind") <= int(StayKind.SERVING)).select(
        "person", "stay", "admission", "release", "is_offered", until=pl.min_horizontal("release", pl.lit(vintage))
    )
    cases = _cases(rng, scenario, people, spells, inside)
    all_plans = _with_cases(plans.plans, cases)
    both = _in_both(all_plans, inside)
    shares = with_chance(rng, scenario.release_work.shared_area.chance(both["is_offered"].to_numpy()), both.height)
    both = both.with_columns(shares=pl.Series(shares))
    own = _own_activities(rng, scenario, both, plans.activities, vintage)
    activities = pl.concat([_not_known_before(plans.activities, both), own])
    known = all_plans.join(inside.drop("person"), on="stay", how="left", maintain_order="left")
    all_plans = all_plans.with_columns(
        pl.Series("closed", _closed(rng, people, spells, known, activities, vintage)),
        pl.Series("signed", _signed(rng, scenario, known)),
    )
    order = ("person", "plan", "planned", "domain", "begun")
    return PlanTables(plans=all_plans.sort("person", "created", "plan"), activities=activities.sort(order))


def _cases(
    rng: np.random.Generator, scenario: Scenario, people: People, spells: Spells, inside: pl.DataFrame
) -> pl.DataFrame:
    """Draw cases that the municipality has on the day of admission; those not kept open are closed in custody."""
    work, n = scenario.release_work, inside.height
    who, admission, until = (inside[name].to_numpy() for name in ("person", "admission", "until"))
    has_case = with_chance(rng, work.case_at_admission, n) & people.is_registered[who] & (until > admission + 1)
    kept = with_chance(rng, work.case_kept_open.chance(inside["is_offered"].to_numpy()), n)
    before = np.minimum(_CASE_BEFORE_DAYS + lognormal_days(rng, 150.0, 0.8, n), _CASE_LONGEST_DAYS)
    earlier, was_inside = spells.last_until(who, admission - 1)
    created = np.maximum(admission - before, np.where(was_inside, spells.stop[earlier], 0))
    closed = np.where(kept, NEVER, days_between(rng, admission + 1, until))
    case = pl.DataFrame({"kept": kept, "case_created": created, "closed": closed})
    return pl.concat([inside.select("person", "stay"), case], how="horizontal").filter(pl.Series(has_case))


def _with_cases(plans: pl.DataFrame, cases: pl.DataFrame) -> pl.DataFrame:
    """Let a municipality's plan be the case that was kept open; every other case is a plan of its own."""
    kept = cases.filter("kept").select("stay", "case_created")
    known = plans.join(kept, on="stay", how="left", maintain_order="left")
    earlier = pl.when("is_municipal").then(pl.min_horizontal("created", "case_created")).otherwise("created")
    known = known.with_columns(created=earlier).select(_PLAN)
    taken = known.filter("is_municipal")["stay"].implode()
    others = cases.filter(~pl.col("kept") | ~pl.col("stay").is_in(taken))
    number = pl.int_range(1, pl.len() + 1) + int(plans["plan"].to_numpy().max(initial=0))
    new = others.with_columns(plan=number, is_municipal=pl.lit(value=True), created="case_created")
    return pl.concat([known, new.select(_PLAN)])


def _in_both(plans: pl.DataFrame, inside: pl.DataFrame) -> pl.DataFrame:
    """Return municipal plans that are open at release and made before it, with the prison plan of the same stay."""
    prison = plans.filter(~pl.col("is_municipal")).select("stay", prison_plan="plan")
    municipal = plans.filter(pl.col("is_municipal") & (pl.col("closed") >= NEVER))
    joined = municipal.join(prison, on="stay", maintain_order="left")
    joined = joined.join(inside.drop("person"), on="stay", maintain_order="left")
    return joined.filter(pl.col("created") < pl.col("until"))


def _own_activities(
    rng: np.random.Generator, scenario: Scenario, both: pl.DataFrame, activities: pl.DataFrame, vintage: int
) -> pl.DataFrame:
    n_domains, n = len(scenario.plans.domains), both.height
    in_prison_plan = np.zeros((n, n_domains), np.bool_)
    places = both.with_row_index("place").select("place", plan="prison_plan").join(activities, on="plan")
    in_prison_plan[places["place"].to_numpy(), places["domain"].to_numpy()] = True
    shares = both["shares"].to_numpy()
    also = shares & with_chance(rng, _ALSO_ANOTHER_AREA, n)
    chosen = [
        (_choose_domain(rng, scenario, in_prison_plan), shares),
        (_choose_domain(rng, scenario, ~in_prison_plan), ~shares | also),
    ]
    parts = [
        both.filter(pl.Series(wanted)).with_columns(pl.Series("domain", domain[wanted])) for domain, wanted in chosen
    ]
    own = pl.concat(parts)
    return _fates(rng, scenario, own, vintage).select(activities.columns)


def _choose_domain(rng: np.random.Generator, scenario: Scenario, allowed: Bools) -> Ints:
    # The largest of weights plus Gumbel noise: a draw in proportion to the weights.
    weights = np.log(np.array(list(scenario.plans.domains.values()), np.float64))
    drawn = weights + rng.gumbel(size=allowed.shape)
    domain: Ints = np.where(allowed, drawn, -np.inf).argmax(axis=1)
    return domain


def _fates(rng: np.random.Generator, scenario: Scenario, own: pl.DataFrame, vintage: int) -> pl.DataFrame:
    n = own.height
    until = own["until"].to_numpy()
    planned = days_between(rng, np.maximum(own["created"].to_numpy(), own["admission"].to_numpy()), until)
    settled = with_chance(rng, scenario.release_work.settled.chance(own["is_offered"].to_numpy()), n)
    begins = settled | with_chance(rng, _BROKEN_OFF, n)
    begun = np.where(begins, days_between(rng, planned, until), NEVER)
    has_ended = begins & (until < vintage)
    ended = np.where(has_ended, days_between(rng, begun + 1, until + 1), NEVER)
    end = np.where(has_ended, np.where(settled, COMPLETED, INTERRUPTED), OPEN)
    columns = {"planned": planned, "begun": begun, "ended": ended, "end": end}
    return own.with_columns(pl.Series(name, values) for name, values in columns.items())


def _not_known_before(activities: pl.DataFrame, both: pl.DataFrame) -> pl.DataFrame:
    """Let the municipality plan after release what it then begins, where its plan shares no area before."""
    apart = both.filter(~pl.col("shares"))["plan"].implode()
    planned = pl.when(pl.col("plan").is_in(apart)).then("begun").otherwise("planned")
    return activities.with_columns(planned=planned)


def _closed(
    rng: np.random.Generator,
    people: People,
    spells: Spells,
    plans: pl.DataFrame,
    activities: pl.DataFrame,
    vintage: int,
) -> Ints:
    """Close municipal plans on the day of release or some time after it.

    Not before what is under way has ended; at the latest at the next admission or death.
    """
    last = activities.filter(pl.col("begun") < NEVER).group_by("plan").agg(last=pl.col("ended").max())
    known = plans.join(last, on="plan", how="left", maintain_order="left")
    who, release = known["person"].to_numpy(), np.minimum(known["release"].to_numpy(), NEVER - 1)
    days = lognormal_days(rng, 300.0, 0.7, known.height)
    some_time = release + np.where(with_chance(rng, _CLOSED_ON_RELEASE, known.height), 0, days)
    latest = np.minimum(spells.next_start(who, release), people.death[who])
    closed = np.minimum(np.maximum(some_time, known["last"].fill_null(0).to_numpy()), latest)
    closed = np.where(closed < vintage, closed, NEVER)
    is_open = known["is_municipal"].to_numpy() & (known["closed"].to_numpy() >= NEVER)
    return np.where(is_open, closed, known["closed"].to_numpy())


def _signed(rng: np.random.Generator, scenario: Scenario, plans: pl.DataFrame) -> Ints:
    chance = scenario.release_work.signed.chance(plans["is_offered"].to_numpy())
    signed = with_chance(rng, chance, plans.height) & ~plans["is_municipal"].to_numpy()
    day = days_between(rng, plans["created"].to_numpy(), plans["until"].to_numpy())
    return np.where(signed, day, NEVER)
