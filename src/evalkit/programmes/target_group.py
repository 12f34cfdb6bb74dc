"""Whom a programme is for."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from evalkit.cohorts import ReleaseType
from evalkit.config import Definition, Text
from evalkit.programmes.quotes import Quote

__all__ = ["Criterion", "TargetGroup"]


class Criterion(Definition):
    """One condition of the target group.

    Parameters
    ----------
    id : str
        Machine name.
    label : Text
        The condition, for readers.
    field : str
        ``layout.COLUMN`` where an extract says it; empty when none does.
    quote : Quote
        The document's words.
    """

    id: str = Field(pattern=r"^[a-z0-9_]+$")
    label: Text
    field: str = Field(default="", pattern=r"^([a-z0-9_]+\.[A-Z0-9_]+)?$")
    quote: Quote


class TargetGroup(Definition):
    """Whom a programme is for; what a document does not say is absent.

    Parameters
    ----------
    age_min, age_max : int, optional
        Completed years.
    legal_status : tuple of {"remand", "serving", "at_liberty"}
        Where the person stands with the prison service.
    release_types : tuple of str
        Ways of release.
    residence : Text, optional
        Where the person must live.
    all_of, any_of : tuple of Criterion
        Conditions that must all hold, and of which one is enough.
    not_if : tuple of Criterion
        Conditions one of which leaves a person out.
    quote : Quote
        The document's words for the whole.
    """

    age_min: int | None = Field(default=None, ge=0, le=120)
    age_max: int | None = Field(default=None, ge=0, le=120)
    legal_status: tuple[Literal["remand", "serving", "at_liberty"], ...] = ()
    release_types: tuple[ReleaseType, ...] = ()
    residence: Text | None = None
    all_of: tuple[Criterion, ...] = ()
    any_of: tuple[Criterion, ...] = ()
    not_if: tuple[Criterion, ...] = ()
    quote: Quote

    @model_validator(mode="after")
    def _ages_in_order(self) -> Self:
        if self.age_min is not None and self.age_max is not None and self.age_min > self.age_max:
            raise ValueError("age_min is above age_max")
        return self

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """All conditions."""
        return (*self.all_of, *self.any_of, *self.not_if)
