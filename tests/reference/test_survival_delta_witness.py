"""An independent witness of the variances that R has not: the delta method by complex-step differentiation.

For fractional case weights, and for Dinse and Larson's and Aalen's variances with late entries, there is nothing in R.
Here incidence and time lost are functions of the hazards of each day, written down from their definition; an imaginary
step of a hazard gives their derivative to it, exact to rounding. The hazards' own variances are multinomial (Dinse &
Larson 1986), or those of independent counts with cmprsk's correction for ties (Aalen 1978). No formula is the engine's.
"""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl
import pytest

from evalkit.survival import aalen_johansen, rmtl
from tests.reference.survival_matrix import CELLS, Cell, assert_close, cell

Array = npt.NDArray[Any]
STEP = 1e-30
MODEL_BASED = [(data, variant) for data, variant in CELLS if not cell(data, variant).variant.is_robust]


class Days(NamedTuple):
    """A group's event days with the number at risk and events by cause."""

    time: Array
    at_risk: Array
    events: Array


def _days(chosen: Cell, group: int, until: float) -> Days:
    d = chosen.frame.filter(pl.col("group") == group)
    entry, exits, cause = (d[name].to_numpy() for name in ("entry", "exit", "cause"))
    column = {"none": None, "case": "case", "fractional": "sampling"}[chosen.variant.weight]
    weight = np.ones(d.height) if column is None else d[column].to_numpy()
    time = np.unique(exits[(cause > 0) & (exits <= until)])
    at_risk = np.array([weight[(entry < t) & (t <= exits)].sum() for t in time])
    causes = range(1, int(chosen.frame["cause"].to_numpy().max()) + 1)
    events = np.array([[weight[(exits == t) & (cause == k)].sum() for k in causes] for t in time])
    return Days(time, at_risk, events)


def _estimates(days: Days, hazard: Array, until: float) -> Array:
    """Incidence and mean time lost by `until`, for each cause."""
    free = np.cumprod(np.concatenate([[1.0], 1.0 - hazard.sum(axis=1)]))[:-1]
    steps = free[:, None] * hazard
    return np.concatenate([steps.sum(axis=0), (steps * (until - days.time)[:, None]).sum(axis=0)])


def _slopes(days: Days, until: float) -> Array:
    """Derivatives to each day's hazard of each cause, shape (n_estimates, n_days, n_causes)."""
    hazard = days.events / days.at_risk[:, None]
    found = np.empty((2 * hazard.shape[1], *hazard.shape))
    for place in np.ndindex(hazard.shape):
        moved = hazard.astype(complex)
        moved[place] += 1j * STEP
        found[:, *place] = _estimates(days, moved, until).imag / STEP
    return found


def _multinomial(days: Days, slopes: Array) -> Array:
    hazard = days.events / days.at_risk[:, None]
    mean = (slopes * hazard).sum(axis=2)
    return np.asarray((((slopes**2 * hazard).sum(axis=2) - mean**2) / days.at_risk).sum(axis=1))


def _counts(days: Days, slopes: Array) -> Array:
    """Of each cause's incidence: its events and all others are two independent counts."""
    n, found = days.at_risk, []
    for cause in range(days.events.shape[1]):
        other = (cause + 1) % days.events.shape[1]
        own, rest = days.events[:, cause], days.events.sum(axis=1) - days.events[:, cause]
        spread = 0.0
        for number, which in ((own, cause), (rest, other)):
            ties = np.where(number > 1, 1 - (number - 1) / np.maximum(n - 1, 1e-300), 1.0)
            spread += float((slopes[cause, :, which] ** 2 * number * ties / n**2).sum())
        found.append(spread)
    return np.array(found)


@pytest.mark.parametrize(("data", "variant"), MODEL_BASED)
def test_dinse_larson_and_aalen(data: str, variant: str) -> None:
    chosen = cell(data, variant)
    d, until = chosen.frame, chosen.horizon
    kinds: tuple[Literal["greenwood"], Literal["aalen"]] = ("greenwood", "aalen")
    plain, aalen = (
        aalen_johansen(d["exit"], d["cause"], group=d["group"], variance=kind, **chosen.options) for kind in kinds
    )
    n_causes = plain.life_table.n_causes
    for group in plain.groups:
        days = _days(chosen, int(group), until)
        slopes = _slopes(days, until)
        variance = _multinomial(days, slopes)
        counts = _counts(days, slopes)
        for k in range(n_causes):
            risk, lost = plain.risk(until, cause=k + 1, group=group), rmtl(plain, horizon=until, cause=k + 1).at(group)
            assert_close([risk.std_error, lost.std_error], np.sqrt(variance[[k, n_causes + k]]), "Dinse and Larson")
            assert_close(aalen.risk(until, cause=k + 1, group=group).std_error, np.sqrt(counts[k]), "Aalen")
