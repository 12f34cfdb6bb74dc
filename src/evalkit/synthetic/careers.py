"""Careers, played in rounds: a series of offences, perhaps custody, release, and the time to the next series.

Every round is played for all persons at once who still have one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from evalkit.synthetic.courts import Case, judge
from evalkit.synthetic.custody import draw_admissions, draw_stays
from evalkit.synthetic.days import NEVER, Bools, Ints, add_months, day_number
from evalkit.synthetic.draws import with_chance
from evalkit.synthetic.leaving import leave
from evalkit.synthetic.population import People, home_on
from evalkit.synthetic.reoffending import Prospects, days_to_next_offence
from evalkit.synthetic.scenario import Scenario

__all__ = ["Careers", "simulate_careers"]


@dataclass(frozen=True, slots=True)
class Careers:
    """What everybody did, and what was done with them.

    Parameters
    ----------
    cases : DataFrame
        One row an offence, as :func:`evalkit.synthetic.courts.judge` gives them.
    stays : DataFrame
        One row a stay, as :func:`evalkit.synthetic.custody.draw_stays` gives them, and for each: series, home (place of
        the municipality of residence at admission), is_offered, accepts, has_plan, continues, works, days_to_offence
        and days_without_offer (to the next series; the latter had nobody been offered anything).
    """

    cases: pl.DataFrame
    stays: pl.DataFrame


@dataclass(frozen=True, slots=True)
class _Front:
    """The persons of a round, the day on which their series begins, and its number."""

    who: Ints
    start: Ints
    series: int


def simulate_careers(rng: np.random.Generator, scenario: Scenario, people: People) -> Careers:
    """Play everybody's career to the end of the registers.

    Parameters
    ----------
    rng : Generator
        Source of chance.
    scenario : Scenario
        The made-up world.
    people : People
        All persons; priors, moves, deaths and migrations are written into it.

    Returns
    -------
    Careers
        Cases and stays of everybody.
    """
    front = _Front(np.arange(people.size), people.first_offence, 0)
    cases, stays = [], []
    while front.who.size and front.series < scenario.offending.most_series:
        new_cases, new_stays, front = _play(rng, scenario, people, front)
        cases.append(new_cases)
        stays.append(new_stays)
    return Careers(pl.concat(cases), pl.concat(stays))


def _play(
    rng: np.random.Generator, scenario: Scenario, people: People, front: _Front
) -> tuple[pl.DataFrame, pl.DataFrame, _Front]:
    offences, kept = _draw_series(rng, scenario, people, front)
    last = np.where(kept, offences, 0).max(axis=1)
    stays = _draw_custody(rng, scenario, people, front, last)
    slot = stays["slot"].to_numpy()
    release = last.copy()
    release[slot] = stays["release"].to_numpy()
    _postpone_deaths(rng, people, front.who[slot], stays)
    cases = judge(rng, scenario, _as_case(front, offences, kept, stays))
    np.add.at(people.priors, front.who, kept.sum(axis=1))
    stays = _with_days(scenario, people, _draw_prospects(rng, scenario, people, stays))
    start = np.minimum(release + _days_free(rng, scenario, people, front, stays), NEVER)
    next_start = leave(rng, scenario, people, who=front.who, free_from=release, next_start=start)
    ahead = next_start < day_number(scenario.calendar.vintage)
    return cases, stays.drop("slot"), _Front(front.who[ahead], next_start[ahead], front.series + 1)


def _draw_series(rng: np.random.Generator, scenario: Scenario, people: People, front: _Front) -> tuple[Ints, Bools]:
    model = scenario.offending
    n = front.who.size
    mean = np.where(people.goes_to_custody[front.who], model.further_mean, model.further_mean_fined)
    single = with_chance(rng, np.where(people.goes_to_custody[front.who], model.single_share, 0.6), n)
    length = np.minimum(np.where(single, 1, 1 + rng.geometric(1 / (1 + mean))), model.most)
    gaps = 1 + rng.exponential(model.days_between_mean, (n, model.most)).astype(np.int64)
    gaps[:, 0] = 0
    offences = front.start[:, np.newaxis] + gaps.cumsum(axis=1)
    limit = np.minimum(people.death[front.who], day_number(scenario.calendar.vintage))
    kept = (np.arange(model.most) < length[:, np.newaxis]) & (offences < limit[:, np.newaxis])
    return offences, kept


def _draw_custody(
    rng: np.random.Generator, scenario: Scenario, people: People, front: _Front, last: Ints
) -> pl.DataFrame:
    n = front.who.size
    again = with_chance(rng, scenario.offending.custody_again_share, n)
    chosen = people.goes_to_custody[front.who] & (again | (front.series == 0))
    kind, admission = draw_admissions(rng, scenario, last)
    chosen &= admission < np.minimum(people.death[front.who], day_number(scenario.calendar.vintage) - 2)
    slot = np.flatnonzero(chosen)
    stays = draw_stays(rng, scenario, front.who[slot], kind[slot], admission[slot])
    return stays.with_columns(
        pl.Series("slot", slot),
        pl.lit(front.series, pl.Int64).alias("series"),
        pl.Series("home", home_on(people, front.who[slot], admission[slot])),
    )


def _postpone_deaths(rng: np.random.Generator, people: People, who: Ints, stays: pl.DataFrame) -> None:
    # Nobody dies in custody here: it comes within weeks of release, when mortality is highest.
    release = stays["release"].to_numpy()
    later = np.where(release < NEVER, release + 1 + rng.exponential(40.0, who.size).astype(np.int64), NEVER)
    people.death[who] = np.where(people.death[who] <= release, later, people.death[who])


def _as_case(front: _Front, offences: Ints, kept: Bools, stays: pl.DataFrame) -> Case:
    slot, place = np.nonzero(kept)
    of_slot = np.full(front.who.size, -1, np.int64)
    of_slot[stays["slot"].to_numpy()] = np.arange(stays.height)
    stay = of_slot[slot]
    is_last = place == kept.sum(axis=1)[slot] - 1

    def of_stay(column: str, without: int) -> Ints:
        values = np.append(stays[column].to_numpy(), without)
        return values[stay]

    return Case(
        person=front.who[slot],
        series=np.full(slot.size, front.series, np.int64),
        offence=offences[slot, place],
        is_first=place == 0,
        is_trigger=is_last & (stay >= 0),
        kind=of_stay("kind", -1),
        admission=of_stay("admission", NEVER),
        serving_start=of_stay("serving_start", NEVER),
        release=of_stay("release", NEVER),
    )


def _draw_prospects(rng: np.random.Generator, scenario: Scenario, people: People, stays: pl.DataFrame) -> pl.DataFrame:
    who = stays["person"].to_numpy()
    n = who.size
    offered = with_chance(rng, scenario.programme.offer_share, n) & _can_be_offered(scenario, people, stays)
    # Who has worked before says yes a little more often, so that those who take part are not like those who do not.
    willing = scenario.programme.accept_share + 0.2 * (people.attachment[who] - 0.5)
    plan, goes_on, work = rng.random(n), rng.random(n), rng.random(n)
    attachment = 2 * people.attachment[who]
    plans, labour = scenario.plans, scenario.labour
    has_plan = plan < np.where(offered, plans.recorded_offered, plans.recorded_other)
    without = plan < plans.recorded_other
    work_chance = np.where(offered, labour.work_after_release_offered, labour.work_after_release_other)
    return stays.with_columns(
        pl.Series("is_offered", offered),
        pl.Series("accepts", offered & (rng.random(n) < willing)),
        pl.Series("has_plan", has_plan),
        pl.Series(
            "continues", has_plan & (goes_on < np.where(offered, plans.continues_offered, plans.continues_other))
        ),
        pl.Series("works", work < attachment * work_chance),
        pl.Series("continues_without", without & (goes_on < plans.continues_other)),
        pl.Series("works_without", work < attachment * labour.work_after_release_other),
        pl.Series("noise", rng.standard_normal(n)),
    )


def _can_be_offered(scenario: Scenario, people: People, stays: pl.DataFrame) -> Bools:
    who, release = stays["person"].to_numpy(), stays["release"].to_numpy()
    calendar = scenario.calendar
    in_window = (release >= day_number(calendar.window_start)) & (release < day_number(calendar.window_end))
    long_enough = release - stays["admission"].to_numpy() >= scenario.programme.offer_min_days
    youngest, oldest = scenario.programme.age_years
    of_age = add_months(people.birth[who], youngest * 12) < release
    of_age &= release < add_months(people.birth[who], (oldest + 1) * 12)
    in_prison = np.isin(stays["kind"].to_numpy(), scenario.stay_kinds)
    in_pilot = np.isin(stays["home"].to_numpy(), scenario.pilot_indices)
    can_be: Bools = in_window & long_enough & of_age & in_prison & in_pilot & people.is_registered[who]
    return can_be


def _with_days(scenario: Scenario, people: People, stays: pl.DataFrame) -> pl.DataFrame:
    who = stays["person"].to_numpy()
    released = np.minimum(stays["release"].to_numpy(), day_number(scenario.calendar.vintage))

    def days(works: str, continues: str, takes_part: Bools) -> Ints:
        prospects = Prospects(
            age_years=(released - people.birth[who]) / 365.25,
            priors=people.priors[who],
            works=stays[works].to_numpy(),
            continues=stays[continues].to_numpy(),
            takes_part=takes_part,
            from_custody=np.ones(who.size, np.bool_),
            goes_to_custody=np.ones(who.size, np.bool_),
        )
        return days_to_next_offence(scenario, prospects, stays["noise"].to_numpy())

    nobody = np.zeros(who.size, np.bool_)
    return stays.with_columns(
        pl.Series("days_to_offence", days("works", "continues", stays["accepts"].to_numpy())),
        pl.Series("days_without_offer", days("works_without", "continues_without", nobody)),
    ).drop("works_without", "continues_without", "noise")


def _days_free(
    rng: np.random.Generator, scenario: Scenario, people: People, front: _Front, stays: pl.DataFrame
) -> Ints:
    n = front.who.size
    nobody = np.zeros(n, np.bool_)
    prospects = Prospects(
        age_years=(front.start - people.birth[front.who]) / 365.25,
        priors=people.priors[front.who],
        works=nobody,
        continues=nobody,
        takes_part=nobody,
        from_custody=nobody,
        goes_to_custody=people.goes_to_custody[front.who],
    )
    days = days_to_next_offence(scenario, prospects, rng.standard_normal(n))
    days[stays["slot"].to_numpy()] = stays["days_to_offence"].to_numpy()
    return days
