"""Courses in the Exit programme: who is referred, what visitation comes to, and how the phases run."""

from __future__ import annotations

import numpy as np
import polars as pl

from evalkit.synthetic.custody import StayKind
from evalkit.synthetic.days import NEVER, Bools, Ints, add_months, completed_years, day_number
from evalkit.synthetic.draws import choose, days_between, with_chance
from evalkit.synthetic.exit_scenario import DECISIONS, DISCHARGES, ExitPlan, Span
from evalkit.synthetic.population import home_on, is_here
from evalkit.synthetic.world import World

__all__ = ["COMPLETED", "CRITERIA", "DIED", "draw_cases"]

CRITERIA = (
    "KRIMINALITET_ELLER_RISIKO",
    "BANDE",
    "UDEN_ARBEJDE_OG_UDDANNELSE",
    "BEHOV_FOR_INDSATS",
    "MOTIVERET",
    "UDVIKLINGSPOTENTIALE",
    "ALVORLIG_PSYKISK_SYGDOM",
    "SIKKERHED_TRUET",
    "MISBRUG_UDEN_BEHANDLING",
)
"""Columns of the case list: six that must hold, then three that must not."""

_ENROLLED, _REJECTED = DECISIONS.index("indskrevet"), DECISIONS.index("afvist")
COMPLETED, _LEFT, _PUT_OUT, DIED = range(4)
"""How a course ended: as place in `DISCHARGES`, or by death."""
_MUST_HOLD = np.arange(len(CRITERIA)) < 6
_FUNDED = 0.75
_FOLLOWED_TO_THE_END = 0.75
_FOLLOW_UP_MONTHS = 24


def draw_cases(rng: np.random.Generator, plan: ExitPlan, world: World) -> pl.DataFrame:
    """Draw the case list as it stands when the registers end.

    Parameters
    ----------
    rng : Generator
        Source of chance.
    plan : ExitPlan
        What happens in the programme.
    world : World
        Persons and what else they do. Death and emigration end a course.

    Returns
    -------
    DataFrame
        One row a case, sorted by person and referral: person, case (number from 1), home, referred, visited, decision
        (place in ``DECISIONS``, -1 without), enrolled, guidance, outro, discharged, reason (place in ``DISCHARGES``,
        or :data:`DIED`; -1 without), followed_until, has_offer, offer_ended, funded, level (0 without), and a column
        for each of :data:`CRITERIA`; funded and these are 1, 0, or -1 where nobody answered. Days are NEVER where they
        did not come before the vintage.
    """
    person, referred = _first_referrals(rng, plan, world)
    decision = choose(rng, [plan.decisions.get(name, 0.0) for name in DECISIONS], person.size)
    first = _cases(rng, plan, world, pl.DataFrame({"person": person, "referred": referred, "decision": decision}))
    again = _cases(rng, plan, world, _second_referrals(rng, plan, world, first))
    cases = pl.concat([first, again]).sort("person", "referred")
    return cases.with_columns(case=pl.int_range(1, pl.len() + 1)).drop("planned_end")


def _first_referrals(rng: np.random.Generator, plan: ExitPlan, world: World) -> tuple[Ints, Ints]:
    """Draw a day of each person's years in the target group."""
    people = world.people
    # Who is born on 29 February has the birthday on 1 March: a day is kept from either end.
    start = np.maximum(day_number(plan.referred_from), add_months(people.birth, 12 * plan.youngest) + 1)
    start = np.maximum(start, people.first_offence)
    stop = np.minimum(_referred_until(plan, world), add_months(people.birth, 12 * (plan.oldest + 1)) - 1)
    everybody = np.arange(people.size)
    referred = days_between(rng, start, stop)
    fits = (start < stop) & people.is_registered & is_here(people, everybody, referred)
    at_home = np.isin(home_on(people, everybody, referred), world.scenario.pilot_indices)
    chance = np.where(at_home, plan.referral_share, plan.elsewhere_share)
    person = np.flatnonzero(fits & with_chance(rng, chance, people.size))
    return person, referred[person]


