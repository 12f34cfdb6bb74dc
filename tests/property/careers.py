"""Generated careers: a few persons whose records lie where rules turn, and their rows in the staging tables."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TypeVar

from hypothesis import strategies as st

from evalkit.warehouse import Warehouse
from tests.property.reference_records import Charge, Custody, Decision, Offer, Person, Reading, Spell

__all__ = ["Careers", "RestlessCareers", "load"]

T = TypeVar("T")

# Days around which things go wrong: the window's edges, a leap day, the turn of a year, an ordinary day.
ANCHORS = [date(2017, 6, 15), date(2015, 12, 31), date(2016, 1, 1), date(2016, 2, 29), date(2016, 8, 31)]
ANCHORS += [date(2018, 2, 28), date(2018, 12, 31), date(2019, 12, 31), date(2020, 1, 1)]
EDGES = [-366, -365, -60, -15, -14, -13, -2, -1, 0, 1, 2, 13, 14, 15, 89, 90, 91, 92, 181, 184, 365, 366]
EDGES += [729, 730, 731, 732, 1095, 1461]


def mostly(usual: T, *others: T) -> st.SearchStrategy[T]:
    """Draw the usual value about three times in four."""
    return st.sampled_from([usual] * 3 * len(others) + list(others))


def near(anchor: date) -> st.SearchStrategy[date]:
    """Draw days at which a rule may turn: so many days from the anchor, or the turn of a year."""
    offsets = st.one_of(st.sampled_from(EDGES), st.integers(-500, 900))
    turns = [date(anchor.year + years, *day) for years in range(5) for day in ((12, 31), (1, 1))]
    return st.one_of(offsets.map(lambda days: anchor + timedelta(days)), st.sampled_from(turns))


def within(anchor: date) -> st.SearchStrategy[date]:
    """Draw days of follow-up, its ends among them."""
    return st.one_of(st.sampled_from([0, 1, 91, 729, 730, 731, 732]), st.integers(1, 730)).map(
        lambda days: anchor + timedelta(days)
    )


@st.composite
def custody(draw: st.DrawFn, anchor: date) -> list[Custody]:
    """A walk through custody that is likely to end on the anchor: gaps, overlaps, transfers, unclosed cases."""
    day = anchor - timedelta(draw(mostly(60, 13, 14, 15, 200)))
    events = []
    for position in range(draw(st.integers(1, 4))):
        length = (anchor - day).days if position == 0 else draw(st.sampled_from([0, 1, 13, 14, 15, 60, 300]))
        events.append(
            Custody(
                journal=draw(st.sampled_from("abc")),
                admission=day,
                release=draw(st.sampled_from([day + timedelta(length)] * 7 + [None])),
                code=draw(mostly("5", "3", "0", "1")),
                release_code=draw(mostly("0", "4", "5", "10")),
                facility=draw(mostly("F001", "A002", "9050", "HJEM")),
                parole_expiry=draw(mostly(None, date(2021, 1, 1))),
                serves_fine=draw(st.sampled_from([False] * 9 + [True])),
                has_release_dates=draw(st.sampled_from([True] * 15 + [False])),
            )
        )
        day += timedelta(length + draw(st.sampled_from([-14, -1, 0, 0, 1, 2, 30, 80, 300, 700])))
    return events


@st.composite
def readings(draw: st.DrawFn) -> list[Reading]:
    """One reading a year from some year on, with moves now and then."""
    town = draw(st.sampled_from(["101", "316"]))
    found = []
    for year in range(draw(mostly(2013, 2017, 2021)), 2020):
        town = draw(mostly(town, "101", "615"))
        found.append(Reading(date(year, 12, 31), town, draw(st.one_of(st.none(), near(date(year, 7, 1))))))
    return found


@st.composite
def crimes(draw: st.DrawFn, anchor: date) -> tuple[list[Charge], list[Decision]]:
    """Charges and decisions under few case numbers, so that they meet."""
    cases, codes = st.sampled_from("pq"), st.sampled_from(["138072000", "222080210"])
    offence_days = st.one_of(st.none(), within(anchor), within(anchor), near(anchor))
    charges = st.lists(st.builds(Charge, cases, offence_days, codes), max_size=3)
    decisions = st.builds(
        Decision,
        journal=cases,
        day=near(anchor),
        code=mostly("1", "4", "2", "21", "11", "69"),
        offence_code=codes,
        fine_dkk=st.sampled_from([0.0, 1500.0, 2499.0, 2500.0, None]),
    )
    # Which of two decisions in a case on one day is final, nobody can say.
    return draw(charges), draw(st.lists(decisions, max_size=3, unique_by=lambda one: (one.journal, one.day)))


@st.composite
def offers(draw: st.DrawFn, anchor: date) -> Offer:
    """One offer, most often shortly before the anchor, with or without an enrolment."""
    day = draw(st.one_of(st.just(anchor - timedelta(5)), st.just(anchor - timedelta(40)), near(anchor)))
    enrolled = draw(st.one_of(st.none(), st.just(day), st.just(day + timedelta(10))))
    gone = draw(st.sampled_from([None, 0, 29, 30, 31, 100]))
    return Offer(day, enrolled, enrolled + timedelta(gone) if enrolled and gone is not None else None)


@st.composite
def people(draw: st.DrawFn) -> Person:
    """One person's records, most of them near an anchor day that is likely to be the index release."""
    anchor = draw(mostly(ANCHORS[0], *ANCHORS[1:]))
    days, followed = near(anchor), within(anchor)
    charges, decisions = draw(crimes(anchor))
    return Person(
        birth=draw(mostly(date(1985, 5, 5), date(2000, 2, 29), date(1999, 6, 15))),
        custody=draw(custody(anchor)),
        readings=draw(readings()),
        moves=draw(
            st.one_of(
                st.just([]),
                st.lists(st.tuples(st.one_of(followed, days), st.sampled_from(["out", "in"])), max_size=3, unique=True),
            )
        ),
        death=draw(st.one_of(st.none(), st.none(), followed, days)),
        charges=charges,
        decisions=decisions,
        offers=draw(st.lists(offers(anchor), max_size=2)),
        jobs=[(day, draw(st.sampled_from([0.0, 37.0]))) for day in draw(st.lists(followed, max_size=2))],
        courses=[
            Spell(start, draw(st.sampled_from([None, start + timedelta(1), start + timedelta(100)])))
            for start in draw(st.lists(followed, max_size=2))
        ],
        benefit_weeks=[
            (day - timedelta(day.weekday()), draw(st.sampled_from(["730", "997"])))
            for day in draw(st.lists(followed, max_size=3, unique_by=lambda day: day.isocalendar()[:2]))
        ],
    )


