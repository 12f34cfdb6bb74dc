"""DuckDB and the reference engine agree on generated careers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evalkit.shipped import shipped
from evalkit.warehouse import Model, Warehouse, build, load_models, open_warehouse
from tests.property.reference_engine import (
    Account,
    Charge,
    Custody,
    Decision,
    Person,
    Reading,
    Rules,
    Spell,
    account_for,
)
from tests.sql.cohort_parameters import COHORT_PARAMETERS
from tests.sql.outcome_parameters import FINES, NOT_GUILTY, OUTCOME_PARAMETERS

STAGING = Path(__file__).parents[1] / "sql" / "staging.sql"
PARAMETERS: Mapping[str, object] = {
    "vintage": date(2023, 7, 1),
    **COHORT_PARAMETERS,
    **OUTCOME_PARAMETERS,
    "status_months": [3, 6, 12, 24],
    "min_paid_hours": 0.0,
    "no_support_codes": ["997"],
}
RULES = Rules(
    index_start=date(2016, 1, 1),
    index_end=date(2020, 1, 1),
    vintage=date(2023, 7, 1),
    pilots=frozenset({"316", "615"}),
    not_guilty=frozenset(NOT_GUILTY),
    fines=frozenset(FINES),
)
Told = dict[str, object]
T = TypeVar("T")
TARGETS = ("core.custody_stay", "core.absence", "analysis.time_to_event", "analysis.status_day")

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
                release_code=draw(mostly("0", "4", "10")),
                facility=draw(mostly("F001", "A002", "9050")),
                parole_expiry=draw(mostly(None, date(2021, 1, 1))),
                serves_fine=draw(st.sampled_from([False] * 9 + [True])),
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
        offers=draw(st.one_of(st.just([]), st.just([anchor - timedelta(5)]), st.lists(days, max_size=2))),
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


class Models:
    """A warehouse with the models that lead from staging to what the two engines are compared on."""

    def __init__(self, warehouse: Warehouse, models: tuple[Model, ...]) -> None:
        self.warehouse = warehouse
        self.models = models

    def accounts_for(self, careers: Sequence[Person]) -> list[Told]:
        load(self.warehouse, careers)
        for model in self.models:
            self.warehouse.execute(f"DELETE FROM {model.name}")  # noqa: S608 - a model's name
            values = {name: PARAMETERS[name] for name in model.parameters}
            self.warehouse.execute(f"INSERT INTO {model.name} {model.sql}", values)
        return from_models(self.warehouse, len(careers))


@pytest.fixture(scope="module")
def duckdb_models() -> Iterator[Models]:
    wanted = set(TARGETS)
    loaded = load_models(shipped("sql"))
    for model in reversed(loaded):
        if model.name in wanted:
            wanted.update(model.reads)
    models = tuple(model for model in loaded if model.name in wanted)
    with open_warehouse(threads=1) as warehouse:
        warehouse.execute(STAGING.read_text(encoding="utf-8"))
        sources = {name: "generated" for model in models for name in model.reads if name.startswith("staging.")}
        build(warehouse, models, parameters=PARAMETERS, sources=sources)
        yield Models(warehouse, models)


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
                "parole_expiry_date, serves_fine"
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
        ("tilbud", "person_key, offered_on", [[key, day] for key, person in keyed for day in person.offers]),
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


def told(account: Account) -> Told:
    """What the reference engine says, in plain values."""
    index = account.index
    return {
        "stays": [(stay.start, stay.stop, stay.what, stay.ended) for stay in account.stays],
        "absences": [(absence.start, absence.stop) for absence in account.absences],
        "index": [(index.stay.start, index.release, index.steps, index.arm)] if index else [],
        "exit": [account.exit] if account.exit else [],
        "statuses": sorted(account.statuses.items()),
    }


def from_models(warehouse: Warehouse, n_persons: int) -> list[Told]:
    """What the models say, in the same plain values."""
    queries = {
        "stays": "SELECT person_key, start_date, stop_date, kind, release_type FROM core.custody_stay ORDER BY 1, 2",
        "absences": "SELECT person_key, start_date, stop_date FROM core.absence ORDER BY 1, 2",
        "index": """
            SELECT person_key, admission_date, release_date, n_steps_passed, index_event.arm
            FROM analysis.index_event JOIN analysis.candidate USING (person_key, event_number)
        """,
        "exit": "SELECT person_key, exit_time, event_type, censoring_reason FROM analysis.time_to_event",
        "statuses": "SELECT person_key, month, state FROM analysis.status_day ORDER BY 1, 2",
    }
    found: list[Told] = [{name: [] for name in queries} for _ in range(n_persons)]
    for name, query in queries.items():
        for key, *values in warehouse.connection.execute(query).fetchall():
            said = found[key - 1][name]
            if isinstance(said, list):
                said.append(tuple(values))
    return found


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(careers=Careers)
def test_models_and_reference_engine_agree(duckdb_models: Models, careers: list[Person]) -> None:
    assert duckdb_models.accounts_for(careers) == [told(account_for(person, RULES)) for person in careers]


@pytest.mark.slow
@settings(max_examples=3000, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(careers=Careers)
def test_models_and_reference_engine_agree_on_many(duckdb_models: Models, careers: list[Person]) -> None:
    assert duckdb_models.accounts_for(careers) == [told(account_for(person, RULES)) for person in careers]
