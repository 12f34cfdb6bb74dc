"""Who is studied, from when, and who was left out at each step."""

from evalkit.cohorts.definition import Arm, CohortDefinition, ReleaseType

__all__ = ["Arm", "CohortDefinition", "ReleaseType"]
