"""The definitions once more, slowly: from register records to status, one person at a time, no SQL.

Written from the definitions' prose (the explanations of the cohort, the outcome and the status, the grain comments of
the models, and the register traps of the crime statistics), not from the models. Everything is lists, loops and whole
days; an interval is half-open, and a stop of None says that it goes on.
"""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

__all__ = ["Account", "Case", "Charge", "Custody", "Decision", "Person", "Reading", "Rules", "Spell", "account_for"]


@dataclass(frozen=True)
class Custody:
    """One line of the custody register."""

    journal: str
    admission: date
    release: date | None
    code: str
    release_code: str = "0"
    facility: str = "F001"
    parole_expiry: date | None = None
    serves_fine: bool = False


@dataclass(frozen=True)
class Reading:
    """Where a person lives on the last day of a year, and since when at that address."""

    day: date
    municipality: str
    moved_in: date | None


@dataclass(frozen=True)
class Charge:
    """One charge."""

    journal: str
    offence_day: date | None
    offence_code: str


@dataclass(frozen=True)
class Decision:
    """One decision in a case."""

    journal: str
    day: date
    code: str
    offence_code: str
    fine_dkk: float | None


@dataclass(frozen=True)
class Spell:
    """Any half-open interval, with what it is about."""

    start: date
    stop: date | None
    what: str = ""
    ended: str | None = None

    def holds(self, day: date) -> bool:
        return self.start <= day and (self.stop is None or day < self.stop)


@dataclass(frozen=True)
class Person:
    """All that the registers say about one person."""

    birth: date
    custody: Sequence[Custody] = ()
    readings: Sequence[Reading] = ()
    moves: Sequence[tuple[date, str]] = ()
    death: date | None = None
    charges: Sequence[Charge] = ()
    decisions: Sequence[Decision] = ()
    offers: Sequence[date] = ()
    jobs: Sequence[tuple[date, float]] = ()
    courses: Sequence[Spell] = ()
    benefit_weeks: Sequence[tuple[date, str]] = ()


@dataclass(frozen=True)
class Rules:
    """The study's choices."""

    index_start: date
    index_end: date
    vintage: date
    pilots: frozenset[str]
    not_guilty: frozenset[str]
    fines: frozenset[str]
    release_types: frozenset[str] = frozenset({"parole", "full_term", "remand_end"})
    status_months: tuple[int, ...] = (3, 6, 12, 24)


@dataclass(frozen=True)
class Case:
    """One release with what decides whether it is the index release."""

    stay: Spell
    release: date
    steps: int
    arm: str


@dataclass(frozen=True)
class Account:
    """What the study knows of one person in the end."""

    stays: list[Spell]
    absences: list[Spell]
    index: Case | None
    exit: tuple[int, int, str | None] | None = None
    statuses: dict[int, str] = field(default_factory=dict)


def account_for(person: Person, rules: Rules) -> Account:
    """Follow one person from the records to the status after 24 months."""
    stays, absences = stays_of(person.custody), absences_of(person.moves)
    releases = [_release(stay, person, absences, rules) for stay in stays if _in_window(stay, rules)]
    if not releases:
        return Account(stays, absences, None)
    # The release that gets furthest before the offer is looked at; the first of them.
    best = max(min(case.steps, 7) for case in releases)
    index = next(case for case in releases if min(case.steps, 7) == best)
    if index.steps < 8:
        return Account(stays, absences, index)
    statuses = {month: _status(person, stays, absences, plus(index.release, month)) for month in rules.status_months}
    return Account(stays, absences, index, _exit(person, absences, index.release, rules), statuses)


def stays_of(events: Sequence[Custody]) -> list[Spell]:
    """Join a person's custody records to stays."""
    pieces = _pieces([event for event in events if event.code not in {"1", "2"}])
    far = date.max
    joined = [[piece] for piece in pieces]
    merging = True
    while merging:  # Join any two groups with at most one day between them, until there are none.
        merging = False
        for one in joined:
            for two in joined:
                if one is not two and not merging and _near(one, two):
                    one.extend(two)
                    joined.remove(two)
                    merging = True
    stays = []
    for group in joined:
        start, stop = min(piece[0] for piece in group), max(piece[1] or far for piece in group)
        last = max(group, key=lambda piece: (piece[1] or far, piece[0], _rank(piece[2])))[2]
        kind = _kind(last)
        stays.append(Spell(start, None if stop == far else stop, kind, None if stop == far else _ending(last, kind)))
    return sorted(stays, key=lambda stay: stay.start)


