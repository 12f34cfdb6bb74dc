"""Plans before release in Norway: needs that are written down, and whether they are met on the day."""

from __future__ import annotations

import numpy as np
import polars as pl

from evalkit.synthetic.days import NEVER, Bools, Ints, day_number
from evalkit.synthetic.draws import choose, days_between, with_chance
from evalkit.synthetic.norway_scenario import DOMAINS, NorwayPlan
from evalkit.synthetic.plans import COMPLETED, INTERRUPTED, OPEN, PlanTables

__all__ = ["draw_norwegian_plans"]

_COMPLETED, _UNDER_WAY, _NOT_BEGUN, _BROKEN_OFF, _BEGUN_LATER = range(5)
_BEFORE_STAY, _ON_THE_DAY = 0.05, 0.03
_CLOSED, _TOO_LATE = 0.3, 0.2


def draw_norwegian_plans(rng: np.random.Generator, plan: NorwayPlan, releases: pl.DataFrame) -> PlanTables:
    """Draw the prison's plan of each stay, the municipality's of some, and activities for needs.

    Parameters
    ----------
    rng : Generator
        Source of chance.
    plan : NorwayPlan
        What happens in Norway.
    releases : DataFrame
        Stays that ended, with person, admission and release.

    Returns
    -------
    PlanTables
        Days of both tables are NEVER from the vintage on; domains are places in ``DOMAINS``. Some activities belong to
        the time before the stay or begin on the day of release, some municipal plans are closed or made on that day.
    """
    vintage = day_number(plan.calendar.vintage)
    person, admission, release = (releases[name].to_numpy() for name in ("person", "admission", "release"))
    created = days_between(rng, admission, np.minimum(admission + 21, release))
    prison = pl.DataFrame({"person": person, "is_municipal": False, "created": created, "closed": release})
    prison = prison.with_columns(plan=pl.int_range(1, pl.len() + 1))
    municipal = _municipal(rng, plan, person, release)
    municipal = municipal.with_columns(plan=pl.int_range(1, pl.len() + 1) + prison.height)
    plans = pl.concat([prison, municipal.select(prison.columns)]).filter(pl.col("created") < vintage)
    activities = _activities(rng, plan, created, releases)
    return PlanTables(
        plans=plans.with_columns(_known("closed", vintage)).sort("person", "created", "plan"),
        activities=activities.filter(pl.col("planned") < vintage)
        .with_columns(
            _known("begun", vintage),
            _known("ended", vintage),
            end=pl.when(pl.col("ended") < vintage).then("end").otherwise(pl.lit(OPEN, pl.Int64)),
        )
        .sort("person", "plan", "planned", "domain"),
    )


def _municipal(rng: np.random.Generator, plan: NorwayPlan, person: Ints, release: Ints) -> pl.DataFrame:
    n = person.size
    is_open = with_chance(rng, plan.municipal_plan, n)
    kind = np.where(is_open, 0, 1 + choose(rng, (_CLOSED, _TOO_LATE, 1 - _CLOSED - _TOO_LATE), n))
    before = days_between(rng, release - 200, release)
    created = np.choose(kind, [before, release - 250, release + rng.integers(0, 60, n), np.full(n, NEVER)])
    lasts = with_chance(rng, 0.4, n) | (kind > 1)
    closed = np.where(lasts, NEVER, release + rng.integers(1, 300, n))
    # Closed on the day of release is not open on it.
    closed = np.where(kind == 1, release - rng.integers(0, 50, n), closed)
    made = pl.DataFrame({"person": person, "is_municipal": True, "created": created, "closed": closed})
    return made.filter(pl.col("created") < NEVER)


def _activities(rng: np.random.Generator, plan: NorwayPlan, created: Ints, releases: pl.DataFrame) -> pl.DataFrame:
    n = releases.height
    chance = np.array([plan.needs.get(name, 0.0) for name in DOMAINS])
    needed = rng.random((n, len(DOMAINS))) < chance
    stay, domain = np.nonzero(needed)
    admission, release = (releases[name].to_numpy() for name in ("admission", "release"))
    planned = days_between(rng, created[stay], release[stay])
    met = with_chance(rng, np.array([plan.met.get(name, 0.0) for name in DOMAINS])[domain], stay.size)
    begun, ended, end = _fates(rng, met, planned, release[stay])
    of_need = _rows(releases, stay, domain, planned).with_columns(
        begun=pl.Series(begun), ended=pl.Series(ended), end=pl.Series(end)
    )
    return pl.concat([of_need, _no_needs(rng, releases, ~needed, admission, release)])


def _fates(rng: np.random.Generator, met: Bools, planned: Ints, release: Ints) -> tuple[Ints, Ints, Ints]:
    """Let activities be completed by the day of release or under way on it; others not begun, broken off, or late."""
    n = planned.size
    fate = np.where(met, choose(rng, (0.5, 0.5), n), 2 + choose(rng, (0.4, 0.3, 0.3), n))
    begun = days_between(rng, planned, release)
    begun = np.where(fate == _UNDER_WAY, days_between(rng, planned, release + 1), begun)
    begun = np.where(fate == _BEGUN_LATER, release + rng.integers(1, 60, n), begun)
    begun = np.where(fate == _NOT_BEGUN, NEVER, begun)
    by_release = days_between(rng, np.minimum(begun, release), release + 1)
    later = np.maximum(begun, release) + rng.integers(1, 300, n)
    ended = np.where((fate == _COMPLETED) | (fate == _BROKEN_OFF), by_release, later)
    ended = np.where(fate == _NOT_BEGUN, NEVER, ended)
    as_intended = np.where(fate == _COMPLETED, 1, np.where(fate == _BROKEN_OFF, 0, rng.integers(0, 2, n)))
    end = np.where(ended < NEVER, np.where(as_intended == 1, COMPLETED, INTERRUPTED), OPEN)
    return begun, ended, end


def _no_needs(
    rng: np.random.Generator, releases: pl.DataFrame, free: Bools, admission: Ints, release: Ints
) -> pl.DataFrame:
    """Draw activities that end by the day of admission, or are not planned before the day of release."""
    chance = rng.random(free.shape)
    stay, domain = np.nonzero(free & (chance < _BEFORE_STAY + _ON_THE_DAY))
    is_before = chance[stay, domain] < _BEFORE_STAY
    ended = np.where(is_before, admission[stay] - rng.integers(0, 30, stay.size), release[stay] + 50)
    planned = np.where(is_before, ended - 120, release[stay])
    return _rows(releases, stay, domain, planned).with_columns(
        begun=pl.Series(np.where(is_before, ended - 100, release[stay])),
        ended=pl.Series(ended),
        end=pl.lit(COMPLETED, pl.Int64),
    )


def _rows(releases: pl.DataFrame, stay: Ints, domain: Ints, planned: Ints) -> pl.DataFrame:
    person = releases["person"].to_numpy()[stay]
    return pl.DataFrame({"person": person, "plan": stay + 1, "domain": domain, "planned": planned})


def _known(name: str, vintage: int) -> pl.Expr:
    return pl.when(pl.col(name) < vintage).then(name).otherwise(pl.lit(NEVER, pl.Int64)).alias(name)
