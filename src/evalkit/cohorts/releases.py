"""Which releases are looked at in a study without a cohort."""

from __future__ import annotations

from datetime import date
from typing import Self

from pydantic import Field, model_validator

from evalkit.cohorts.stays import RELEASE_TYPES, ReleaseType, StayChoices
from evalkit.config import Explanation, Text, date_in_words

__all__ = ["ReleaseList"]


class ReleaseList(StayChoices):
    """Each person's first release in a period, where nobody is followed beyond it: no population register is needed.

    Parameters
    ----------
    start, end : date
        Releases in ``[start, end)``.
    release_types : tuple of str
        Ways of release that count.
    min_stay_days : int
        Least whole days in custody, transfers and short gaps merged.
    """

    start: date
    end: date
    release_types: tuple[ReleaseType, ...] = ("parole", "full_term", "remand_end")
    min_stay_days: int = Field(default=0, ge=0)

    @model_validator(mode="after")
    def _is_forward(self) -> Self:
        if self.start >= self.end:
            raise ValueError("start must lie before end")
        return self

    @property
    def parameters(self) -> dict[str, object]:
        """The values of the parameters that the models of stays and of releases take, names without the dollar sign."""
        stays = {name: getattr(self, name) for name in StayChoices.model_fields}
        return {
            **{name: list(value) if isinstance(value, tuple) else value for name, value in stays.items()},
            "index_event": "any_release",
            "index_start": self.start,
            "index_end": self.end,
            "release_types": list(self.release_types),
            "min_stay_days": self.min_stay_days,
        }

    @property
    def explanation(self) -> Explanation:
        """What the definition says, in plain words."""
        kinds = [RELEASE_TYPES[one] for one in self.release_types]
        da, en = ", ".join(one.da for one in kinds), ", ".join(one.en for one in kinds)
        day = {language: (date_in_words(self.start, language), date_in_words(self.end, language)) for language in _BOTH}
        return Explanation(
            title=Text(da="Hvem er med", en="Who is included"),
            da=(
                f"Løsladte fra {day['da'][0]} til (men ikke med) {day['da'][1]}: {da}.",
                (
                    f"Mindst {self.min_stay_days} dage i fængsel eller arresthus. Overflytninger og pauser på højst "
                    f"{self.merge_gap_days} dage regnes som ét ophold."
                ),
                "Kun den første løsladelse i perioden tæller for hver person. Der er ingen at sammenligne med.",
            ),
            en=(
                f"Releases from {day['en'][0]} up to (not including) {day['en'][1]}: {en}.",
                (
                    f"At least {self.min_stay_days} days in prison or remand. Transfers, and gaps of at most "
                    f"{self.merge_gap_days} days, count as one stay."
                ),
                "Only each person's first release in the period counts. There is nobody to compare with.",
            ),
            source="evalkit",
        )


_BOTH = ("da", "en")
