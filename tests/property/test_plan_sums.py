"""Contacts, open cases and the agreement of plans: against a slow account that looks at each day of one person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evalkit.shipped import shipped
from evalkit.warehouse import Model, Warehouse, load_models, open_warehouse
from tests.property.lives import fill

ADMITTED, RELEASED, THREE_MONTHS_LATER = date(2016, 2, 1), date(2016, 3, 1), date(2016, 6, 1)
VINTAGE = date(2016, 5, 20)  # some are not followed for three months
DOMAINS = ("housing", "employment")
TABLES = {
    "analysis.cohort": "person_key BIGINT, arm VARCHAR, episode INTEGER, admission_date DATE, index_date DATE",
    "core.contact": "person_key BIGINT, contact_date DATE, contact_kind VARCHAR, attended BOOLEAN",
    "core.plan": "person_key BIGINT, plan_id VARCHAR, owner VARCHAR, created_on DATE, closed_on DATE",
    "staging.planaktivitet": ("person_key BIGINT, plan_id VARCHAR, domain VARCHAR, planned_on DATE, begun_on DATE"),
    "core.death": "person_key BIGINT, death_date DATE",
    "core.absence": "person_key BIGINT, start_date DATE, stop_date DATE",
    "core.custody_stay": "person_key BIGINT, start_date DATE, stop_date DATE",
}
Span = tuple[date, date | None]


@dataclass(frozen=True)
class Life:
    """What the registers hold of one person."""

    contacts: list[tuple[date, str, bool | None]]
    plans: list[tuple[str, str, date, date | None]]
    activities: list[tuple[str, str, date | None, date | None]]
    death: date | None
    absences: list[Span]
    stays: list[Span]


# Mostly days on which something turns: the day before, the day itself and the day after.
turns = [ADMITTED, RELEASED, VINTAGE, THREE_MONTHS_LATER]
day = st.sampled_from([turn + timedelta(n) for turn in turns for n in (-1, 0, 1, 10)])
inside = st.sampled_from([turn + timedelta(n) for turn in turns[:2] for n in (-1, 0, 1, 10)])
outside = st.integers(0, 110).map(lambda n: RELEASED + timedelta(n))
length = st.none() | st.sampled_from([1, 10, 29, 60])


def _spans(start: st.SearchStrategy[date]) -> st.SearchStrategy[Span]:
    return st.tuples(start, length).map(lambda it: (it[0], None if it[1] is None else it[0] + timedelta(it[1])))


OWNERS = {"k": "prison_service", "l": "prison_service", "m": "municipality", "n": "municipality"}
plan = st.tuples(st.sampled_from(sorted(OWNERS)), _spans(inside)).map(lambda it: (it[0], OWNERS[it[0]], *it[1]))
life = st.builds(
    Life,
    contacts=st.lists(
        st.tuples(day, st.sampled_from(["visit", "meeting", "notification"]), st.sampled_from([None, True, False])),
        max_size=6,
    ),
    plans=st.lists(plan, min_size=2, max_size=4, unique_by=lambda it: it[0]),
    activities=st.lists(
        st.tuples(
            st.sampled_from(["k", "l", "m", "n", "lost"]),
            st.sampled_from(DOMAINS),
            st.none() | inside,
            st.none() | inside,
        ),
        min_size=2,
        max_size=6,
    ),
    death=st.none() | outside,
    absences=st.lists(_spans(outside), max_size=1),
    stays=st.lists(_spans(outside), max_size=2),
)


@pytest.fixture(scope="module", name="warehouse")
def _warehouse() -> Iterator[Warehouse]:
    with open_warehouse(threads=1) as warehouse:
        for table, columns in TABLES.items():
            warehouse.execute(f"CREATE TABLE {table} ({columns})")
        yield warehouse


@pytest.fixture(scope="module", name="models")
def _models() -> dict[str, Model]:
    return {model.name.removeprefix("analysis."): model for model in load_models(shipped("sql"))}


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lives=st.lists(life, min_size=1, max_size=3))
def test_sums_are_those_of_the_slow_account(warehouse: Warehouse, models: dict[str, Model], lives: list[Life]) -> None:
    fill(warehouse, [*TABLES], [_rows_of(key, one) for key, one in enumerate(lives, start=1)])
    # Every person is in an arm of their own, so that a count is about one.
    contacts = {(int(row["arm"]), row["period"]): row for row in _rows(warehouse, models["contact_time"])}
    cases = {int(row["arm"]): row for row in _rows(warehouse, models["case_open_time"])}
    for key, one in enumerate(lives, start=1):
        for period, (n_contacts, n_days) in _contacts(one).items():
            row = contacts[key, period]
            assert (row["n_persons"], row["n_without"]) == (int(n_days > 0), int(n_days > 0 and n_contacts == 0))
            assert (row["all_events"], row["all_days"]) == (n_contacts, n_days)
            assert (row["events_squared"], row["events_days"]) == (n_contacts**2, n_contacts * n_days)
        n_open = _open_days(one)
        assert (cases[key]["n_open"], cases[key]["all_events"]) == (int(n_open > 0), n_open)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lives=st.lists(life, min_size=1, max_size=3))
def test_agreement_is_that_of_the_slow_account(
    warehouse: Warehouse, models: dict[str, Model], lives: list[Life]
) -> None:
    fill(warehouse, [*TABLES], [_rows_of(key, one) for key, one in enumerate(lives, start=1)])
    found = {(int(row["arm"]), row["domain"]): row for row in _rows(warehouse, models["plan_agreement"])}
    for key, one in enumerate(lives, start=1):
        prison, municipal = (_domains_of(one, owner) for owner in ("prison_service", "municipality"))
        has_both = bool(prison and municipal)
        assert found[key, "any"]["n_persons"] == int(has_both)
        assert found[key, "any"]["n_both"] == int(bool(prison & municipal))
        for domain in DOMAINS:
            row = found[key, domain]
            in_one, in_other = (has_both and domain in plan for plan in (prison, municipal))
            assert row["n_both"] == int(in_one and in_other)
            assert (row["n_prison_only"], row["n_municipality_only"]) == (
                int(in_one and not in_other),
                int(in_other and not in_one),
            )
            assert row["n_plan_unknown"] == int(has_both and domain in _domains_without_a_plan(one))


def _contacts(one: Life) -> dict[str, tuple[int, int]]:
    after = []
    today = RELEASED
    while today < min(THREE_MONTHS_LATER, VINTAGE) and not _is_away(one, today):
        after.append(today)
        today += timedelta(1)
    days = {"custody": _days(ADMITTED, RELEASED), "after_release": after}
    return {
        period: (
            sum(
                on_day in those and kind != "notification" and attended is not False
                for on_day, kind, attended in one.contacts
            ),
            len(those),
        )
        for period, those in days.items()
    }


def _is_away(one: Life, on_day: date) -> bool:
    is_dead = one.death is not None and one.death <= on_day
    return is_dead or any(start <= on_day < (stop or date.max) for start, stop in (*one.absences, *one.stays))


def _open_days(one: Life) -> int:
    return sum(
        any(
            owner == "municipality" and created <= on_day < (closed or date.max)
            for _, owner, created, closed in one.plans
        )
        for on_day in _days(ADMITTED, RELEASED)
    )


def _domains_of(one: Life, owner: str) -> set[str]:
    counts = {
        plan_id
        for plan_id, whose, created, closed in one.plans
        if whose == owner
        and created < RELEASED
        and (created >= ADMITTED if owner == "prison_service" else closed is None or closed > ADMITTED)
    }
    return {domain for plan_id, domain in _known_by_release(one) if plan_id in counts}


def _domains_without_a_plan(one: Life) -> set[str]:
    known = {plan_id for plan_id, *_ in one.plans}
    return {domain for plan_id, domain in _known_by_release(one) if plan_id not in known}


def _known_by_release(one: Life) -> list[tuple[str, str]]:
    return [
        (plan_id, domain)
        for plan_id, domain, planned, begun in one.activities
        if any(on_day is not None and on_day < RELEASED for on_day in (planned, begun))
    ]


def _days(first: date, stop: date) -> list[date]:
    return [first + timedelta(n) for n in range((stop - first).days)]


def _rows(warehouse: Warehouse, model: Model) -> list[dict[str, Any]]:
    return warehouse.fetch(model.sql, {"vintage": VINTAGE} if model.parameters else None).to_dicts()


def _rows_of(key: int, one: Life) -> dict[str, list[tuple[object, ...]]]:
    return {
        "analysis.cohort": [(str(key), 1, ADMITTED, RELEASED)],
        "core.contact": [*one.contacts],
        "core.plan": [*one.plans],
        "staging.planaktivitet": [*one.activities],
        "core.death": [(one.death,)] if one.death else [],
        "core.absence": [*one.absences],
        "core.custody_stay": [*one.stays],
    }
