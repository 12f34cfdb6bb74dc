"""How often 95 % bands hold the whole truth, by simulation; the table is committed as survival_band_coverage.csv."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import pytest

from evalkit.survival import aalen_johansen, difference_band, hall_wellner_band, kaplan_meier, simultaneous_band

Array = npt.NDArray[Any]
TABLE = Path(__file__).with_name("survival_band_coverage.csv")
REPLICATES = 2000
# Two-cause exponential hazards by day, censoring from day 20 to day 100, 400 persons an arm.
HAZARD, OTHER, PERSONS = 0.015, 0.004, 400
# Bands run from day 10 to day 60, chosen before the data are seen.
FROM, UNTIL = 10, 60


def _days(generator: np.random.Generator, hazard: float, n: int) -> tuple[Array, Array]:
    """Whole days in discrete time: each day's risk is 1 - exp(-hazard), so the truth is exact."""
    relapse, death = (generator.geometric(1 - np.exp(-rate), n) for rate in (hazard, OTHER))
    censored = generator.integers(20, 101, n)
    first = np.minimum(np.minimum(relapse, death), censored)
    # on one day relapse is counted before death, and both before censoring
    return first, np.where(relapse == first, 1, np.where(death == first, 2, 0))


def _survival(hazard: float, day: Array) -> Array:
    return np.asarray(np.exp(-hazard * day))


def _incidence(hazard: float, day: Array) -> Array:
    stay = np.exp(-hazard - OTHER)
    return np.asarray((1 - np.exp(-hazard)) * (1 - stay**day) / (1 - stay))


def _without_deaths(time: Array, event: Array) -> tuple[Array, Array]:
    """Deaths censor, on the day after: the risk set of the event's day still holds who dies that day."""
    return time + (event == 2), event == 1


def _holds(frame: pl.DataFrame, truth: Callable[[Array], Array]) -> bool:
    day, low, high = (frame[name].to_numpy() for name in ("time", "band_low", "band_high"))
    return bool(np.all((low <= truth(day)) & (truth(day) <= high)))


def _kaplan_meier(generator: np.random.Generator) -> bool:
    curve = kaplan_meier(*_without_deaths(*_days(generator, HAZARD, PERSONS)))
    band = simultaneous_band(curve, seed=generator, from_time=FROM, until=UNTIL)
    return _holds(band.tidy(), lambda day: _survival(HAZARD, day))


def _hall_wellner(generator: np.random.Generator) -> bool:
    curve = kaplan_meier(*_without_deaths(*_days(generator, HAZARD, PERSONS)))
    return _holds(hall_wellner_band(curve, until=UNTIL).tidy(), lambda day: _survival(HAZARD, day))


def _weighted(generator: np.random.Generator) -> bool:
    # two kinds of persons; the riskier kind is sampled twice as often, the weights undo it
    risky = generator.random(PERSONS) < 2 / 3
    low, high = _days(generator, 0.5 * HAZARD, PERSONS), _days(generator, 1.5 * HAZARD, PERSONS)
    time, event = np.where(risky, high[0], low[0]), np.where(risky, high[1], low[1])
    curve = kaplan_meier(*_without_deaths(time, event), sampling_weight=np.where(risky, 1.0, 2.0))
    band = simultaneous_band(curve, seed=generator, from_time=FROM, until=UNTIL)
    return _holds(band.tidy(), lambda day: (_survival(0.5 * HAZARD, day) + _survival(1.5 * HAZARD, day)) / 2)


def _competing(generator: np.random.Generator) -> bool:
    curves = aalen_johansen(*_days(generator, HAZARD, PERSONS))
    band = simultaneous_band(curves, seed=generator, from_time=FROM, until=UNTIL)
    return _holds(band.tidy(), lambda day: _incidence(HAZARD, day))


def _by_default(generator: np.random.Generator) -> bool:
    # the default range hangs on the data: 20 with the event, without it and at risk
    band = simultaneous_band(aalen_johansen(*_days(generator, HAZARD, PERSONS)), seed=generator)
    return _holds(band.tidy(), lambda day: _incidence(HAZARD, day))


def _clustered(generator: np.random.Generator) -> bool:
    # the same day and event for all four of a cluster with probability one half, else each their own
    size = 4
    own = _days(generator, HAZARD, PERSONS)
    cluster = np.arange(PERSONS) // size
    together = np.repeat(generator.random(PERSONS // size) < 0.5, size)
    time, event = (np.where(together, column[size * cluster], column) for column in own)
    curves = aalen_johansen(time, event, cluster=cluster)
    band = simultaneous_band(curves, seed=generator, from_time=FROM, until=UNTIL)
    return _holds(band.tidy(), lambda day: _incidence(HAZARD, day))


def _difference(generator: np.random.Generator) -> bool:
    arms = [_days(generator, hazard, PERSONS) for hazard in (HAZARD, 0.7 * HAZARD)]
    time, event = (np.concatenate([arm[column] for arm in arms]) for column in (0, 1))
    curves = aalen_johansen(time, event, group=np.repeat([0, 1], PERSONS))
    band = difference_band(curves, reference=0, treated=1, seed=generator, from_time=FROM, until=UNTIL)
    return _holds(band.tidy(), lambda day: _incidence(0.7 * HAZARD, day) - _incidence(HAZARD, day))


CASES: dict[str, Callable[[np.random.Generator], bool]] = {
    "Kaplan-Meier": _kaplan_meier,
    "weighted Kaplan-Meier": _weighted,
    "Aalen-Johansen": _competing,
    "Aalen-Johansen, default range": _by_default,
    "clustered Aalen-Johansen": _clustered,
    "difference of Aalen-Johansen": _difference,
    "Hall-Wellner": _hall_wellner,
}


@pytest.mark.slow
@pytest.mark.parametrize("case", list(CASES))
def test_coverage(case: str) -> None:
    generator = np.random.default_rng(20)
    share = np.mean([CASES[case](generator) for _ in range(REPLICATES)])
    assert 0.93 <= share <= 0.97
    committed = dict(pl.read_csv(TABLE).select("band", "coverage").iter_rows())
    # another version of numpy may draw other numbers: two standard errors of a simulated share
    assert share == pytest.approx(committed[case], abs=2 * np.sqrt(2 * 0.95 * 0.05 / REPLICATES))
