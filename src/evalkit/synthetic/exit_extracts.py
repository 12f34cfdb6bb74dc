"""The Exit programme's extracts, on Danish registers of the same made-up world."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from evalkit.synthetic.danish_registers import register_rows
from evalkit.synthetic.drawn import Drawn, ExtractRows, only_good_rows
from evalkit.synthetic.exit_cases import draw_exit
from evalkit.synthetic.exit_registers import EXIT_LAYOUTS, exit_frame
from evalkit.synthetic.exit_truth import exit_truth
from evalkit.synthetic.registers import LAYOUTS
from evalkit.synthetic.scenario import Scenario
from evalkit.synthetic.trap_counts import person_counts
from evalkit.synthetic.truth import ExtractTruth, Truth
from evalkit.synthetic.world import simulate_world

__all__ = ["draw_exit_registers"]


def draw_exit_registers(
    rng: np.random.Generator, scenario: Scenario, n_persons: int, progress: Callable[[str], None]
) -> Drawn:
    """Draw Danish registers and the programme in them.

    Parameters
    ----------
    rng : Generator
        Source of all chance.
    scenario : Scenario
        What to draw from, with the table ``exit``.
    n_persons : int
        Persons in the registers.
    progress : callable
        Told what is being drawn.

    Returns
    -------
    Drawn
        Ready to be written. Contacts and plans are the programme's own.
    """
    world = simulate_world(rng, scenario, n_persons, progress)
    progress("cases")
    tables = draw_exit(rng, scenario, world)

    def rows(layout: str) -> ExtractRows:
        if layout in EXIT_LAYOUTS:
            return only_good_rows(exit_frame(layout, world, tables))
        return register_rows(layout, rng, world)

    def truth(seed: int, extracts: Mapping[str, ExtractTruth]) -> Truth:
        return Truth(
            scenario=scenario.label,
            seed=seed,
            n_persons=world.people.size,
            exit=exit_truth(world, tables),
            persons=person_counts(world),
            extracts=dict(extracts),
        )

    others = tuple(layout for layout in LAYOUTS if layout not in (*EXIT_LAYOUTS, "tilbud"))
    return Drawn((*others, *EXIT_LAYOUTS), rows, truth)
