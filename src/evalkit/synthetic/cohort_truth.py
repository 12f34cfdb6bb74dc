"""Who is in the arms and who reoffended: counted in the world's own tables, by the rules of :mod:`~.truth`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from evalkit.synthetic.courts import FINE_CODES, is_guilty
from evalkit.synthetic.days import NEVER, Bools, Floats, Ints, add_months, completed_years, day_number, year_number
from evalkit.synthetic.world import World

__all__ = ["Arm", "Reoffending", "arms_of", "cumulative_incidence", "prison_releases", "reoffending_of"]

_FOLLOW_UP_MONTHS = 24
_DECISION_YEARS = 3
_TRAFFIC_LIMIT_KRONER = 2500
_CENSORED, _REOFFENDED, _DIED, _EMIGRATED = range(4)


@dataclass(frozen=True, slots=True)
class Arm:
    """The persons of an arm, one place in every array each.

    Parameters
    ----------
    person, admission, release : int array, shape (n,)
        Who, and the index stay's days.
    stays : DataFrame
        The index stays.
    """

    person: Ints
    admission: Ints
    release: Ints
    stays: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Reoffending:
    """What came first after release.

    Parameters
    ----------
    time : int array, shape (n,)
        Days to it; to the end of follow-up where nothing came.
    what : int array, shape (n,)
        0 nothing, 1 reoffended, 2 died, 3 emigrated.
    n_pseudo, n_late : int
        Persons with a pseudo-reconviction; persons whom only a late decision keeps from having reoffended.
    """

    time: Ints
    what: Ints
    n_pseudo: int
    n_late: int


def prison_releases(world: World) -> pl.DataFrame:
    """Return the releases in the window from the stays that the programme is for.

    Parameters
    ----------
    world : World
        What happened.

    Returns
    -------
    DataFrame
        Of the stays.
    """
    calendar = world.scenario.calendar
    first, stop = day_number(calendar.window_start), day_number(calendar.window_end)
    in_prison = pl.col("kind").is_in(world.scenario.stay_kinds)
    return world.stays.filter(in_prison & (pl.col("release") >= first) & (pl.col("release") < stop))


def arms_of(world: World) -> dict[str, Arm]:
    """Find the persons of each arm.

    Parameters
    ----------
    world : World
        What happened.

    Returns
    -------
    dict of str to Arm
        ``"pilot"`` and ``"comparison"``; only the first where the scenario does not compare.
    """
    index = _index_stays(world)
    if not world.scenario.programme.compares:
        return {"pilot": _arm(index)}
    people = world.people
    first_offer = np.full(people.size, NEVER, np.int64)
    np.minimum.at(first_offer, world.offers["person"].to_numpy(), world.offers["offered"].to_numpy())
    offered_before = first_offer[index["person"].to_numpy()] <= index["release"].to_numpy()
    in_pilot = pl.col("home").is_in(list(world.scenario.pilot_indices))
    return {
        "pilot": _arm(index.filter(in_pilot & pl.col("is_offered"))),
        "comparison": _arm(index.filter(~in_pilot & ~pl.Series(offered_before))),
    }


def _index_stays(world: World) -> pl.DataFrame:
    """Return each person's first eligible stay."""
    people, programme = world.people, world.scenario.programme
    releases = prison_releases(world)
    who, release = releases["person"].to_numpy(), releases["release"].to_numpy()
    age, (youngest, oldest) = completed_years(people.birth[who], release), programme.age_years
    eligible = release - releases["admission"].to_numpy() >= programme.offer_min_days
    eligible &= (age >= youngest) & (age <= oldest)
    eligible &= people.is_registered[who] & (people.death[who] > release)
    eligible &= ~((people.out[who] <= release) & (people.back[who] > release))
    return (
        releases.filter(pl.Series(eligible))
        .sort("person", "release")
        .unique("person", keep="first", maintain_order=True)
    )


