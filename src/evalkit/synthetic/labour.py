"""Work, month by month: who has a job, and what it pays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from evalkit.synthetic.custody import StayKind
from evalkit.synthetic.days import NEVER, Bools, Ints, add_months, day_number, month_number, month_start
from evalkit.synthetic.draws import with_chance
from evalkit.synthetic.grids import covered, mid_month_steps
from evalkit.synthetic.population import People
from evalkit.synthetic.scenario import Scenario

__all__ = ["Months", "Working", "draw_jobs", "draw_work", "months_of"]

_FULL_TIME_HOURS = 160.33
_SEEKING_MONTHS = 6
# DB07 industries with many such jobs: building, cleaning, restaurants, warehouses, temporary work, transport, hotels.
_INDUSTRIES = (412000, 432100, 561010, 812100, 521000, 782000, 494100, 551010, 683210, 472500)


@dataclass(frozen=True, slots=True)
class Months:
    """The registers' months, and where everybody is in the middle of each.

    Parameters
    ----------
    first : int
        The first month, since 1970-01.
    in_custody, is_gone, is_seeking : bool array, shape (n_months, n_persons)
        In custody but not at home; dead, abroad or not in the registers; about to find work after release.
    is_pensioner : bool array, shape (n_months, n_persons)
        On disability pension.
    """

    first: int
    in_custody: Bools
    is_gone: Bools
    is_seeking: Bools
    is_pensioner: Bools

    @property
    def shape(self) -> tuple[int, int]:
        """Months and persons."""
        n_months, n_persons = self.in_custody.shape
        return n_months, n_persons


@dataclass(frozen=True, slots=True)
class Working:
    """Who has a job, month by month.

    Parameters
    ----------
    months : Months
        The registers' months.
    has_job : bool array, shape (n_months, n_persons)
        True in months with a job.
    """

    months: Months
    has_job: Bools


def months_of(rng: np.random.Generator, scenario: Scenario, people: People, stays: pl.DataFrame) -> Months:
    """Lay custody, absence and pensions on the grid of months.

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

    Returns
    -------
    Months
        The registers' months.
    """
    first = int(month_number(np.array([day_number(scenario.calendar.register_start)]))[0])
    n_months = int(month_number(np.array([day_number(scenario.calendar.vintage)]))[0]) - first
    shape = (n_months, people.size)
    locked = stays.filter(pl.col("kind") != int(StayKind.HOME))
    free = locked.filter("works")
    freed = mid_month_steps(free["release"].to_numpy(), first)
    everybody = np.arange(people.size)
    never = np.full(people.size, NEVER, np.int64)
    pension = np.where(
        with_chance(rng, scenario.labour.disability_pension_share, people.size),
        rng.integers(0, 2 * n_months, people.size),
        NEVER,
    )
    gone = covered(everybody, *_steps(first, people.death, never), shape)
    gone |= covered(everybody, *_steps(first, people.out, people.back), shape)
    gone |= covered(everybody, *_steps(first, add_months(people.birth, 67 * 12), never), shape)
    gone |= ~people.is_registered
    return Months(
        first=first,
        in_custody=covered(
            locked["person"].to_numpy(),
            *_steps(first, locked["admission"].to_numpy(), locked["release"].to_numpy()),
            shape,
        ),
        is_gone=gone,
        is_seeking=covered(free["person"].to_numpy(), freed, freed + _SEEKING_MONTHS, shape),
        is_pensioner=covered(everybody, pension, never, shape),
    )


def draw_work(rng: np.random.Generator, scenario: Scenario, people: People, months: Months) -> Working:
    """Draw who has a job, month by month.

    Parameters
    ----------
    rng : Generator
        Source of chance.
    scenario : Scenario
        The made-up world.
    people : People
        All persons.
    months : Months
        The registers' months.

    Returns
    -------
    Working
        Nobody works in custody, dead, abroad or on disability pension.
    """
    labour = scenario.labour
    n_months, n_persons = months.shape
    able = ~(months.in_custody | months.is_gone | months.is_pensioner)
    attachment = 2 * people.attachment
    work = np.zeros((n_months, n_persons), np.bool_)
    before = with_chance(rng, 0.32 * attachment, n_persons)
    for month in range(n_months):
        chance = rng.random(n_persons)
        start = np.where(months.is_seeking[month], labour.start_monthly_works, labour.start_monthly * attachment)
        before = np.where(before, chance >= labour.stop_monthly, chance < start) & able[month]
        work[month] = before
    return Working(months, work)


def draw_jobs(rng: np.random.Generator, scenario: Scenario, working: Working) -> pl.DataFrame:
    """Draw hours and pay of every month with a job.

    Parameters
    ----------
    rng : Generator
        Source of chance.
    scenario : Scenario
        The made-up world.
    working : Working
        Who has a job.

    Returns
    -------
    DataFrame
        One row a job and month: person, month (step), start, last_day, hours, wage (kroner), industry.
    """
    person, month = np.nonzero(working.has_job.T)
    second = with_chance(rng, scenario.labour.second_job_share, person.size)
    person = np.concatenate([person, person[second]])
    month = np.concatenate([month, month[second]])
    n = person.size
    is_second = np.arange(n) >= n - int(second.sum())
    hours = _FULL_TIME_HOURS * np.where(is_second, rng.uniform(0.02, 0.3, n), rng.uniform(0.15, 1.08, n))
    hours = np.where(with_chance(rng, scenario.labour.zero_hours_share, n), 0.0, np.round(hours, 1))
    first = month_start(month + working.months.first)
    return pl.DataFrame(
        {
            "person": person,
            "month": month,
            "start": first,
            "last_day": add_months(first, 1) - 1,
            "hours": hours,
            "wage": np.round(hours * rng.normal(165.0, 22.0, n).clip(110.0, 300.0), 2),
            "industry": np.array(_INDUSTRIES)[rng.integers(0, len(_INDUSTRIES), n)],
        }
    ).sort("person", "month", maintain_order=True)


def _steps(first: int, start: Ints, stop: Ints) -> tuple[Ints, Ints]:
    return mid_month_steps(start, first), mid_month_steps(stop, first)
