"""Stays in custody: what kind, how long, and how they end."""

from __future__ import annotations

from enum import IntEnum

import numpy as np
import polars as pl

from evalkit.synthetic.days import NEVER, Bools, Ints, day_number
from evalkit.synthetic.draws import choose, lognormal_days, with_chance
from evalkit.synthetic.models import LogNormal
from evalkit.synthetic.scenario import Scenario

__all__ = ["Joint", "StayKind", "draw_admissions", "draw_stays"]


class StayKind(IntEnum):
    """What a stay is for."""

    REMAND = 0
    REMAND_SERVING = 1
    SERVING = 2
    HOME = 3
    FINE = 4


class Joint(IntEnum):
    """How the prison register joins remand and the serving that follows."""

    ONE_CASE = 0
    NEXT_DAY = 1
    """Another case number, from the day after the remand's release."""
    SAME_DAY = 2
    """Another case number, from the day of the remand's release."""
    NEVER_CLOSED = 3
    """Another case number; the remand's case never gets a release date."""


def draw_admissions(rng: np.random.Generator, scenario: Scenario, last_offence: Ints) -> tuple[Ints, Ints]:
    """Draw the kind of stay that follows a series of offences, and its first day.

    Parameters
    ----------
    rng : Generator
        Source of chance.
    scenario : Scenario
        The made-up world.
    last_offence : int array, shape (n,)
        Days.

    Returns
    -------
    tuple of int array
        Kinds (:class:`StayKind`) and days of admission, at least three days after the offence.
    """
    model = scenario.custody
    n = last_offence.size
    kind = choose(rng, [model.kinds[name] for name in ("remand", "remand_serving", "serving", "home")], n)
    arrested = last_offence + 3 + rng.exponential(20.0, n).astype(np.int64)
    summoned = last_offence + 40 + lognormal_days(rng, *model.summons_days, n)
    return kind, np.where(kind <= StayKind.REMAND_SERVING, arrested, summoned)


def draw_stays(rng: np.random.Generator, scenario: Scenario, who: Ints, kind: Ints, admission: Ints) -> pl.DataFrame:
    """Draw stays from admission to release.

    Parameters
    ----------
    rng : Generator
        Source of chance.
    scenario : Scenario
        The made-up world.
    who, kind, admission : int array, shape (n,)
        Persons, kinds and first days.

    Returns
    -------
    DataFrame
        One row a stay: person, kind, admission, serving_start (NEVER without), release (NEVER where the stay is open
        when the registers end), is_parole, is_strict, parole_days, joint, is_arrested, at_home_address.
    """
    model = scenario.custody
    n = who.size
    remand = np.where(
        kind == StayKind.REMAND, _length(rng, model.remand_only, n), _length(rng, model.remand_before_serving, n)
    )
    remand = np.where(kind <= StayKind.REMAND_SERVING, remand, 0)
    serving = _serving_days(rng, scenario, kind)
    joint = _joints(rng, model.other_case_share, kind == StayKind.REMAND_SERVING)
    serving_start = np.where(serving > 0, admission + remand + (joint == Joint.NEXT_DAY), NEVER)
    release = np.where(serving > 0, serving_start + serving, admission + remand)
    parole = _paroles(rng, scenario, kind, serving)
    return pl.DataFrame(
        {
            "person": who,
            "kind": kind,
            "admission": admission,
            "serving_start": serving_start,
            "release": np.where(release < day_number(scenario.calendar.vintage), release, NEVER),
            "is_parole": parole,
            "is_strict": parole & with_chance(rng, model.strict_parole_share, n),
            "parole_days": np.maximum(serving // 2, 180),
            "joint": joint,
            "is_arrested": (kind <= StayKind.REMAND_SERVING) & with_chance(rng, 0.9, n),
            "at_home_address": (kind == StayKind.HOME) & ~with_chance(rng, model.hjem_share, n),
        }
    )


def _length(rng: np.random.Generator, length: LogNormal, size: int) -> Ints:
    median, sigma = length
    return lognormal_days(rng, median, sigma, size) + 3


def _serving_days(rng: np.random.Generator, scenario: Scenario, kind: Ints) -> Ints:
    model = scenario.custody
    n = kind.size
    lengths = [
        np.zeros(n, np.int64),
        _length(rng, model.serving_after_remand, n),
        _length(rng, model.serving, n),
        _length(rng, model.home, n),
        rng.integers(4, 21, n),
    ]
    return np.stack(lengths)[kind, np.arange(n)]


def _joints(rng: np.random.Generator, other_case_share: float, has_both: Bools) -> Ints:
    joint = rng.integers(1, 4, has_both.size)
    return np.where(has_both & with_chance(rng, other_case_share, has_both.size), joint, Joint.ONE_CASE)


def _paroles(rng: np.random.Generator, scenario: Scenario, kind: Ints, serving: Ints) -> Bools:
    can_be: Bools = (serving >= scenario.custody.parole_min_days) & (kind != StayKind.FINE)
    paroled: Bools = can_be & with_chance(rng, scenario.custody.parole_share, kind.size)
    return paroled
