"""A slow reading of the Norwegian extracts: person by person, date by date, as the truth's docstring says it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby, pairwise
from typing import Any

import polars as pl

__all__ = ["Reading", "Stay"]

Row = dict[str, Any]

_FOREVER = date.max
_COUNTED = {"proveloslatelse", "endt_straff", "varetekt_opphevet"}
_EXITS = {
    "AVSL_ORDINAERTARB": "ordinary_work",
    "AVSL_ARBLONNSTILS": "subsidised_work",
    "AVSL_ARBMARK": "labour_market_measure",
    "AVSL_SKOLE": "education",
    "AVSL_UFORE": "disability_pension",
    "AVSL_AAP": "work_assessment",
    "AVSL_OK_AVKLAR": "social_assistance_waiting",
    "AVSL_UTEN_OK_AVKLAR": "social_assistance",
    "AVSL_ANNET": "other",
    "AVSL_UKJENT": "unknown",
}


@dataclass(frozen=True)
class Stay:
    """From an admission to a release."""

    person: str
    admission: date
    release: date
    how: str
    prisons: tuple[str, ...]

    @property
    def n_transfers(self) -> int:
        return sum(one != other for one, other in pairwise(self.prisons))


class Reading:
    """The extracts by layout."""

    def __init__(self, extracts: dict[str, pl.DataFrame], window: tuple[date, date], within_days: int) -> None:
        self.window, self.within_days = window, within_days
        self.stays = list(_stays(extracts["kriminalomsorgen"].to_dicts()))
        self.states = _by_person(extracts["arbeidssoker"].to_dicts(), "LOPENR")
        self.forms = _by_person(extracts["kvp_2024"].to_dicts(), "PERSON_FODSELSNR")
        self.plans = _by_person(extracts["handleplan"].to_dicts(), "PNR")
        self.activities = _by_person(extracts["planaktivitet"].to_dicts(), "PNR")

    def released(self) -> list[Stay]:
        """Return each person's first release that counts."""
        first: dict[str, Stay] = {}
        for stay in sorted(self.stays, key=lambda stay: stay.release):
            inside = (stay.release - stay.admission).days
            if stay.how in _COUNTED and self.window[0] <= stay.release < self.window[1] and inside >= 14:
                first.setdefault(stay.person, stay)
        return list(first.values())

    def has_state(self, stay: Stay, states: set[int]) -> bool:
        return any(
            row["FRA_DATO"] <= stay.release <= (row["TIL_DATO"] or _FOREVER) and row["HOVEDSTATUS"] in states
            for row in self.states[stay.person]
        )

    def in_programme(self, stay: Stay, days: int) -> bool:
        limit = stay.release + timedelta(days)
        return any(begun <= limit and last >= stay.release for begun, last, _ in self.programmes(stay.person))

    def programmes(self, person: str) -> list[tuple[date, date, str]]:
        """Return first day, last day and what it ended in, each by its newest form."""
        newest = {row["BEGYNT_DATO"]: row for row in sorted(self.forms[person], key=lambda row: row["VERSION"])}
        found = []
        for row in newest.values():
            last = _day(row["AVSL_DATO"])
            end = next((name for column, name in _EXITS.items() if row[column] != "00"), "unknown")
            found.append((_day(row["BEGYNT_DATO"]), last, end if last < _FOREVER else "open"))
        return sorted(found)

    def programme_end(self, stay: Stay) -> str | None:
        return next((end for _, last, end in self.programmes(stay.person) if last >= stay.release), None)

    def has_open_case(self, stay: Stay) -> bool:
        return any(
            row["EJER"] == "kommune" and row["OPRETTET_DATO"] < stay.release < (row["AFSLUTTET_DATO"] or _FOREVER)
            for row in self.plans[stay.person]
        )

    def need(self, stay: Stay, area: str) -> bool | None:
        """Say whether the need is met; None where there is none."""
        known = [
            row
            for row in self.activities[stay.person]
            if row["OMRAADE"] == area
            and min(row["PLANLAGT_DATO"] or _FOREVER, row["BEGYNDT_DATO"] or _FOREVER) < stay.release
            and (row["SLUT_DATO"] or _FOREVER) >= stay.admission
        ]
        if not known:
            return None
        return any(
            (row["SLUT_AARSAG"] == "gennemfoert" and row["SLUT_DATO"] <= stay.release)
            or (row["BEGYNDT_DATO"] or _FOREVER) <= stay.release < (row["SLUT_DATO"] or _FOREVER)
            for row in known
        )


def _stays(rows: list[Row]) -> Iterable[Stay]:
    rows = sorted(rows, key=lambda row: (row["INNSETTELSE_ID"], row["INNSATT_DATO"]))
    for _, group in groupby(rows, key=lambda row: row["INNSETTELSE_ID"]):
        parts = list(group)
        assert all(one["UTGANG_DATO"] == other["INNSATT_DATO"] for one, other in pairwise(parts))
        assert all(one["UTGANG"] == "overforing" for one in parts[:-1])
        yield Stay(
            parts[0]["LOPENR"],
            parts[0]["INNSATT_DATO"],
            parts[-1]["UTGANG_DATO"] or _FOREVER,
            parts[-1]["UTGANG"] or "",
            tuple(part["FENGSEL"] for part in parts),
        )


def _by_person(rows: list[Row], column: str) -> defaultdict[str, list[Row]]:
    persons = defaultdict(list)
    for row in rows:
        persons[row[column]].append(row)
    return persons


def _day(six_digits: str) -> date:
    if six_digits == "000000":
        return _FOREVER
    return datetime.strptime(six_digits, "%d%m%y").date()  # noqa: DTZ007 - a register's day has no time zone
