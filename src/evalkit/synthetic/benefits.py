"""Public benefits, week by week, as DREAM has them: one code a week, blank without."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import numpy.typing as npt
import polars as pl

from evalkit.synthetic.custody import StayKind
from evalkit.synthetic.days import NEVER, Bools, Ints, day_number, from_day_number, month_number
from evalkit.synthetic.draws import choose_code, with_chance
from evalkit.synthetic.grids import covered, week_steps
from evalkit.synthetic.labour import Working
from evalkit.synthetic.population import People
from evalkit.synthetic.scenario import Scenario

__all__ = ["ABROAD", "Weeks", "draw_benefits"]

ABROAD = 997
_STUDENT_GRANT, _FLEXJOB, _PENSION, _SUPPLEMENTARY = 651, 771, 783, 115
_KEEPS_MONTHLY = 0.92

Codes = npt.NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Weeks:
    """Benefit codes, week by week.

    Parameters
    ----------
    first_monday : int
        Monday of the first week, in days since 1970-01-01.
    code : int array, shape (n_weeks, n_persons)
        DREAM codes, 0 without a benefit.
    """

    first_monday: int
    code: Codes

    @property
    def column_names(self) -> list[str]:
        """Names of DREAM's week columns: ``Y_1401`` is the first ISO week of 2014."""
        mondays = (from_day_number(self.first_monday) + timedelta(weeks=week) for week in range(self.code.shape[0]))
        return [f"Y_{monday.strftime('%G')[2:]}{monday.strftime('%V')}" for monday in mondays]


def draw_benefits(
    rng: np.random.Generator,
    scenario: Scenario,
    people: People,
    working: Working,
    education: pl.DataFrame,
    stays: pl.DataFrame,
) -> Weeks:
    """Draw everybody's benefits.

    Parameters
    ----------
    rng : Generator
        Source of chance.
    scenario : Scenario
        The made-up world.
    people : People
        All persons.
    working : Working
        Who has a job.
    education, stays : DataFrame
        Enrolments and stays in custody.

    Returns
    -------
    Weeks
        Blank in custody but for some in the week of release, in death, and at work but for a few; 997 abroad.
    """
    months, work = working.months, working.has_job
    monthly = _monthly_codes(rng, scenario, working)
    start = day_number(scenario.calendar.register_start)
    first_monday = start - from_day_number(start).weekday()
    n_weeks = (day_number(scenario.calendar.vintage) - 1 - first_monday) // 7 + 1
    shape = (n_weeks, people.size)
    mondays = first_monday + 7 * np.arange(n_weeks)
    month_of_week = (month_number(mondays) - months.first).clip(0, months.shape[0] - 1)
    code = monthly[month_of_week]
    grants = education.filter("has_grant")
    code[_weeks(grants["person"], grants["start"], grants["stop"], first_monday, shape) & ~work[month_of_week]] = (
        _STUDENT_GRANT
    )
    locked = stays.filter(pl.col("kind") != int(StayKind.HOME))
    code[_weeks(locked["person"], locked["admission"], locked["release"], first_monday, shape)] = 0
    _settle(rng, scenario, code, locked.filter(pl.col("release") < NEVER), first_monday)
    everybody = pl.Series(np.arange(people.size))
    code[_weeks(everybody, pl.Series(people.out), pl.Series(people.back), first_monday, shape)] = ABROAD
    never = pl.Series(np.full(people.size, NEVER))
    code[_weeks(everybody, pl.Series(people.death), never, first_monday, shape)] = 0
    return Weeks(first_monday, code)


def _settle(
    rng: np.random.Generator, scenario: Scenario, code: Codes, released: pl.DataFrame, first_monday: int
) -> None:
    """Let some have the benefit of the week after release in the week of release already."""
    chance = scenario.release_work.benefit_in_release_week.chance(released["is_offered"].to_numpy())
    settled = released.filter(pl.Series(with_chance(rng, chance, released.height)))
    person, week = settled["person"].to_numpy(), (settled["release"].to_numpy() - first_monday) // 7
    known = week + 1 < code.shape[0]
    code[week[known], person[known]] = code[week[known] + 1, person[known]]


def _weeks(person: pl.Series, start: pl.Series, stop: pl.Series, first_monday: int, shape: tuple[int, int]) -> Bools:
    first: Ints = week_steps(start.to_numpy(), first_monday)
    return covered(person.to_numpy(), first, week_steps(stop.to_numpy(), first_monday), shape)


def _monthly_codes(rng: np.random.Generator, scenario: Scenario, working: Working) -> Codes:
    months, work = working.months, working.has_job
    labour = scenario.labour
    n_months, n_persons = months.shape
    is_flexjobber = with_chance(rng, labour.flexjob_share, n_persons)
    codes = np.zeros((n_months, n_persons), np.int16)
    before = _new_codes(rng, scenario, n_persons)
    for month in range(n_months):
        keeps = with_chance(rng, _KEEPS_MONTHLY, n_persons)
        before = np.where(keeps, before, _new_codes(rng, scenario, n_persons)).astype(np.int16)
        at_work = np.where(is_flexjobber, _FLEXJOB, 0)
        at_work = np.where(with_chance(rng, labour.supplementary_share, n_persons), _SUPPLEMENTARY, at_work)
        code = np.where(work[month], at_work, before)
        code = np.where(months.is_pensioner[month], _PENSION, code)
        codes[month] = np.where(months.is_gone[month], 0, code)
    return codes


def _new_codes(rng: np.random.Generator, scenario: Scenario, size: int) -> Codes:
    codes = choose_code(rng, scenario.labour.benefits, size)
    none = with_chance(rng, scenario.labour.no_benefit_share, size)
    return np.where(none, 0, codes).astype(np.int16)
