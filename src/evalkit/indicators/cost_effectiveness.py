"""What an avoided reoffender costs, with an interval from resampled persons, and the cost-effectiveness plane.

A ratio of two differences has no interval that can be read when the effect may be none: it then runs through infinity.
So the cost of an avoided reoffender is given only where nearly all resamples agree that some are avoided and that they
cost more; the net benefit, in which nothing is divided, is always given.

An amount that is a risk difference times or over a known one tells the risk difference to its last digit, whatever the
door keeps of the difference itself. So amounts are made of the difference in steps: the estimate in steps of a person,
in which the contrast shows it, and the ends of its interval in steps of five, as who knows the seed can draw again.
The resamples stay inside: their mean tells more than any of them. What leaves of the plane is how many lie where.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from math import isqrt

import numpy as np
import polars as pl
from numpy.typing import NDArray

from evalkit.results import Column, Counts, Provenance, Relation, Result
from evalkit.survival import LifeTable, aalen_johansen
from evalkit.survival.shown_figure import ShownFigure

__all__ = ["CostQuestion", "cost_effectiveness"]

_FloatArray = NDArray[np.float64]
_Draws = tuple[_FloatArray, _FloatArray]
"""Of every resample the reoffenders avoided a person, and the extra cost a person."""

_Steps = tuple[float, float]
"""In what the estimate and the ends of its interval are told, as shares."""

_PERSONS_PER_STEP = 5
_FINEST_STEP = 0.001
_NUMBERS = ("estimate", "conf_low", "conf_high")
_SIZES = ("n_reference", "n_treated")
_QUADRANTS = ("fewer_dearer", "more_dearer", "fewer_cheaper", "more_cheaper")


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
        ``cost_effectiveness``: avoided reoffenders, extra cost and net benefit a person, cost of an avoided one, with
        percentile intervals and the share of resamples above zero; ``cost_plane``: the share of resamples in each
        quadrant, and of those worth their cost.

    References
    ----------
    .. [1] Briggs, Wonderling & Mooney (1997), Health Economics 6, 327-340.
    """
    avoided = _avoided(counts, question)
    effects = _resampled(counts, question, rng)
    draws = effects, rng.normal(question.extra_cost_per_person, question.extra_cost_std_error, question.n_draws)
    sizes = [
        int(counts.filter(pl.col("arm") == arm).get_column("n_persons").sum())
        for arm in (question.reference, question.treated)
    ]
    steps = _step(1 / min(sizes)), _step(_PERSONS_PER_STEP / min(sizes))
    frame = pl.DataFrame(list(_measures(avoided, draws, question, steps)), schema=_SCHEMA, orient="row")
    ends = Column.derived(*_SIZES, group_size=min(sizes), persons_per_unit=_PERSONS_PER_STEP)
    derived = {
        "estimate": Column.derived(*_SIZES, group_size=min(sizes)),
        **dict.fromkeys(_NUMBERS[1:], ends),
        "share_of_draws": _share_role(sizes),
    }
    summary = _released("cost_effectiveness", frame, derived, (question, sizes), provenance)
    return summary, _plane(draws, (question, sizes), provenance)


def _released(
    name: str,
    frame: pl.DataFrame,
    derived: Mapping[str, Column],
    of: tuple[CostQuestion, list[int]],
    provenance: Provenance,
) -> Result:
    """Put the arms' sizes beside the numbers, and say where else they stand."""
    question, sizes = of
    key = frame.columns[0]
    roles = {key: Column.dimension(), **dict.fromkeys(_SIZES, Column.count()), **derived}
    arms = zip(_SIZES, (question.reference, question.treated), strict=True)
    return Result(
        name,
        provenance,
        frame.with_columns(pl.lit(n).alias(size) for size, n in zip(_SIZES, sizes, strict=True)).select(*roles),
        roles,
        repeats=tuple((size, (key,)) for size in _SIZES),
        relations=tuple(
            Relation((Counts(name, size),), (Counts("risk", "n_persons", {"arm": (arm,)}),), exact=True)
            for size, arm in arms
        ),
    )


