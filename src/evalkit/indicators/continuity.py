"""Plan continuity: does the plan made in custody go on after release?"""

from __future__ import annotations

import polars as pl
from pydantic import Field

from evalkit.config import Definition, Explanation, Text
from evalkit.indicators.shares import with_share, with_wilson
from evalkit.results import Column, Provenance, Result

__all__ = ["ContinuityDefinition", "continuity_states", "plan_continuity"]


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
    """

    resume_within_days: int = Field(default=30, ge=0)
    checkpoints_months: tuple[int, ...] = (3, 6, 12)

    @property
    def explanation(self) -> Explanation:
        """What the definition says, in plain words."""
        days = self.resume_within_days
        da = ", ".join(str(month) for month in self.checkpoints_months)
        return Explanation(
            title=Text(da="Fortsætter planen efter løsladelsen?", en="Does the plan go on after release?"),
            da=(
                (
                    "Med plan er den, der har mindst én aktivitet planlagt eller begyndt under opholdet. De andre vises som "
                    "»ingen plan registreret« og er ikke med i andelen."
                ),
                (
                    f"Planen fortsætter, når en aktivitet på samme område er i gang mindst én dag fra løsladelsen til og med "
                    f"dag {days}."
                ),
                (
                    f"Efter {da} måneder: planen blev genoptaget inden for {days} dage, og en aktivitet på samme område er i "
                    "gang den dag."
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
                    'shown as "no plan recorded" and do not enter the share.'
                ),
                (
                    f"The plan goes on when an activity in the same domain is under way on at least one day from release to "
                    f"day {days}."
                ),
                (
                    f"After {da} months: the plan was resumed within {days} days, and an activity in the same domain is under "
                    "way on that day."
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


def continuity_states(counts: pl.DataFrame, provenance: Provenance) -> Result:
    """Make the table of where everyone's plan stands.

    Parameters
    ----------
    counts : DataFrame
        ``analysis.continuity_state``: arm, domain, months, state, n_persons.
    provenance : Provenance
        Where the counts come from.

    Returns
    -------
    Result
        One row an arm, domain, checkpoint and state; the states of a checkpoint add up to the arm.
    """
    frame = with_share(_with_checkpoint(counts), within=("arm", "domain", "checkpoint")).select(
        "arm", "domain", "checkpoint", "state", "n_persons", "share"
    )
    roles = {
        "arm": Column.dimension(),
        "domain": Column.dimension(),
        "checkpoint": Column.dimension(),
        "state": Column.dimension(),
        "n_persons": Column.count(),
        "share": Column.derived("n_persons"),
    }
    return Result("continuity_state", provenance, frame, roles, additive_over=("state",))


def plan_continuity(counts: pl.DataFrame, provenance: Provenance) -> Result:
    """Make the indicator: of those with a plan, the share whose plan goes on.

    Parameters
    ----------
    counts : DataFrame
        ``analysis.continuity_state``: arm, domain, months, state, n_persons.
    provenance : Provenance
        Where the counts come from.

    Returns
    -------
    Result
        One row an arm, domain and checkpoint, with the Wilson interval of the share.
    """
    with_plan = pl.col("state") != "no_plan_recorded"
    continuing = pl.col("state") == "continuing"
    frame = (
        _with_checkpoint(counts)
        .group_by("arm", "domain", "checkpoint", maintain_order=True)
        .agg(
            pl.col("n_persons").filter(with_plan).sum().alias("n_with_plan"),
            pl.col("n_persons").filter(continuing).sum().alias("n_continuing"),
        )
    )
    roles = {
        "arm": Column.dimension(),
        "domain": Column.dimension(),
        "checkpoint": Column.dimension(),
        "n_with_plan": Column.count(),
        "n_continuing": Column.count(),
        **{name: Column.derived("n_with_plan", "n_continuing") for name in ("share", "conf_low", "conf_high")},
    }
    shares = with_wilson(frame, count="n_continuing", total="n_with_plan")
    return Result("continuity", provenance, shares, roles, linked=(("n_with_plan", "n_continuing"),))


def _with_checkpoint(counts: pl.DataFrame) -> pl.DataFrame:
    """Name the checkpoints as in the report: "resumed", then whole months."""
    checkpoint = pl.when(pl.col("months") == 0).then(pl.lit("resumed")).otherwise(pl.col("months").cast(pl.String))
    return counts.sort("arm", "domain", "months", "state").with_columns(checkpoint.alias("checkpoint"))
