"""One arm's number with its uncertainty."""

from __future__ import annotations

from dataclasses import dataclass

from evalkit.survival.arrays import GroupLabel

__all__ = ["Estimate"]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number, its standard error and its interval.

    Parameters
    ----------
    group : str or int
        The arm's label.
    estimate, std_error, conf_low, conf_high : float
        The number, its standard error and limits.
    n_persons, n_events : float
        What it rests on.
    """

    group: GroupLabel
    estimate: float
    std_error: float
    conf_low: float
    conf_high: float
    n_persons: float
    n_events: float
