"""What the registers say of one person, as plain records, and the calendar that the reference engine reckons with."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

__all__ = ["Charge", "Custody", "Decision", "Offer", "Person", "Reading", "Spell", "plus"]


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
    has_release_dates: bool = True


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
class Offer:
    """One offer of the programme, and what came of it."""

    day: date
    enrolled: date | None = None
    discharged: date | None = None


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
    offers: Sequence[Offer] = ()
    jobs: Sequence[tuple[date, float]] = ()
    courses: Sequence[Spell] = ()
    benefit_weeks: Sequence[tuple[date, str]] = ()


def plus(day: date, months: int, *, leap_later: bool = False) -> date:
    """Add calendar months; a day that the month lacks becomes its last day, or the first of the next."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    if day.day > last and leap_later:
        return date(year, month + 1, last) + timedelta(1)
    return date(year, month + 1, min(day.day, last))
