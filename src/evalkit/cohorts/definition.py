"""Who is studied, and from when."""

from __future__ import annotations

from datetime import date
from typing import Annotated, TypeVar

from pydantic import Field, model_validator

from evalkit.cohorts.arms import ArmChoices
from evalkit.cohorts.collaboration import Agreement
from evalkit.cohorts.covariates import DEFAULT_COVARIATES, AsOf, CovariateDefinition, covariates
from evalkit.cohorts.explanation import explain_cohort
from evalkit.cohorts.require import (
    Age,
    InPopulationRegister,
    Lookback,
    MunicipalityKnown,
    NotPreviouslyOffered,
    ReleaseTypeCounts,
    Requirement,
    Resident,
    StayLength,
)
from evalkit.cohorts.stays import ReleaseType
from evalkit.config import Definition, Explanation, Text
from evalkit.judgement import Judgement

__all__ = ["Arm", "CohortDefinition"]

_SHORT_FORMS = ("release_types", "min_stay_days", "min_age_years")

_EXPOSURE_STEPS = {"offered": "offer", "took_part": "took_part", "resident": "exposure"}

_MAIN_GROUPS: dict[str, tuple[str, ...]] = {
    "basic": ("10", "15"),
    "upper_secondary": ("20", "25"),
    "vocational": ("30", "35"),
    "higher": ("40", "50", "60", "65", "70", "80"),
}

# The days that lie on or before time zero, whatever starts the clock.
_KNOWN_DAYS: dict[str, tuple[AsOf, ...]] = {
    "release": ("admission_date", "release_date", "index_date"),
    "admission": ("admission_date", "index_date"),
    "offer": ("admission_date", "index_date"),
    "programme_start": ("admission_date", "index_date"),
    "programme_end": ("admission_date", "index_date"),
}

_R = TypeVar("_R", bound=Definition)


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


class CohortDefinition(ArmChoices):
    """First eligible index event per person, pilot municipalities against a comparison.

    The index date is the first in the window that meets every criterion which does not depend on the arm, so it is
    found by the same rule in both arms; only then is the exposure looked at, and nothing after the index date is.
    A person stands in one arm, that of the first eligible event, and never in the other.

    Parameters
    ----------
    release_types : tuple of str
        Ways of release that count.
    min_stay_days : int
        Least whole days in custody, transfers and short gaps merged.
    min_age_years : int
        Least completed years on the index date.
    require : tuple of Requirement
        The eligibility steps in their order, each recording whom it leaves out; then the three keys above are said in
        it. Without it the steps are the population register, the municipality, the kind of release, the length of the
        stay, age and residence.
    history_from : date, optional
        The extracts hold everything from this day on; a covariate or step that looks back further says so.
    covariates : tuple of str
        What the table of who was followed tells, by name; none may be read after time zero.
    agreements : tuple of Agreement
        For the covariate `collaboration_model`: where a prison works by another model than the first.
    facility_municipalities : dict of str to str
        For the same: the municipality in which a prison lies.
    education_codes : dict of str to tuple of str
        Level of education to the codes of the register that mean it; a code that stands nowhere is unknown. The
        defaults are the two digits of a main group, as extracts with grouped codes have them.
    """

    release_types: tuple[ReleaseType, ...] = ("parole", "full_term", "remand_end")
    min_stay_days: int = Field(default=14, ge=0)
    min_age_years: Annotated[
        int,
        Judgement(
            label=Text(da="Mindste alder på startdagen", en="Least age on the index date"),
            reason=Text(da="Registrene over voksnes straffe.", en="The registers are about adults' sentences."),
        ),
    ] = Field(default=18, ge=0)
    require: tuple[Requirement, ...] = ()
    history_from: date | None = None
    covariates: tuple[str, ...] = DEFAULT_COVARIATES
    agreements: tuple[Agreement, ...] = Field(default=(), alias="agreement")
    facility_municipalities: dict[str, str] = Field(default={})
    education_codes: dict[str, tuple[str, ...]] = Field(default=_MAIN_GROUPS)

    @model_validator(mode="after")
    def _steps_are_said_once(self) -> CohortDefinition:
        twice = [name for name in _SHORT_FORMS if self.require and name in self.model_fields_set]
        if twice:
            raise ValueError(f"{', '.join(twice)}: this is said in [[cohort.require]] where there is one")
        names = [one.step for one in self.steps]
        if len(names) != len(set(names)):
            raise ValueError("a step stands more than once in [[cohort.require]]")
        if "municipality_known" not in names:
            raise ValueError('[[cohort.require]] needs the step "municipality_known": it decides the arm')
        if self.step(Lookback) and self.history_from is None:
            raise ValueError('the step "lookback" needs history_from, the day from which the extracts hold everything')
        return self

    @model_validator(mode="after")
    def _covariates_lie_before_time_zero(self) -> CohortDefinition:
        known = covariates()
        unknown = [name for name in self.covariates if name not in known]
        if unknown:
            raise ValueError(f"covariates: there is no {', '.join(unknown)}; there are {', '.join(known)}")
        if len(self.covariates) != len(set(self.covariates)):
            raise ValueError("covariates: one stands more than once")
        late = [name for name in self.covariates if known[name].as_of not in _KNOWN_DAYS[self.index_event]]
        if late and "covariates" in self.model_fields_set:
            raise ValueError(f"covariates: {', '.join(late)} is known only after time zero, the {self.index_event}")
        unlisted = sorted(set(self.education_codes) - set(known["education_level"].levels))
        if unlisted:
            raise ValueError(f"education_codes: {', '.join(unlisted)} is no level of education")
        return self

    @property
    def reads_offers(self) -> bool:
        """Whether offers of the programme decide who is in the study, when its clock starts, or in which arm."""
        by_offer = self.exposure != "resident" or self.index_event not in {"release", "admission"}
        return by_offer or self.comparison != "none" or self.step(NotPreviouslyOffered) is not None

    @property
    def baseline(self) -> tuple[CovariateDefinition, ...]:
        """The covariates, in their order; of the defaults those that are known at time zero."""
        found = (covariates()[name] for name in self.covariates)
        return tuple(one for one in found if one.as_of in _KNOWN_DAYS[self.index_event])

    @property
    def steps(self) -> tuple[Requirement, ...]:
        """The eligibility steps in their order, without the first (the event lies in the window) and last (exposure)."""
        return self.require or (
            InPopulationRegister(),
            MunicipalityKnown(),
            ReleaseTypeCounts(types=self.release_types),
            StayLength(min_days=self.min_stay_days),
            Age(min_years=self.min_age_years),
            Resident(),
        )

    @property
    def reasons(self) -> tuple[str, ...]:
        """Machine names of all steps of the attrition table, in their order."""
        event = "released" if self.index_event == "release" else self.index_event
        return (f"{event}_in_window", *(one.step for one in self.steps), _EXPOSURE_STEPS[self.exposure])

    def step(self, kind: type[_R]) -> _R | None:
        """Return the step of a kind.

        Parameters
        ----------
        kind : type
            The step's class.

        Returns
        -------
        Definition or None
            None when the study has no such step.
        """
        return next((one for one in self.steps if isinstance(one, kind)), None)

    @property
    def explanation(self) -> Explanation:
        """What the definition says, in plain words."""
        return explain_cohort(self)
