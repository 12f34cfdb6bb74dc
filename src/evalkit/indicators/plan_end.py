"""How long a plan that was resumed after release goes on, and how it ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import polars as pl

from evalkit.results import Column, Counts, Provenance, Relation, Result
from evalkit.survival import LifeTable, aalen_johansen, kaplan_meier

__all__ = ["PLAN_END_STATES", "days_of", "plan_end", "state_at"]

PLAN_END_STATES: tuple[str, ...] = (
    "going_on",
    "completed",
    "discontinued",
    "unknown_end",
    "returned_to_custody",
    "died",
    "left",
)
"""Where a plan that was resumed can stand some months later, in the order of the report; left is emigrated or not
followed for so long."""

_CAUSES = PLAN_END_STATES[1:-1]
_INTERVAL = ("estimate", "conf_low", "conf_high")


def plan_end(counts: pl.DataFrame, provenance: Provenance, *, months: Sequence[int]) -> Result:
    """Make the table of plans that went on and that were discontinued, some months after they were resumed.

    The clock starts on the day the plan was resumed, not at release: before that day nobody can break it off, so the
    days from release to it would be days without risk. With a longer allowed gap no plan ends earlier, and as many or
    more are resumed; so as many or more go on at each month, as long as nobody is left for want of follow-up. Their
    share can fall all the same, because those who resume late can be those who break off.

    Parameters
    ----------
    counts : DataFrame
        ``analysis.plan_end``: arm, exit_time (days), exit_state, n_persons.
    provenance : Provenance
        Where the counts come from.
    months : sequence of int
        Months after the plan was resumed at which it is looked at; at least one.

    Returns
    -------
    Result
        One row an arm, month and state: of n_resumed the n_persons in the state. For ``discontinued`` the estimate is
        the Aalen-Johansen cumulative incidence, in which every other end competes; for ``going_on`` it is the
        Kaplan-Meier share whose plan has not ended in any way. Both allow for those who left.
    """
    days = {month: days_of(month) for month in sorted(months)}
    seen = counts.filter(pl.col("n_persons") > 0)
    frame = (
        _grid(counts, days)
        .join(_counted(seen, days), on=["arm", "month", "state"], how="left", maintain_order="left")
        .with_columns(pl.col("n_persons").fill_null(0))
        .with_columns(pl.col("n_persons").sum().over("arm", "month").alias("n_resumed"))
        .join(_estimated(seen, days), on=["arm", "month", "state"], how="left", maintain_order="left")
    )
    sizes = {str(arm): int(n) for arm, n in frame.select("arm", "n_resumed").unique().iter_rows()}
    roles = {
        **{name: Column.dimension() for name in ("arm", "month", "state")},
        **{name: Column.count() for name in ("n_resumed", "n_persons")},
        **{name: Column.derived("n_resumed", "n_persons", group_size=sizes) for name in _INTERVAL},
    }
    return Result(
        "plan_end",
        provenance,
        frame.select(*roles),
        roles,
        linked=(("n_resumed", "n_persons"),),
        repeats=(("n_resumed", ("month", "state")),),
        relations=tuple(_relations(list(days))),
    )


def days_of(month: int) -> int:
    """Return the whole days in some months of 365.25 / 12 days.

    Parameters
    ----------
    month : int
        Number of months.

    Returns
    -------
    int
        Days, rounded down.

    Examples
    --------
    >>> [days_of(month) for month in (3, 6, 12, 24)]
    [91, 182, 365, 730]
    """
    return int(month * 365.25 / 12)


def state_at(day: int) -> pl.Expr:
    """Say where a plan stands so many days after it was resumed; whoever leaves it on the day itself has left it.

    Parameters
    ----------
    day : int
        Days since the plan was resumed.

    Returns
    -------
    Expr
        One of :data:`PLAN_END_STATES`, from the columns exit_time and exit_state.
    """
    return pl.when(pl.col("exit_time") > day).then(pl.lit("going_on")).otherwise("exit_state")


def _grid(counts: pl.DataFrame, days: dict[int, int]) -> pl.DataFrame:
    """Make a row for every arm, month and state, so that nobody is 0 and not absent."""
    arms = counts.select("arm").unique().sort("arm")
    months = pl.DataFrame({"month": list(days)}, schema={"month": pl.Int32})
    return arms.join(months, how="cross").join(pl.DataFrame({"state": PLAN_END_STATES}), how="cross")


def _counted(seen: pl.DataFrame, days: dict[int, int]) -> pl.DataFrame:
    """Count the persons in each state at each month."""
    states = [
        seen.with_columns(pl.lit(month, pl.Int32).alias("month"), state_at(day).alias("state"))
        for month, day in days.items()
    ]
    return pl.concat(states).group_by("arm", "month", "state").agg(pl.col("n_persons").sum())


def _estimated(seen: pl.DataFrame, days: dict[int, int]) -> pl.DataFrame:
    """Estimate who was discontinued and who went on; no row of an arm in which nothing was resumed."""
    schema = {"arm": pl.String, "month": pl.Int32, "state": pl.String, **dict.fromkeys(_INTERVAL, pl.Float64)}
    if seen.is_empty():
        return pl.DataFrame(schema=schema)
    cause = {state: number for number, state in enumerate(("left", *_CAUSES))}
    table = LifeTable.from_counts(
        seen.get_column("exit_time").to_numpy(),
        seen.get_column("exit_state").replace_strict(cause, return_dtype=pl.Int64).to_numpy(),
        seen.get_column("n_persons").to_numpy(),
        group=seen.get_column("arm").to_numpy(),
        n_causes=len(_CAUSES),
    )
    ends = aalen_johansen(table).tidy(list(days.values())).filter(pl.col("cause") == cause["discontinued"])
    going_on = kaplan_meier(table.for_cause(None)).tidy(list(days.values()))
    month = pl.col("time").replace_strict({day: month for month, day in days.items()}, return_dtype=pl.Int32)
    return pl.concat(
        frame.select(pl.col("group").alias("arm"), month.alias("month"), pl.lit(state).alias("state"), *_INTERVAL)
        for frame, state in ((going_on, "going_on"), (ends, "discontinued"))
    )


def _relations(months: Sequence[int]) -> Iterator[Relation]:
    """Say that the states add up, that an end stays an end, and who has resumed a plan in the other tables."""
    everyone = Counts("plan_end", "n_resumed", {"month": (months[0],), "state": ("going_on",)})
    continuing = Counts("continuity", "n_continuing", {"domain": ("any",), "checkpoint": ("resumed",)})
    yield Relation((continuing,), (everyone,), ("arm",), exact=True)
    for month in months:
        yield Relation((everyone,), (_in_state(month, *PLAN_END_STATES),), ("arm",), exact=True)
    for before, month in pairwise(months):
        yield Relation((_in_state(before, "going_on"),), (_in_state(month, "going_on"),), ("arm",))
        for state in PLAN_END_STATES[1:]:
            yield Relation((_in_state(month, state),), (_in_state(before, state),), ("arm",))


def _in_state(month: int, *states: str) -> Counts:
    return Counts("plan_end", "n_persons", {"month": (month,), "state": states})
