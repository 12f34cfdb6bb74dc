"""The course of a programme: phases, how often people meet, what is measured, how much a month counts."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from evalkit.config import Definition, Text
from evalkit.programmes.quotes import Quote

__all__ = ["Capacity", "ContactRule", "DoseWeight", "Measurement", "Phase", "Span"]


class Span(Definition):
    """How long something lasts, as far as a document says.

    Parameters
    ----------
    unit : {"week", "month"}
        Unit of the three numbers.
    least, mean, most : float, optional
        What the document gives.
    """

    unit: Literal["week", "month"]
    least: float | None = Field(default=None, gt=0)
    mean: float | None = Field(default=None, gt=0)
    most: float | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        given = [value for value in (self.least, self.mean, self.most) if value is not None]
        if not given or given != sorted(given):
            raise ValueError("a span gives least, mean or most, in this order of size")
        return self


class ContactRule(Definition):
    """How often there is contact.

    Parameters
    ----------
    unit : {"day", "month"}
        Unit of `every`.
    every : tuple of int, length 2
        Shortest and longest time between two contacts.
    from_month, until_month : int
        Months of the phase in which the rule holds; no `until_month` means to its end.
    quote : Quote
        The document's words.
    """

    unit: Literal["day", "month"]
    every: tuple[int, int]
    from_month: int = Field(default=0, ge=0)
    until_month: int | None = Field(default=None, ge=1)
    quote: Quote

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not 0 < self.every[0] <= self.every[1]:
            raise ValueError("every gives the shortest time, then the longest")
        return self


class Phase(Definition):
    """One phase of a programme.

    Parameters
    ----------
    id : str
        Machine name.
    label : Text
        For readers.
    span : Span, optional
        Its time limits, where the document gives any.
    contacts : tuple of ContactRule
        How often there is contact in it.
    quote : Quote
        The document's words.
    """

    id: str = Field(pattern=r"^[a-z0-9_]+$")
    label: Text
    span: Span | None = None
    contacts: tuple[ContactRule, ...] = ()
    quote: Quote


class Measurement(Definition):
    """An instrument that is filled in again and again.

    Parameters
    ----------
    layout : str
        The register layout that holds it.
    every_months : int, optional
        How often, where the document says it.
    dimensions : tuple of str
        Codes of the layout's list `dimension`.
    scale : tuple of float, length 2, optional
        Lowest and highest score; absent where the document does not give it, then the study does.
    quote : Quote
        The document's words.
    """

    layout: str
    every_months: int | None = Field(default=None, ge=1)
    dimensions: tuple[str, ...] = ()
    scale: tuple[float, float] | None = None
    quote: Quote


class DoseWeight(Definition):
    """How much of a full month of guidance a month counts in which the person is also elsewhere.

    Parameters
    ----------
    state : str
        Where the person is.
    label : Text
        For readers.
    weight : float, optional
        Share of full guidance; absent where the document leaves it to judgement.
    quote : Quote
        The document's words.
    """

    state: str = Field(pattern=r"^[a-z0-9_]+$")
    label: Text
    weight: float | None = Field(default=None, ge=0, le=1)
    quote: Quote


class Capacity(Definition):
    """How many a programme has room for.

    Parameters
    ----------
    places : float
        Full-year places.
    months : float
        Mean length of a course.
    extension_months : float
        Most by which a course is expected to be longer.
    persons_per_year : float
        The document's own figure.
    quote : Quote
        The document's words.
    """

    places: float = Field(gt=0)
    months: float = Field(gt=0)
    extension_months: float = Field(default=0, ge=0)
    persons_per_year: float = Field(gt=0)
    quote: Quote
