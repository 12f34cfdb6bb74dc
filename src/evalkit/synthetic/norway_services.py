"""What people in Norway come out to: registered work and measures, and the qualification programme."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from evalkit.synthetic.days import NEVER, Ints, day_number
from evalkit.synthetic.draws import choose, choose_code, lognormal_days, with_chance
from evalkit.synthetic.norway_scenario import EXIT_STATES, NorwayPlan

__all__ = ["MOVED", "UNDER_WAY", "draw_programmes", "draw_states"]

UNDER_WAY, MOVED = 1, 5
"""STATUS of a programme."""
_BEFORE, _WITHIN, _LATER, _NONE = range(4)
_WITHOUT, _UNEMPLOYED = 0, 1
_LONGEST_DAYS = 730
_EARLIER, _SECOND_EXIT = 0.08, 0.10
_ENDS_THE_DAY_BEFORE, _STARTS_THE_DAY_AFTER, _GOES_ON_AS_ANOTHER = 0.15, 0.15, 0.5
_LATER_DAYS: Final = 200


def draw_states(rng: np.random.Generator, plan: NorwayPlan, releases: pl.DataFrame) -> pl.DataFrame:
    """Draw spells of main states at NAV about releases.

    Parameters
    ----------
    rng : Generator
        Source of chance.
    plan : NorwayPlan
        What happens in Norway.
    releases : DataFrame
        Stays that ended, with person, admission, release and next_admission.

    Returns
    -------
    DataFrame
        person, state (code), start, last (its last day; NEVER where it goes on when the registers end); sorted. Spells
        of a person do not overlap. Some end the day before a release, and some start the day after it.
    """
    n, vintage = releases.height, day_number(plan.calendar.vintage)
    admission, release = releases["admission"].to_numpy(), releases["release"].to_numpy()
    shares: dict[str, float] = {str(state): share for state, share in plan.state_at_release.items()}
    state = choose_code(rng, shares | {str(_WITHOUT): 1 - sum(shares.values())}, n)
    without = state == _WITHOUT
    start = np.maximum(admission, release - rng.integers(0, 60, n))
    last = release + rng.exponential(90.0, n).astype(np.int64)
    before = without & with_chance(rng, _ENDS_THE_DAY_BEFORE, n) & (start < release)
    after = without & ~before & with_chance(rng, _STARTS_THE_DAY_AFTER, n)
    start, last = np.where(after, release + 1, start), np.where(before, release - 1, np.where(after, last + 20, last))
    state = np.where(before | after, choose_code(rng, shares, n), state)
    spells = releases.select("person", "next_admission").with_columns(
        state=pl.Series(state), start=pl.Series(start), last=pl.Series(last)
    )
    further = spells.filter(pl.Series(with_chance(rng, _GOES_ON_AS_ANOTHER, n) & (state > _UNEMPLOYED) & ~before))
    again = further.with_columns(
        state=pl.lit(_UNEMPLOYED, pl.Int64),
        start=pl.col("last") + 1,
        last=pl.col("last") + 1 + pl.Series(30 + lognormal_days(rng, 90.0, 0.7, further.height)),
    )
    drawn = pl.concat([spells.filter(pl.col("state") != _WITHOUT), again])
    drawn = drawn.with_columns(last=pl.min_horizontal("last", pl.col("next_admission") - 1))
    known = pl.when(pl.col("last") < vintage).then("last").otherwise(pl.lit(NEVER, pl.Int64))
    fits = (pl.col("start") <= pl.col("last")) & (pl.col("start") < vintage)
    return drawn.filter(fits).with_columns(last=known).drop("next_admission").sort("person", "start")


def draw_programmes(rng: np.random.Generator, plan: NorwayPlan, releases: pl.DataFrame) -> pl.DataFrame:
    """Draw qualification programmes about releases.

    Parameters
    ----------
    rng : Generator
        Source of chance.
    plan : NorwayPlan
        What happens in Norway.
    releases : DataFrame
        As in :func:`draw_states`.

    Returns
    -------
    DataFrame
        person, begun, ended (its last day; NEVER where it goes on when the registers end), status (that of the form),
        exit and second_exit (places in ``EXIT_STATES``, -1 without); sorted. Programmes of a person do not overlap.
        Whoever moved has no exit.
    """
    n, vintage = releases.height, day_number(plan.calendar.vintage)
    begun, ended = _programme_days(rng, plan, releases)
    drawn = releases.select("person").with_columns(begun=pl.Series(begun), ended=pl.Series(ended))
    status = choose_code(rng, {str(code): share for code, share in plan.kvp_states.items()}, n)
    went_to = [choose(rng, [plan.kvp_exits.get(name, 0.0) for name in EXIT_STATES], n) for _ in range(2)]
    second = np.where(with_chance(rng, _SECOND_EXIT, n) & (went_to[0] != went_to[1]), went_to[1], -1)
    is_known = ended < vintage
    has_exit = is_known & (status != MOVED)
    drawn = drawn.with_columns(
        ended=pl.Series(np.where(is_known, ended, NEVER)),
        status=pl.Series(np.where(is_known, status, UNDER_WAY)),
        exit=pl.Series(np.where(has_exit, went_to[0], -1)),
        second_exit=pl.Series(np.where(has_exit, second, -1)),
    )
    drawn = drawn.filter(pl.col("begun") < vintage).sort("person", "begun")
    reached = pl.col("ended").cum_max().shift(1).over("person").fill_null(-NEVER)
    return drawn.filter(pl.col("begun") > reached)


def _programme_days(rng: np.random.Generator, plan: NorwayPlan, releases: pl.DataFrame) -> tuple[Ints, Ints]:
    """Draw the first and the last day; NEVER for releases without a programme."""
    n = releases.height
    admission, release = releases["admission"].to_numpy(), releases["release"].to_numpy()
    shares = (plan.kvp_before, plan.kvp_within_days, plan.kvp_later)
    when = choose(rng, (*shares, 1 - sum(shares)), n)
    begun = np.choose(
        when,
        [
            release - rng.integers(0, 60, n),
            release + rng.integers(1, plan.within_days + 1, n),
            release + rng.integers(plan.within_days + 1, _LATER_DAYS, n),
            np.full(n, NEVER),
        ],
    )
    length = np.minimum(30 + lognormal_days(rng, *plan.kvp_days, n), _LONGEST_DAYS)
    # Of those in one on the day of release some have their last day on it.
    ended = np.where(when == _BEFORE, np.maximum(begun + length, release + rng.integers(0, 40, n)), begun + length)
    earlier = (when == _NONE) & with_chance(rng, _EARLIER, n)
    last = np.where(rng.random(n) < 0.5, release - 1, admission - 10)
    begun, ended = np.where(earlier, last - length, begun), np.where(earlier, last, ended)
    return begun, np.where(begun < NEVER, ended, NEVER)
