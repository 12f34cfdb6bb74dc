"""How often 95 % intervals hold the truth, by simulation; the table is committed as survival_coverage.csv."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import pytest

from evalkit.survival import aalen_johansen, kaplan_meier, rmst

Array = npt.NDArray[Any]
TABLE = Path(__file__).with_name("survival_coverage.csv")
REPLICATES = 2000
# Two-cause exponential hazards by day, censoring up to day 100, read at day 40. A replicate has 200 persons an arm.
HAZARD, OTHER, DAY = 0.015, 0.004, 40


def _days(generator: np.random.Generator, hazard: float, n: int) -> tuple[Array, Array]:
    """Whole days in discrete time: each day's risk is 1 - exp(-hazard), so the truth is exact."""
    relapse, death = (generator.geometric(1 - np.exp(-rate), n) for rate in (hazard, OTHER))
    censored = generator.integers(20, 101, n)
    first = np.minimum(np.minimum(relapse, death), censored)
    # on one day relapse is counted before death, and both before censoring
    return first, np.where(relapse == first, 1, np.where(death == first, 2, 0))


def _truth(hazard: float) -> tuple[float, float, float]:
    """Survival from the event alone, incidence with death competing, and mean days free of the event, at the day."""
    stay, alive = np.exp(-hazard), np.exp(-OTHER)
    days = np.arange(DAY)
    incidence = float(np.sum((stay * alive) ** days * (1 - stay)))
    return float(stay**DAY), incidence, float(np.sum(stay**days))


def _kaplan_meier(generator: np.random.Generator) -> bool:
    time, event = _days(generator, HAZARD, 200)
    # the risk set of the event's day still holds who dies that day: the event comes first
    row = kaplan_meier(2 * time + (event == 2), event, cause=1).tidy([2 * DAY + 1]).row(0, named=True)
    return bool(row["conf_low"] <= _truth(HAZARD)[0] <= row["conf_high"])


def _incidence(generator: np.random.Generator) -> bool:
    time, event = _days(generator, HAZARD, 200)
    risk = aalen_johansen(time, event).risk(DAY)
    return risk.conf_low <= _truth(HAZARD)[1] <= risk.conf_high


def _mean_difference(generator: np.random.Generator) -> bool:
    arms = [_days(generator, hazard, 200) for hazard in (HAZARD, 0.7 * HAZARD)]
    time = np.concatenate([arm[0] for arm in arms])
    event = np.concatenate([arm[1] for arm in arms])
    # without deaths: they censor, on the day after
    curve = kaplan_meier(time + (event == 2), event == 1, group=np.repeat([0, 1], 200))
    gap = rmst(curve, horizon=DAY).difference(reference=0, treated=1)
    truth = _truth(0.7 * HAZARD)[2] - _truth(HAZARD)[2]
    return gap.conf_low <= truth <= gap.conf_high


def _weighted(generator: np.random.Generator) -> bool:
    # two kinds of persons; the riskier kind is sampled twice as often, the weights undo it
    risky = generator.random(300) < 2 / 3
    low, high = _days(generator, 0.5 * HAZARD, 300), _days(generator, 1.5 * HAZARD, 300)
    time, event = np.where(risky, high[0], low[0]), np.where(risky, high[1], low[1])
    curve = kaplan_meier(time + (event == 2), event == 1, sampling_weight=np.where(risky, 1.0, 2.0))
    row = curve.tidy([DAY]).row(0, named=True)
    truth = (_truth(0.5 * HAZARD)[0] + _truth(1.5 * HAZARD)[0]) / 2
    return bool(row["conf_low"] <= truth <= row["conf_high"])


CASES: dict[str, Callable[[np.random.Generator], bool]] = {
    "Kaplan-Meier": _kaplan_meier,
    "Aalen-Johansen": _incidence,
    "RMST difference": _mean_difference,
    "weighted Kaplan-Meier": _weighted,
}


@pytest.mark.slow
@pytest.mark.parametrize("case", list(CASES))
def test_coverage(case: str) -> None:
    generator = np.random.default_rng(20)
    share = np.mean([CASES[case](generator) for _ in range(REPLICATES)])
    assert 0.93 <= share <= 0.97
    committed = dict(pl.read_csv(TABLE).select("interval", "coverage").iter_rows())
    # another version of numpy may draw other numbers: two standard errors of a simulated share
    assert share == pytest.approx(committed[case], abs=2 * np.sqrt(2 * 0.95 * 0.05 / REPLICATES))
