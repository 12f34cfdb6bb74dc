"""What a study has to compute a programme's indicators from, and what it must count for that."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from evalkit.outcomes import load_outcome
from evalkit.programmes.course_parameters import course_parameters
from evalkit.programmes.definition import ProgrammeDefinition
from evalkit.results import Result

__all__ = ["CASE_LISTS", "Seen", "case_list", "programme_models", "programme_parameters"]

CASE_LISTS: tuple[str, ...] = ("exit_sag", "jobupdate_henvisning", "tilbud")
"""Layouts that list a programme's cases, one row a case."""

_WITH_CRITERIA = ("exit_sag", "jobupdate_henvisning")

# Model to the registers that it needs beside the case list.
_NEEDS: Mapping[str, tuple[str, ...]] = {
    "programme_charge": ("krsi",),
    "programme_plan": ("handleplan", "planaktivitet"),
    "programme_offer_state": ("bfl", "kotre"),
    "programme_dose": ("krin",),
    "programme_attendance": ("kontakt",),
    "programme_cadence": ("kontakt",),
}


@dataclass(frozen=True)
class Seen:
    """What a study has.

    Parameters
    ----------
    delivered : frozenset of str
        The layouts of its extracts.
    vintage : date
        They are complete before this day.
    models : mapping of str to DataFrame
        The counts of :func:`programme_models`.
    results : mapping of str to Result
        What is computed already.
    clock : str, optional
        What starts the clock of the study's cohort.
    treated : str, optional
        The arm that had the programme.
    outcome : str, optional
        Name of the study's own outcome.
    """

    delivered: frozenset[str]
    vintage: date
    models: Mapping[str, pl.DataFrame]
    results: Mapping[str, Result]
    clock: str | None = None
    treated: str | None = None
    outcome: str | None = None


def case_list(programme: ProgrammeDefinition, delivered: Collection[str]) -> str | None:
    """Return the layout that lists a programme's cases, where it was delivered.

    Parameters
    ----------
    programme : ProgrammeDefinition
        The programme.
    delivered : collection of str
        The layouts of the study's extracts.

    Returns
    -------
    str or None
        The layout.
    """
    return next((one for one in CASE_LISTS if one in programme.layouts and one in delivered), None)


def programme_models(
    programme: ProgrammeDefinition, delivered: Collection[str], *, has_stays: bool = False
) -> tuple[str, ...]:
    """Name the counts that a programme needs and the extracts allow.

    Parameters
    ----------
    programme : ProgrammeDefinition
        The programme.
    delivered : collection of str
        The layouts of the study's extracts.
    has_stays : bool
        Whether the study says what a stay in custody is, as one with a cohort does.

    Returns
    -------
    tuple of str
        Tables of ``analysis``; none without a list of cases.
    """
    listed = case_list(programme, delivered)
    if listed is None:
        return ()
    asked = {"programme_end", *(["programme_criterion"] if listed in _WITH_CRITERIA else [])}
    asked |= {"programme_dose"} if has_stays and programme.dose_weights else set()
    asked |= {"programme_course"} if listed != "jobupdate_henvisning" else set()
    asked |= {"programme_phase", "programme_cadence"} if listed == "exit_sag" and programme.phases else set()
    asked |= {one.table for one in programme.indicators if one.table == "programme_attendance"}
    for one in programme.indicators:
        if one.kind == "event_free" and one.denominator == "enrolled":
            asked.add("programme_charge")
        elif one.kind == "continuity" and one.denominator == "completers":
            asked.add("programme_plan")
        elif one.kind == "proportion_state" and one.denominator == "offered_employment":
            asked.add("programme_offer_state")
    return tuple(sorted(name for name in asked if set(_NEEDS.get(name, ())) <= set(delivered)))


def programme_parameters(programme: ProgrammeDefinition | None) -> dict[str, object]:
    """Return what the models of ``analysis.programme_*`` need to know of a programme.

    Parameters
    ----------
    programme : ProgrammeDefinition, optional
        The programme; without one the values mean nothing.

    Returns
    -------
    dict of str to object
        Parameter to value.
    """
    indicators = programme.indicators if programme else ()
    months = [one.horizon_months for one in indicators if one.denominator == "offered_employment"]
    lists = [one.offences for one in indicators if one.kind == "event_free" and one.denominator == "enrolled"]
    offences = load_outcome(lists[0]).offences.include if lists and lists[0] else ()
    talks = [int(one.value) for one in (programme.figures if programme else ()) if one.id == "talks_least"]
    return {
        "offer_months": (months or [0])[0] or 0,
        "programme_offences": list(offences),
        "least_talks": (talks or [1])[0],
        **course_parameters(programme),
    }