Piece = tuple[date, date | None, Custody]


def _pieces(events: Sequence[Custody]) -> list[Piece]:
    """Cut each case after every release; close what was never closed with the next admission."""
    cut: list[Piece] = []
    for journal in {event.journal for event in events}:
        begun: date | None = None
        own = [event for event in events if event.journal == journal]
        own.sort(key=lambda event: (event.admission, event.release or date.min, _rank(event)))
        for position, event in enumerate(own, start=1):
            begun = begun or event.admission
            if event.release or position == len(own):
                cut.append((begun, event.release, event))
                begun = None
    cut.sort(key=lambda piece: (piece[0], piece[1] is not None, _rank(piece[2])))
    starts = [*(start for start, _, _ in cut), None]
    return [(start, stop or starts[place], event) for place, (start, stop, event) in enumerate(cut, start=1)]


def _rank(event: Custody) -> tuple[str, bool, str, bool]:
    """Say which of several events on the same days counts as the last."""
    return event.code, _is_parole(event), event.facility, event.serves_fine


def _is_parole(event: Custody) -> bool:
    return event.parole_expiry is not None or event.release_code == "10"


def _near(one: Sequence[Piece], two: Sequence[Piece]) -> bool:
    """Whether two groups overlap, touch or have one day between them."""
    one_stop, two_stop = (max(piece[1] or date.max for piece in group) for group in (one, two))
    one_start, two_start = (min(piece[0] for piece in group) for group in (one, two))
    return min(one_stop, two_stop) == date.max or (max(one_start, two_start) - min(one_stop, two_stop)).days <= 1


def _kind(event: Custody) -> str:
    if event.serves_fine:
        return "fine"
    if event.facility in {"HJEM", "9050"}:
        return "home"
    return "remand" if event.code == "3" else "serving"


def _ending(event: Custody, kind: str) -> str:
    if kind != "serving":
        return {"remand": "remand_end"}.get(kind, kind)
    return "parole" if _is_parole(event) else "full_term"


def absences_of(moves: Sequence[tuple[date, str]]) -> list[Spell]:
    """Walk through a person's moves over the border."""
    absences: list[Spell] = []
    left: date | None = None
    for day in sorted({day for day, _ in moves}):
        directions = {direction for on, direction in moves if on == day}
        if directions == {"out"} and left is None:
            left = day
        if directions == {"in"} and left is not None:
            absences.append(Spell(left, day))
            left = None
    return [*absences, *([Spell(left, None)] if left else [])]


def municipality_on(readings: Sequence[Reading], day: date) -> str | None:
    """Say where a person lived, from one reading a year."""
    where: str | None = None
    previous: Reading | None = None
    for reading in sorted(readings, key=lambda one: one.day):
        if previous is None or previous.municipality != reading.municipality:
            moved, since = reading.moved_in, previous.day if previous else date.min
            start = moved if moved and since < moved <= reading.day else reading.day
            where = reading.municipality if start <= day else where
        previous = reading
    return where


def _in_window(stay: Spell, rules: Rules) -> bool:
    return stay.stop is not None and rules.index_start <= stay.stop < rules.index_end


def _release(stay: Spell, person: Person, absences: Sequence[Spell], rules: Rules) -> Case:
    """Take one release through the steps in their order; stop at the first that it fails."""
    release = stay.stop or date.max
    home = municipality_on(person.readings, stay.start)
    is_pilot = home in rules.pilots
    offered = [day for day in person.offers if day <= release]
    dead = person.death is not None and person.death <= release
    requirements = [
        True,  # released in the window
        bool(person.readings),
        home is not None,
        stay.ended in rules.release_types,
        (release - stay.start).days >= 14,
        plus(person.birth, 12 * 18, leap_later=True) <= release,
        not dead and not any(absence.holds(release) for absence in absences),
        any(day >= stay.start for day in offered) if is_pilot else not offered,
    ]
    steps = requirements.index(False) if False in requirements else len(requirements)
    arm = ("pilot" if is_pilot else "comparison") if steps >= 3 else "unassigned"
    return Case(stay, release, steps, arm)


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


def plus(day: date, months: int, *, leap_later: bool = False) -> date:
    """Add calendar months; a day that the month lacks becomes its last day, or the first of the next."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    if day.day > last and leap_later:
        return date(year, month + 1, last) + timedelta(1)
    return date(year, month + 1, min(day.day, last))
