"""Who leaves before the next offence does not commit it, not even on the same day."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from evalkit.synthetic import load_scenario
from evalkit.synthetic.days import NEVER, day_number
from evalkit.synthetic.leaving import leave
from evalkit.synthetic.population import draw_people


@pytest.mark.parametrize(("offence_after_death", "is_committed"), [(-1, True), (0, False), (1, False)])
def test_the_dead_do_not_offend(offence_after_death: int, *, is_committed: bool) -> None:
    rng, scenario = np.random.default_rng(1), load_scenario("haandholdt_inklusion")
    people = draw_people(rng, scenario, 50)
    death = np.full(50, day_number(scenario.calendar.window_start))
    people = replace(people, death=death, moves=np.full((50, 2), NEVER))
    offence = death + offence_after_death
    # Nobody emigrates: they are in custody to the end.
    found = leave(rng, scenario, people, who=np.arange(50), free_from=np.full(50, NEVER), next_start=offence)
    assert found.tolist() == (offence.tolist() if is_committed else [NEVER] * 50)
