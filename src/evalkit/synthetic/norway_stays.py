"""Stays in Norwegian prisons: their lengths, how they end, and the prisons that people are moved between."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from evalkit.synthetic.days import NEVER, Ints, day_number
from evalkit.synthetic.draws import choose, days_between, lognormal_days, with_chance
from evalkit.synthetic.norway_scenario import GROUNDS, SENTENCE_EXITS, NorwayPlan

__all__ = ["EXITS", "draw_norwegian_stays", "draw_places"]

EXITS: Final = (*SENTENCE_EXITS, "varetekt_opphevet")
"""How a stay ends."""
_FULL_TERM, _DIED, _REMAND_LIFTED = (EXITS.index(name) for name in ("endt_straff", "dod", "varetekt_opphevet"))
_REMAND, _REMAND_SENTENCE, _SENTENCE, _FINE = range(4)
_MOST_STAYS = 6
_APART_DAYS = 20
_FINE_DAYS = (3, 13)
_DATE_IS_SET = 0.85


def draw_norwegian_stays(rng: np.random.Generator, plan: NorwayPlan, n_persons: int) -> pl.DataFrame:
    """Draw stays, one after the other.

    Parameters
    ----------
    rng : Generator
        Source of chance.
    plan : NorwayPlan
        What happens in Norway.
    n_persons : int
        Persons; each is in prison at least once.

    Returns
    -------
    DataFrame
        One row a stay, sorted by person and admission: person, stay (number from 1), ground (place in ``GROUNDS``),
        admission, sentence (its first day; NEVER without), release (NEVER where the stay is open when the registers
        end), exit (place in :data:`EXITS`; -1 while open), planned_release (NEVER where it is not set), next_admission
        (NEVER without).
    """
    vintage = day_number(plan.calendar.vintage)
    first, last = (day_number(day) for day in (plan.calendar.register_start, plan.calendar.window_end))
    admission = days_between(rng, np.full(n_persons, first), np.full(n_persons, last))
    further = rng.poisson(plan.further_stays_mean, n_persons)
    person, stays = np.arange(n_persons), []
    for number in range(_MOST_STAYS):
        stay = _stays(rng, plan, person, admission)
        stays.append(stay)
        goes_on = (further[person] > number) & (stay["exit"].to_numpy() != _DIED)
        again = stay["release"].to_numpy() + _APART_DAYS + lognormal_days(rng, *plan.free_days, person.size)
        goes_on &= again < vintage
        person, admission = person[goes_on], again[goes_on]
    drawn = pl.concat(stays).sort("person", "admission")
    is_open = pl.col("release") >= vintage
    never = pl.lit(NEVER, pl.Int64)
    return drawn.with_columns(
        stay=pl.int_range(1, pl.len() + 1),
        release=pl.when(is_open).then(never).otherwise("release"),
        exit=pl.when(is_open).then(pl.lit(-1, pl.Int64)).otherwise("exit"),
        next_admission=pl.col("admission").shift(-1).over("person").fill_null(NEVER),
    )


def draw_places(rng: np.random.Generator, plan: NorwayPlan, stays: pl.DataFrame) -> pl.DataFrame:
    """Draw the prisons of each stay: another one with every move, and with the beginning of a sentence after remand.

    Parameters
    ----------
    rng : Generator
        Source of chance.
    plan : NorwayPlan
        What happens in Norway.
    stays : DataFrame
        As :func:`draw_norwegian_stays` gives them.

    Returns
    -------
    DataFrame
        One row a stay in one prison: stay, start, prison (place in the scenario's); sorted.
    """
    vintage = day_number(plan.calendar.vintage)
    admission, until = stays["admission"].to_numpy(), np.minimum(stays["release"].to_numpy(), vintage)
    moves = np.where(stays["ground"].to_numpy() == _FINE, 0, rng.poisson(plan.transfers_mean, stays.height))
    moves = np.where(until - admission > 1, moves.clip(0, 5), 0)
    which = np.repeat(np.arange(stays.height), moves)
    number = stays["stay"].to_numpy()
    starts = [
        pl.DataFrame({"stay": number, "start": admission}),
        stays.filter(pl.col("sentence") < vintage, ground=_REMAND_SENTENCE).select("stay", start="sentence"),
        pl.DataFrame({"stay": number[which], "start": days_between(rng, admission[which] + 1, until[which])}),
    ]
    places = pl.concat(starts).unique().sort("stay", "start")
    further = rng.integers(1, len(plan.prisons), places.height)
    prison = pl.Series("prison", further).cum_sum() % len(plan.prisons)
    return places.with_columns(prison)


def _stays(rng: np.random.Generator, plan: NorwayPlan, person: Ints, admission: Ints) -> pl.DataFrame:
    n = person.size
    ground = choose(rng, [plan.grounds.get(name, 0.0) for name in GROUNDS], n)
    remand = 3 + lognormal_days(rng, *plan.remand_days, n)
    sentence = np.where(ground == _FINE, rng.integers(*_FINE_DAYS, n), 7 + lognormal_days(rng, *plan.sentence_days, n))
    remand = np.where(ground <= _REMAND_SENTENCE, remand, 0)
    sentence_start = admission + remand
    release = np.where(ground == _REMAND, sentence_start, sentence_start + sentence)
    ends = choose(rng, [plan.exits.get(name, 0.0) for name in SENTENCE_EXITS], n)
    ends = np.where(ground == _FINE, _FULL_TERM, np.where(ground == _REMAND, _REMAND_LIFTED, ends))
    is_set = (ground == _REMAND_SENTENCE) | (ground == _SENTENCE)
    is_set &= with_chance(rng, _DATE_IS_SET, n)
    planned = np.maximum(release + rng.integers(-10, 31, n), sentence_start)
    return pl.DataFrame(
        {
            "person": person,
            "ground": ground,
            "admission": admission,
            "sentence": np.where(ground == _REMAND, NEVER, sentence_start),
            "release": release,
            "exit": ends,
            "planned_release": np.where(is_set, planned, NEVER),
        }
    )
