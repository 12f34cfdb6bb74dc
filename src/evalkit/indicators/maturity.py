"""How final the figures of each quarter's releases are, from the delay of the registers themselves.

A person counts as reoffending from the day on which the registers know of an event in follow-up: the decision's day.
How long that takes after the index date is seen in those who are known already; the newest are seen only if it was
quick, so the distribution is estimated in reverse time (:mod:`evalkit.survival.reverse_time`). It tells which share of
a quarter's events can be expected to be known by now, and what the risk would be if all were.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Protocol

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.stats import norm

from evalkit.results import Column, Counts, Provenance, Relation, Result
from evalkit.survival.reverse_time import Completeness, completeness

__all__ = ["STAMPS", "maturity"]

STAMPS: tuple[str, ...] = ("final", "provisional", "too_early")
"""All decisions can be in; enough of them can; too few can for a figure."""

_PERSONS_PER_STEP = 5
_Z = float(norm.ppf(0.975))
_NUMBERS = ("completeness", "estimate", "conf_low", "conf_high")

FloatArray = npt.NDArray[np.float64]


class Deadline(Protocol):
    """What a definition must say of itself for its cohorts to be stamped."""

    @property
    def provisional_from(self) -> float:
        """Least expected completeness of a provisional cohort."""
        ...

    def decided_before(self, index_date: date) -> date:
        """Return the first day on which a decision is too late."""
        ...


def maturity(counts: pl.DataFrame, outcome: Deadline, vintage: date, provenance: Provenance) -> Result:
    """Stamp each quarter of index dates as final, provisional or too early, with the risk adjusted for what is missing.

    The adjusted risk is the share known to have had the event, divided by the share that can be expected to be known.
    It takes for granted that decisions come as fast now as before, and leaves those who died or emigrated in the
    denominator; for final quarters it is the plain share.

    Parameters
    ----------
    counts : DataFrame
        ``analysis.recognition``: index_date, recognised_after_days (null where nothing is known), n_persons.
    outcome : OutcomeDefinition
        By when decisions count, and from which completeness a quarter is provisional.
    vintage : date
        The data are complete before this day.
    provenance : Provenance
        Where the counts come from.

    Returns
    -------
    Result
        One row a quarter: its stamp, the expected completeness and the adjusted risk with its interval.
    """
    dated = _with_limits(counts, outcome, vintage)
    known = dated.filter(pl.col("recognised_after_days").is_not_null())
    curve = _curve(known)
    rows = [
        _row(str(quarter), part, curve, outcome, vintage)
        for (quarter,), part in dated.sort("index_date").group_by("quarter", maintain_order=True)
    ]
    frame = pl.DataFrame(rows, schema_overrides=dict.fromkeys(_NUMBERS, pl.Float64))
    sizes = dict(frame.select("quarter", "n_persons").iter_rows())
    derived = Column.derived("n_persons", group_size=sizes, persons_per_unit=_PERSONS_PER_STEP)
    roles = {
        "quarter": Column.dimension(),
        "stamp": Column.label(),
        "n_persons": Column.count(),
        **dict.fromkeys(_NUMBERS, derived),
    }
    everyone = Relation((Counts("overall", "n_persons"),), (Counts("maturity", "n_persons"),), exact=True)
    return Result(
        "maturity", provenance, frame.select(*roles), roles, additive_over=("quarter",), relations=(everyone,)
    )


def _with_limits(counts: pl.DataFrame, outcome: Deadline, vintage: date) -> pl.DataFrame:
    """Add the quarter, and the longest delay that could be seen: to the day before the data end, or to the deadline."""
    days = counts.get_column("index_date").unique().to_list()
    ends = {day: min(vintage, outcome.decided_before(day)) - timedelta(1) for day in days}
    limits = pl.DataFrame(
        {
            "index_date": days,
            "limit": [(ends[day] - day).days for day in days],
            "is_final": [outcome.decided_before(day) <= vintage for day in days],
        },
        schema={"index_date": pl.Date, "limit": pl.Int64, "is_final": pl.Boolean},
    )
    year, quarter = pl.col("index_date").dt.year(), pl.col("index_date").dt.quarter()
    named = pl.concat_str(year, pl.lit(" Q"), quarter).alias("quarter")
    return counts.join(limits, on="index_date", how="left", maintain_order="left").with_columns(named)


def _curve(known: pl.DataFrame) -> Completeness | None:
    """Estimate the delay from all that is known; None where nothing is, or no cohort is old enough to show the end."""
    if not known.get_column("is_final").any():
        return None
    columns = (known.get_column(name).to_numpy() for name in ("recognised_after_days", "limit", "n_persons"))
    return completeness(*columns)


def _row(
    quarter: str, part: pl.DataFrame, curve: Completeness | None, outcome: Deadline, vintage: date
) -> dict[str, object]:
    n_persons = int(part["n_persons"].sum())
    n_known = int(part.filter(pl.col("recognised_after_days").is_not_null())["n_persons"].sum())
    dates = part.group_by("index_date", maintain_order=True).agg(
        pl.col("n_persons").sum(), pl.col("limit").first(), pl.col("is_final").first()
    )
    share, log_variance = _expected(dates, curve)
    is_final = outcome.decided_before(_last_day(dates)) <= vintage
    stamp = "final" if is_final else "provisional" if share >= outcome.provisional_from else "too_early"
    risk = _adjusted(n_known, n_persons, share, log_variance) if stamp != "too_early" else dict.fromkeys(_NUMBERS[1:])
    return {"quarter": quarter, "stamp": stamp, "n_persons": n_persons, "completeness": share, **risk}


def _last_day(dates: pl.DataFrame) -> date:
    last = dates["index_date"].to_list()[-1]
    return last if isinstance(last, date) else date.max


def _expected(dates: pl.DataFrame, curve: Completeness | None) -> tuple[float, float]:
    """Return the share that can be expected to be known, over the index dates, and the variance of its logarithm."""
    final = dates["is_final"].to_numpy()
    if bool(final.all()):
        return 1.0, 0.0
    if curve is None:
        return 0.0, 0.0
    limit, persons = dates["limit"].to_numpy(), dates["n_persons"].to_numpy()
    weight: FloatArray = persons / persons.sum()
    share = np.where(final, 1.0, curve.share_by(limit))
    variance = np.where(final, 0.0, curve.log_variance_by(limit))
    total = float((weight * share).sum())
    if total == 0.0:
        return 0.0, 0.0
    # Two shares rest on the same steps beyond the longer of their limits.
    parts = np.where(share > 0, weight * share, 0.0)
    common = np.minimum.outer(np.where(share > 0, variance, 0.0), np.where(share > 0, variance, 0.0))
    return total, float(parts @ common @ parts) / total**2


def _adjusted(n_known: int, n_persons: int, share: float, log_variance: float) -> dict[str, float | None]:
    risk = min(n_known / n_persons / share, 1.0)
    if n_known == 0:
        return {"estimate": 0.0, "conf_low": None, "conf_high": None}
    spread = _Z * float(np.sqrt((1 - n_known / n_persons) / n_known + log_variance))
    return {
        "estimate": risk,
        "conf_low": risk * float(np.exp(-spread)),
        "conf_high": min(risk * float(np.exp(spread)), 1.0),
    }
