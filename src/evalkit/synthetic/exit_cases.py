"""The Exit programme in a made-up world: its cases, and what its workers write down about them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from evalkit.errors import ConfigError
from evalkit.synthetic.days import day_number
from evalkit.synthetic.exit_contacts import draw_exit_contacts
from evalkit.synthetic.exit_courses import draw_cases
from evalkit.synthetic.exit_measurements import draw_compass, draw_psychology
from evalkit.synthetic.exit_plans import draw_exit_plans
from evalkit.synthetic.plans import PlanTables
from evalkit.synthetic.scenario import Scenario
from evalkit.synthetic.world import World

__all__ = ["ExitTables", "draw_exit"]


@dataclass(frozen=True, slots=True)
class ExitTables:
    """What happened in the programme; days are NEVER where they did not come before the vintage.

    Parameters
    ----------
    cases : DataFrame
        See :func:`~.exit_courses.draw_cases`.
    compass, psychology : DataFrame
        See :mod:`~.exit_measurements`.
    contacts : DataFrame
        See :func:`~.exit_contacts.draw_exit_contacts`.
    plans : PlanTables
        See :func:`~.exit_plans.draw_exit_plans`.
    """

    cases: pl.DataFrame
    compass: pl.DataFrame
    psychology: pl.DataFrame
    contacts: pl.DataFrame
    plans: PlanTables


def draw_exit(rng: np.random.Generator, scenario: Scenario, world: World) -> ExitTables:
    """Draw the Exit programme.

    Parameters
    ----------
    rng : Generator
        Source of chance.
    scenario : Scenario
        The made-up world, with the table ``exit``.
    world : World
        What happens besides the programme.

    Returns
    -------
    ExitTables
        The same for the same generator state.

    Raises
    ------
    ConfigError
        When the scenario says nothing of the programme.
    """
    plan = scenario.exit
    if plan is None:
        raise ConfigError(f"{scenario.name}: the scenario has no table [exit].")
    vintage = day_number(scenario.calendar.vintage)
    cases = draw_cases(rng, plan, world)
    return ExitTables(
        cases=cases,
        compass=draw_compass(rng, plan, cases, vintage),
        psychology=draw_psychology(rng, plan, cases, vintage),
        contacts=draw_exit_contacts(rng, plan, world, cases),
        plans=draw_exit_plans(rng, plan, world, cases),
    )
