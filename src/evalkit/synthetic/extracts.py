"""A made-up world, written as register extracts with its truth."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from evalkit.errors import ConfigError
from evalkit.synthetic.danish_registers import draw_registers
from evalkit.synthetic.drawn import Drawn, ExtractRows
from evalkit.synthetic.exit_extracts import draw_exit_registers
from evalkit.synthetic.jobupdate import draw_referrals
from evalkit.synthetic.norway_extracts import draw_norwegian_registers
from evalkit.synthetic.scenario import Scenario
from evalkit.synthetic.truth import Truth

__all__ = ["write_extracts"]

_FEWEST_PERSONS = 100
_Draw = Callable[[np.random.Generator, Scenario, int, Callable[[str], None]], Drawn]
_KINDS: Final[dict[str, _Draw]] = {
    "registers": draw_registers,
    "exit": draw_exit_registers,
    "jobupdate": draw_referrals,
    "norway": draw_norwegian_registers,
}


def write_extracts(
    folder: Path, scenario: Scenario, *, n_persons: int, seed: int, progress: Callable[[str], None] | None = None
) -> Truth:
    """Write register extracts of a made-up world, and beside their folder ``truth.json``.

    Parameters
    ----------
    folder : Path
        Where ``<layout>.csv`` of each of the scenario's extracts goes; made if it is not there.
    scenario : Scenario
        What to draw from.
    n_persons : int
        Persons in the registers; at least 100. JobUpdate has the referrals that its document counts, whatever it is.
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
        When `n_persons` or `seed` is out of range, the scenario asks for an extract that its kind does not have, or the
        folder cannot be written.
    """
    if n_persons < _FEWEST_PERSONS:
        raise ConfigError(f"{n_persons} persons are too few for synthetic registers.", hint="Ask for at least 100.")
    if seed < 0:
        raise ConfigError("A seed is 0 or more.")
    tell = progress or _quiet
    rng = np.random.Generator(np.random.PCG64(seed))
    drawn = _KINDS[scenario.kind](rng, scenario, n_persons, tell)
    layouts = _layouts(scenario, drawn)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        extracts = {}
        for layout in layouts:
            tell(f"{layout}.csv")
            rows = drawn.rows(layout)
            _write(folder / f"{layout}.csv", rows)
            extracts[layout] = rows.truth
        tell("truth")
        truth = drawn.truth(seed, extracts)
        truth.write(folder.parent / "truth.json")
    except OSError as error:
        reason = error.strerror or "it cannot be written"
        raise ConfigError(f"{folder}: the extracts could not be written: {reason}.") from None
    return truth


def _quiet(_: str) -> None:
    return None


def _layouts(scenario: Scenario, drawn: Drawn) -> tuple[str, ...]:
    unknown = set(scenario.extracts) - set(drawn.layouts)
    if unknown:
        raise ConfigError(
            f"scenario {scenario.name}: extracts: {', '.join(sorted(unknown))} cannot be made up.",
            hint=f"One of {', '.join(drawn.layouts)}.",
        )
    return tuple(layout for layout in drawn.layouts if layout in scenario.extracts or not scenario.extracts)


def _write(path: Path, rows: ExtractRows) -> None:
    half = rows.good.height // 2
    with path.open("wb") as file:
        # The rows that cannot be right stand in the middle, where nobody looks.
        for part, is_first in ((rows.good[:half], True), (rows.bad, False), (rows.good[half:], False)):
            blank = part.with_columns(pl.col(pl.String).replace({"": None}))
            blank.write_csv(file, include_header=is_first, float_precision=2)
