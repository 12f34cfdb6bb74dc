"""A made-up world, written as register extracts with its truth."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl

from evalkit.errors import ConfigError
from evalkit.synthetic.cohort_truth import Arm, arms_of, cumulative_incidence, prison_releases, reoffending_of
from evalkit.synthetic.days import Ints, add_months, year_number
from evalkit.synthetic.follow_up_truth import continuity_of, status_of
from evalkit.synthetic.registers import LAYOUTS, register_frame
from evalkit.synthetic.scenario import Scenario
from evalkit.synthetic.trap_counts import extract_truth, person_counts
from evalkit.synthetic.traps import bad_rows
from evalkit.synthetic.truth import ArmTruth, EffectTruth, ExtractTruth, Truth
from evalkit.synthetic.world import World, simulate_world

__all__ = ["write_extracts"]

_FEWEST_PERSONS = 100
_TWO_YEARS_DAYS = 731
_RISK_MONTHS = (6, 12, 24)


def write_extracts(
    folder: Path, scenario: Scenario, *, n_persons: int, seed: int, progress: Callable[[str], None] | None = None
) -> Truth:
    """Write register extracts of a made-up world, and beside their folder ``truth.json``.

    Parameters
    ----------
    folder : Path
        Where ``<layout>.csv`` of every layout goes; made if it is not there.
    scenario : Scenario
        What to draw from.
    n_persons : int
        Persons in the registers; at least 100.
    seed : int
        The same seed gives the same bytes.
    progress : callable, optional
        Told what is being drawn or written.

    Returns
    -------
    Truth
        What was planted and what came out.

    Raises
    ------
    ConfigError
        When `n_persons` or `seed` is out of range, or the folder cannot be written.
    """
    if n_persons < _FEWEST_PERSONS:
        raise ConfigError(f"{n_persons} persons are too few for synthetic registers.", hint="Ask for at least 100.")
    if seed < 0:
        raise ConfigError("A seed is 0 or more.")
    tell = progress or _quiet
    rng = np.random.Generator(np.random.PCG64(seed))
    world = simulate_world(rng, scenario, n_persons, tell)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        extracts = {layout: _write_layout(folder, layout, rng, world, tell) for layout in LAYOUTS}
        tell("truth")
        truth = _truth_of(world, seed, extracts)
        truth.write(folder.parent / "truth.json")
    except OSError as error:
        reason = error.strerror or "it cannot be written"
        raise ConfigError(f"{folder}: the extracts could not be written: {reason}.") from None
    return truth


def _quiet(_: str) -> None:
    return None


def _write_layout(
    folder: Path, layout: str, rng: np.random.Generator, world: World, tell: Callable[[str], None]
) -> ExtractTruth:
    tell(f"{layout}.csv")
    frame = register_frame(layout, rng, world)
    bad = bad_rows(layout, rng, world, frame)
    half = frame.height // 2
    with (folder / f"{layout}.csv").open("wb") as file:
        # The rows that cannot be right stand in the middle, where nobody looks.
        for part, is_first in ((frame[:half], True), (bad, False), (frame[half:], False)):
            blank = part.with_columns(pl.col(pl.String).replace({"": None}))
            blank.write_csv(file, include_header=is_first, float_precision=2)
    return extract_truth(layout, world, frame, bad)


def _truth_of(world: World, seed: int, extracts: dict[str, ExtractTruth]) -> Truth:
    scenario = world.scenario
    arms = arms_of(world)
    truths = {name: _arm_truth(world, arm) for name, arm in arms.items()}
    model = scenario.reoffending
    return Truth(
        scenario=f"{scenario.name}@{scenario.fingerprint}",
        seed=seed,
        n_persons=world.people.size,
        arms=truths,
        effect=_effect(arms["pilot"]),
        risk_difference=round(truths["pilot"].two_year_risk - truths["comparison"].two_year_risk, 6),
        published_risk={
            str(months): risk for months, risk in zip(model.published_months, model.published_risk, strict=True)
        },
        releases=_releases(world),
        persons=person_counts(world),
        extracts=extracts,
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