def reoffending_of(world: World, arm: Arm) -> Reoffending:
    """Find what came first after release.

    Parameters
    ----------
    world : World
        What happened.
    arm : Arm
        The persons.

    Returns
    -------
    Reoffending
        Within 24 months.
    """
    people = world.people
    end = add_months(arm.release, _FOLLOW_UP_MONTHS)
    cases, release, decided_in_time = _guilty_cases(world, arm)
    offence = cases["registered_offence"].to_numpy()
    place = cases["place"].to_numpy()
    after = (offence > release) & (offence <= end[place])
    first = _first(arm.person.size, place[after & decided_in_time], offence[after & decided_in_time])
    death = np.where(people.death[arm.person] <= end, people.death[arm.person], NEVER)
    out = people.out[arm.person]
    out = np.where((out > arm.release) & (out <= end), out, NEVER)
    came = np.stack([first, death, out])
    what = np.where(came.min(axis=0) < NEVER, came.argmin(axis=0) + 1, _CENSORED)
    late = _first(arm.person.size, place[after], offence[after]) < np.minimum(death, out)
    decision = cases["final_decision"].to_numpy()
    pseudo = (offence <= release) & (decision > release) & (decision <= end[place])
    return Reoffending(
        time=np.minimum(came.min(axis=0), end) - arm.release,
        what=what,
        n_pseudo=int(np.unique(place[pseudo]).size),
        n_late=int((late & (what != _REOFFENDED)).sum()),
    )


def cumulative_incidence(time: Ints, what: Ints) -> float:
    """Return the share who reoffend, death competing and emigration censored.

    Parameters
    ----------
    time, what : int array, shape (n,)
        As in :class:`Reoffending`; whoever nothing happens to is followed to the end.

    Returns
    -------
    float
        Aalen-Johansen estimate at the end of follow-up.
    """
    time = np.where(what == _CENSORED, time.max(initial=0) + 1, time)
    days, place = np.unique(time, return_inverse=True)
    ends = np.bincount(place, minlength=days.size)
    events: Floats = np.bincount(place[what == _REOFFENDED], minlength=days.size).astype(np.float64)
    deaths = np.bincount(place[what == _DIED], minlength=days.size)
    at_risk = time.size - np.concatenate([[0], np.cumsum(ends)[:-1]])
    event_free = np.cumprod(1 - (events + deaths) / at_risk)
    before = np.concatenate([[1.0], event_free[:-1]])
    return float((before * events / at_risk).sum())


def _arm(index: pl.DataFrame) -> Arm:
    return Arm(index["person"].to_numpy(), index["admission"].to_numpy(), index["release"].to_numpy(), index)


def _guilty_cases(world: World, arm: Arm) -> tuple[pl.DataFrame, Ints, Bools]:
    of_person = np.full(world.people.size, -1, np.int64)
    of_person[arm.person] = np.arange(arm.person.size)
    cases = world.cases.with_columns(pl.Series("place", of_person[world.cases["person"].to_numpy()]))
    cases = _as_it_stands(cases.filter(pl.col("place") >= 0), arm)
    is_fine = pl.col("final_code").is_in(list(FINE_CODES))
    petty = (pl.col("group") // 1000 == 2) & is_fine & (pl.col("fine") < _TRAFFIC_LIMIT_KRONER)
    guilty = pl.Series(is_guilty(cases["final_code"].to_numpy())) & (cases["final_decision"] < NEVER)
    cases = cases.filter(guilty & ~petty)
    release = arm.release[cases["place"].to_numpy()]
    return cases, release, _years_after(cases["final_decision"].to_numpy(), release) <= _DECISION_YEARS


def _as_it_stands(cases: pl.DataFrame, arm: Arm) -> pl.DataFrame:
    """Let the first decision stand where the one after an appeal came too late."""
    release = arm.release[cases["place"].to_numpy()]
    first, final = cases["decision"].to_numpy(), cases["final_decision"].to_numpy()
    only_first = (_years_after(final, release) > _DECISION_YEARS) & (_years_after(first, release) <= _DECISION_YEARS)
    kept = pl.col("only_first")
    return cases.with_columns(only_first=pl.Series(only_first)).with_columns(
        final_decision=pl.when(kept).then("decision").otherwise("final_decision"),
        final_code=pl.when(kept).then("code").otherwise("final_code"),
        registered_offence=pl.when(kept & pl.col("is_charge_missing")).then("decision").otherwise("registered_offence"),
    )


def _years_after(day: Ints, release: Ints) -> Ints:
    return year_number(day) - year_number(release)


def _first(size: int, place: Ints, day: Ints) -> Ints:
    first = np.full(size, NEVER, np.int64)
    np.minimum.at(first, place, day)
    return first
