"""Plan continuity: does the plan made in custody go on after release?"""

from __future__ import annotations

from pydantic import Field

from evalkit.config import Definition, Explanation, Text

__all__ = ["ContinuityDefinition"]


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
                "Med plan er den, der har mindst én aktivitet planlagt eller begyndt under opholdet. De andre vises som "
                "»ingen plan registreret« og er ikke med i andelen.",
                f"Planen fortsætter, når en aktivitet på samme område er i gang mindst én dag fra løsladelsen til og med "
                f"dag {days}.",
                f"Efter {da} måneder: planen blev genoptaget inden for {days} dage, og en aktivitet på samme område er i "
                "gang den dag.",
                "Programmet fastsætter hverken frist eller mål; fristen er valgt i denne undersøgelse, og intet mål er "
                "lagt til.",
                "Oplysningerne er sagsbehandlernes registreringer; kommuner registrerer forskelligt.",
            ),
            en=(
                "A person has a plan when at least one activity was planned or begun during the stay. The others are "
                'shown as "no plan recorded" and do not enter the share.',
                f"The plan goes on when an activity in the same domain is under way on at least one day from release to "
                f"day {days}.",
                f"After {da} months: the plan was resumed within {days} days, and an activity in the same domain is under "
                "way on that day.",
                "The programme sets neither a time limit nor a target; the limit is this study's choice, and no target "
                "has been added.",
                "The facts are what caseworkers recorded; municipalities record differently.",
            ),
            source='Håndholdt Inklusion: "hvorvidt borgerne efter løsladelsen fortsætter i det forløb, der er '
            'igangsat/planlagt under indsættelsen"',
        )
