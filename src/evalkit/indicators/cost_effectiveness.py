"""What an avoided reoffender costs, with an interval from resampled persons, and the cost-effectiveness plane.

A ratio of two differences has no interval that can be read when the effect may be none: it then runs through infinity.
So the cost of an avoided reoffender is given only where nearly all resamples agree that some are avoided; the net
benefit, in which nothing is divided, is always given.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from evalkit.results import Column, Provenance, Result
from evalkit.survival import LifeTable, aalen_johansen
from evalkit.survival.shown_figure import ShownFigure

__all__ = ["CostQuestion", "cost_effectiveness"]

_FloatArray = NDArray[np.float64]
_Draws = tuple[_FloatArray, _FloatArray]
"""Of every resample the reoffenders avoided a person, and the extra cost a person."""

_PERSONS_PER_STEP = 5
_NUMBERS = ("estimate", "conf_low", "conf_high")


@dataclass(frozen=True, slots=True)
class CostQuestion:
    """What is asked.

    Parameters
    ----------
    reference, treated : str
        The arms' names.
    horizon : int
        Time at which the risk is read, in the study's unit.
    extra_cost_per_person : float
        What a treated person costs more than one of the reference.
    value : float
        What an avoided reoffender is worth.
    extra_cost_std_error : float
        Standard error of the extra cost, where it was measured on some; 0 where it is known.
    n_draws : int
        Resamples.
    conf_level : float
        Coverage of the intervals.
    """

    reference: str
    treated: str
    horizon: int
    extra_cost_per_person: float
    value: float
    extra_cost_std_error: float = 0.0
    n_draws: int = 1000
    conf_level: float = 0.95


def cost_effectiveness(
    counts: pl.DataFrame, question: CostQuestion, provenance: Provenance, rng: np.random.Generator
) -> tuple[Result, Result]:
    """Set what a programme costs more against the reoffenders that it avoids.

    Persons are resampled with replacement within each arm [1]_; of every resample the risk is the Aalen-Johansen
    estimate, in which death competes. The extra cost is drawn from the normal distribution, or is known.

    Parameters
    ----------
    counts : DataFrame
        arm, entry_time, exit_time, event_type, n_persons.
    question : CostQuestion
        Arms, horizon, cost and value.
    provenance : Provenance
        Where the counts come from; its seed should be that of `rng`.
    rng : Generator
        Draws the resamples.

    Returns
    -------
    tuple of Result
        ``cost_effectiveness``: avoided reoffenders and cost per 100 treated, cost of an avoided one, net benefit a
        person, with percentile intervals and the share of resamples that say so; ``cost_plane``: the resamples.

    References
    ----------
    .. [1] Briggs, Wonderling & Mooney (1997), Health Economics 6, 327-340.
    """
    avoided = _avoided(counts, question)
    draws = _resampled(counts, question, rng)
    cost = rng.normal(question.extra_cost_per_person, question.extra_cost_std_error, question.n_draws)
    n_persons = int(counts.get_column("n_persons").sum())
    sizes = counts.group_by("arm").agg(pl.col("n_persons").sum()).get_column("n_persons").to_list()
    numbers = Column.derived("n_persons", group_size=int(min(sizes)), persons_per_unit=_PERSONS_PER_STEP)
    frame = pl.DataFrame(list(_measures(avoided, (draws, cost), question)), schema=_SCHEMA, orient="row")
    roles = {
        "measure": Column.dimension(),
        "n_persons": Column.count(),
        **dict.fromkeys(_NUMBERS, numbers),
        "share_of_draws": numbers,
    }
    summary = Result(
        "cost_effectiveness",
        provenance,
        frame.with_columns(pl.lit(n_persons).alias("n_persons")).select(*roles),
        roles,
        repeats=(("n_persons", ("measure",)),),
    )
    return summary, _plane((draws, cost), question.value, n_persons, numbers, provenance)


_SCHEMA = {
    "measure": pl.String,
    **dict.fromkeys(_NUMBERS, pl.Float64),
    "share_of_draws": pl.Float64,
}


def _measures(avoided: float, draws: _Draws, question: CostQuestion) -> Iterator[tuple[object, ...]]:
    """Yield each measure with its interval and how many resamples say that it is above zero."""
    effects, costs = draws
    cost, tail = question.extra_cost_per_person, (1 - question.conf_level) / 2
    yield ("avoided_per_person", avoided, *_ends(effects, tail), float((effects > 0).mean()))
    yield ("extra_cost_per_person", cost, *_ends(costs, tail), float((costs > 0).mean()))
    does_avoid = avoided > 0 and bool((effects > 0).mean() >= 1 - tail)
    some = effects > 0
    ratio = (cost / avoided, *_ends(costs[some] / effects[some], tail)) if does_avoid else (None, None, None)
    yield ("cost_per_avoided", *ratio, None)
    benefit = question.value * effects - costs
    yield (
        "net_benefit_per_person",
        question.value * avoided - cost,
        *_ends(benefit, tail),
        float((benefit > 0).mean()),
    )


def _ends(draws: _FloatArray, tail: float) -> tuple[float, float]:
    low, high = np.quantile(draws, [tail, 1 - tail])
    return float(low), float(high)


def _avoided(counts: pl.DataFrame, question: CostQuestion) -> float:
    risk = {arm: float(_risks(counts.filter(pl.col("arm") == arm), question.horizon)[0]) for arm in _arms(question)}
    return risk[question.reference] - risk[question.treated]


def _arms(question: CostQuestion) -> tuple[str, str]:
    return question.reference, question.treated


def _risks(counts: pl.DataFrame, horizon: int, group: NDArray[np.int64] | None = None) -> _FloatArray:
    """Return the risk of each group at the horizon, in the order of the groups."""
    columns = (counts.get_column(name).to_numpy() for name in ("exit_time", "event_type", "n_persons"))
    entry = counts.get_column("entry_time").to_numpy()
    table = LifeTable.from_counts(*columns, entry_time=entry, group=group, n_causes=2)
    found = aalen_johansen(table).tidy([horizon]).filter(pl.col("cause") == 1)
    return found.get_column("estimate").to_numpy().astype(np.float64)


def _resampled(counts: pl.DataFrame, question: CostQuestion, rng: np.random.Generator) -> _FloatArray:
    """Return the risk difference of every resample, the reference less the treated."""
    reference, treated = (
        _resampled_risks(counts.filter(pl.col("arm") == arm).sort(pl.all()), question, rng) for arm in _arms(question)
    )
    return reference - treated


def _resampled_risks(arm: pl.DataFrame, question: CostQuestion, rng: np.random.Generator) -> _FloatArray:
    """Draw how often each row of counts comes up, and read the risk of all resamples at once."""
    n = arm.get_column("n_persons").to_numpy()
    drawn = rng.multinomial(int(n.sum()), n / n.sum(), size=question.n_draws)
    rows = pl.concat([arm] * question.n_draws).with_columns(pl.Series("n_persons", drawn.ravel()))
    number = np.repeat(np.arange(question.n_draws), arm.height)
    came_up = drawn.ravel() > 0
    return _risks(rows.filter(pl.Series(came_up)), question.horizon, number[came_up])


def _plane(draws: _Draws, value: float, n_persons: int, numbers: Column, provenance: Provenance) -> Result:
    effects, costs = draws
    frame = pl.DataFrame(
        {
            "draw": np.arange(len(effects)),
            "n_persons": np.full(len(effects), n_persons),
            "avoided_per_person": effects,
            "extra_cost_per_person": costs,
        }
    )
    roles = {
        "draw": Column.dimension(),
        "n_persons": Column.count(),
        "avoided_per_person": numbers,
        "extra_cost_per_person": Column.label(),
    }
    return Result(
        "cost_plane",
        provenance,
        frame,
        roles,
        repeats=(("n_persons", ("draw",)),),
        figure=lambda rows: _draw_plane(rows, value),
    )


def _draw_plane(frame: pl.DataFrame, value: float) -> ShownFigure:
    """Draw the plane: avoided reoffenders across, extra cost up, and the line on which they are worth their cost."""
    effects, costs = (frame.get_column(name).to_numpy() for name in ("avoided_per_person", "extra_cost_per_person"))
    worth_it = float((value * effects > costs).mean())
    figure = ShownFigure(figsize=(6.4, 4.2), layout="constrained", facecolor="white")
    axes = figure.add_subplot()
    axes.scatter(effects, costs, s=6, alpha=0.3)
    ends = np.array([min(0.0, effects.min()), max(0.0, effects.max())])
    axes.plot(ends, value * ends, linewidth=1)
    axes.axvline(0, linewidth=0.8, color="black")
    axes.axhline(0, linewidth=0.8, color="black")
    axes.set_xlabel("Avoided reoffenders per person")
    axes.set_ylabel("Extra cost per person")
    figure.alt_text = (
        f"{frame.height} resamples of avoided reoffenders and extra cost a person. In {100 * worth_it:.0f} per cent of "
        f"them an avoided reoffender costs less than {value:,.0f}."
    )
    return figure
