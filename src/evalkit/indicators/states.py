"""Where people are after release: the states, their order, and what else is worked out from them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Literal, get_args

from babel.lists import format_list
from pydantic import Field, model_validator

from evalkit.config import Definition, Explanation, Text

__all__ = [
    "MEASURES_OF_STATES",
    "STATES",
    "WORKING",
    "MeasureName",
    "StateName",
    "StatusDefinition",
    "status_parameters",
]

StateName = Literal[
    "dead",
    "emigrated",
    "in_custody",
    "employed_full_time",
    "employed",
    "supported_work",
    "in_education",
    "active_measure",
    "sick",
    "pension",
    "benefit",
    "no_record",
]
STATES: tuple[StateName, ...] = get_args(StateName)
"""All states, in the order in which they count when a study says nothing else."""

MeasureName = Literal[
    "work_start", "retention", "working_year", "self_support", "time_in_state", "state_weeks", "transitions"
]
MEASURES_OF_STATES: tuple[MeasureName, ...] = get_args(MeasureName)

_WEEKS_APART = 4

_ALWAYS: tuple[StateName, ...] = ("dead", "emigrated", "in_custody", "employed", "in_education", "benefit", "no_record")
_OF_BENEFITS: tuple[StateName, ...] = ("supported_work", "in_education", "active_measure", "sick", "pension")
_CODES = re.compile(r"(\d{3})(?:-(\d{3}))?")
WORKING: frozenset[StateName] = frozenset({"employed_full_time", "employed", "supported_work", "in_education"})
"""States that are work or education, subsidised work among them."""


class StatusDefinition(Definition):
    """Where people are after release: on every day in one state, by a stated order.

    Parameters
    ----------
    months : tuple of int
        Whole months after the index date.
    min_paid_hours : float
        Paid hours in the calendar month that holds the day, all jobs together, above which a person counts as employed.
    full_time_hours : float, optional
        Paid hours in the month above which work is a state of its own, ``employed_full_time``.
    no_support_codes : tuple of str
        DREAM codes that are not public support for someone living in the country without work or education.
    benefit_states : mapping of str to tuple of str
        DREAM codes, ``"771"`` or ``"730-738"``, that are another state than ``benefit``: ``supported_work``,
        ``in_education``, ``active_measure``, ``sick`` or ``pension``. Empty, because no official list of DREAM's codes
        could be read and some labels are not sure; ``docs/reference/register-layouts.md`` has each code's confidence.
    order : tuple of str
        The states in the order in which they count when several hold; all that can occur, each once.
    retention_months : tuple of int
        Whole months after work or education began at which it is asked whether people still are in it.
    measures : tuple of str
        What else is worked out from the states and stands in the report: ``work_start``, ``retention``,
        ``working_year``, ``self_support``, ``time_in_state``, ``state_weeks``, ``transitions``. Each table more can
        cost cells of the others, as all are audited together.
    """

    months: tuple[int, ...] = Field(default=(3, 6, 12, 24), min_length=1)
    min_paid_hours: float = Field(default=0.0, ge=0)
    full_time_hours: float | None = Field(default=None, gt=0)
    no_support_codes: tuple[str, ...] = ("997",)
    benefit_states: Mapping[StateName, tuple[str, ...]] = Field(default_factory=dict)
    order: tuple[StateName, ...] = ()
    retention_months: tuple[int, ...] = Field(default=(6, 12), min_length=1)
    measures: tuple[MeasureName, ...] = ("work_start", "retention")

    @model_validator(mode="after")
    def _states_fit(self) -> StatusDefinition:
        if any(month < 1 for month in self.months) or list(self.months) != sorted(set(self.months)):
            raise ValueError("months are whole numbers from 1, in order, each once")
        if self.full_time_hours is not None and self.full_time_hours <= self.min_paid_hours:
            raise ValueError("full_time_hours must be more than min_paid_hours")
        wrong = sorted(set(self.benefit_states) - set(_OF_BENEFITS))
        if wrong:
            raise ValueError(f"benefit_states: no benefit is {', '.join(wrong)}; there are {', '.join(_OF_BENEFITS)}")
        codes = self.benefit_codes
        if len(codes) < sum(map(len, map(_expanded, _every(self.benefit_states)))):
            raise ValueError("benefit_states: a code stands in two states or twice in one")
        if self.order and sorted(self.order) != sorted(self._occurring):
            raise ValueError(f"order must name each of these once: {', '.join(self._occurring)}")
        if self.order and self.order[-1] != "no_record":
            raise ValueError("order must end with no_record")
        return self

    @model_validator(mode="after")
    def _measures_fit(self) -> StatusDefinition:
        needed = {"retention": max(self.retention_months), "working_year": 12}
        for name in self.measures:
            if max(self.months) < needed.get(name, 0):
                raise ValueError(f"{name} needs {needed[name]} months, but people are followed for {max(self.months)}")
        return self

    @property
    def states(self) -> tuple[StateName, ...]:
        """The states that can occur, first those that count first."""
        return self.order or self._occurring

    @property
    def benefit_codes(self) -> dict[str, StateName]:
        """DREAM code to state, for the codes that are not simply a benefit."""
        named = ((state, text) for state, codes in self.benefit_states.items() for text in codes)
        return {code: state for state, text in named for code in _expanded(text)}

    @property
    def work_states(self) -> dict[StateName, float]:
        """State of work to the hours that it takes more than."""
        hours: dict[StateName, float] = {"employed": self.min_paid_hours}
        if self.full_time_hours is not None:
            hours["employed_full_time"] = self.full_time_hours
        return hours

    @property
    def _occurring(self) -> tuple[StateName, ...]:
        there = {*_ALWAYS, *self.work_states, *self.benefit_states}
        return tuple(state for state in STATES if state in there)

    @property
    def explanation(self) -> Explanation:
        """What the definition says, in plain words."""
        return Explanation(
            title=Text(da="Hvor er de løsladte?", en="Where are people after release?"),
            da=tuple(self._sentences("da")),
            en=tuple(self._sentences("en")),
            source="BFL, KOTRE, DREAM, KRIN, DOD, VNDS (Danmarks Statistik)",
        )

    def _sentences(self, language: Literal["da", "en"]) -> Iterator[str]:
        locale = {"da": "da_DK", "en": "en_GB"}[language]
        words = _SENTENCES[language]
        months = format_list([str(month) for month in self.months], locale=locale)
        yield words["one_state"].format(months=months)
        named = [STATE_NAMES[state].in_language(language) for state in self.states]
        yield words["order"].format(order=", ".join(named))
        yield words["custody"]
        yield words["work"].format(hours=f"{self.min_paid_hours:g}")
        if self.full_time_hours is not None:
            yield words["full_time"].format(hours=f"{self.full_time_hours:g}")
        yield words["education"]
        codes = ", ".join(self.no_support_codes)
        yield words["benefit"].format(but=words["but"].format(codes=codes) if codes else "")
        for state, states_codes in self.benefit_states.items():
            yield words["codes"].format(state=STATE_NAMES[state].in_language(language), codes=", ".join(states_codes))


def status_parameters(definition: StatusDefinition) -> dict[str, object]:
    """Return the values of the SQL models' parameters.

    Parameters
    ----------
    definition : StatusDefinition
        The choices.

    Returns
    -------
    dict of str to object
        Name without the dollar sign to value.
    """
    # A list without an element has no type in SQL; nobody has the empty code.
    benefit_states = definition.benefit_codes or {"": "benefit"}
    return {
        "status_months": list(definition.months),
        "followed_months": max(definition.months),
        "states": [{"state": state, "state_bit": 2**place} for place, state in enumerate(definition.states)],
        "work_states": [{"state": name, "over_hours": hours} for name, hours in definition.work_states.items()],
        "benefit_states": [{"state": state, "benefit_code": code} for code, state in benefit_states.items()],
        "working_states": [state for state in definition.states if state in WORKING],
        "no_support_codes": list(definition.no_support_codes),
        "retention_months": list(definition.retention_months),
        "longest_retention_months": max(definition.retention_months),
        "state_weeks": list(range(0, max(definition.months) * 30 // 7, _WEEKS_APART)),
    }


STATE_NAMES: Mapping[StateName, Text] = {
    "dead": Text(da="død", en="dead"),
    "emigrated": Text(da="udvandret", en="emigrated"),
    "in_custody": Text(da="indsat", en="in custody"),
    "employed_full_time": Text(da="i arbejde på fuld tid", en="employed full time"),
    "employed": Text(da="i arbejde", en="employed"),
    "supported_work": Text(da="i støttet arbejde", en="in supported work"),
    "in_education": Text(da="under uddannelse", en="in education"),
    "active_measure": Text(da="i aktivering", en="in an active measure"),
    "sick": Text(da="sygemeldt", en="on sickness benefit"),
    "pension": Text(da="på pension", en="on a pension"),
    "benefit": Text(da="på offentlig ydelse", en="on public support"),
    "no_record": Text(da="ingen registrering", en="no record"),
}

_SENTENCES: Mapping[str, Mapping[str, str]] = {
    "da": {
        "one_state": (
            "Hver person har præcis én status {months} måneder efter løsladelsen, og alle løsladte er med i nævneren."
        ),
        "order": "Rækkefølge, når flere passer: {order}.",
        "custody": (
            "Indsat: i fængsel eller arresthus den dag, eller hjemme med fodlænke, også når personen har løn imens."
        ),
        "work": (
            "I arbejde: mere end {hours} betalte timer i den kalendermåned, dagen ligger i, alle job lagt sammen "
            "(BFL). Selvstændige og sort arbejde ses ikke."
        ),
        "full_time": "Fuld tid: mere end {hours} betalte timer i måneden.",
        "education": "Under uddannelse: et uddannelsesforløb er i gang den dag (KOTRE).",
        "benefit": (
            "På offentlig ydelse: en ydelseskode i DREAM den uge, også SU og pension{but}. En uge uden kode betyder "
            "ikke, at personen er i arbejde."
        ),
        "but": ", men ikke {codes}",
        "codes": "DREAM-koderne {codes} regnes som: {state}.",
    },
    "en": {
        "one_state": (
            "Everyone has exactly one status {months} months after release, and all who were released are in the "
            "denominator."
        ),
        "order": "Order when several fit: {order}.",
        "custody": (
            "In custody: in prison or remand on the day, or at home with an electronic tag, whatever they earn there."
        ),
        "work": (
            "Employed: more than {hours} paid hours in the calendar month that holds the day, all jobs together (BFL). "
            "Self-employment and undeclared work are not seen."
        ),
        "full_time": "Full time: more than {hours} paid hours in the month.",
        "education": "In education: an education spell is under way on the day (KOTRE).",
        "benefit": (
            "On public support: a benefit code in DREAM that week, student grants and pensions too{but}. A week "
            "without a code does not mean that the person is in work."
        ),
        "but": ", but not {codes}",
        "codes": "The DREAM codes {codes} count as: {state}.",
    },
}


def _every(states: Mapping[StateName, tuple[str, ...]]) -> Iterator[str]:
    for codes in states.values():
        yield from codes


def _expanded(text: str) -> list[str]:
    """List the codes that a code or a range of codes stands for."""
    found = _CODES.fullmatch(text)
    if found is None or (found[2] and found[2] < found[1]):
        raise ValueError(f"benefit_states: {text!r} is neither a code of three digits nor a range of them")
    return [f"{code:03d}" for code in range(int(found[1]), int(found[2] or found[1]) + 1)]
