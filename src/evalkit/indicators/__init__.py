"""Indicators: one frozen definition each."""

from evalkit.indicators.continuity import ContinuityDefinition
from evalkit.indicators.status import StatusDefinition

__all__ = ["ContinuityDefinition", "StatusDefinition"]