def _second_referrals(rng: np.random.Generator, plan: ExitPlan, world: World, first: pl.DataFrame) -> pl.DataFrame:
    """Find those who broke off and were later released from a sentence, while they were young enough."""
    broke_off = first.filter(pl.col("reason").is_in([_LEFT, _PUT_OUT])).select("person", "enrolled", "discharged")
    sentences = world.stays.filter(pl.col("kind").is_in([int(StayKind.REMAND_SERVING), int(StayKind.SERVING)]))
    after = (pl.col("admission") >= pl.col("enrolled")) & (pl.col("release") > pl.col("discharged"))
    released = broke_off.join(sentences.select("person", "admission", "release"), on="person").filter(after)
    released = released.filter(pl.col("release") < NEVER).sort("person", "release")
    released = released.unique("person", keep="first", maintain_order=True)
    person, people = released["person"].to_numpy(), world.people
    referred = released["release"].to_numpy() + rng.integers(1, 31, person.size)
    fits = (completed_years(people.birth[person], referred) <= plan.oldest) & is_here(people, person, referred)
    fits &= (referred < _referred_until(plan, world)) & with_chance(rng, plan.again_share, person.size)
    return pl.DataFrame(
        {"person": person[fits], "referred": referred[fits], "decision": np.full(int(fits.sum()), _ENROLLED)}
    )


def _cases(rng: np.random.Generator, plan: ExitPlan, world: World, referrals: pl.DataFrame) -> pl.DataFrame:
    """Take referrals through visitation, the phases and discharge."""
    person, referred = referrals["person"].to_numpy(), referrals["referred"].to_numpy()
    vintage = day_number(world.scenario.calendar.vintage)
    home = home_on(world.people, person, referred)
    elsewhere = ~np.isin(home, world.scenario.pilot_indices)
    funded = np.where(elsewhere, with_chance(rng, _FUNDED, person.size), 0).astype(np.int64)
    decision = np.where(elsewhere & (funded == 0), _REJECTED, referrals["decision"].to_numpy())
    visited = referred + _days(rng, plan.visitation, person.size)
    decision = np.where(visited < vintage, decision, -1)
    enrolled = visited + rng.integers(0, 4, person.size)
    begins = (decision == _ENROLLED) & (enrolled < vintage) & is_here(world.people, person, enrolled)
    enrolled = np.where(begins, enrolled, NEVER)
    known = referrals.select("person", "referred").with_columns(
        home=pl.Series(home),
        visited=pl.Series(_known(visited, vintage)),
        decision=pl.Series(decision),
        enrolled=pl.Series(enrolled),
        funded=pl.Series(np.where(elsewhere, funded, -1)),
        level=pl.Series(choose(rng, (0.55, 0.2, 0.25), person.size)),
    )
    phases = _phases(rng, plan, world, person, enrolled)
    return (
        known.hstack(phases)
        .hstack(_offers(rng, plan, phases, enrolled, vintage))
        .hstack(_criteria(rng, plan, decision))
    )


def _phases(rng: np.random.Generator, plan: ExitPlan, world: World, person: Ints, enrolled: Ints) -> pl.DataFrame:
    n, vintage = person.size, day_number(world.scenario.calendar.vintage)
    intro, outro = _days(rng, plan.intro, n), _days(rng, plan.outro, n)
    most = plan.longest_days - intro - outro
    guidance = np.minimum(_days(rng, plan.guidance, n), most)
    planned_end = np.minimum(enrolled + intro + guidance + outro, NEVER)
    reason = choose(rng, [plan.discharge.get(name, 0.0) for name in DISCHARGES], n)
    broken = days_between(rng, enrolled + 3, planned_end)
    end, reason = _cut(world, person, enrolled, np.where(reason == COMPLETED, planned_end, broken), reason)
    ended = (enrolled < NEVER) & (end < vintage)
    begins = [enrolled + intro, enrolled + intro + guidance]
    begins = [np.where((enrolled < NEVER) & (day < np.minimum(end, vintage)), day, NEVER) for day in begins]
    followed = _followed(rng, world, person, np.where(ended & (reason != DIED), end, NEVER))
    return pl.DataFrame(
        {
            "guidance": begins[0],
            "outro": begins[1],
            "discharged": np.where(ended, end, NEVER),
            "reason": np.where(ended, reason, -1),
            "followed_until": _known(followed, vintage),
            "planned_end": planned_end,
        }
    )


