"""Contacts: with the programme's consultants, meetings and talks before release, notices to the municipality."""

from __future__ import annotations

import numpy as np
import polars as pl

from evalkit.synthetic.custody import StayKind
from evalkit.synthetic.custody_events import moves_of
from evalkit.synthetic.days import NEVER, Ints, day_number
from evalkit.synthetic.draws import days_between, with_chance
from evalkit.synthetic.scenario import Scenario

__all__ = ["NOTICE", "TALKS", "THREE_PARTY", "UNKNOWN", "draw_contacts"]

NOTICE, THREE_PARTY = "underretning", "trepart"
TALKS = ("besoeg", "moede")
"""Kinds of contact that are a talk with the person, besides the three-party meeting."""
UNKNOWN = -1
"""Of `attended`: nobody said whether the person came."""
_MOST = 80
_SAID_SHARE = 0.7
_MEETING_WITHIN_DAYS = 60
_TOLD_AFTER_DAYS = 4.0
_ONE_TALK_SHARE = 0.25
_BY_CONSULTANTS = (*TALKS, "telefon")


def draw_contacts(
    rng: np.random.Generator, scenario: Scenario, stays: pl.DataFrame, offers: pl.DataFrame, events: pl.DataFrame
) -> pl.DataFrame:
    """Draw all contacts.

    Parameters
    ----------
    rng : Generator
        Source of chance.
    scenario : Scenario
        The made-up world.
    stays, offers, events : DataFrame
        All stays, the pilot's offers, and what happens in the stays.

    Returns
    -------
    DataFrame
        person, day, kind (text), attended (1 came, 0 did not, :data:`UNKNOWN`); sorted.
    """
    vintage = day_number(scenario.calendar.vintage)
    inside = _of_the_period(scenario, stays)
    meetings = [*_with_consultants(rng, scenario, offers, vintage), _three_party(rng, scenario, inside)]
    met = pl.concat([*meetings, _talks(rng, scenario, inside)])
    came = np.where(with_chance(rng, scenario.release_work.missed_share, met.height), 0, 1)
    came = np.where((came == 0) | with_chance(rng, _SAID_SHARE, met.height), came, UNKNOWN)
    told = pl.concat([_of_admission(rng, scenario, inside), _of_moves(rng, scenario, inside, events)])
    told = told.with_columns(pl.lit(UNKNOWN, pl.Int64).alias("attended"))
    return pl.concat([met.with_columns(pl.Series("attended", came)), told]).sort("person", "day", "kind", "attended")


def _of_the_period(scenario: Scenario, stays: pl.DataFrame) -> pl.DataFrame:
    """Return stays that touch the window, with the day until which they are seen."""
    calendar = scenario.calendar
    until = pl.min_horizontal("release", pl.lit(day_number(calendar.vintage)))
    touches = (pl.col("release") >= day_number(calendar.window_start)) & (
        pl.col("admission") < day_number(calendar.window_end)
    )
    return stays.with_columns(until=until).filter((pl.col("kind") <= int(StayKind.SERVING)) & touches)


def _with_consultants(
    rng: np.random.Generator, scenario: Scenario, offers: pl.DataFrame, vintage: int
) -> list[pl.DataFrame]:
    programme = scenario.programme
    enrolled = offers.filter(pl.col("enrolled") < NEVER)
    first, release = enrolled["enrolled"].to_numpy(), enrolled["release"].to_numpy()
    last = np.minimum(enrolled["discharged"].to_numpy(), vintage)
    who = enrolled["person"].to_numpy()
    spans = (
        (first, np.minimum(release, last), programme.contacts_per_week_in_custody),
        (np.maximum(first, release), last, programme.contacts_per_week_after_release),
    )
    return [_at_a_rate(rng, who, start, stop, per_week) for start, stop, per_week in spans]


def _at_a_rate(rng: np.random.Generator, who: Ints, start: Ints, stop: Ints, per_week: float) -> pl.DataFrame:
    number = rng.poisson(np.maximum(stop - start, 0) / 7 * per_week).clip(0, _MOST)
    which = np.repeat(np.arange(who.size), number)
    kind = np.array(_BY_CONSULTANTS)[rng.integers(0, len(_BY_CONSULTANTS), which.size)]
    return _contacts(who[which], days_between(rng, start[which], stop[which]), kind)


def _three_party(rng: np.random.Generator, scenario: Scenario, inside: pl.DataFrame) -> pl.DataFrame:
    chance = scenario.release_work.three_party.chance(inside["is_offered"].to_numpy())
    held = inside.filter(pl.Series(with_chance(rng, chance, inside.height)))
    until = held["until"].to_numpy()
    start = np.maximum(held["admission"].to_numpy(), until - _MEETING_WITHIN_DAYS)
    return _contacts(held["person"].to_numpy(), days_between(rng, start, until), np.full(held.height, THREE_PARTY))


def _talks(rng: np.random.Generator, scenario: Scenario, inside: pl.DataFrame) -> pl.DataFrame:
    n = inside.height
    agreed = with_chance(rng, scenario.release_work.talks.chance(inside["is_offered"].to_numpy()), n)
    number = np.where(agreed, rng.integers(2, 4, n), with_chance(rng, _ONE_TALK_SHARE, n))
    which = np.repeat(np.arange(n), number)
    admission, until = inside["admission"].to_numpy(), inside["until"].to_numpy()
    kind = np.array(TALKS)[rng.integers(0, len(TALKS), which.size)]
    return _contacts(inside["person"].to_numpy()[which], days_between(rng, admission[which], until[which]), kind)


def _of_admission(rng: np.random.Generator, scenario: Scenario, inside: pl.DataFrame) -> pl.DataFrame:
    chance = scenario.release_work.told_of_admission.chance(inside["is_offered"].to_numpy())
    return _notices(rng, inside.filter(pl.Series(with_chance(rng, chance, inside.height))), "admission")


def _of_moves(rng: np.random.Generator, scenario: Scenario, inside: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    moved = inside.join(moves_of(events), on="stay", maintain_order="left")
    chance = scenario.release_work.told_of_transfer.chance(moved["is_offered"].to_numpy())
    return _notices(rng, moved.filter(pl.Series(with_chance(rng, chance, moved.height))), "day")


def _notices(rng: np.random.Generator, frame: pl.DataFrame, of: str) -> pl.DataFrame:
    """Tell the municipality within days, and before release."""
    later = rng.exponential(_TOLD_AFTER_DAYS, frame.height).astype(np.int64)
    day = np.minimum(frame[of].to_numpy() + later, frame["until"].to_numpy() - 1)
    return _contacts(frame["person"].to_numpy(), day, np.full(frame.height, NOTICE))


def _contacts(person: Ints, day: Ints, kind: np.ndarray[tuple[int], np.dtype[np.str_]]) -> pl.DataFrame:
    return pl.DataFrame({"person": person, "day": day, "kind": pl.Series(kind, dtype=pl.String)})
