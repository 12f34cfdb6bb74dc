"""Reoffending: risk at the horizon, curves up to it, and what the arms differ by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import polars as pl
from matplotlib.figure import Figure

from evalkit.results import Column, Counts, Provenance, Relation, Result
from evalkit.survival import (
    CumulativeIncidence,
    LifeTable,
    aalen_johansen,
    kaplan_meier,
    log_rank,
    plot_curves,
    risk_difference,
    risk_ratio,
    rmst,
)

__all__ = ["CAUSES", "reoffending"]

CAUSES: tuple[str, ...] = ("reoffence", "death")
"""Machine names of the event types 1, 2, …"""

_INTERVAL = ("estimate", "std_error", "conf_low", "conf_high")
_COUNTS = ("n_persons", "n_events", "n_left")
_PERSONS_PER_STEP = 10
"""Of a Kaplan-Meier curve, in which everyone who leaves is censored: events divided by a step are those at risk.

Twice the smallest cell: with many events between two points, steps of five persons told how many had left within two.
"""


def reoffending(
    counts: pl.DataFrame,
    provenance: Provenance,
    *,
    horizon: int,
    grid: Sequence[int],
    reference: str | None,
    treated: str,
) -> tuple[Result, ...]:
    """Compute everything about the event from counts of persons by time and type of exit.

    The risk is the Aalen-Johansen cumulative incidence, in which death competes. The restricted mean is the time alive
    and free of the event. The survival curve and the log-rank test are about the event's hazard alone: deaths censor.

    Parameters
    ----------
    counts : DataFrame
        arm, entry_time, exit_time, event_type (0 censored, 1 the event, 2 death), n_persons.
    provenance : Provenance
        Where the counts come from.
    horizon : int
        Time at which the risk is read, in the study's unit.
    grid : sequence of int
        Times at which the curves are read, ascending, the horizon last.
    reference : str, optional
        The arm that is compared with; None in a study of one arm.
    treated : str
        The other arm, or the only one.

    Returns
    -------
    tuple of Result
        risk, curve and survival; with a comparison also overall and contrast.

    Raises
    ------
    EstimationError
        When an arm is not followed to the horizon.
    """
    table = _life_table(counts)
    incidence = aalen_johansen(table)
    risk = _risk(incidence, horizon, provenance)
    curves = (_curve(incidence, grid, provenance), _survival(table, grid, provenance))
    if reference is None:
        return risk, *curves
    everyone = aalen_johansen(_life_table(counts.with_columns(pl.lit("all").alias("arm"))))
    contrast = _contrast(table, incidence, horizon, (reference, treated), provenance)
    return risk, _overall(everyone, horizon, provenance), *curves, contrast


def _life_table(counts: pl.DataFrame) -> LifeTable:
    return LifeTable.from_counts(
        counts.get_column("exit_time").to_numpy(),
        counts.get_column("event_type").to_numpy(),
        counts.get_column("n_persons").to_numpy(),
        entry_time=counts.get_column("entry_time").to_numpy(),
        group=counts.get_column("arm").to_numpy(),
    )


def _risk(incidence: CumulativeIncidence, horizon: int, provenance: Provenance) -> Result:
    """Risk of the first cause at the horizon, with who had the event and who left before."""
    frame = _at_horizon(incidence, horizon).select("arm", *_COUNTS, *_INTERVAL)
    relations = (*_sums_over_arms(), *_ends_of("curve", horizon), *_ends_of("survival", horizon))
    roles = _risk_roles(_sizes(incidence.life_table))
    return Result("risk", provenance, frame, roles, linked=(_COUNTS,), relations=relations)


def _overall(incidence: CumulativeIncidence, horizon: int, provenance: Provenance) -> Result:
    """Risk of everyone together."""
    frame = _at_horizon(incidence, horizon).select("arm", *_COUNTS, *_INTERVAL)
    return Result("overall", provenance, frame, _risk_roles(_sizes(incidence.life_table)), linked=(_COUNTS,))


def _sums_over_arms() -> Iterator[Relation]:
    """Say that the arms add up to everyone, who stand in the table `overall` and beside every contrast."""
    for column in _COUNTS:
        yield Relation((Counts("overall", column),), (Counts("risk", column),), exact=True)
    for column in ("n_persons", "n_events"):
        contrast = Counts("contrast", column, {"measure": ("risk_difference",)})
        yield Relation((contrast,), (Counts("risk", column),), exact=True)


def _ends_of(curve: str, horizon: int) -> Iterator[Relation]:
    """Say that a curve starts with the whole arm and ends with the counts of the risk and those still followed."""
    start, end = {"time": (0,)}, {"time": (horizon,)}
    yield Relation((Counts("risk", "n_persons"),), (Counts(curve, "n_at_risk", start),), ("arm",), exact=True)
    for column in ("n_events", "n_left"):
        yield Relation((Counts("risk", column),), (Counts(curve, column, end),), ("arm",), exact=True)
    parts = (Counts("risk", "n_events"), Counts("risk", "n_left"), Counts(curve, "n_at_risk", end))
    yield Relation((Counts("risk", "n_persons"),), parts, ("arm",), exact=True)


def _sizes(table: LifeTable) -> dict[str, int]:
    """Persons in each arm."""
    return {str(group): int(n) for group, n in zip(table.groups, table.n_persons.round(), strict=True)}


def _at_horizon(incidence: CumulativeIncidence, horizon: int) -> pl.DataFrame:
    first = incidence.tidy([horizon]).filter(pl.col("cause") == 1).rename({"group": "arm"})
    persons = pl.DataFrame({"arm": incidence.groups, "n_persons": incidence.life_table.n_persons.round().astype(int)})
    counts = _still_followed(incidence.life_table.for_cause(1), (0, horizon)).filter(pl.col("time") == horizon)
    return first.select("arm", *_INTERVAL).join(persons, on="arm").join(counts, on="arm")


def _risk_roles(sizes: Mapping[str, int]) -> dict[str, Column]:
    return {
        "arm": Column.dimension(),
        **{column: Column.count() for column in _COUNTS},
        **{column: Column.derived("n_persons", "n_events", group_size=sizes) for column in _INTERVAL},
    }


def _curve(incidence: CumulativeIncidence, grid: Sequence[int], provenance: Provenance) -> Result:
    first = incidence.tidy(grid).filter(pl.col("cause") == 1).with_columns(pl.lit(CAUSES[0]).alias("cause"))
    frame = first.rename({"group": "arm"}).select("arm", "cause", "time", *_INTERVAL)
    counts = _still_followed(incidence.life_table.for_cause(1), grid)
    roles = _curve_roles("arm", "cause", "time", sizes=_sizes(incidence.life_table))
    return Result(
        "curve", provenance, frame.join(counts, on=["arm", "time"]), roles, cumulative_over="time", figure=_draw
    )


def _survival(table: LifeTable, grid: Sequence[int], provenance: Provenance) -> Result:
    """Kaplan-Meier of the first cause: the share free of it had nobody died.

    Its counts are those of the cumulative incidence, so that the two tables together tell no more than one.
    """
    curve = kaplan_meier(table, cause=1)
    frame = curve.tidy(grid).rename({"group": "arm"}).select("arm", "time", *_INTERVAL)
    counts = _still_followed(curve.life_table, grid)
    roles = _curve_roles("arm", "time", sizes=_sizes(table), persons_per_unit=_PERSONS_PER_STEP)
    return Result(
        "survival", provenance, frame.join(counts, on=["arm", "time"]), roles, cumulative_over="time", figure=_draw
    )


def _still_followed(table: LifeTable, grid: Sequence[int]) -> pl.DataFrame:
    """Count on a grid: persons still followed without the event after t; up to t, events, and those who left early.

    Whoever reaches the last time of the grid has completed follow-up and counts as still followed there. At every time
    the three numbers add up to everyone who has entered, so none of them tells more than the others.
    """
    curve = kaplan_meier(table)
    day_before = curve.tidy([max(time - 1, 0) for time in grid])
    left = pl.when(pl.col("time") == grid[-1]).then(day_before.get_column("n_censored")).otherwise("n_censored")
    counts = curve.tidy(grid).with_columns(left.alias("n_left"))
    today = (counts["n_events"] - day_before["n_events"]) + (counts["n_left"] - day_before["n_censored"])
    return counts.with_columns(pl.col("n_at_risk") - today).select(
        pl.col("group").alias("arm"), "time", "n_at_risk", "n_events", "n_left"
    )


def _curve_roles(*dimensions: str, sizes: Mapping[str, int], persons_per_unit: int = 1) -> dict[str, Column]:
    counts = ("n_at_risk", "n_events", "n_left")
    return {
        **{column: Column.dimension() for column in dimensions},
        **{
            column: Column.derived("n_events", group_size=sizes, persons_per_unit=persons_per_unit)
            for column in _INTERVAL
        },
        **{column: Column.count() for column in counts},
    }


def _draw(frame: pl.DataFrame) -> Figure:
    """Draw the first cause by arm."""
    first = frame.filter(pl.col("cause") == CAUSES[0]) if "cause" in frame.columns else frame
    is_coarse = first.get_column("time").unique().sort().diff().min() != 1
    return plot_curves(first, arm="arm", y_from_zero="cause" in frame.columns, joined=is_coarse)


def _contrast(
    table: LifeTable,
    incidence: CumulativeIncidence,
    horizon: int,
    arms: tuple[str, str],
    provenance: Provenance,
) -> Result:
    """Compare the treated arm with the reference: the risk difference first, because it is primary."""
    reference, treated = arms
    restricted = rmst(kaplan_meier(table), horizon=horizon)
    contrasts = (
        risk_difference(incidence, time=horizon, reference=reference, treated=treated),
        risk_ratio(incidence, time=horizon, reference=reference, treated=treated),
        restricted.difference(reference=reference, treated=treated),
    )
    columns = ("measure", *_INTERVAL, "statistic", "p_value")
    test = log_rank(table.for_cause(1))
    log_rank_row = (
        contrasts[0]
        .tidy()
        .select(
            pl.lit("log_rank").alias("measure"),
            *(pl.lit(None, pl.Float64).alias(name) for name in _INTERVAL),
            pl.lit(test.statistic).alias("statistic"),
            pl.lit(test.p_value).alias("p_value"),
            "n_persons",
            "n_events",
        )
    )
    frame = pl.concat([*(one.tidy().select(columns) for one in contrasts), log_rank_row.select(columns)]).with_columns(
        # The restricted mean also counts deaths; beside the others that number would tell how many died.
        pl.lit(round(contrasts[0].n_persons)).alias("n_persons"),
        pl.lit(round(contrasts[0].n_events)).alias("n_events"),
    )
    roles = {
        "measure": Column.dimension(),
        **{name: Column.derived("n_persons", "n_events", group_size=min(_sizes(table).values())) for name in _INTERVAL},
        **{name: Column.derived("n_persons", "n_events") for name in ("statistic", "p_value")},
        "n_persons": Column.count(),
        "n_events": Column.count(),
    }
    repeats = tuple((name, ("measure",)) for name in ("n_persons", "n_events"))
    return Result("contrast", provenance, frame, roles, linked=(("n_persons", "n_events"),), repeats=repeats)
