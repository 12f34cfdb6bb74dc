"""Norwegian extracts, and their truth."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from evalkit.errors import InternalError
from evalkit.synthetic.drawn import Drawn, only_good_rows
from evalkit.synthetic.norway import draw_norway
from evalkit.synthetic.norway_registers import NORWAY_LAYOUTS, norway_frame
from evalkit.synthetic.norway_truth import norway_truth
from evalkit.synthetic.scenario import Scenario
from evalkit.synthetic.truth import ExtractTruth, Truth

__all__ = ["draw_norwegian_registers"]


def draw_norwegian_registers(
    rng: np.random.Generator, scenario: Scenario, n_persons: int, progress: Callable[[str], None]
) -> Drawn:
    """Draw Norwegian registers.

    Parameters
    ----------
    rng : Generator
        Source of all chance.
    scenario : Scenario
        What to draw from, with the table ``norway``.
    n_persons : int
        Persons; each is in prison at least once.
    progress : callable
        Told what is being drawn.

    Returns
    -------
    Drawn
        Ready to be written.
    """
    if scenario.norway is None:
        raise InternalError("A scenario of kind norway has its table.")
    progress("stays and services")
    tables = draw_norway(rng, scenario.norway, n_persons)

    def truth(seed: int, extracts: Mapping[str, ExtractTruth]) -> Truth:
        return Truth(
            scenario=scenario.label,
            seed=seed,
            n_persons=n_persons,
            norway=norway_truth(tables),
            extracts=dict(extracts),
        )

    return Drawn(NORWAY_LAYOUTS, lambda layout: only_good_rows(norway_frame(layout, tables)), truth)
