"""A measure in a truth: whom it concerns, and for whom it holds."""

from __future__ import annotations

from evalkit.config import Definition

__all__ = ["Reached"]


class Reached(Definition):
    """A measure, counted.

    Parameters
    ----------
    n_persons : int
        Persons whom it concerns.
    n_reached : int
        Of them those for whom it holds.
    """

    n_persons: int
    n_reached: int
