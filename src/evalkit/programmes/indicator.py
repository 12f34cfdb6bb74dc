"""What a programme wants to be measured on."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from evalkit.config import Definition, Text
from evalkit.indicators.process import PROCESS_MEASURES
from evalkit.outcomes import PRESETS
from evalkit.programmes.quotes import Quote

__all__ = ["CLOCKS", "STATES", "ClockOrigin", "IndicatorDefinition"]

ClockOrigin = Literal["release", "admission", "offer", "offer_end", "referral", "programme_start", "programme_end"]

CLOCKS: dict[str, Text] = {
    "release": Text(da="løsladelsen", en="release"),
    "admission": Text(da="indsættelsen", en="admission"),
    "offer": Text(da="tilbuddet", en="the offer"),
    "offer_end": Text(da="tilbuddets afslutning", en="the end of the offer"),
    "referral": Text(da="henvisningen", en="referral"),
    "programme_start": Text(da="indskrivningen", en="enrolment"),
    "programme_end": Text(da="forløbets afslutning", en="the end of the programme"),
}
"""What can start a clock, for readers."""

STATES: tuple[str, ...] = (
    "employed",
    "in_education",
    "benefit",
    "no_record",
    "in_custody",
    "emigrated",
    "dead",
    "qualification_programme",
    "other_measure",
    "housing",
    "network",
    "positive_contact",
)
"""States that an indicator may name: those of the status table, and those that only a programme's own extract says."""

_NEEDS_STATES = ("proportion_state", "status_at_start")


class IndicatorDefinition(Definition):
    """One thing that a programme is measured on, with the document's words.

    Parameters
    ----------
    id : str
        Machine name.
    label : Text
        For readers.
    kind : str
        ``event_free``: the share without an event. ``proportion_state``: the share in some states on a day.
        ``status_at_start``: the same on the day that starts the clock. ``completion``: the share that completed.
        ``continuity``: the share whose plan went on. ``progression``: change on a scale. ``process_count``: how often
        something was done. ``concordance``: whether two records agree. ``qualitative``: not a number.
    formula : Text
        What is divided by what.
    denominator : str
        Who is divided by.
    event, offences : str
        Outcome presets: which event counts, and whose list of offences.
    states, dimensions : tuple of str
        States that count; dimensions of an instrument.
    clock_origin : str, optional
        What starts the clock, where it differs from the programme's.
    horizon_months : int, optional
        The window; absent where the document gives none.
    threshold : float, optional
        Share to be reached; absent where the document gives none.
    direction : {"at_least", "at_most", "more", "fewer"}, optional
        Which side of the threshold is good, or which way a number should go when there is none.
    measures : tuple of str
        Measures of the table ``process`` that say it.
    table : str
        Another result that its numbers stand in.
    layouts : tuple of str
        Extracts that it is computed from.
    measurable_long_term : bool, optional
        What the document itself says about that.
    defined_in_source : bool
        Whether the document defines it, or only mentions what could be measured.
    open : tuple of Text
        What the document leaves open.
    quote : Quote
        The document's words.
    """

    id: str = Field(pattern=r"^[a-z0-9_]+$")
    label: Text
    kind: Literal[
        "event_free",
        "proportion_state",
        "status_at_start",
        "completion",
        "continuity",
        "progression",
        "process_count",
        "concordance",
        "qualitative",
    ]
    formula: Text
    denominator: Literal["referred", "offered", "offered_employment", "enrolled", "finished", "completers", "released"]
    event: str = ""
    offences: str = ""
    states: tuple[str, ...] = ()
    dimensions: tuple[str, ...] = ()
    clock_origin: ClockOrigin | None = None
    horizon_months: int | None = Field(default=None, ge=1)
    threshold: float | None = Field(default=None, ge=0, le=1)
    direction: Literal["at_least", "at_most", "more", "fewer"] | None = None
    measures: tuple[str, ...] = ()
    table: str = ""
    layouts: tuple[str, ...] = ()
    measurable_long_term: bool | None = None
    defined_in_source: bool = True
    open: tuple[Text, ...] = ()
    quote: Quote

    @model_validator(mode="after")
    def _goes_together(self) -> Self:
        presets = [name for name in (self.event, self.offences) if name and name not in PRESETS]
        if presets:
            raise ValueError(f"{self.id}: there is no outcome preset {', '.join(presets)}")
        if self.kind == "event_free" and not self.event:
            raise ValueError(f"{self.id}: an event-free share needs an event")
        unmeasured = [name for name in self.measures if name not in PROCESS_MEASURES]
        if unmeasured:
            raise ValueError(f"{self.id}: there is no measure {', '.join(unmeasured)}")
        unknown = [state for state in self.states if state not in STATES]
        if unknown:
            raise ValueError(f"{self.id}: there is no state {', '.join(unknown)}; there are {', '.join(STATES)}")
        if (self.kind in _NEEDS_STATES) != bool(self.states):
            raise ValueError(f"{self.id}: states belong to {' and '.join(_NEEDS_STATES)}, which need them")
        has_side = self.direction in {"at_least", "at_most"}
        if has_side != (self.threshold is not None):
            raise ValueError(f"{self.id}: a threshold needs at_least or at_most, and they need a threshold")
        return self
