"""Made-up Norwegian registers: prisons, what people come out to, and their plans."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from evalkit.synthetic.days import NEVER, Bools, Ints
from evalkit.synthetic.draws import choose, with_chance
from evalkit.synthetic.norway_plans import draw_norwegian_plans
from evalkit.synthetic.norway_scenario import NorwayPlan
from evalkit.synthetic.norway_services import draw_programmes, draw_states
from evalkit.synthetic.norway_stays import EXITS, draw_norwegian_stays, draw_places
from evalkit.synthetic.plans import PlanTables
from evalkit.synthetic.population import draw_pseudonyms

__all__ = ["NorwayTables", "draw_norway"]


@dataclass(frozen=True, slots=True)
class NorwayTables:
    """What happened in Norway; days are NEVER where they did not come before the vintage.

    Parameters
    ----------
    plan : NorwayPlan
        What it was drawn from.
    pseudonym : str array, shape (n_persons,)
        One text in every register.
    is_woman : bool array, shape (n_persons,)
        Sex.
    home : int array, shape (n_persons,)
        Place in the scenario's municipalities.
    stays, places : DataFrame
        See :mod:`~.norway_stays`.
    states, programmes : DataFrame
        See :mod:`~.norway_services`.
    plans : PlanTables
        See :mod:`~.norway_plans`.
    """

    plan: NorwayPlan
    pseudonym: npt.NDArray[np.str_]
    is_woman: Bools
    home: Ints
    stays: pl.DataFrame
    places: pl.DataFrame
    states: pl.DataFrame
    programmes: pl.DataFrame
    plans: PlanTables


def draw_norway(rng: np.random.Generator, plan: NorwayPlan, n_persons: int) -> NorwayTables:
    """Draw Norwegian registers.

    Parameters
    ----------
    rng : Generator
        Source of all chance.
    plan : NorwayPlan
        What to draw from.
    n_persons : int
        Persons; each is in prison at least once.

    Returns
    -------
    NorwayTables
        The same for the same generator state.
    """
    stays = draw_norwegian_stays(rng, plan, n_persons)
    left = stays.filter(pl.col("release") < NEVER, pl.col("exit") != EXITS.index("dod"))
    return NorwayTables(
        plan=plan,
        pseudonym=draw_pseudonyms(rng, n_persons),
        is_woman=with_chance(rng, plan.women, n_persons),
        home=choose(rng, list(plan.municipalities.values()), n_persons),
        stays=stays,
        places=draw_places(rng, plan, stays),
        states=draw_states(rng, plan, left),
        programmes=draw_programmes(rng, plan, left),
        plans=draw_norwegian_plans(rng, plan, left),
    )
