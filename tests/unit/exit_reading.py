"""A slow reading of the Exit programme's extracts: person by person, date by date, as the truth's docstring says it."""

from __future__ import annotations

import calendar
from collections import Counter, defaultdict
from collections.abc import Container, Iterable
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import polars as pl

__all__ = ["Reading", "months_later"]

Row = dict[str, Any]

_NEVER = date.max
_OFFENCES = (
    *("1210", "1230", "1240", "1250", "1252", "1255", "1258", "1260", "1270", "1280"),
    *("1380", "3410", "1316", "1320", "1324", "1435", "1292"),
)
_SENTENCES_AND_FINES = {1, 2, 4, 6, 21, 81, 86, 88}


def months_later(day: date, months: int) -> date:
    """Return the same day of the month, or that month's last."""
    years, month = divmod(day.month - 1 + months, 12)
    last = calendar.monthrange(day.year + years, month + 1)[1]
    return date(day.year + years, month + 1, min(day.day, last))


class Reading:
    """The extracts by layout, read for the persons of the case list."""

    def __init__(self, extracts: dict[str, pl.DataFrame], vintage: date) -> None:
        self.vintage = vintage
        self.rows = {layout: _by_person(frame.to_dicts()) for layout, frame in extracts.items()}
        self.first = {person: min(cases, key=_first_enrolment) for person, cases in self.rows["exit_sag"].items()}
        self.enrolled = {person: case for person, case in self.first.items() if case["INDSKREVET_DATO"]}

    def of(self, layout: str, person: str) -> list[Row]:
        return self.rows[layout].get(person, [])

    def ends(self) -> dict[str, int]:
        return dict(Counter(case["UDSKRIVNING"] or "open" for case in self.enrolled.values()))

    def ended_within(self, kinds: set[str], months: int) -> int:
        return sum(
            case["UDSKRIVNING"] in kinds and case["UDSKREVET_DATO"] <= months_later(case["INDSKREVET_DATO"], months)
            for case in self.enrolled.values()
        )

    def n_charged(self) -> int:
        return sum(
            any(
                case["INDSKREVET_DATO"] <= charge["SIG_SIGTDTO"] < (case["UDSKREVET_DATO"] or self.vintage)
                and str(charge["SIG_GER9"])[:4] in _OFFENCES
                for charge in self.of("krsi", person)
            )
            for person, case in self.enrolled.items()
        )

    def ended(self) -> dict[str, date]:
        """Return the days of discharge of those who were alive and in the country."""
        days = {person: case["UDSKREVET_DATO"] for person, case in self.enrolled.items() if case["UDSKREVET_DATO"]}
        return {person: day for person, day in days.items() if self._is_here(person, day)}

    def mature(self) -> dict[str, date]:
        return {person: day for person, day in self.ended().items() if months_later(day, 24) < self.vintage}

    def came_first(self) -> Counter[str]:
        """Say what came first after discharge, of those whose 24 months are over."""
        came: Counter[str] = Counter()
        for person, ended in self.mature().items():
            until = months_later(ended, 24)
            found = [
                (self._convicted(person, ended, until), 0, "convicted"),
                (self._died(person), 1, "died"),
                (self._left(person, ended), 2, "emigrated"),
            ]
            day, _, what = min(found)
            came[what if day <= until else "nothing"] += 1
        return came

    def offers(self) -> Counter[str]:
        states: Counter[str] = Counter()
        for person, case in self.enrolled.items():
            if not case["LAB_TILBUD"]:
                continue
            ended = case["LAB_TILBUD_SLUT_DATO"]
            day = months_later(ended, 3) if ended else _NEVER
            states["open" if day >= self.vintage else self._working(person, day)] += 1
        return states

    def plans(self) -> Counter[str]:
        states: Counter[str] = Counter()
        for person, case in self.enrolled.items():
            if case["UDSKRIVNING"] == "gennemfoert":
                states[self._plan(person, case["UDSKREVET_DATO"])] += 1
        return states

    def changes(
        self, layout: str, dimensions: Iterable[tuple[str, str | int | None]], of: Container[str] | None = None
    ) -> list[float]:
        """Return the persons' change from the first score to a later one."""
        wanted = dict(dimensions)
        changes = []
        for rows in (self.of(layout, person) for person in self.enrolled if of is None or person in of):
            scores = sorted(
                (row["MAALT_DATO"], row["SCORE"])
                for row in rows
                if row["SCORE"] is not None and all(row[column] == value for column, value in wanted.items())
            )
            if scores and scores[-1][0] > scores[0][0]:
                changes.append(float(scores[-1][1] - scores[0][1]))
        return changes

    def cadence(self) -> tuple[int, int]:
        """Count those out of guidance, and those never more than ten days without a contact."""
        kept = []
        for person, case in self.enrolled.items():
            until = case["OUTRO_DATO"] or case["UDSKREVET_DATO"]
            if until:
                days = self._met(person, case["INDSKREVET_DATO"], until)
                kept.append(all(after - before <= timedelta(10) for before, after in pairwise(days)))
        return len(kept), sum(kept)

    def follow_up(self) -> tuple[int, int]:
        """Count those whose first three months are over, and those never more than a month without a contact."""
        kept = []
        for person, case in self._followed():
            start, until = case["UDSKREVET_DATO"], case["OPFOELGNING_SLUT_DATO"] or _NEVER
            stop = min(months_later(start, 3), until)
            if start < stop < self.vintage:
                kept.append(self._met_within(1, person, start, stop))
        return len(kept), sum(kept)

    def later_follow_up(self) -> tuple[int, int]:
        kept = []
        for person, case in self._followed():
            start, stop = months_later(case["UDSKREVET_DATO"], 3), case["OPFOELGNING_SLUT_DATO"]
            if stop and start < stop:
                kept.append(self._met_within(3, person, start, stop))
        return len(kept), sum(kept)

    def _followed(self) -> list[tuple[str, Row]]:
        return [one for one in self.enrolled.items() if one[1]["UDSKRIVNING"] not in {None, "doed"}]

    def _met_within(self, months: int, person: str, start: date, stop: date) -> bool:
        return all(after <= months_later(before, months) for before, after in pairwise(self._met(person, start, stop)))

    def _convicted(self, person: str, ended: date, until: date) -> date:
        cases = defaultdict(list)
        for row in self.of("kraf", person):
            cases[row["JOURNR"]].append(row)
        in_time = [[row for row in rows if row["AFG_AFGOEDTO"] <= until] for rows in cases.values()]
        standing = [max(rows, key=lambda row: row["AFG_AFGOEDTO"]) for rows in in_time if rows]
        days = [
            row["AFG_AFGOEDTO"]
            for row in standing
            if row["AFG_AFGOEDTO"] > ended
            and row["AFG_AFGTYPKO"] in _SENTENCES_AND_FINES
            and str(row["AFG_GER9"])[:4] in _OFFENCES
        ]
        return min(days, default=_NEVER)

    def _died(self, person: str) -> date:
        return min((row["DODDATO"] for row in self.of("dod", person)), default=_NEVER)

    def _left(self, person: str, ended: date) -> date:
        moves = [row["HAEND_DATO"] for row in self.of("vnds", person) if row["INDUD_KODE"] == "U"]
        return min((day for day in moves if day > ended), default=_NEVER)

    def _is_here(self, person: str, day: date) -> bool:
        moves = sorted((row["HAEND_DATO"], row["INDUD_KODE"]) for row in self.of("vnds", person))
        so_far = [kind for moved, kind in moves if moved <= day]
        return self._died(person) > day and (not so_far or so_far[-1] == "I")

    def _working(self, person: str, day: date) -> str:
        for row in self.of("bfl", person):
            start = row["AJO_JOB_START_DATO"]
            if (start.year, start.month) == (day.year, day.month) and row["AJO_LOENTIMER"] > 0:
                return "employed"
        spells = [(row["ELEV3_VFRA"], row["ELEV3_VTIL"] or _NEVER) for row in self.of("kotre", person)]
        return "in_education" if any(start <= day <= last for start, last in spells) else "neither"

    def _plan(self, person: str, ended: date) -> str:
        if ended + timedelta(30) >= self.vintage:
            return "open"
        planned = [
            (row["BEGYNDT_DATO"] or _NEVER, row["SLUT_DATO"] or _NEVER)
            for row in self.of("planaktivitet", person)
            if row["OMRAADE"] in {"uddannelse", "beskaeftigelse"}
            and min(row["PLANLAGT_DATO"], row["BEGYNDT_DATO"] or _NEVER) <= ended
        ]
        if not planned:
            return "no_plan_recorded"
        goes_on = any(begun <= ended + timedelta(30) and stop > ended for begun, stop in planned)
        return "continuing" if goes_on else "not_continued"

    def _met(self, person: str, start: date, stop: date) -> list[date]:
        days = [row["KONTAKT_DATO"] for row in self.of("kontakt", person) if row["FREMMOEDT"] != 0]
        return [start, *sorted(day for day in days if start < day < stop), stop]


def _by_person(rows: list[Row]) -> dict[str, list[Row]]:
    persons = defaultdict(list)
    for row in rows:
        persons[row["PNR"]].append(row)
    return dict(persons)


def _first_enrolment(case: Row) -> tuple[date, date]:
    return case["INDSKREVET_DATO"] or _NEVER, case["HENVIST_DATO"]
