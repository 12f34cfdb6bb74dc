"""Who is studied, and from when."""

from __future__ import annotations

from datetime import date

from pydantic import Field, model_validator

from evalkit.cohorts.stays import RELEASE_TYPES, ReleaseType, StayChoices
from evalkit.config import Definition, Explanation, Text, date_in_words

__all__ = ["Arm", "CohortDefinition"]


class Arm(Definition):
    """One of the groups that are compared.

    Parameters
    ----------
    name : str
        Machine name: ``"pilot"``, ``"comparison"``, or the code that stands in a time-to-event file.
    label, description : Text
        For readers.
    """

    name: str = Field(min_length=1)
    label: Text
    description: Text


class CohortDefinition(StayChoices):
    """First eligible release per person, pilot municipalities against all others.

    The index date is the first release in the window that meets every criterion which does not depend on the arm, so
    it is found by the same rule in both arms; only then is the offer looked at, and nothing after the index date is.

    Parameters
    ----------
    index_start, index_end : date
        Releases in ``[index_start, index_end)``.
    pilot_municipalities : tuple of str
        Municipality codes; residence at admission decides the arm.
    release_types : tuple of str
        Ways of release that count.
    min_stay_days : int
        Least whole days in custody, transfers and short gaps merged.
    min_age_years : int
        Least completed years on the index date.
    """

    index_start: date
    index_end: date
    pilot_municipalities: tuple[str, ...] = Field(min_length=1)
    release_types: tuple[ReleaseType, ...] = ("parole", "full_term", "remand_end")
    min_stay_days: int = Field(default=14, ge=0)
    min_age_years: int = Field(default=18, ge=0)

    @model_validator(mode="after")
    def _window_is_forward(self) -> CohortDefinition:
        if self.index_start >= self.index_end:
            raise ValueError("index_start must lie before index_end")
        return self

    @property
    def explanation(self) -> Explanation:
        """What the definition says, in plain words."""
        types = {
            language: ", ".join(RELEASE_TYPES[kind].in_language(language) for kind in self.release_types)
            for language in ("da", "en")
        }
        start, end = self.index_start, self.index_end
        return Explanation(
            title=Text(da="Hvem er med", en="Who is included"),
            da=(
                f"Løsladte fra {date_in_words(start, 'da')} til (men ikke med) {date_in_words(end, 'da')}: {types['da']}.",
                (
                    f"Mindst {self.min_stay_days} dage i fængsel eller arresthus. Overførsler og pauser på højst "
                    f"{self.merge_gap_days} dag mellem to ophold regnes som ét ophold. Anholdelser regnes ikke med."
                ),
                "Afsoning af bøder og ophold, der slutter hjemme med fodlænke, tæller ikke.",
                (
                    f"Fyldt {self.min_age_years} år og bosat i Danmark på løsladelsesdagen, med kendt bopælskommune "
                    "ved indsættelsen. Mindste antal dage og alder er valgt i denne undersøgelse."
                ),
                "Kun den første løsladelse i perioden, der opfylder dette, tæller for hver person.",
                (
                    "Pilotgruppen boede ved indsættelsen i en pilotkommune og fik tilbuddet under opholdet, også hvis de "
                    "sagde nej. Sammenligningsgruppen boede i en anden kommune og havde ikke fået tilbuddet, da de blev "
                    "løsladt. De, der boede i en pilotkommune og ikke fik tilbuddet, er ikke med."
                ),
            ),
            en=(
                (
                    f"Releases from {date_in_words(start, 'en')} up to (not including) {date_in_words(end, 'en')}: "
                    f"{types['en']}."
                ),
                (
                    f"At least {self.min_stay_days} days in prison or remand. Transfers, and gaps of at most "
                    f"{self.merge_gap_days} day between two stays, count as one stay. Arrests do not count."
                ),
                "Serving a fine does not count, nor does a stay that ends at home with an electronic tag.",
                (
                    f"Aged {self.min_age_years} or more and resident in Denmark on the day of release, with a known "
                    "municipality of residence at admission. The least number of days and the age are this study's choice."
                ),
                "Only each person's first release in the period that meets this counts.",
                (
                    "The pilot group lived in a pilot municipality at admission and was offered the programme during the "
                    "stay, including those who declined. The comparison group lived in another municipality and had not "
                    "been offered it by the day of release. Those who lived in a pilot municipality and were not offered "
                    "it are left out."
                ),
            ),
            source="Håndholdt Inklusion, FL § 11.31.03.50; REU Alm.del 2024-25 bilag 110",
        )
