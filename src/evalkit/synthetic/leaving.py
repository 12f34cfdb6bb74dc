"""Death and emigration on the way to the next offence."""

from __future__ import annotations

import numpy as np

from evalkit.synthetic.days import NEVER, Bools, Ints, day_number
from evalkit.synthetic.draws import with_chance
from evalkit.synthetic.population import People, moved_in_the_year_before
from evalkit.synthetic.scenario import Scenario

__all__ = ["leave"]


def leave(
    rng: np.random.Generator, scenario: Scenario, people: People, *, who: Ints, free_from: Ints, next_start: Ints
) -> Ints:
    """Let some emigrate and some die before their next offence.

    Parameters
    ----------
    rng : Generator
        Source of chance.
    scenario : Scenario
        The made-up world.
    people : People
        All persons; moves, deaths and migrations are written into it.
    who, free_from, next_start : int array, shape (n,)
        Places in `people`; from when they are free (NEVER when in custody to the end); when they would offend next.

    Returns
    -------
    int array, shape (n,)
        When they offend next; NEVER when they do not. Emigrants who come back do so after their return.
    """
    next_start = _emigrate(rng, scenario, people, who, free_from, next_start)
    # Who dies on the day of the next offence commits none: nothing happens on the day of death.
    dies = (people.death[who] <= next_start) & (people.death[who] < day_number(scenario.calendar.vintage))
    # The population register is read once a year: a move and a death in the same year would leave no trace of the move,
    # so that death is called off.
    unseen = dies & moved_in_the_year_before(people, who, people.death[who])
    people.death[who] = np.where(unseen, NEVER, people.death[who])
    dies &= ~unseen
    _stop_moving(people, who[dies], people.death[who[dies]])
    return np.where(dies, NEVER, next_start)


def _emigrate(
    rng: np.random.Generator, scenario: Scenario, people: People, who: Ints, free_from: Ints, next_start: Ints
) -> Ints:
    model = scenario.people
    n = who.size
    vintage = day_number(scenario.calendar.vintage)
    chance = np.where(people.origin[who] == 2, 3.0, 1.0) * model.emigration_share
    out = free_from + 10 + (rng.random(n) * 900).astype(np.int64)
    emigrates = with_chance(rng, chance, n) & (people.out[who] == NEVER) & people.is_registered[who]
    emigrates &= out < np.minimum(np.minimum(next_start, people.death[who]), vintage)
    emigrates &= ~moved_in_the_year_before(people, who, out)
    back = out + 45 + rng.exponential(400.0, n).astype(np.int64)
    returns = emigrates & with_chance(rng, model.return_share, n) & (back < vintage - 30)
    again = back + 1 + rng.exponential(250.0, n).astype(np.int64)
    leaver = who[emigrates]
    people.out[leaver] = out[emigrates]
    people.back[who[returns]] = back[returns]
    _stop_moving(people, leaver, out[emigrates])
    _call_off_deaths_abroad(people, leaver)
    return np.where(emigrates, np.where(returns, again, NEVER), next_start)


def _stop_moving(people: People, who: Ints, day: Ints) -> None:
    people.moves[who] = np.where(people.moves[who] >= day[:, np.newaxis], NEVER, people.moves[who])


def _call_off_deaths_abroad(people: People, who: Ints) -> None:
    # The register of deaths holds residents only.
    abroad: Bools = people.death[who] < people.back[who]
    people.death[who] = np.where(abroad, NEVER, people.death[who])
