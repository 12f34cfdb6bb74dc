"""What a decision is: every code of the decision register in one class, every class in a tier of severity."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Literal

from pydantic import Field

from evalkit.config import Definition, Text

__all__ = ["DecisionClass", "DecisionClassName", "Tier", "decision_classes"]

DecisionClassName = Literal[
    "unsuspended",
    "partly_suspended",
    "measure",
    "community_service",
    "suspended",
    "judgment",
    "fine",
    "other",
    "waiver",
    "not_prosecuted",
    "not_guilty",
    "not_counted",
]

Tier = Literal["custodial", "community", "fine", "other", "none"]
"""From the most severe to what is no finding of guilt."""


class DecisionClass(Definition):
    """Decisions that are alike.

    Parameters
    ----------
    name : str
        Machine name.
    tier : {"custodial", "community", "fine", "other", "none"}
        How severe.
    codes : tuple of str
        ``AFG_AFGTYPKO``, without leading zeros.
    label : Text
        For readers.
    """

    name: DecisionClassName
    tier: Tier
    codes: tuple[str, ...]
    label: Text


class _Classes(Definition):
    classes: tuple[DecisionClass, ...] = Field(alias="class")


@cache
def decision_classes() -> tuple[DecisionClass, ...]:
    """Return the shipped classes, the most severe first.

    Returns
    -------
    tuple of DecisionClass
        Each code in one of them.
    """
    return _Classes.from_toml(Path(str(files("evalkit.outcomes") / "decision_classes.toml"))).classes