def _cut(world: World, person: Ints, enrolled: Ints, end: Ints, reason: Ints) -> tuple[Ints, Ints]:
    """End courses early where people die or leave the country."""
    people = world.people
    out = np.where(people.out[person] > enrolled, people.out[person], NEVER)
    leaves, dies = out < end, people.death[person] <= np.minimum(end, out)
    reason = np.where(dies, DIED, np.where(leaves, _LEFT, reason))
    return np.minimum(end, np.minimum(out, people.death[person])), reason


def _followed(rng: np.random.Generator, world: World, person: Ints, discharged: Ints) -> Ints:
    """Draw the end of follow-up; NEVER without a discharge."""
    people, safe = world.people, np.where(discharged < NEVER, discharged, 0)
    whole = with_chance(rng, _FOLLOWED_TO_THE_END, person.size)
    months_end = add_months(safe, _FOLLOW_UP_MONTHS)
    until = np.where(whole, months_end, days_between(rng, safe + 30, months_end))
    out = np.where(people.out[person] >= safe, people.out[person], NEVER)
    return np.where(discharged < NEVER, np.minimum(until, np.minimum(people.death[person], out)), NEVER)


def _offers(
    rng: np.random.Generator, plan: ExitPlan, phases: pl.DataFrame, enrolled: Ints, vintage: int
) -> pl.DataFrame:
    """Draw offers of employment, and when they ended."""
    has_offer = (enrolled < NEVER) & with_chance(rng, plan.offer_share, enrolled.size)
    end = np.minimum(phases["discharged"].to_numpy(), phases["planned_end"].to_numpy())
    ended = days_between(rng, enrolled + 30, end + 60)
    ended = np.where(phases["reason"].to_numpy() == DIED, np.minimum(ended, end), ended)
    has_end = has_offer & with_chance(rng, plan.offer_ended_share, enrolled.size)
    return pl.DataFrame({"has_offer": has_offer, "offer_ended": _known(np.where(has_end, ended, NEVER), vintage)})


def _criteria(rng: np.random.Generator, plan: ExitPlan, decision: Ints) -> pl.DataFrame:
    """Answer the criteria: as they should be for most; those rejected fail at least one."""
    n, n_criteria = decision.size, len(CRITERIA)
    as_it_should: Bools = rng.random((n, n_criteria)) < np.where(decision == _ENROLLED, 0.99, 0.90)[:, np.newaxis]
    fails = rng.integers(0, n_criteria, n)
    as_it_should[np.arange(n), fails] &= decision != _REJECTED
    blank = rng.random((n, n_criteria)) < plan.blank_criteria
    answer = np.where(blank, -1, (as_it_should == _MUST_HOLD).astype(np.int64))
    return pl.DataFrame({name: answer[:, place] for place, name in enumerate(CRITERIA)})


def _days(rng: np.random.Generator, span: Span, size: int) -> Ints:
    """Draw whole days from the least to the most, about the mean."""
    width = span.most - span.least
    mean = (span.mean - span.least) / width
    drawn = span.least + width * rng.beta(4 * mean, 4 * (1 - mean), size)
    days: Ints = np.rint(drawn).astype(np.int64)
    return days


def _referred_until(plan: ExitPlan, world: World) -> int:
    return day_number(min(plan.referred_until, world.scenario.calendar.vintage))


def _known(day: Ints, vintage: int) -> Ints:
    return np.where(day < vintage, day, NEVER)