Careers = st.lists(people(), min_size=1, max_size=6)


@st.composite
def restless_custody(draw: st.DrawFn) -> list[Custody]:
    """In and out all the time: unclosed records, cases that go on, days that touch, the tag, arrests."""
    day, events = date(2015, draw(st.integers(1, 12)), 1), []
    for _ in range(draw(st.integers(1, 7))):
        length = draw(st.sampled_from([0, 14, 14, 20, 59, 60, 90]))
        events.append(
            Custody(
                journal=draw(st.sampled_from("aabcd")),
                admission=day,
                release=draw(st.sampled_from([day + timedelta(length), day + timedelta(length), None])),
                code=draw(st.sampled_from("55331")),
                release_code=draw(mostly("0", "5")),
                facility=draw(mostly("F001", "HJEM")),
                has_release_dates=draw(mostly(True, False)),
            )
        )
        day += timedelta(length + draw(st.sampled_from([-10, 0, 0, 1, 1, 2, 3, 20, 60, 200, 400])))
    return events


@st.composite
def restless_people(draw: st.DrawFn) -> Person:
    """Somebody who moves, leaves and is offered the programme around the days of custody."""
    events = draw(restless_custody())
    turns = st.sampled_from([day for one in events for day in (one.admission, one.release) if day])
    near_turns = st.builds(lambda day, off: day + timedelta(off), turns, st.sampled_from([-30, -1, 0, 1, 30]))
    towns = st.sampled_from(["101", "316", "316", "615", "999"])
    first = draw(mostly(2014, 2016))
    moved = [draw(st.none() | near_turns) for _ in range(4)]
    days = sorted({draw(near_turns) for _ in range(draw(st.integers(0, 3)))})
    return Person(
        birth=draw(mostly(date(1985, 5, 5), date(1998, 3, 1))),
        custody=events,
        readings=[Reading(date(first + n, 12, 31), draw(towns), moved[n]) for n in range(4)],
        moves=[(day, draw(mostly("out", "in"))) for day in days] if draw(mostly(False, True)) else [],
        death=draw(mostly(None, date(2018, 6, 1))),
        offers=[_offer(draw, draw(near_turns)) for _ in range(draw(st.integers(0, 2)))],
    )


