"""States partition time: against a slow account that asks each day of one person which state comes first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evalkit.indicators import StatusDefinition, status_parameters
from evalkit.shipped import shipped
from evalkit.warehouse import Warehouse, load_models, open_warehouse

INDEX = date(2016, 1, 31)
MONTHS, LAST_DAY = 3, date(2016, 4, 30)  # the thirty-first of a month that has thirty
DEFINITION = StatusDefinition(
    months=(MONTHS,),
    min_paid_hours=10.0,
    full_time_hours=100.0,
    benefit_states={"sick": ("890",), "supported_work": ("771-773",)},
    order=(
        "dead",
        "emigrated",
        "in_custody",
        "sick",
        "employed_full_time",
        "employed",
        "supported_work",
        "in_education",
        "benefit",
        "no_record",
    ),
    measures=(),
)
TABLES = {
    "analysis.cohort": "person_key BIGINT, episode INTEGER, arm VARCHAR, index_date DATE",
    "core.death": "person_key BIGINT, death_date DATE",
    "core.absence": "person_key BIGINT, start_date DATE, stop_date DATE",
    "core.custody_stay": "person_key BIGINT, start_date DATE, stop_date DATE",
    "core.employment_month": "person_key BIGINT, month_start DATE, paid_hours DOUBLE",
    "core.education_spell": "person_key BIGINT, start_date DATE, stop_date DATE",
    "core.benefit_spell": "person_key BIGINT, benefit_code VARCHAR, start_date DATE, stop_date DATE",
}
FAR = date(9999, 12, 31)
Span = tuple[date, date | None]


@dataclass(frozen=True)
class Life:
    """What the registers hold of one person."""

    death: date | None
    absences: list[Span]
    stays: list[Span]
    months: list[tuple[date, float | None]]
    education: list[Span]
    benefits: list[tuple[str, date, date]]


day = st.integers(-40, 110).map(lambda n: INDEX + timedelta(n))
length = st.sampled_from([0, 1, 2, 7, 30, 60])
span = st.tuples(day, length | st.none()).map(lambda it: (it[0], None if it[1] is None else it[0] + timedelta(it[1])))
month = st.sampled_from([date(2016, 1, 1), date(2016, 2, 1), date(2016, 3, 1), date(2016, 4, 1)])
benefit = st.tuples(st.sampled_from(["730", "771", "773", "890", "997"]), day, st.sampled_from([7, 14])).map(
    lambda it: (it[0], it[1], it[1] + timedelta(it[2]))
)
life = st.builds(
    Life,
    death=st.none() | day,
    absences=st.lists(span, max_size=2),
    stays=st.lists(span, max_size=3),
    months=st.lists(st.tuples(month, st.sampled_from([None, 0.0, 6.0, 10.0, 60.0, 160.0])), max_size=4),
    education=st.lists(span, max_size=3),
    benefits=st.lists(benefit, max_size=5),
)


@pytest.fixture(scope="module", name="warehouse")
def _warehouse() -> Iterator[Warehouse]:
    with open_warehouse(threads=1) as warehouse:
        for table, columns in TABLES.items():
            warehouse.execute(f"CREATE TABLE {table} ({columns})")
        yield warehouse


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lives=st.lists(life, min_size=1, max_size=4))
def test_spells_are_those_of_the_slow_account(warehouse: Warehouse, lives: list[Life]) -> None:
    _fill(warehouse, lives)
    found = warehouse.fetch(
        f"SELECT person_key, state, start_date, stop_date FROM ({_sql()}) ORDER BY person_key, spell_number",  # noqa: S608 - our own model
        _values(),
    ).rows()
    expected = [(key, *spell) for key, one in enumerate(lives, start=1) for spell in _slow(one)]
    assert found == expected


def _sql() -> str:
    return next(model.sql for model in load_models(shipped("sql")) if model.name == "analysis.state_spell")


def _values() -> Mapping[str, object]:
    named = ("states", "followed_months", "work_states", "benefit_states", "no_support_codes")
    return {name: status_parameters(DEFINITION)[name] for name in named}


def _fill(warehouse: Warehouse, lives: list[Life]) -> None:
    for table in TABLES:
        warehouse.execute(f"DELETE FROM {table}")  # noqa: S608 - names of a test
    for key, one in enumerate(lives, start=1):
        rows: dict[str, list[tuple[object, ...]]] = {
            "analysis.cohort": [(1, "pilot", INDEX)],
            "core.death": [(one.death,)] if one.death else [],
            "core.absence": [*one.absences],
            "core.custody_stay": [*one.stays],
            "core.employment_month": [*one.months],
            "core.education_spell": [*one.education],
            "core.benefit_spell": [*one.benefits],
        }
        for table, values in rows.items():
            for row in values:
                cells = {f"c{place}": cell for place, cell in enumerate((key, *row))}
                named = ", ".join(f"${name}" for name in cells)
                warehouse.execute(f"INSERT INTO {table} VALUES ({named})", cells)  # noqa: S608 - names of a test


def _slow(one: Life) -> list[tuple[str, date, date]]:
    days = [INDEX + timedelta(n) for n in range((LAST_DAY - INDEX).days + 1)]
    spells = []
    for state, group in groupby(days, key=lambda day: _state(one, day)):
        held = list(group)
        spells.append((state, held[0], held[-1] + timedelta(1)))
    return spells


def _state(one: Life, on_day: date) -> str:
    hours = sum(worked or 0.0 for first, worked in one.months if first == on_day.replace(day=1))
    codes = {code for code, start, stop in one.benefits if start <= on_day < stop}
    holds = {
        "dead": one.death is not None and one.death <= on_day,
        "emigrated": _covers(one.absences, on_day),
        "in_custody": _covers(one.stays, on_day),
        "sick": "890" in codes,
        "employed_full_time": hours > 100,
        "employed": hours > 10,
        "supported_work": bool(codes & {"771", "773"}),
        "in_education": _covers(one.education, on_day),
        "benefit": "730" in codes,
        "no_record": True,
    }
    return next(state for state, is_so in holds.items() if is_so)


def _covers(spans: list[Span], on_day: date) -> bool:
    return any(start <= on_day < (FAR if stop is None else stop) for start, stop in spans)
