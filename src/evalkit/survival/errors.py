"""What can go wrong when a number about time to an event is estimated.

::

    EstimationError
    ├─ CompetingEventsError    1 - Kaplan-Meier was asked for as a risk although other events compete
    ├─ ConvergenceError        the likelihood has no maximum that could be found
    │  └─ SeparationError      a coefficient runs off to infinity
    └─ TooFewEventsError       no event, or fewer events than the model needs
"""

from __future__ import annotations

from evalkit.errors import EstimationError

__all__ = ["CompetingEventsError", "ConvergenceError", "SeparationError", "TooFewEventsError"]


class CompetingEventsError(EstimationError):
    """1 - Kaplan-Meier is no risk where other events compete."""


class ConvergenceError(EstimationError):
    """The iterations ended without a maximum."""


class SeparationError(ConvergenceError):
    """A covariate separates events from non-events, so its coefficient is infinite."""


class TooFewEventsError(EstimationError):
    """There are too few events for what was asked."""
