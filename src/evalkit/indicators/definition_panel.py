"""The same cohort under every definition: how much of a reoffending rate is the definition's doing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl
from matplotlib.figure import Figure

from evalkit.results import Column, Counts, Provenance, Relation, Result
from evalkit.survival import CurveLabels, LifeTable, aalen_johansen
from evalkit.survival.interval_plot import plot_intervals

__all__ = ["definition_panel"]

_PERSONS_PER_STEP = 5
_NUMBERS = ("estimate", "conf_low", "conf_high")


def definition_panel(
    counts: pl.DataFrame,
    horizons: Mapping[str, int],
    provenance: Provenance,
    *,
    own: str,
    name: str = "definition_panel",
) -> Result:
    """Read the risk at each definition's own horizon, arm by arm, for the same persons.

    The numbers of persons with the event are not shown: two definitions often differ in a handful of persons, whom a
    reader could find by subtraction. The risks keep no digit that tells of fewer than five.

    Parameters
    ----------
    counts : DataFrame
        ``analysis.event_count``: outcome, arm, entry_time, exit_time, event_type, n_persons.
    horizons : mapping of str to int
        Outcome to the day at which its risk is read, in the order in which they are shown.
    provenance : Provenance
        Where the counts come from.
    own : str
        The study's own outcome: its persons are those of every row, whomever a definition leaves out afterwards.
    name : str
        Name of the result.

    Returns
    -------
    Result
        One row an outcome and arm: risk and interval.
    """
    sizes = dict(counts.filter(pl.col("outcome") == own).group_by("arm").agg(pl.col("n_persons").sum()).iter_rows())
    frame = pl.concat([_risks(counts.filter(pl.col("outcome") == one), one, day) for one, day in horizons.items()])
    frame = frame.with_columns(pl.col("arm").replace_strict(sizes, return_dtype=pl.Int64).alias("n_persons"))
    derived = Column.derived("n_persons", group_size=sizes, persons_per_unit=_PERSONS_PER_STEP)
    roles = {
        "arm": Column.dimension(),
        "outcome": Column.dimension(),
        "horizon_days": Column.label(),
        "n_persons": Column.count(),
        **dict.fromkeys(_NUMBERS, derived),
    }
    persons = Counts(name, "n_persons", {"outcome": (next(iter(horizons)),)})
    return Result(
        name,
        provenance,
        frame.select(*roles),
        roles,
        repeats=(("n_persons", ("outcome",)),),
        relations=(Relation((Counts("risk", "n_persons"),), (persons,), ("arm",), exact=True),),
        figure=_draw,
    )


def _risks(counts: pl.DataFrame, outcome: str, horizon: int) -> pl.DataFrame:
    columns = (counts.get_column(column).to_numpy() for column in ("exit_time", "event_type", "n_persons"))
    entry, arm = (counts.get_column(column).to_numpy() for column in ("entry_time", "arm"))
    incidence = aalen_johansen(LifeTable.from_counts(*columns, entry_time=entry, group=arm, n_causes=2))
    risks = incidence.tidy([horizon]).filter(pl.col("cause") == 1)
    return risks.select(
        pl.lit(outcome).alias("outcome"),
        pl.col("group").alias("arm"),
        pl.lit(horizon).alias("horizon_days"),
        *_NUMBERS,
    )


def _draw(frame: pl.DataFrame) -> Figure:
    """Draw a line for each definition and arm."""
    rows = frame.select(pl.concat_str("outcome", "arm", separator=": ").alias("name"), *_NUMBERS)
    return plot_intervals(rows, labels=CurveLabels(x="Risk"), is_share=True)


def asked(horizons: Mapping[str, int], names: Sequence[str]) -> dict[str, int]:
    """Keep the named outcomes that the study counted, in the order named.

    Parameters
    ----------
    horizons : mapping of str to int
        Outcome to horizon.
    names : sequence of str
        The outcomes wanted.

    Returns
    -------
    dict of str to int
        Those that are there.
    """
    return {name: horizons[name] for name in names if name in horizons}
