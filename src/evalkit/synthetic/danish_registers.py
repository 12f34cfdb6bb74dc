"""Danish registers of a made-up world, and their truth put together."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from evalkit.synthetic.cohort_truth import Arm, arms_of, cumulative_incidence, prison_releases, reoffending_of
from evalkit.synthetic.days import Ints, add_months, year_number
from evalkit.synthetic.drawn import Drawn, ExtractRows
from evalkit.synthetic.follow_up_truth import continuity_of, status_of
from evalkit.synthetic.process_truth import process_of
from evalkit.synthetic.rate_truth import rates_of
from evalkit.synthetic.registers import LAYOUTS, register_frame
from evalkit.synthetic.scenario import Scenario
from evalkit.synthetic.trap_counts import extract_truth, person_counts
from evalkit.synthetic.traps import bad_rows
from evalkit.synthetic.truth import ArmTruth, EffectTruth, ExtractTruth, Truth
from evalkit.synthetic.world import World, simulate_world

__all__ = ["draw_registers", "register_rows"]

_TWO_YEARS_DAYS = 731
_RISK_MONTHS = (6, 12, 24)


def draw_registers(
    rng: np.random.Generator, scenario: Scenario, n_persons: int, progress: Callable[[str], None]
) -> Drawn:
    """Draw Danish registers.

    Parameters
    ----------
    rng : Generator
        Source of all chance.
    scenario : Scenario
        What to draw from.
    n_persons : int
        Persons in the registers.
    progress : callable
        Told what is being drawn.

    Returns
    -------
    Drawn
        Ready to be written.
    """
    world = simulate_world(rng, scenario, n_persons, progress)

    def truth(seed: int, extracts: Mapping[str, ExtractTruth]) -> Truth:
        return _truth_of(world, seed, extracts)

    return Drawn(LAYOUTS, lambda layout: register_rows(layout, rng, world), truth)


def register_rows(layout: str, rng: np.random.Generator, world: World) -> ExtractRows:
    """Write one register, with rows that must not be used.

    Parameters
    ----------
    layout : str
        The register.
    rng : Generator
        Source of chance.
    world : World
        What happened.

    Returns
    -------
    ExtractRows
        The extract.
    """
    good = register_frame(layout, rng, world)
    bad = bad_rows(layout, rng, world, good)
    return ExtractRows(good, bad, extract_truth(layout, world, good, bad))


def _truth_of(world: World, seed: int, extracts: Mapping[str, ExtractTruth]) -> Truth:
    scenario = world.scenario
    arms = arms_of(world)
    truths = {name: _arm_truth(world, arm) for name, arm in arms.items()}
    model = scenario.reoffending
    return Truth(
        scenario=scenario.label,
        seed=seed,
        n_persons=world.people.size,
        arms=truths,
        process={name: process_of(world, arm, tuple(extracts)) for name, arm in arms.items()},
        rates={name: rates_of(world, arm, tuple(extracts)) for name, arm in arms.items()},
        effect=_effect(arms["pilot"]) if scenario.programme.compares else None,
        risk_difference=_risk_difference(truths) if scenario.programme.compares else None,
        published_risk={
            str(months): risk for months, risk in zip(model.published_months, model.published_risk, strict=True)
        },
        releases=_releases(world),
        persons=person_counts(world),
        extracts=dict(extracts),
    )


def _arm_truth(world: World, arm: Arm) -> ArmTruth:
    came = reoffending_of(world, arm)
    number = np.bincount(came.what, minlength=4)
    return ArmTruth(
        n_persons=arm.person.size,
        n_reoffended=int(number[1]),
        n_died=int(number[2]),
        n_emigrated=int(number[3]),
        risk={str(months): _share_by(arm, came.time, came.what, months) for months in _RISK_MONTHS},
        two_year_risk=round(cumulative_incidence(came.time, came.what), 6),
        continuity=continuity_of(world, arm),
        status=status_of(world, arm),
        n_pseudo_reconvictions=came.n_pseudo,
        n_late_decisions=came.n_late,
    )


def _share_by(arm: Arm, time: Ints, what: Ints, months: int) -> float:
    if not arm.person.size:
        return 0.0
    within = time <= add_months(arm.release, months) - arm.release
    return round(float(((what == 1) & within).mean()), 6)


def _risk_difference(arms: Mapping[str, ArmTruth]) -> float:
    return round(arms["pilot"].two_year_risk - arms["comparison"].two_year_risk, 6)


def _effect(pilot: Arm) -> EffectTruth:
    if not pilot.person.size:
        return EffectTruth(offered=0.0, not_offered=0.0, difference=0.0)
    offered = float((pilot.stays["days_to_offence"].to_numpy() <= _TWO_YEARS_DAYS).mean())
    without = float((pilot.stays["days_without_offer"].to_numpy() <= _TWO_YEARS_DAYS).mean())
    return EffectTruth(offered=round(offered, 6), not_offered=round(without, 6), difference=round(offered - without, 6))


def _releases(world: World) -> dict[str, dict[str, int]]:
    releases = prison_releases(world)
    year = year_number(releases["release"].to_numpy())
    home = releases["home"].to_numpy()
    calendar = world.scenario.calendar
    years = range(calendar.window_start.year, calendar.window_end.year)
    return {
        world.scenario.municipality_codes[pilot]: {str(y): int(((home == pilot) & (year == y)).sum()) for y in years}
        for pilot in world.scenario.pilot_indices
    }
