"""The persons of a made-up world: who they are, where they live, when they die or leave."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evalkit.synthetic.days import NEVER, Bools, Floats, Ints, add_months, day_number, year_number
from evalkit.synthetic.draws import choose, days_between, with_chance
from evalkit.synthetic.scenario import Scenario

__all__ = [
    "People",
    "any_day",
    "draw_people",
    "draw_pseudonyms",
    "home_on",
    "is_here",
    "moved_in_the_year_before",
    "settled_on",
]

_MOVING_YEARS = tuple(range(2014, 2023))


@dataclass(frozen=True, slots=True)
class People:
    """Persons, one place in every array each. Careers write into `priors`, `moves`, `death`, `out` and `back`.

    Parameters
    ----------
    pseudonym : str array, shape (n,)
        Sixteen hexadecimal characters.
    birth, settled, first_offence : int array, shape (n,)
        Days: birth, moving to the first known home, first case in the registers.
    is_woman, goes_to_custody, is_registered, has_education : bool array, shape (n,)
        Registered means: ever in the population register.
    origin : int array, shape (n,)
        1 Danish origin, 2 immigrant, 3 descendant.
    civil_status : int array, shape (n,)
        0 unmarried, 1 married, 2 divorced.
    attachment : float array, shape (n,)
        To the labour market, 0 to 1, mean one half.
    priors : int array, shape (n,)
        Convictions so far.
    homes : int array, shape (n, 3)
        Municipalities, before and after each move.
    moves : int array, shape (n, 2)
        Days of moving, at most one in a calendar year, in order; NEVER where there is none.
    death, out, back : int array, shape (n,)
        Days of death, emigration and immigration; NEVER where they do not come.
    """

    pseudonym: np.ndarray[tuple[int], np.dtype[np.str_]]
    birth: Ints
    settled: Ints
    first_offence: Ints
    is_woman: Bools
    goes_to_custody: Bools
    is_registered: Bools
    has_education: Bools
    origin: Ints
    civil_status: Ints
    attachment: Floats
    priors: Ints
    homes: Ints
    moves: Ints
    death: Ints
    out: Ints
    back: Ints

    @property
    def size(self) -> int:
        """Number of persons."""
        return int(self.birth.size)


def draw_people(rng: np.random.Generator, scenario: Scenario, n_persons: int) -> People:
    """Draw the persons in the registers.

    Parameters
    ----------
    rng : Generator
        Source of chance.
    scenario : Scenario
        The made-up world.
    n_persons : int
        How many.

    Returns
    -------
    People
        Before their careers: nobody has emigrated yet.
    """
    model = scenario.people
    custody = with_chance(rng, model.custody_share, n_persons)
    first = _first_offences(rng, scenario, custody)
    age_years = model.youngest_age + rng.gamma(model.age_shape, model.age_scale, n_persons)
    birth = first - (np.minimum(age_years, 82.0) * 365.25).astype(np.int64)
    never = np.full(n_persons, NEVER, np.int64)
    return People(
        pseudonym=draw_pseudonyms(rng, n_persons),
        birth=birth,
        settled=_settled(rng, scenario, birth),
        first_offence=first,
        is_woman=with_chance(rng, np.where(custody, model.women_custody, model.women_other), n_persons),
        goes_to_custody=custody,
        is_registered=~with_chance(rng, model.without_bef_share, n_persons),
        has_education=~with_chance(rng, model.without_youth_education, n_persons),
        origin=choose(rng, model.origin_shares, n_persons) + 1,
        civil_status=choose(rng, (0.66, 0.16, 0.18), n_persons),
        attachment=rng.beta(1.6, 1.6, n_persons),
        priors=_priors(rng, model.prior_convictions_mean, custody),
        homes=_homes(rng, scenario, n_persons),
        moves=_moves(rng, scenario, n_persons),
        death=first + _years_to_death(rng, model.yearly_mortality, age_years),
        out=never.copy(),
        back=never.copy(),
    )


def draw_pseudonyms(rng: np.random.Generator, size: int) -> np.ndarray[tuple[int], np.dtype[np.str_]]:
    """Draw pseudonyms: sixteen hexadecimal characters, a letter in every fifth place, so that none can be a CPR number.

    Parameters
    ----------
    rng : Generator
        Source of chance.
    size : int
        How many.

    Returns
    -------
    str array, shape (size,)
        The pseudonyms.
    """
    digits = np.frombuffer(b"0123456789abcdef", np.uint8)
    places = rng.integers(0, 16, (size, 16))
    places[:, ::5] = rng.integers(10, 16, (size, 4))
    return digits[places].copy().view("S16").ravel().astype(np.str_)


def home_on(people: People, who: Ints, day: Ints) -> Ints:
    """Return the municipality in which persons live on a day.

    Parameters
    ----------
    people : People
        All persons.
    who, day : int array, shape (n,)
        Places in `people`, and days.

    Returns
    -------
    int array, shape (n,)
        Places in the scenario's municipalities.
    """
    n_moves = (people.moves[who] <= day[:, np.newaxis]).sum(axis=1)
    homes: Ints = people.homes[who, n_moves]
    return homes


def settled_on(people: People, who: Ints, day: Ints) -> Ints:
    """Return the day on which persons moved to where they live on a day.

    Parameters
    ----------
    people : People
        All persons.
    who, day : int array, shape (n,)
        Places in `people`, and days.

    Returns
    -------
    int array, shape (n,)
        Days: of the last move or immigration, or of settling before the registers begin.
    """
    moves = people.moves[who]
    last_move: Ints = np.where(moves <= day[:, np.newaxis], moves, 0).max(axis=1)
    back = np.where(people.back[who] <= day, people.back[who], 0)
    settled: Ints = np.maximum(people.settled[who], np.maximum(last_move, back))
    return settled


def moved_in_the_year_before(people: People, who: Ints, day: Ints) -> Bools:
    """Say who moved earlier in the calendar year, which the yearly population register would only show at its end.

    Parameters
    ----------
    people : People
        All persons.
    who, day : int array, shape (n,)
        Places in `people`, and days.

    Returns
    -------
    bool array, shape (n,)
        True for those whose home on the day no yearly record would show if they left on it.
    """
    moves = people.moves[who]
    same_year = year_number(moves) == year_number(day)[:, np.newaxis]
    moved: Bools = (same_year & (moves <= day[:, np.newaxis])).any(axis=1)
    return moved


def any_day(rng: np.random.Generator, scenario: Scenario, people: People, who: Ints) -> Ints:
    """Draw a day between each person's first offence and the end of the registers.

    Parameters
    ----------
    rng : Generator
        Source of chance.
    scenario : Scenario
        The made-up world.
    people : People
        All persons.
    who : int array, shape (n,)
        Places in `people`.

    Returns
    -------
    int array, shape (n,)
        Days.
    """
    until = np.full(who.size, day_number(scenario.calendar.vintage))
    return days_between(rng, people.first_offence[who], until)


def is_here(people: People, who: Ints, day: Ints) -> Bools:
    """Say who is alive and not abroad on a day.

    Parameters
    ----------
    people : People
        All persons.
    who, day : int array, shape (n,)
        Places in `people`, and days.

    Returns
    -------
    bool array, shape (n,)
        True for those who are here.
    """
    abroad = (people.out[who] <= day) & (people.back[who] > day)
    here: Bools = (day < people.death[who]) & ~abroad
    return here


def _first_offences(rng: np.random.Generator, scenario: Scenario, custody: Bools) -> Ints:
    start = np.full(custody.size, day_number(scenario.calendar.register_start), np.int64)
    until = np.where(
        custody, day_number(scenario.people.first_offence_until), day_number(scenario.people.first_fine_until)
    )
    return days_between(rng, start, until)


def _settled(rng: np.random.Generator, scenario: Scenario, birth: Ints) -> Ints:
    start = day_number(scenario.calendar.register_start)
    drawn = start - 30 - rng.exponential(1500.0, birth.size).astype(np.int64)
    return np.maximum(birth, drawn)


def _priors(rng: np.random.Generator, mean: float, custody: Bools) -> Ints:
    drawn = rng.negative_binomial(0.8, 0.8 / (0.8 + mean), custody.size)
    return np.where(custody, drawn, drawn // 4).astype(np.int64)


def _homes(rng: np.random.Generator, scenario: Scenario, size: int) -> Ints:
    inhabitants = np.array([thousands for _, _, thousands in scenario.municipalities])
    pilots = list(scenario.pilot_indices)
    inhabitants[pilots] = 0.0
    shares = inhabitants / inhabitants.sum() * (1 - len(pilots) * scenario.geography.pilot_share)
    shares[pilots] = scenario.geography.pilot_share
    return choose(rng, shares, size * 3).reshape(size, 3)


def _moves(rng: np.random.Generator, scenario: Scenario, size: int) -> Ints:
    geography = scenario.geography
    n_years = len(_MOVING_YEARS)
    first_year = rng.integers(0, n_years, size)
    second_year = first_year + 1 + rng.integers(0, n_years, size)
    first_moves = with_chance(rng, geography.first_move_share, size)
    second_moves = first_moves & with_chance(rng, geography.second_move_share, size) & (second_year < n_years)
    drawn = np.stack([_day_in_year(rng, first_year), _day_in_year(rng, second_year)], axis=1)
    return np.where(np.stack([first_moves, second_moves], axis=1), drawn, NEVER)


def _day_in_year(rng: np.random.Generator, year_place: Ints) -> Ints:
    january = (year_place + (_MOVING_YEARS[0] - 1970)) * 12
    start = january.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    return days_between(rng, start, add_months(start, 12))


def _years_to_death(rng: np.random.Generator, yearly: float, age_years: Floats) -> Ints:
    # Gompertz: the hazard doubles in fifteen years; the draw inverts the cumulative hazard.
    slope = np.log(2.0) / 15.0
    now = yearly * np.exp(slope * (age_years - 38.0))
    years = np.log1p(slope * rng.exponential(1.0, age_years.size) / now) / slope
    days: Ints = (years * 365.25).astype(np.int64) + 1
    return days
