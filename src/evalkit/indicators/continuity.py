"""Plan continuity: does the plan made in custody go on after release?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Literal

import polars as pl
from babel.lists import format_list
from pydantic import Field

from evalkit.config import Definition, Explanation, Text
from evalkit.indicators.shares import with_wilson
from evalkit.results import Column, Counts, Provenance, Relation, Result

__all__ = ["PLAN_STATES", "ContinuityDefinition", "plan_continuity"]


class ContinuityDefinition(Definition):
    """Continuity of plan activities over release, by domain.

    The programme names the indicator but neither a window nor a threshold, so the window is the study's choice and no
    threshold exists.

    Parameters
    ----------
    resume_within_days : int
        An activity goes on when one in the same domain is active on some day of ``[release, release + this]``.
    checkpoints_months : tuple of int
        Whole months after release at which it is looked at again.
    measures : tuple of {"end", "gap"}
        What is told of plans that were resumed: for how long they went on and how they ended, and their first gap.
    evidence : bool
        Whether what caseworkers say is held against registers, in a table of its own. It has many small cells, which can
        cost cells of the main table.
    """

    resume_within_days: int = Field(default=30, ge=0)
    checkpoints_months: tuple[int, ...] = Field(default=(3, 6, 12, 24), min_length=1)
    measures: tuple[Literal["end", "gap"], ...] = ("end", "gap")
    evidence: bool = False

    @property
    def explanation(self) -> Explanation:
        """What the definition says, in plain words."""
        days = self.resume_within_days
        months = [str(month) for month in self.checkpoints_months]
        da, en = format_list(months, locale="da_DK"), format_list(months, locale="en_GB")
        return Explanation(
            title=Text(da="Fortsætter planen efter løsladelsen?", en="Does the plan go on after release?"),
            da=(
                (
                    "Med plan er den, der har mindst én aktivitet planlagt eller begyndt under opholdet. De andre vises som "
                    "»ingen plan registreret« eller »plan uden aktivitet« og er ikke med i andelen."
                ),
                (
                    f"Planen fortsætter, når en aktivitet på samme område er i gang mindst én dag fra løsladelsen til og med "
                    f"dag {days}. Kriminalforsorgens og kommunens aktiviteter tæller ens."
                ),
                (
                    f"Efter {da} måneder: planen blev genoptaget inden for {days} dage, og en aktivitet på samme område er i "
                    "gang den dag."
                ),
                (
                    "Alle med plan er i nævneren. Den, hvis aktivitet er gennemført, uden at en anden er i gang, tæller ikke "
                    "som fortsat. Efter hele måneder tæller den, der den dag er død, udvandret eller indsat igen, heller ikke."
                ),
                (
                    "Programmet fastsætter hverken frist eller mål; fristen er valgt i denne undersøgelse, og intet mål er "
                    "lagt til."
                ),
                "Oplysningerne er sagsbehandlernes registreringer; kommuner registrerer forskelligt.",
            ),
            en=(
                (
                    "A person has a plan when at least one activity was planned or begun during the stay. The others are "
                    'shown as "no plan recorded" or "plan without activity" and do not enter the share.'
                ),
                (
                    f"The plan goes on when an activity in the same domain is under way on at least one day from release to "
                    f"day {days}. The prison service's and the municipality's activities count alike."
                ),
                (
                    f"After {en} months: the plan was resumed within {days} days, and an activity in the same domain is under "
                    "way on that day."
                ),
                (
                    "All with a plan are in the denominator. A person whose activity is completed, without another under way, "
                    "does not count as going on. After whole months, nor does one who on that day is dead, abroad or back in "
                    "custody."
                ),
                (
                    "The programme sets neither a time limit nor a target; the limit is this study's choice, and no target "
                    "has been added."
                ),
                "The facts are what caseworkers recorded; municipalities record differently.",
            ),
            source='Håndholdt Inklusion: "hvorvidt borgerne efter løsladelsen fortsætter i det forløb, der er '
            'igangsat/planlagt under indsættelsen"',
        )


PLAN_STATES: tuple[str, ...] = (
    "continuing",
    "completed",
    "not_continued",
    "unknown_end",
    "returned_to_custody",
    "dead",
    "emigrated",
)
"""Where a plan can stand, for those who have one; in the order of the report."""

_WITHOUT = ("n_no_plan_recorded", "n_plan_without_activity")


def plan_continuity(counts: pl.DataFrame, provenance: Provenance) -> Result:
    """Make the indicator: where everyone's plan stands, and of those with a plan, the share whose plan goes on.

    Parameters
    ----------
    counts : DataFrame
        ``analysis.continuity_state``: arm, domain, months, state, n_persons.
    provenance : Provenance
        Where the counts come from.

    Returns
    -------
    Result
        One row an arm, domain and checkpoint: all persons, those without a plan, those with one, whose plan continues,
        and their share with its Wilson interval; for all domains together also those whose plan has no activity, and
        where the other plans stand. In one domain a plan without activity is no plan.
    """
    states = [f"n_{state}" for state in PLAN_STATES]
    wide = (
        counts.sort("arm", "domain", "months", "state")
        .with_columns(_checkpoint(), pl.concat_str(pl.lit("n_"), "state").alias("state"))
        .pivot(on="state", index=["arm", "domain", "checkpoint"], values="n_persons", maintain_order=True)
        .with_columns(pl.sum_horizontal(states).alias("n_with_plan"))
        .with_columns(pl.sum_horizontal("n_with_plan", *_WITHOUT).alias("n_persons"))
        .select("arm", "domain", "checkpoint", "n_persons", *_WITHOUT, "n_with_plan", *states)
        .with_columns(pl.when(pl.col("domain") == "any").then(pl.col([_WITHOUT[1], *states[1:]])))
    )
    relations = _relations(wide.get_column("domain").unique().sort(), wide.get_column("checkpoint").unique().sort())
    roles = {
        **{name: Column.dimension() for name in ("arm", "domain", "checkpoint")},
        **{name: Column.count() for name in ("n_persons", *_WITHOUT, "n_with_plan", *states)},
        **{name: Column.derived("n_with_plan", "n_continuing") for name in ("share", "conf_low", "conf_high")},
    }
    return Result(
        "continuity",
        provenance,
        with_wilson(wide, count="n_continuing", total="n_with_plan"),
        roles,
        linked=(
            ("n_persons", *_WITHOUT, "n_with_plan"),
            ("n_with_plan", *states),
            ("n_with_plan", "n_continuing"),
        ),
        repeats=(
            ("n_persons", ("domain", "checkpoint")),
            *((name, ("checkpoint",)) for name in _WITHOUT),
            ("n_with_plan", ("checkpoint",)),
        ),
        relations=tuple(relations),
    )


def _relations(domains: Iterable[str], checkpoints: Iterable[str]) -> Iterator[Relation]:
    """Say that a plan in one domain is a plan, that what continues was resumed, and that the dead stay dead."""
    points = sorted(checkpoints, key=lambda point: int(point) if point.isdigit() else 0)
    yield Relation((_cell("n_persons", "any", points[0]),), (Counts("risk", "n_persons"),), ("arm",), exact=True)
    for before, point in pairwise(points):
        yield Relation((_cell("n_dead", "any", point),), (_cell("n_dead", "any", before),), ("arm",))
    for domain in domains:
        if domain != "any":
            yield _among("n_with_plan", ("any", points[0]), (domain, points[0]))
            # In one domain there is no third answer.
            answers = (_cell(column, domain, points[0]) for column in (_WITHOUT[0], "n_with_plan"))
            yield Relation((_cell("n_persons", "any", points[0]),), tuple(answers), ("arm",), exact=True)
            yield from (_among("n_continuing", ("any", point), (domain, point)) for point in points)
        yield from (_among("n_continuing", (domain, points[0]), (domain, point)) for point in points[1:])


def _among(column: str, total: tuple[str, str], part: tuple[str, str]) -> Relation:
    return Relation((_cell(column, *total),), (_cell(column, *part),), ("arm",))


def _cell(column: str, domain: str, checkpoint: str) -> Counts:
    return Counts("continuity", column, {"domain": (domain,), "checkpoint": (checkpoint,)})


def _checkpoint() -> pl.Expr:
    """Name the checkpoints as in the report: "resumed", then whole months."""
    named = pl.when(pl.col("months") == 0).then(pl.lit("resumed")).otherwise(pl.col("months").cast(pl.String))
    return named.alias("checkpoint")