def _offer(draw: st.DrawFn, day: date) -> Offer:
    enrolled = draw(st.sampled_from([None, day, day + timedelta(10)]))
    gone = draw(st.sampled_from([None, 29, 30, 100]))
    return Offer(day, enrolled, enrolled + timedelta(gone) if enrolled and gone else None)


RestlessCareers = st.lists(restless_people(), min_size=1, max_size=8)


def load(warehouse: Warehouse, careers: Sequence[Person]) -> None:
    for table, columns, rows in staging_rows(careers):
        warehouse.execute(f"DELETE FROM staging.{table}")  # noqa: S608 - a literal
        marks = ", ".join("?" * (columns.count(",") + 1))
        if rows:
            statement = f"INSERT INTO staging.{table} ({columns}) VALUES ({marks})"  # noqa: S608 - literals
            warehouse.connection.executemany(statement, rows)


def staging_rows(careers: Sequence[Person]) -> list[tuple[str, str, list[list[object]]]]:
    """Each staging table with its columns and rows."""
    keyed = list(enumerate(careers, start=1))
    return [
        (
            "krin",
            (
                "person_key, journal, admission_date, release_date, custody_code, release_code, facility, "
                "parole_expiry_date, serves_fine, has_release_dates"
            ),
            [
                [
                    key,
                    one.journal,
                    one.admission,
                    one.release,
                    one.code,
                    one.release_code,
                    one.facility,
                    one.parole_expiry,
                    one.serves_fine,
                    one.has_release_dates,
                ]
                for key, person in keyed
                for one in person.custody
            ],
        ),
        (
            "bef",
            "person_key, birth_date, sex, municipality, origin, reference_date, moved_in_date",
            [
                [key, person.birth, "man", one.municipality, "danish", one.day, one.moved_in]
                for key, person in keyed
                for one in person.readings
            ],
        ),
        ("dod", "person_key, death_date", [[key, person.death] for key, person in keyed if person.death]),
        ("vnds", "person_key, event_date, direction", [[key, *one] for key, person in keyed for one in person.moves]),
        (
            "krsi",
            "person_key, journal, offence_start_date, offence_code",
            [[key, one.journal, one.offence_day, one.offence_code] for key, person in keyed for one in person.charges],
        ),
        (
            "kraf",
            "person_key, journal, decision_date, decision_code, offence_code, fine_dkk",
            [
                [key, one.journal, one.day, one.code, one.offence_code, one.fine_dkk]
                for key, person in keyed
                for one in person.decisions
            ],
        ),
        (
            "tilbud",
            "person_key, offered_on, enrolled_on, discharged_on",
            [[key, one.day, one.enrolled, one.discharged] for key, person in keyed for one in person.offers],
        ),
        ("bfl", "person_key, start_date, paid_hours", [[key, *one] for key, person in keyed for one in person.jobs]),
        (
            "kotre",
            "person_key, start_date, stop_date",
            [[key, one.start, one.stop] for key, person in keyed for one in person.courses],
        ),
        (
            "dream_spell",
            "person_key, start_date, stop_date, benefit_code",
            [[key, day, day + timedelta(7), code] for key, person in keyed for day, code in person.benefit_weeks],
        ),
    ]
