"""How a programme's cases go on over time: completed, interrupted or still under way, some months after enrolment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import polars as pl

from evalkit.results import Column, Counts, Provenance, Relation, Result
from evalkit.survival import LifeTable, aalen_johansen

__all__ = ["COURSE_STATES", "programme_course"]

COURSE_STATES: tuple[str, ...] = ("under_way", "completed", "interrupted", "died", "left")
"""Where a case can stand; left is not known for so long."""

_CAUSES = COURSE_STATES[1:-1]
_ENDS = {
    "completed": ("completed",),
    "interrupted": ("interrupted", "interrupted_by_person", "interrupted_by_programme", "moved", "unknown"),
    "died": ("died",),
    "left": ("open",),
}
_DAYS_A_MONTH = 365.25 / 12
_INTERVAL = ("estimate", "conf_low", "conf_high")


def programme_course(
    counts: pl.DataFrame, provenance: Provenance, *, months: Sequence[int], layout: str | None
) -> Result:
    """Make the table of cases that were completed and interrupted, some months after enrolment.

    Parameters
    ----------
    counts : DataFrame
        ``analysis.programme_course``: layout, exit_time (days), exit_state, n_persons.
    provenance : Provenance
        Where the counts come from.
    months : sequence of int
        Months after enrolment, ascending; a month is 365.25 / 12 days.
    layout : str, optional
        The case list.

    Returns
    -------
    Result
        One row a month and state: of n_enrolled the n_persons in the state. For completed and interrupted the estimate
        is the Aalen-Johansen cumulative incidence, in which the other ends compete and cases still under way censor.
    """
    own = counts.filter(pl.col("layout") == layout)
    days = {month: round(month * _DAYS_A_MONTH) for month in months}
    grid = pl.DataFrame({"month": list(days)}, schema={"month": pl.Int32}).join(
        pl.DataFrame({"state": COURSE_STATES}), how="cross"
    )
    frame = (
        grid.join(_counted(own, days), on=["month", "state"], how="left", maintain_order="left")
        .with_columns(pl.col("n_persons").fill_null(0))
        .with_columns(pl.col("n_persons").sum().over("month").alias("n_enrolled"))
        .join(_estimated(own, days), on=["month", "state"], how="left", maintain_order="left")
    )
    size = int(own.get_column("n_persons").sum())
    roles = {
        **dict.fromkeys(("month", "state"), Column.dimension()),
        **dict.fromkeys(("n_enrolled", "n_persons"), Column.count()),
        **dict.fromkeys(_INTERVAL, Column.derived("n_enrolled", "n_persons", group_size=size)),
    }
    return Result(
        "programme_course",
        provenance,
        frame.select(*roles),
        roles,
        linked=(("n_enrolled", "n_persons"),),
        repeats=(("n_enrolled", ("month", "state")),),
        relations=tuple(_relations(months)),
    )


def _counted(own: pl.DataFrame, days: dict[int, int]) -> pl.DataFrame:
    """Count the persons in each state at each month; whoever ends on the day itself has ended."""
    ended = pl.col("exit_state").replace({"open": "left"})
    states = [
        own.with_columns(
            pl.lit(month, pl.Int32).alias("month"),
            pl.when(pl.col("exit_time") > day).then(pl.lit("under_way")).otherwise(ended).alias("state"),
        )
        for month, day in days.items()
    ]
    return pl.concat(states).group_by("month", "state").agg(pl.col("n_persons").sum())


def _estimated(own: pl.DataFrame, days: dict[int, int]) -> pl.DataFrame:
    schema = {"month": pl.Int32, "state": pl.String, **dict.fromkeys(_INTERVAL, pl.Float64)}
    if own.is_empty():
        return pl.DataFrame(schema=schema)
    cause = {state: number for number, state in enumerate(("open", *_CAUSES))}
    table = LifeTable.from_counts(
        own.get_column("exit_time").to_numpy(),
        own.get_column("exit_state").replace_strict(cause, return_dtype=pl.Int64).to_numpy(),
        own.get_column("n_persons").to_numpy(),
        n_causes=len(_CAUSES),
    )
    month = pl.col("time").replace_strict({day: month for month, day in days.items()}, return_dtype=pl.Int32)
    state = {cause[name]: name for name in ("completed", "interrupted")}
    return (
        aalen_johansen(table)
        .tidy(list(days.values()))
        .filter(pl.col("cause").is_in(list(state)))
        .select(
            month.alias("month"),
            pl.col("cause").replace_strict(state, return_dtype=pl.String).alias("state"),
            *_INTERVAL,
        )
    )


def _relations(months: Sequence[int]) -> Iterator[Relation]:
    """Say that the states add up, that an end stays an end, and that the same cases stand in the table of ends.

    There, too, whoever was enrolled is completed, interrupted in some way, dead or still open.
    """
    everyone = Counts("programme_course", "n_enrolled", {"month": (months[0],), "state": ("under_way",)})
    for month in months:
        yield Relation((everyone,), (_in_state(month, *COURSE_STATES),), exact=True)
    for before, month in pairwise(months):
        yield Relation((_in_state(before, "under_way"),), (_in_state(month, "under_way"),))
        for state in COURSE_STATES[1:]:
            yield Relation((_in_state(month, state),), (_in_state(before, state),))
    yield Relation((Counts("programme_end", "n_total", {"denominator": ("enrolled",)}),), (everyone,))
    for state, ends in _ENDS.items():
        of_ends = Counts("programme_end", "n_persons", {"denominator": ("enrolled",), "end_state": ends})
        yield Relation((of_ends,), (_in_state(months[-1], state),))


def _in_state(month: int, *states: str) -> Counts:
    return Counts("programme_course", "n_persons", {"month": (month,), "state": states})
