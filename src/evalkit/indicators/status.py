"""Where people are on a given day after release: one state each, adding up to everyone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise, product

import polars as pl
from babel.lists import format_list
from pydantic import Field

from evalkit.config import Definition, Explanation, Text
from evalkit.indicators.shares import with_share
from evalkit.results import Column, Counts, Provenance, Relation, Result

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
        months = [str(month) for month in self.months]
        da, en = format_list(months, locale="da_DK"), format_list(months, locale="en_GB")
        codes = ", ".join(self.no_support_codes)
        da_but, en_but = (f", men ikke {codes}", f", but not {codes}") if codes else ("", "")
        return Explanation(
            title=Text(da="Hvor er de løsladte?", en="Where are people after release?"),
            da=(
                f"Hver person har præcis én status {da} måneder efter løsladelsen, og alle løsladte er med i nævneren.",
                (
                    "Rækkefølge, når flere passer: død, udvandret, indsat, i arbejde, under uddannelse, på offentlig ydelse, "
                    "ingen registrering."
                ),
                "Indsat: i fængsel eller arresthus den dag, eller hjemme med fodlænke, også når personen har løn imens.",
                (
                    f"I arbejde: mere end {self.min_paid_hours:g} betalte timer i den kalendermåned, dagen ligger i (BFL). "
                    "Selvstændige og sort arbejde ses ikke."
                ),
                "Under uddannelse: et uddannelsesforløb er i gang den dag (KOTRE).",
                (
                    f"På offentlig ydelse: en ydelseskode i DREAM den uge, også SU og pension{da_but}. En uge uden kode "
                    "betyder ikke, at personen er i arbejde."
                ),
            ),
            en=(
                (
                    f"Everyone has exactly one status {en} months after release, and all who were released are in the "
                    "denominator."
                ),
                (
                    "Order when several fit: dead, emigrated, in custody, employed, in education, on public support, no "
                    "record."
                ),
                "In custody: in prison or remand on the day, or at home with an electronic tag, whatever they earn there.",
                (
                    f"Employed: more than {self.min_paid_hours:g} paid hours in the calendar month that holds the day (BFL). "
                    "Self-employment and undeclared work are not seen."
                ),
                "In education: an education spell is under way on the day (KOTRE).",
                (
                    f"On public support: a benefit code in DREAM that week, student grants and pensions too{en_but}. "
                    "A week without a code does not mean that the person is in work."
                ),
            ),
            source="BFL, KOTRE, DREAM, KRIN, DOD, VNDS (Danmarks Statistik)",
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
    months = frame.get_column("month").unique().sort().to_list()
    relations = (*_died_between(months), *_without_plan(months))
    return Result("status", provenance, frame, roles, additive_over=("state",), relations=relations)


def _died_between(months: Sequence[int]) -> Iterator[Relation]:
    """Whoever is dead stays dead; so the dead of one month less those of the month before died in between."""
    for before, month in pairwise(months):
        earlier, later = _in_state("dead", before), _in_state("dead", month)
        yield Relation((later,), (earlier,), ("arm",))
        # The same for those without a plan: the dead less the dead with a plan.
        with_plan = (_with_plan("dead", before), _with_plan("dead", month))
        yield Relation((later, with_plan[0]), (earlier, with_plan[1]), ("arm",))


def _without_plan(months: Sequence[int]) -> Iterator[Relation]:
    """Whoever has a plan and is dead, abroad or in custody is so here too; the others have no plan."""
    for month, (state, plan_state) in product(months, _SAME_STATE.items()):
        yield Relation((_in_state(state, month),), (_with_plan(plan_state, month),), ("arm",))


_SAME_STATE = {"dead": "dead", "emigrated": "emigrated", "in_custody": "returned_to_custody"}


def _in_state(state: str, month: int) -> Counts:
    return Counts("status", "n_persons", {"state": (state,), "month": (month,)})


def _with_plan(state: str, month: int) -> Counts:
    return Counts("continuity", f"n_{state}", {"domain": ("any",), "checkpoint": (str(month),)})
