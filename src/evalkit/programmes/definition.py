"""A programme as its documents describe it: a frozen definition in which every number has its quote."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Literal, Self

from pydantic import BaseModel, Field, model_validator

from evalkit.config import Definition, Text
from evalkit.programmes.budget import Budget
from evalkit.programmes.course import Capacity, DoseWeight, Measurement, Phase, Span
from evalkit.programmes.indicator import ClockOrigin, IndicatorDefinition
from evalkit.programmes.quotes import Figure, Quote, Remark, Source
from evalkit.programmes.target_group import TargetGroup
from evalkit.registers import layouts, load_contract

__all__ = ["Period", "ProgrammeDefinition", "Site"]


class Period(Definition):
    """When the programme ran.

    Parameters
    ----------
    start, end : date
        ``[start, end)``.
    quote : Quote
        The document's words.
    """

    start: date
    end: date
    quote: Quote

    @model_validator(mode="after")
    def _is_forward(self) -> Self:
        if self.start >= self.end:
            raise ValueError("start must lie before end")
        return self


class Site(Definition):
    """Where the programme ran.

    Parameters
    ----------
    name : str
        A municipality or an institution.
    municipality : str
        Its municipality code, where it is one.
    quote : Quote
        The document's words.
    """

    name: str
    municipality: str = ""
    quote: Quote


class ProgrammeDefinition(Definition):
    """A programme: whom it is for, what it does, and what it is measured on.

    Parameters
    ----------
    id : str
        Machine name, also of the file.
    title : Text
        For readers.
    summary : Text
        What it is, in a few sentences.
    sources : tuple of Source
        The documents, the one that most quotes come from first.
    period : Period, optional
        When it ran.
    sites : tuple of Site
        Where it ran.
    model : {1, 2, 3, 4}, optional
        Which of the four collaboration models it is, where a document says so.
    clock_origin : str
        What starts the clock unless an indicator says otherwise.
    follow_up_months : int, optional
        How long the document means to follow people; no window may be longer.
    target_group : TargetGroup
        Whom it is for.
    indicators : tuple of IndicatorDefinition
        What it is measured on.
    phases, span : tuple of Phase, Span
        Its course, and how long all of it lasts.
    measurements : tuple of Measurement
        Instruments.
    dose_weights : tuple of DoseWeight
        How much a month counts.
    capacity : Capacity, optional
        How many it has room for.
    budget : Budget, optional
        What it was given or asks for.
    figures : tuple of Figure
        Results and context that the documents report.
    contradictions, left_open : tuple of Remark
        What in the documents does not fit together, and what they do not say.
    """

    id: str = Field(pattern=r"^[a-z0-9_]+$")
    title: Text
    summary: Text
    sources: tuple[Source, ...] = Field(alias="source", min_length=1)
    period: Period | None = None
    sites: tuple[Site, ...] = Field(default=(), alias="site")
    model: Literal[1, 2, 3, 4] | None = None
    clock_origin: ClockOrigin
    follow_up_months: int | None = Field(default=None, ge=1)
    target_group: TargetGroup
    indicators: tuple[IndicatorDefinition, ...] = Field(alias="indicator", min_length=1)
    phases: tuple[Phase, ...] = Field(default=(), alias="phase")
    span: Span | None = None
    measurements: tuple[Measurement, ...] = Field(default=(), alias="measurement")
    dose_weights: tuple[DoseWeight, ...] = Field(default=(), alias="dose_weight")
    capacity: Capacity | None = None
    budget: Budget | None = None
    figures: tuple[Figure, ...] = Field(default=(), alias="figure")
    contradictions: tuple[Remark, ...] = Field(default=(), alias="contradiction")
    left_open: tuple[Remark, ...] = Field(default=(), alias="left_open")

    @model_validator(mode="after")
    def _names_are_known(self) -> Self:
        known = {source.id for source in self.sources}
        lost = sorted({quote.source for quote in self.quotes if quote.source} - known)
        if lost:
            raise ValueError(f"a quote names the source {', '.join(lost)}, which is not there")
        ids = [indicator.id for indicator in self.indicators]
        if len(ids) != len(set(ids)):
            raise ValueError("two indicators have one id")
        return self

    @model_validator(mode="after")
    def _windows_end_in_time(self) -> Self:
        limit = self.follow_up_months
        late = [one for one in self.indicators if limit and one.horizon_months and one.horizon_months > limit]
        if late:
            said = ", ".join(f"{one.id} ({one.horizon_months} months)" for one in late)
            raise ValueError(f"a window is longer than the follow-up of {limit} months: {said}")
        return self

    @model_validator(mode="after")
    def _layouts_are_known(self) -> Self:
        measured = {dimension for one in self.measurements for dimension in _dimensions(one)}
        unknown = sorted({dimension for one in self.indicators for dimension in one.dimensions} - measured)
        if unknown:
            raise ValueError(f"no measurement has the dimension {', '.join(unknown)}")
        for layout in self.layouts:
            _require_layout(layout)
        for criterion in self.target_group.criteria:
            _require_column(criterion.field)
        return self

    @property
    def layouts(self) -> tuple[str, ...]:
        """The extracts that its indicators and instruments are computed from, each once."""
        named = (*(one.layouts for one in self.indicators), tuple(one.layout for one in self.measurements))
        return tuple(dict.fromkeys(layout for layouts in named for layout in layouts))

    @property
    def quotes(self) -> tuple[Quote, ...]:
        """All quotes, in the order of the fields."""
        return tuple(_quotes(self))

    def source_of(self, quote: Quote) -> Source:
        """Return the document that a quote comes from.

        Parameters
        ----------
        quote : Quote
            A quote of this programme.

        Returns
        -------
        Source
            The document.
        """
        return next((one for one in self.sources if one.id == quote.source), self.sources[0])

    def indicator(self, name: str) -> IndicatorDefinition:
        """Return an indicator.

        Parameters
        ----------
        name : str
            Its id.

        Returns
        -------
        IndicatorDefinition
            The indicator.
        """
        return next(one for one in self.indicators if one.id == name)


def _quotes(part: BaseModel) -> Iterator[Quote]:
    for name in type(part).model_fields:
        value = getattr(part, name)
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, Quote):
                yield one
            elif isinstance(one, BaseModel):
                yield from _quotes(one)


def _dimensions(measurement: Measurement) -> tuple[str, ...]:
    """Return a measurement's dimensions; each must be a code of its layout."""
    _require_layout(measurement.layout)
    lists = load_contract(measurement.layout).codes
    known = set(lists["dimension"].values) if "dimension" in lists else set()
    unknown = [name for name in measurement.dimensions if name not in known]
    if unknown:
        raise ValueError(f"{measurement.layout} has no dimension {', '.join(unknown)}")
    return measurement.dimensions


def _require_layout(layout: str) -> None:
    if layout not in layouts():
        raise ValueError(f"there is no layout {layout}")


def _require_column(field: str) -> None:
    layout, _, column = field.partition(".")
    if not layout:
        return
    _require_layout(layout)
    if column not in load_contract(layout).columns:
        raise ValueError(f"the layout {layout} has no column {column}")
