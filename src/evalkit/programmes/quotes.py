"""Where a programme's numbers come from: documents, and their own words."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from evalkit.config import Definition, Text

__all__ = ["Figure", "Quote", "Remark", "Source"]


class Source(Definition):
    """A document.

    Parameters
    ----------
    id : str
        Short name that quotes refer to.
    title, publisher : str
        As they stand on the document.
    published : date, optional
        Day of publication, where the document says it.
    language : {"da", "nb"}
        The document's language.
    """

    id: str = Field(pattern=r"^[a-z0-9_]+$")
    title: str
    publisher: str
    published: date | None = None
    language: str = Field(default="da", pattern=r"^(da|nb)$")


class Quote(Definition):
    """Words of a document, unchanged.

    Parameters
    ----------
    text : str
        The words.
    place : str
        Page or section.
    source : str
        The document's id; the programme's first document when empty.
    """

    text: str = Field(min_length=1)
    place: str = Field(min_length=1)
    source: str = ""


class Figure(Definition):
    """A number that a document gives and that is no target: a result it reports, or what it says of the population.

    Parameters
    ----------
    id : str
        Machine name.
    label : Text
        What is counted.
    value : float
        The number as printed.
    unit : {"persons", "percent", "hours_per_week", "institutions", "municipalities", "talks"}
        Its unit.
    quote : Quote
        Where it stands.
    """

    id: str = Field(pattern=r"^[a-z0-9_]+$")
    label: Text
    value: float
    unit: str = Field(pattern=r"^(persons|percent|hours_per_week|institutions|municipalities|releases|talks)$")
    quote: Quote


class Remark(Definition):
    """Something a reader must know about a document: a contradiction in it, or what it leaves open.

    Parameters
    ----------
    text : Text
        What it is.
    quotes : tuple of Quote
        The words that it is about.
    """

    text: Text
    quotes: tuple[Quote, ...] = ()
