"""The table of a programme's targets: what was counted, and what can be said of it."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl
from matplotlib.figure import Figure

from evalkit.indicators.verdict import TargetCount, TargetRules, interval_of, judge
from evalkit.results import Column, Counts, Provenance, Relation, Result
from evalkit.survival import CurveLabels
from evalkit.survival.interval_plot import plot_intervals

__all__ = ["target_cell", "targets"]


def targets(counts: Iterable[TargetCount], rules: TargetRules, provenance: Provenance) -> Result:
    """Make the table of targets with their verdicts.

    The share and its interval are of those whose window is over; the verdict also allows for the others.

    Parameters
    ----------
    counts : iterable of TargetCount
        What was counted, in the order in which it is shown.
    rules : TargetRules
        How it is judged.
    provenance : Provenance
        Where the counts come from.

    Returns
    -------
    Result
        One row a target and group: threshold, counts, share, interval, verdict and reason.
    """
    given = tuple(counts)
    frame = pl.DataFrame([_row(one, rules) for one in given], schema=_SCHEMA, orient="row")
    numbers = Column.derived("n_mature", "n_reached", group_size=_sizes(given))
    verdicts = Column.derived("n_persons", "n_mature", "n_reached")
    roles = {
        "target": Column.dimension(),
        "arm": Column.dimension(),
        "threshold": Column.label(),
        "direction": Column.label(),
        **{name: Column.count() for name in ("n_persons", "n_mature", "n_reached")},
        **dict.fromkeys(("share", "conf_low", "conf_high"), numbers),
        **dict.fromkeys(("verdict", "reason"), verdicts),
    }
    return Result(
        "targets",
        provenance,
        frame,
        roles,
        linked=(("n_persons", "n_mature"), ("n_mature", "n_reached")),
        relations=_relations(given),
        figure=_draw,
    )


_SCHEMA: dict[str, type[pl.DataType]] = {
    "target": pl.String,
    "arm": pl.String,
    "threshold": pl.Float64,
    "direction": pl.String,
    "n_persons": pl.Int64,
    "n_mature": pl.Int64,
    "n_reached": pl.Int64,
    "share": pl.Float64,
    "conf_low": pl.Float64,
    "conf_high": pl.Float64,
    "verdict": pl.String,
    "reason": pl.String,
}
_NOT_MOVED = 10**9
"""Persons said to stand behind a share that is counted: nobody who leaves early moves it, so it is not rounded more."""


def _row(count: TargetCount, rules: TargetRules) -> tuple[object, ...]:
    verdict, reason = judge(count, rules)
    counted = (count.n_persons, count.n_mature, count.n_reached)
    said = (count.target, count.arm, count.threshold, count.direction)
    return (*said, *counted, *_share(count, rules), verdict.value, reason and reason.value)


def _share(count: TargetCount, rules: TargetRules) -> tuple[float | None, float | None, float | None]:
    if count.estimate is not None:
        return count.estimate
    if count.n_reached is None or count.n_mature == 0:
        return None, None, None
    return (count.n_reached / count.n_mature, *interval_of(count, rules, pending=False))


def _sizes(counts: Iterable[TargetCount]) -> dict[str, int]:
    sizes: dict[str, int] = {}
    for one in counts:
        size = _NOT_MOVED if one.estimate is None else max(one.n_persons // one.persons_per_step, 1)
        sizes[one.target] = min(size, sizes.get(one.target, _NOT_MOVED))
    return sizes


def _relations(counts: Iterable[TargetCount]) -> tuple[Relation, ...]:
    """Return what the rows say of other tables, each once: the groups of a target say the same."""
    found: list[Relation] = []
    for one in counts:
        found.extend(relation for relation in one.relations if relation not in found)
    return tuple(found)


def target_cell(target: str, column: str) -> Counts:
    """Name a count of the table of targets, for a relation to another table.

    Parameters
    ----------
    target : str
        The target's id.
    column : str
        ``"n_persons"``, ``"n_mature"`` or ``"n_reached"``.

    Returns
    -------
    Counts
        The cell, in whatever group.
    """
    return Counts("targets", column, {"target": (target,)})


def _draw(frame: pl.DataFrame) -> Figure:
    """Draw a line for each target and group that has a share."""
    rows = frame.drop_nulls("share").select(
        pl.concat_str("target", "arm", separator=": ").alias("name"),
        pl.col("share").alias("estimate"),
        "conf_low",
        "conf_high",
    )
    return plot_intervals(rows, labels=CurveLabels(x="Share"), is_share=True)
