"""The eligibility steps that a study file can put together, in the order in which it puts them."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from evalkit.cohorts.stays import RELEASE_TYPES, ReleaseType
from evalkit.config import Definition, Text

__all__ = [
    "Age",
    "InPopulationRegister",
    "Lookback",
    "MunicipalityKnown",
    "MunicipalityReleases",
    "NotNeighbour",
    "NotPreviouslyOffered",
    "ReleaseTypeCounts",
    "Requirement",
    "Residence",
    "Resident",
    "StayLength",
    "Vulnerability",
    "VulnerabilityFlag",
]

VulnerabilityFlag = Literal["without_work", "on_cash_benefit", "housing_need", "debt_need", "treatment_need"]

_FLAGS: dict[str, Text] = {
    "without_work": Text(da="uden lønarbejde", en="without paid work"),
    "on_cash_benefit": Text(da="på kontanthjælp eller uddannelseshjælp", en="on cash benefit or education benefit"),
    "housing_need": Text(da="bolig i handleplanen", en="housing in the plan"),
    "debt_need": Text(da="økonomi i handleplanen", en="money matters in the plan"),
    "treatment_need": Text(da="behandling i handleplanen", en="treatment in the plan"),
}


class InPopulationRegister(Definition):
    """The person stands in the population register."""

    step: Literal["in_population_register"] = "in_population_register"

    @property
    def sentence(self) -> Text | None:
        """Nothing of its own: who is not registered has no municipality either."""
        return None


class MunicipalityKnown(Definition):
    """The municipality that decides the arm is known; from this step on everybody has an arm."""

    step: Literal["municipality_known"] = "municipality_known"

    @property
    def sentence(self) -> Text | None:
        """Nothing of its own: the definition says where residence is read."""
        return None


class ReleaseTypeCounts(Definition):
    """The release is of a kind that counts.

    Parameters
    ----------
    types : tuple of str
        Ways of release.
    """

    step: Literal["release_type"] = "release_type"
    types: tuple[ReleaseType, ...] = Field(default=("parole", "full_term", "remand_end"), min_length=1)

    @property
    def sentence(self) -> Text | None:
        """Nothing of its own: the definition lists the kinds in its first sentence."""
        return None

    def in_words(self, language: str) -> str:
        """List the kinds of release for readers.

        Parameters
        ----------
        language : {"da", "en"}
            The language's code.

        Returns
        -------
        str
            The kinds, parted by commas.
        """
        return ", ".join(RELEASE_TYPES[kind].in_language(language) for kind in self.types)


class StayLength(Definition):
    """The stay was long enough, and not too long.

    Parameters
    ----------
    min_days : int
        Least whole days in custody, transfers and short gaps merged.
    max_days : int, optional
        Most whole days.
    """

    step: Literal["stay_length"] = "stay_length"
    min_days: int = Field(default=14, ge=0)
    max_days: int | None = Field(default=None, ge=0)

    @property
    def sentence(self) -> Text | None:
        """Only the upper limit: the definition says the lower one."""
        if self.max_days is None:
            return None
        return Text(
            da=f"Højst {self.max_days} dage i fængsel eller arresthus.",
            en=f"At most {self.max_days} days in prison or remand.",
        )


class Age(Definition):
    """The person is old enough on the index date, and not too old.

    Parameters
    ----------
    min_years : int
        Least completed years.
    max_years : int, optional
        Most completed years.
    """

    step: Literal["age"] = "age"
    min_years: int = Field(default=18, ge=0)
    max_years: int | None = Field(default=None, ge=0)

    @property
    def sentence(self) -> Text | None:
        """Only the upper limit: the definition says the lower one."""
        if self.max_years is None:
            return None
        return Text(da=f"Højst {self.max_years} år.", en=f"At most {self.max_years} years old.")


class Resident(Definition):
    """The person is alive and in the country on the index date."""

    step: Literal["resident"] = "resident"

    @property
    def sentence(self) -> Text | None:
        """Nothing of its own: the definition says it together with age."""
        return None


class Residence(Definition):
    """The person has lived in the municipality long enough when residence is read.

    Parameters
    ----------
    min_days : int
        Least days since moving there.
    """

    step: Literal["residence"] = "residence"
    min_days: int = Field(ge=1)

    @property
    def sentence(self) -> Text | None:
        """How long."""
        return Text(
            da=f"Har boet i kommunen i mindst {self.min_days} dage.",
            en=f"Has lived in the municipality for at least {self.min_days} days.",
        )


class NotNeighbour(Definition):
    """The person does not live in one of some municipalities, such as the pilots' neighbours.

    Parameters
    ----------
    municipalities : tuple of str
        Municipality codes.
    """

    step: Literal["not_neighbour"] = "not_neighbour"
    municipalities: tuple[str, ...] = Field(min_length=1)

    @property
    def sentence(self) -> Text | None:
        """How many, as readers know no codes."""
        n = len(self.municipalities)
        return Text(
            da=f"{n} kommuner, som indsatsen kan smitte af på, er ikke med.",
            en=f"{n} municipalities that the programme may spill over to are left out.",
        )


class MunicipalityReleases(Definition):
    """The municipality had many releases in the calendar year before the index date.

    Parameters
    ----------
    more_than : int
        There were more than so many.
    """

    step: Literal["municipality_releases"] = "municipality_releases"
    more_than: int = Field(default=80, ge=0)

    @property
    def sentence(self) -> Text | None:
        """How many."""
        return Text(
            da=f"Kommunen havde mere end {self.more_than} løsladte i kalenderåret før.",
            en=f"The municipality had more than {self.more_than} releases in the calendar year before.",
        )


class Vulnerability(Definition):
    """At least one sign of vulnerability is registered before the index date.

    Parameters
    ----------
    any_of : tuple of str
        The signs, one of which is enough.
    lookback_months : int
        Work and benefits are looked up so many months before admission.
    cash_benefit_codes : tuple of str
        DREAM codes that are cash benefit or education benefit. Only 730 is documented where we could read; the others
        are common knowledge.
    """

    step: Literal["vulnerability"] = "vulnerability"
    any_of: tuple[VulnerabilityFlag, ...] = Field(min_length=1)
    lookback_months: int = Field(default=12, ge=1)
    cash_benefit_codes: tuple[str, ...] = (
        *(str(code) for code in range(130, 150)),
        *(str(code) for code in range(730, 749)),
    )

    @property
    def sentence(self) -> Text | None:
        """Which signs."""
        flags = {
            language: ", ".join(_FLAGS[flag].in_language(language) for flag in self.any_of) for language in _LANGUAGES
        }
        return Text(
            da=f"Mindst ét tegn på udsathed inden da: {flags['da']} ({self.lookback_months} måneder tilbage).",
            en=f"At least one sign of vulnerability before: {flags['en']} ({self.lookback_months} months back).",
        )


class NotPreviouslyOffered(Definition):
    """The programme was not offered before this stay."""

    step: Literal["not_previously_offered"] = "not_previously_offered"

    @property
    def sentence(self) -> Text | None:
        """That it was not."""
        return Text(
            da="Har ikke fået tilbuddet under et tidligere ophold.",
            en="Was not offered the programme in an earlier stay.",
        )


class Lookback(Definition):
    """The extracts reach back far enough, and the person lived here all that time.

    Parameters
    ----------
    months : int
        Months before the index date.
    """

    step: Literal["lookback"] = "lookback"
    months: int = Field(ge=1)

    @property
    def sentence(self) -> Text | None:
        """How far."""
        return Text(
            da=f"Registrene rækker {self.months} måneder tilbage, og personen boede i Danmark hele tiden.",
            en=f"The registers reach {self.months} months back, and the person lived in Denmark all that time.",
        )


Requirement: TypeAlias = Annotated[
    InPopulationRegister
    | MunicipalityKnown
    | ReleaseTypeCounts
    | StayLength
    | Age
    | Resident
    | Residence
    | NotNeighbour
    | MunicipalityReleases
    | Vulnerability
    | NotPreviouslyOffered
    | Lookback,
    Field(discriminator="step"),
]
"""One ``[[cohort.require]]`` table."""

_LANGUAGES = ("da", "en")