def _share_role(sizes: list[int]) -> Column:
    """Return the role of a share of resamples.

    One person more with the event moves the difference by 1/n, and it is some 0.5/√n from one resample to another, so
    the share near one half moves by about 1/√n. It is rounded to that.
    """
    return Column.derived(*_SIZES, group_size=isqrt(min(sizes)))


def _step(wanted: float) -> float:
    """Return the smallest of 1, 2, 5, 10, … thousandths that is as wanted or more."""
    steps = (_FINEST_STEP * digit * 10**power for power in range(4) for digit in (1, 2, 5))
    return next((step for step in steps if step >= wanted), 1.0)


def _in_steps(estimate: float, ends: Iterable[float], steps: _Steps) -> list[float]:
    """Round the estimate to the first step, and the ends of its interval to the second."""
    return [round(estimate / steps[0]) * steps[0], *(round(end / steps[1]) * steps[1] for end in ends)]


_SCHEMA = {
    "measure": pl.String,
    **dict.fromkeys(_NUMBERS, pl.Float64),
    "share_of_draws": pl.Float64,
}


def _measures(avoided: float, draws: _Draws, question: CostQuestion, steps: _Steps) -> Iterator[tuple[object, ...]]:
    """Yield each measure with its interval and how many resamples say that it is above zero."""
    effects, costs = draws
    cost, value, tail = question.extra_cost_per_person, question.value, (1 - question.conf_level) / 2
    yield ("avoided_per_person", avoided, *_ends(effects, tail), float((effects > 0).mean()))
    yield ("extra_cost_per_person", cost, *_ends(costs, tail), float((costs > 0).mean()))
    yield ("cost_per_avoided", *_cost_per_avoided(avoided, draws, question, steps), None)
    benefit = value * effects - costs
    ends = ((end + cost) / value for end in _ends(benefit, tail))
    told = (value * one - cost for one in _in_steps(avoided, ends, steps))
    yield ("net_benefit_per_person", *told, float((benefit > 0).mean()))


def _cost_per_avoided(avoided: float, draws: _Draws, question: CostQuestion, steps: _Steps) -> tuple[float | None, ...]:
    """Return the ratio and its interval; none of it where resamples beyond the interval's share cross an axis."""
    (effects, costs), cost, tail = draws, question.extra_cost_per_person, (1 - question.conf_level) / 2
    if min(_ends(effects, tail)[0], _ends(costs, tail)[0]) <= 0:
        return None, None, None
    some = effects > 0
    low, high = _ends(costs[some] / effects[some], tail)
    told = _in_steps(avoided, (cost / low, cost / high), steps)
    return tuple(cost / one for one in told) if min(told) > 0 else (None, None, None)


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


def _plane(draws: _Draws, of: tuple[CostQuestion, list[int]], provenance: Provenance) -> Result:
    """Count the resamples by quadrant; the drawing inside shows them all."""
    (effects, costs), (question, sizes) = draws, of
    worth_it = question.value * effects > costs
    place = (effects <= 0) + 2 * (costs <= 0)
    rows = [(name, (place == n).mean(), ((place == n) & worth_it).mean()) for n, name in enumerate(_QUADRANTS)]
    shares = ("share_of_draws", "share_worth_it")
    frame = pl.DataFrame(rows, schema=("quadrant", *shares), orient="row")
    made = _released("cost_plane", frame, dict.fromkeys(shares, _share_role(sizes)), of, provenance)
    return replace(made, figure=lambda _: _draw_plane(draws, question.value))


def _draw_plane(draws: _Draws, value: float) -> ShownFigure:
    """Draw the plane: avoided reoffenders across, extra cost up, and the line on which they are worth their cost."""
    effects, costs = draws
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
        f"{len(effects)} resamples of avoided reoffenders and extra cost a person. In {100 * worth_it:.0f} per cent of "
        f"them an avoided reoffender costs less than {value:,.0f}."
    )
    return figure
