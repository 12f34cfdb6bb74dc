"""Where people are on a given day after release: one state each, adding up to everyone."""

from __future__ import annotations

import polars as pl
from pydantic import Field

from evalkit.config import Definition, Explanation, Text
from evalkit.indicators.shares import with_share
from evalkit.results import Column, Provenance, Result

__all__ = ["StatusDefinition", "status"]


class StatusDefinition(Definition):
    """Employment and education status at whole months after release.

    Parameters
    ----------
    months : tuple of int
        Whole months after the index date.
    min_paid_hours : float
        Paid hours in the calendar month that holds the day, above which a person counts as employed.
    no_support_codes : tuple of str
        DREAM codes that are not public support for someone living in the country without work or education.
    """

    months: tuple[int, ...] = (3, 6, 12, 24)
    min_paid_hours: float = Field(default=0.0, ge=0)
    no_support_codes: tuple[str, ...] = ("997",)

    @property
    def explanation(self) -> Explanation:
        """What the definition says, in plain words."""
        da = ", ".join(str(month) for month in self.months)
        return Explanation(
            title=Text(da="Hvor er de løsladte?", en="Where are people after release?"),
            da=(
                f"Hver person har præcis én status {da} måneder efter løsladelsen, og alle løsladte er med i nævneren.",
                (
                    "Rækkefølge, når flere passer: død, udvandret, i fængsel eller arresthus, i arbejde, under uddannelse, på "
                    "offentlig ydelse, ingen registrering."
                ),
                (
                    f"I arbejde: mere end {self.min_paid_hours:g} betalte timer i den kalendermåned, dagen ligger i (BFL). "
                    "Selvstændige og sort arbejde ses ikke."
                ),
                "Under uddannelse: et uddannelsesforløb er i gang den dag (KOTRE).",
                (
                    "På offentlig ydelse: en ydelseskode i DREAM den uge. En uge uden kode betyder ikke, at personen er i "
                    "arbejde."
                ),
            ),
            en=(
                (
                    f"Everyone has exactly one status {da} months after release, and all who were released are in the "
                    "denominator."
                ),
                (
                    "Order when several fit: dead, emigrated, in custody, employed, in education, on public support, no "
                    "record."
                ),
                (
                    f"Employed: more than {self.min_paid_hours:g} paid hours in the calendar month that holds the day (BFL). "
                    "Self-employment and undeclared work are not seen."
                ),
                "In education: an education spell is under way on the day (KOTRE).",
                (
                    "On public support: a benefit code in DREAM that week. A week without a code does not mean that the "
                    "person is in work."
                ),
            ),
            source="BFL, KOTRE, DREAM, KRIN (Danmarks Statistik); programme aim: retention in employment and education",
        )


def status(counts: pl.DataFrame, provenance: Provenance) -> Result:
    """Make the status table.

    Parameters
    ----------
    counts : DataFrame
        ``analysis.status``: arm, month, state, n_persons.
    provenance : Provenance
        Where the counts come from.

    Returns
    -------
    Result
        One row an arm, month and state; the shares of an arm and month add up to 1.
    """
    frame = with_share(counts.with_columns(pl.col("month").cast(pl.Int32)), within=("arm", "month"))
    roles = {
        "arm": Column.dimension(),
        "month": Column.dimension(),
        "state": Column.dimension(),
        "n_persons": Column.count(),
        "share": Column.derived("n_persons"),
    }
    return Result("status", provenance, frame, roles, additive_over=("state",))
