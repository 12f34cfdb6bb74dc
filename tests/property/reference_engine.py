"""The definitions once more, slowly: from register records to status, one person at a time, no SQL.

Written from the definitions' prose (the explanations of the cohort, the outcome and the status, the grain comments of
the models, and the register traps of the crime statistics), not from the models. Everything is lists, loops and whole
days; an interval is half-open, and a stop of None says that it goes on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from tests.property.reference_cohort import (
    DEFAULT_COHORT,
    Case,
    CohortRules,
    absences_of,
    cases_of,
    episodes_of,
    index_of,
)
from tests.property.reference_records import Decision, Person, Spell, plus
from tests.property.reference_stays import stays_of

__all__ = ["Account", "Rules", "account_for"]


@dataclass(frozen=True)
class Rules:
    """The study's choices."""

    vintage: date
    not_guilty: frozenset[str]
    fines: frozenset[str]
    cohort: CohortRules = DEFAULT_COHORT
    status_months: tuple[int, ...] = (3, 6, 12, 24)


@dataclass(frozen=True)
class Account:
    """What the study knows of one person in the end."""

    stays: list[Spell]
    absences: list[Spell]
    index: Case | None
    episodes: list[Case] = field(default_factory=list)
    exit: tuple[int, int, str | None] | None = None
    statuses: dict[int, str] = field(default_factory=dict)


def account_for(person: Person, rules: Rules) -> Account:
    """Follow one person from the records to the status after 24 months."""
    stays, absences = stays_of(person.custody, rules.cohort.stays), absences_of(person.moves)
    cases = cases_of(person, stays, rules.cohort)
    index, episodes = index_of(cases, rules.cohort), episodes_of(cases, rules.cohort)
    if not episodes:
        return Account(stays, absences, index)
    day = episodes[0].day
    statuses = {month: _status(person, stays, absences, plus(day, month)) for month in rules.status_months}
    return Account(stays, absences, index, episodes, _exit(person, absences, day, rules), statuses)


def _exit(person: Person, absences: Sequence[Spell], released: date, rules: Rules) -> tuple[int, int, str | None]:
    """Days to what comes first; on one day an offence comes before death, and death before emigration."""
    last = plus(released, 24)
    firsts: list[tuple[date, int, tuple[int, str | None]]]
    firsts = [(day, 0, (1, None)) for day in _guilty_offence_days(person, released, rules)]
    firsts += [(person.death, 1, (2, None))] if person.death else []
    firsts += [(absence.start, 2, (0, "emigrated")) for absence in absences]
    within = [first for first in firsts if released < first[0] <= last]
    if not within:
        return 731, 0, "study_end"
    day, _, (event, reason) = min(within, key=lambda first: first[:2])
    return (day - released).days, event, reason


def _guilty_offence_days(person: Person, released: date, rules: Rules) -> list[date]:
    days = []
    for journal in {decision.journal for decision in person.decisions}:
        # The same case again after an appeal is not a new crime: the last decision of those in time stands.
        own = [one for one in person.decisions if one.journal == journal]
        in_time = [one for one in own if one.day.year <= released.year + 3]
        final = max(in_time or own, key=lambda one: (one.day, one.code))
        if not _is_guilty(final, rules) or not released.year <= final.day.year <= released.year + 3:
            continue
        charges = [charge for charge in person.charges if charge.journal == journal]
        days += [charge.offence_day or final.day for charge in charges] or [final.day]
    return days


def _is_guilty(decision: Decision, rules: Rules) -> bool:
    limit = 2500 if decision.day.year >= 2012 else 1500
    known_small = decision.fine_dkk is not None and decision.fine_dkk < limit
    small = known_small and decision.offence_code.startswith("2") and decision.code in rules.fines
    return decision.code not in rules.not_guilty and not small and decision.day < rules.vintage


def _status(person: Person, stays: Sequence[Spell], absences: Sequence[Spell], day: date) -> str:
    """Say the one state on a day: the first that fits."""
    works = any((start.year, start.month) == (day.year, day.month) and hours > 0 for start, hours in _months(person))
    gets = any(monday <= day < monday + timedelta(7) and code != "997" for monday, code in person.benefit_weeks)
    fits = {
        "dead": person.death is not None and person.death <= day,
        "emigrated": any(absence.holds(day) for absence in absences),
        "in_custody": any(stay.holds(day) for stay in stays),
        "employed": works,
        "in_education": any(course.holds(day) for course in person.courses),
        "benefit": gets,
    }
    return next((state for state, is_so in fits.items() if is_so), "no_record")


def _months(person: Person) -> list[tuple[date, float]]:
    """Add up a month's jobs."""
    months = {start.replace(day=1) for start, _ in person.jobs}
    return [(month, sum(hours for start, hours in person.jobs if start.replace(day=1) == month)) for month in months]
