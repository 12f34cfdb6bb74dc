"""Reoffending: risk at the horizon, curves up to it, and what the arms differ by."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
from matplotlib.figure import Figure

from evalkit.results import Column, Provenance, Result
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


def reoffending(
    counts: pl.DataFrame,
    provenance: Provenance,
    *,
    horizon: int,
    grid: Sequence[int],
    reference: str,
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
    reference, treated : str
        The arms' names.

    Returns
    -------
    tuple of Result
        risk, overall, curve, survival and contrast.

    Raises
    ------
    EstimationError
        When an arm is not followed to the horizon.
    """
    table, everyone = _life_table(counts), _life_table(counts.with_columns(pl.lit("all").alias("arm")))
    incidence = aalen_johansen(table)
    return (
        _risk(incidence, horizon, provenance),
        _overall(aalen_johansen(everyone), horizon, provenance),
        _curve(incidence, grid, provenance),
        _survival(table, grid, provenance),
        _contrast(table, incidence, horizon, (reference, treated), provenance),
    )


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
    # The arms add up to everyone, who stand in the table `overall` and beside every contrast.
    counts = ("n_persons", "n_events", "n_left")
    frame = _at_horizon(incidence, horizon).select("arm", *counts, *_INTERVAL)
    return Result("risk", provenance, frame, _risk_roles(counts), linked=(counts,), additive_over=("arm",))


def _overall(incidence: CumulativeIncidence, horizon: int, provenance: Provenance) -> Result:
    """Risk of everyone together; those who left are split here only, where there are enough of them to tell."""
    counts = ("n_persons", "n_events", "n_left", "n_deaths")
    died = incidence.tidy([horizon]).filter(pl.col("cause") == 2).get_column("n_events").sum()
    frame = _at_horizon(incidence, horizon).with_columns(pl.lit(died, pl.Int64).alias("n_deaths"))
    links = (("n_persons", "n_events", "n_left"), ("n_left", "n_deaths"))
    return Result("overall", provenance, frame.select("arm", *counts, *_INTERVAL), _risk_roles(counts), linked=links)


def _at_horizon(incidence: CumulativeIncidence, horizon: int) -> pl.DataFrame:
    first = incidence.tidy([horizon]).filter(pl.col("cause") == 1).rename({"group": "arm"})
    persons = pl.DataFrame({"arm": incidence.groups, "n_persons": incidence.table.n_persons.round().astype(int)})
    counts = _still_followed(incidence.table.for_cause(1), (0, horizon)).filter(pl.col("time") == horizon)
    return first.select("arm", *_INTERVAL).join(persons, on="arm").join(counts, on="arm")


def _risk_roles(counts: Sequence[str]) -> dict[str, Column]:
    return {
        "arm": Column.dimension(),
        **{column: Column.count() for column in counts},
        **{column: Column.derived("n_persons", "n_events") for column in _INTERVAL},
    }


def _curve(incidence: CumulativeIncidence, grid: Sequence[int], provenance: Provenance) -> Result:
    first = incidence.tidy(grid).filter(pl.col("cause") == 1).with_columns(pl.lit(CAUSES[0]).alias("cause"))
    frame = first.rename({"group": "arm"}).select("arm", "cause", "time", *_INTERVAL)
    counts = _still_followed(incidence.table.for_cause(1), grid)
    roles = _curve_roles("arm", "cause", "time")
    return Result(
        "curve", provenance, frame.join(counts, on=["arm", "time"]), roles, cumulative_over="time", figure=_draw
    )


def _survival(table: LifeTable, grid: Sequence[int], provenance: Provenance) -> Result:
    """Kaplan-Meier of the first cause: the share free of it had nobody died.

    Its counts are those of the cumulative incidence, so that the two tables together tell no more than one.
    """
    curve = kaplan_meier(table, cause=1)
    frame = curve.tidy(grid).rename({"group": "arm"}).select("arm", "time", *_INTERVAL)
    counts = _still_followed(curve.table, grid)
    roles = _curve_roles("arm", "time")
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


def _curve_roles(*dimensions: str) -> dict[str, Column]:
    counts = ("n_at_risk", "n_events", "n_left")
    return {
        **{column: Column.dimension() for column in dimensions},
        **{column: Column.derived("n_events") for column in _INTERVAL},
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
        **{name: Column.derived("n_persons", "n_events") for name in (*_INTERVAL, "statistic", "p_value")},
        "n_persons": Column.count(),
        "n_events": Column.count(),
    }
    return Result("contrast", provenance, frame, roles, linked=(("n_persons", "n_events"),))
