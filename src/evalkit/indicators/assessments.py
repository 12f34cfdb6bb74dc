"""Change in assessments: from the first score to the last and to each quarter, in pairs of the same person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

import polars as pl
from pydantic import Field, model_validator

from evalkit.config import Definition, Explanation, Text
from evalkit.results import Column, Counts, Provenance, Relation, Result

__all__ = ["AssessmentDefinition", "assessment_parameters", "assessments"]

Instrument = Literal["forandringskompas", "tilvaerelsespsykologi"]


class AssessmentDefinition(Definition):
    """How one instrument's scores are compared.

    Parameters
    ----------
    instrument : {"forandringskompas", "tilvaerelsespsykologi"}
        The instrument; its extract has the same name.
    lowest, highest : float, optional
        The ends of the scale. The Exit programme's document gives none, so nobody is said to stand at an end unless
        the study says where the ends are.
    reliable_change : float, optional
        The least difference that is more than the instrument's own error; without it no one is said to have changed.
    months : tuple of int
        Months after the first score at which scores are compared; the Exit programme measures every third month.
    window_days : int
        How far from that day a measurement may be. Half of three months, so that each counts once.
    from_days : int
        Days before the index date from which scores count: the first is made while someone is taken in.
    """

    instrument: Instrument
    lowest: float | None = None
    highest: float | None = None
    reliable_change: float | None = Field(default=None, gt=0)
    months: tuple[int, ...] = (3, 6, 9, 12)
    window_days: int = Field(default=45, ge=0)
    from_days: int = Field(default=31, ge=0)

    @model_validator(mode="after")
    def _scale_has_two_ends(self) -> AssessmentDefinition:
        if (self.lowest is None) != (self.highest is None):
            raise ValueError("a scale has two ends: give lowest and highest, or neither")
        if self.lowest is not None and self.highest is not None and self.lowest >= self.highest:
            raise ValueError("lowest must be less than highest")
        if any(month < 1 for month in self.months):
            raise ValueError("months are whole numbers from 1")
        return self

    @property
    def explanation(self) -> Explanation:
        """What the definition says, in plain words."""
        scale_da, scale_en = "Skalaen er ikke oplyst.", "The scale is not stated."
        if self.lowest is not None and self.highest is not None:
            scale_da = f"Skalaen går fra {self.lowest:g} til {self.highest:g}."
            scale_en = f"The scale runs from {self.lowest:g} to {self.highest:g}."
        return Explanation(
            title=Text(da="Ændring i målinger", en="Change in assessments"),
            da=(
                "Kun personer, der er målt to gange på samme område, indgår i ændringen; de andre tælles for sig.",
                f"Den måling, der er nærmest dagen, tæller, hvis den ligger højst {self.window_days} dage fra den.",
                scale_da,
            ),
            en=(
                "Only persons who were measured twice on the same dimension are in the change; the others are counted.",
                f"The measurement nearest to the day counts, if it is at most {self.window_days} days away from it.",
                scale_en,
            ),
            source="Exit-programmet, København, 2012",
        )


def assessment_parameters(definitions: Sequence[AssessmentDefinition]) -> dict[str, object]:
    """Return the values of the SQL models' parameters.

    Parameters
    ----------
    definitions : sequence of AssessmentDefinition
        One an instrument.

    Returns
    -------
    dict of str to object
        Name without the dollar sign to value.
    """
    rules = [
        {name: getattr(one, name) for name in ("instrument", "from_days", "window_days", "lowest", "highest")}
        | {"reliable_change": one.reliable_change}
        for one in definitions
    ]
    nothing = {
        "instrument": "",
        "from_days": 0,
        "window_days": 0,
        "lowest": 0.0,
        "highest": 0.0,
        "reliable_change": 0.0,
    }
    months = sorted({month for one in definitions for month in one.months})
    # A list without an element, or with nothing but NULL in a field, has no type in SQL; nothing has the empty name.
    return {"assessments": [nothing, *rules], "assessment_months": months or [3]}


def assessments(
    counts: pl.DataFrame, definition: AssessmentDefinition, provenance: Provenance, *, conf_level: float = 0.95
) -> Result:
    """Make the table of changes by one instrument.

    Parameters
    ----------
    counts : DataFrame
        ``analysis.assessment_change``.
    definition : AssessmentDefinition
        The instrument, its scale and what is a reliable change.
    provenance : Provenance
        Where the counts come from.
    conf_level : float
        Coverage of the interval of the mean change, Student's.

    Returns
    -------
    Result
        One row an arm, dimension and later time (month 0 is the last measurement): persons assessed at all, with a
        first score, and with both (pairs); means of the first and the later score of the pairs, and the mean change
        with its standard error and interval, none for fewer than two pairs. With a scale, pairs that began at either
        end of it; with a reliable change, pairs that rose or fell by at least that.
    """
    from scipy import stats  # noqa: PLC0415 - a third of the time to start evalkit

    # The models look at the months of all instruments together.
    asked = pl.col("month").is_in([0, *definition.months])
    of_one = counts.filter(pl.col("instrument") == definition.instrument, asked)
    n, change = pl.col("n_pairs"), (pl.col("sum_later") - pl.col("sum_first")) / pl.col("n_pairs")
    # Rounding can leave less than nothing when everybody changed by the same.
    spread = (pl.col("sum_squares") - n * change * change).clip(lower_bound=0.0)
    some = of_one.with_columns(
        mean_first=pl.when(n > 0).then(pl.col("sum_first") / n),
        mean_later=pl.when(n > 0).then(pl.col("sum_later") / n),
        estimate=pl.when(n > 0).then(change),
        std_error=pl.when(n > 1).then((spread / (n - 1) / n).sqrt()),
    )
    freedom = (some.get_column("n_pairs") - 1).clip(lower_bound=1).to_list()
    quantile = pl.Series([float(stats.t.ppf((1 + conf_level) / 2, n)) for n in freedom], dtype=pl.Float64)
    frame = some.with_columns(
        conf_low=pl.col("estimate") - quantile * pl.col("std_error"),
        conf_high=pl.col("estimate") + quantile * pl.col("std_error"),
        month=pl.col("month").cast(pl.Int32),
    )
    ends = ("n_lowest_first", "n_highest_first") if definition.lowest is not None else ()
    moved = ("n_risen", "n_fallen") if definition.reliable_change is not None else ()
    estimates = ("mean_first", "mean_later", "estimate", "std_error", "conf_low", "conf_high")
    roles = {
        **dict.fromkeys(("arm", "dimension", "month"), Column.dimension()),
        **dict.fromkeys(("n_persons", "n_first", "n_pairs", *ends, *moved), Column.count()),
        **dict.fromkeys(estimates, Column.derived("n_pairs")),
    }
    parts = [("n_pairs", *of_pairs) for of_pairs in (ends, moved) if of_pairs]
    name = f"assessments_{definition.instrument}"
    told = frame.select(*roles)
    return Result(
        name,
        provenance,
        told,
        roles,
        linked=(("n_persons", "n_first"), ("n_first", "n_pairs"), *parts),
        repeats=(("n_persons", ("dimension", "month")), ("n_first", ("month",))),
        relations=tuple(_relations(name, told, ends)),
    )


def _relations(name: str, frame: pl.DataFrame, ends: Sequence[str]) -> Iterator[Relation]:
    """Say that the assessed are in the study, and that whoever has a later score has a last one."""
    yield Relation((Counts("risk", "n_persons"),), (Counts(name, "n_persons"),), ("arm",))
    for month in frame.filter(pl.col("month") > 0).get_column("month").unique().sort():
        for column in ("n_pairs", *ends):
            last, later = (Counts(name, column, {"month": (one,)}) for one in (0, month))
            yield Relation((last,), (later,), ("arm", "dimension"))
