"""Who is studied, from when, and who was left out at each step."""

from evalkit.cohorts.collaboration import Agreement
from evalkit.cohorts.covariates import covariates
from evalkit.cohorts.definition import Arm, CohortDefinition
from evalkit.cohorts.parameters import cohort_parameters
from evalkit.cohorts.releases import ReleaseList
from evalkit.cohorts.stays import ReleaseType, StayChoices

__all__ = [
    "Agreement",
    "Arm",
    "CohortDefinition",
    "ReleaseList",
    "ReleaseType",
    "StayChoices",
    "cohort_parameters",
    "covariates",
]
