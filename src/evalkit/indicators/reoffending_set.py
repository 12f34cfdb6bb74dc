"""The set of measures that England's Justice Data Lab reports beside the rate: frequency, time to first, custody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.stats import norm

from evalkit.indicators.shares import with_wilson
from evalkit.results import Column, Counts, Provenance, Relation, Result

__all__ = ["MEASURES", "reoffending_set"]

MEASURES: tuple[str, ...] = ("frequency", "custodial_rate", "days_to_first")
"""Events a person, share with a custodial decision, and mean days to the first event of those who had one.

`n_counted` are the persons with an event, or with a custodial decision.
"""

_NUMBERS = ("estimate", "conf_low", "conf_high")
_PERSONS_PER_STEP = 5
_Z = float(norm.ppf(0.975))


@dataclass(frozen=True, slots=True)
class _Interval:
    n_counted: int
    estimate: float | None
    low: float | None
    high: float | None


def reoffending_set(
    frequency: pl.DataFrame,
    severity: pl.DataFrame,
    events: pl.DataFrame,
    provenance: Provenance,
    *,
    reference: str | None,
    treated: str,
) -> tuple[Result, ...]:
    """Compute the measures of each arm, and the treated arm's less the reference's.

    The rate itself is the result ``risk``. These are plain means and shares of everybody followed: who died or left is
    in the denominator with what was seen of them. The difference's interval is put together from those of the two arms
    (Zou & Donner), which for shares is Newcombe's.

    Parameters
    ----------
    frequency, severity, events : DataFrame
        ``analysis.frequency``, ``analysis.severity`` and the study's part of ``analysis.event_count``.
    provenance : Provenance
        Where the counts come from.
    reference : str, optional
        The arm that is compared with; None in a study of one arm.
    treated : str
        The other arm, or the only one.

    Returns
    -------
    tuple of Result
        reoffending_set, one row an arm and measure; with a comparison reoffending_set_contrast, one row a measure.

    References
    ----------
    .. [1] Zou & Donner (2008), Statistics in Medicine 27, 1693-1702.
    .. [2] Newcombe (1998), Statistics in Medicine 17, 873-890.
    """
    tables = {"frequency": frequency, "custodial_rate": severity, "days_to_first": events}
    arms = (treated,) if reference is None else (reference, treated)
    found = {arm: {name: _measure(name, tables[name], arm) for name in MEASURES} for arm in arms}
    sizes = dict(frequency.group_by("arm").agg(pl.col("n_persons").sum()).iter_rows())
    by_arm = _by_arm(found, sizes, provenance)
    return (by_arm,) if reference is None else (by_arm, _contrast(found, sizes, (reference, treated), provenance))


def _measure(name: str, table: pl.DataFrame, arm: str) -> _Interval:
    rows = table.filter(pl.col("arm") == arm)
    if name == "frequency":
        return _mean(rows, "n_reoffences", counted=rows.filter(pl.col("n_reoffences") > 0))
    if name == "days_to_first":
        first = rows.filter(pl.col("event_type") == 1)
        return _mean(first, "exit_time", counted=first)
    custodial = rows.filter(pl.col("tier") == "custodial").select(pl.col("n_persons").alias("n_custodial"))
    total = custodial.with_columns(pl.lit(int(rows["n_persons"].sum())).alias("n_all"))
    share = with_wilson(total, count="n_custodial", total="n_all").row(0, named=True)
    return _Interval(int(share["n_custodial"]), share["share"], share["conf_low"], share["conf_high"])


def _mean(rows: pl.DataFrame, column: str, *, counted: pl.DataFrame) -> _Interval:
    values, persons = (rows.get_column(name).to_numpy().astype(np.float64) for name in (column, "n_persons"))
    total, n_counted = float(persons.sum()), int(counted["n_persons"].sum())
    if total == 0.0:
        return _Interval(0, None, None, None)
    mean = float((values * persons).sum() / total)
    if total == 1.0:
        return _Interval(n_counted, mean, None, None)
    half = _Z * float(np.sqrt((persons * (values - mean) ** 2).sum() / (total - 1) / total))
    return _Interval(n_counted, mean, mean - half, mean + half)


def _difference(treated: _Interval, reference: _Interval) -> _Interval:
    """Zou & Donner's interval: each arm's distance to its own limits, squared and added."""
    counted = treated.n_counted + reference.n_counted
    values = (treated.estimate, treated.low, treated.high, reference.estimate, reference.low, reference.high)
    if any(value is None for value in values):
        return _Interval(counted, None, None, None)
    one, one_low, one_high, two, two_low, two_high = (float(value) for value in values if value is not None)
    below, above = np.hypot(one - one_low, two_high - two), np.hypot(one_high - one, two - two_low)
    return _Interval(counted, one - two, one - two - float(below), one - two + float(above))


def _by_arm(found: Mapping[str, Mapping[str, _Interval]], sizes: Mapping[str, int], provenance: Provenance) -> Result:
    rows = [
        {"arm": arm, "measure": name, "n_persons": sizes[arm], **_numbers(interval)}
        for arm, measures in found.items()
        for name, interval in measures.items()
    ]
    name = "reoffending_set"
    return _result(name, rows, provenance, sizes, {"arm": Column.dimension()}, tuple(_as_elsewhere(name)))


def _contrast(
    found: Mapping[str, Mapping[str, _Interval]],
    sizes: Mapping[str, int],
    arms: tuple[str, str],
    provenance: Provenance,
) -> Result:
    reference, treated = arms
    everyone, smallest = sum(sizes.values()), min(sizes.values())
    rows = [
        {"measure": name, "n_persons": everyone, **_numbers(_difference(found[treated][name], found[reference][name]))}
        for name in MEASURES
    ]
    name = "reoffending_set_contrast"
    sums = (
        Relation((_of(name, measure, column),), (_of("reoffending_set", measure, column),), exact=True)
        for column, measure in (("n_persons", MEASURES[0]), *(("n_counted", measure) for measure in MEASURES))
    )
    return _result(name, rows, provenance, smallest, {}, tuple(sums))


def _result(
    name: str,
    rows: Sequence[Mapping[str, object]],
    provenance: Provenance,
    size: int | Mapping[str, int],
    dimensions: Mapping[str, Column],
    relations: tuple[Relation, ...],
) -> Result:
    derived = Column.derived("n_persons", "n_counted", group_size=size, persons_per_unit=_PERSONS_PER_STEP)
    counts = {"n_persons": Column.count(), "n_counted": Column.count()}
    return Result(
        name,
        provenance,
        pl.DataFrame(rows, schema_overrides=dict.fromkeys(_NUMBERS, pl.Float64)),
        {**dimensions, "measure": Column.dimension(), **counts, **dict.fromkeys(_NUMBERS, derived)},
        linked=(("n_persons", "n_counted"),),
        repeats=(("n_persons", ("measure",)),),
        relations=relations,
    )


def _as_elsewhere(name: str) -> Iterator[Relation]:
    """Say where else the same persons are counted."""
    custodial = Counts("severity", "n_persons", {"tier": ("custodial",)})
    yield Relation((Counts("risk", "n_persons"),), (_of(name, MEASURES[0], "n_persons"),), ("arm",), exact=True)
    yield Relation((custodial,), (_of(name, "custodial_rate", "n_counted"),), ("arm",), exact=True)
    for measure in ("frequency", "days_to_first"):
        yield Relation((Counts("risk", "n_events"),), (_of(name, measure, "n_counted"),), ("arm",), exact=True)


def _of(name: str, measure: str, column: str) -> Counts:
    return Counts(name, column, {"measure": (measure,)})


def _numbers(interval: _Interval) -> dict[str, float | None]:
    return {
        "n_counted": interval.n_counted,
        "estimate": interval.estimate,
        "conf_low": interval.low,
        "conf_high": interval.high,
    }
