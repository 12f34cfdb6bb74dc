"""The course of a plan after release: against a slow account that asks each day of one person what is under way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from evalkit.shipped import shipped
from evalkit.warehouse import Model, Warehouse, load_models, open_warehouse
from tests.property.lives import fill

ADMITTED, RELEASED, VINTAGE = date(2016, 1, 1), date(2016, 3, 1), date(2016, 6, 29)
LATE_VINTAGE = date(2020, 1, 1)
FAR_DAYS = 1000
TABLES = {
    "analysis.cohort": "person_key BIGINT, arm VARCHAR, episode INTEGER, admission_date DATE, index_date DATE",
    "core.plan_activity": (
        "person_key BIGINT, domain VARCHAR, planned_on DATE, begun_on DATE, ended_on DATE, end_reason VARCHAR"
    ),
    "core.death": "person_key BIGINT, death_date DATE",
    "core.absence": "person_key BIGINT, start_date DATE, stop_date DATE",
    "core.custody_stay": "person_key BIGINT, start_date DATE, stop_date DATE",
}
BUILT = ("planned_domain", "plan_course", "plan_end")
Span = tuple[date, date | None]
Models = dict[str, Model]


@dataclass(frozen=True)
class Activity:
    """One activity of a plan."""

    domain: str
    planned_on: date | None
    begun_on: date | None
    ended_on: date | None
    end_reason: str | None

    def is_inside(self) -> bool:
        """Say whether it was planned or begun during the stay."""
        return any(day is not None and ADMITTED <= day < RELEASED for day in (self.planned_on, self.begun_on))

    def is_under_way(self, day: date) -> bool:
        """Say whether it is under way on a day."""
        return self.begun_on is not None and self.begun_on <= day < (self.ended_on or date.max)


@dataclass(frozen=True)
class Life:
    """What the registers hold of one person."""

    activities: list[Activity]
    death: date | None
    absences: list[Span]
    stays: list[Span]


def _activity(
    domain: str, planned: date | None, begun: date | None, length: int | None, reason: str | None
) -> Activity:
    ended = None if begun is None or length is None else begun + timedelta(length)
    return Activity(domain, planned, begun, ended, None if ended is None else reason)


# Steps of ten days and lengths to fit, so that much falls on one day, or on the last day of a gap that may be.
day = st.integers(-7, 13).map(lambda n: RELEASED + timedelta(10 * n))
soon = st.integers(-2, 6).map(lambda n: RELEASED + timedelta(10 * n))
outside = st.integers(0, 13).map(lambda n: RELEASED + timedelta(10 * n))
length = st.sampled_from([0, 1, 10, 20, 30, 80])
activity = st.builds(
    _activity,
    st.sampled_from(["housing", "employment"]),
    st.none() | st.just(ADMITTED),
    st.none() | soon | day,
    st.none() | length,
    st.sampled_from(["completed", "interrupted", None]),
)
span = st.tuples(outside, length.filter(bool) | st.none()).map(
    lambda it: (it[0], None if it[1] is None else it[0] + timedelta(it[1]))
)
life = st.builds(
    Life,
    activities=st.lists(activity, min_size=1, max_size=6),
    death=st.none() | outside,
    absences=st.lists(span, max_size=1),
    stays=st.lists(span, max_size=2),
)


@pytest.fixture(scope="module", name="warehouse")
def _warehouse() -> Iterator[Warehouse]:
    with open_warehouse(threads=1) as warehouse:
        for table, columns in TABLES.items():
            warehouse.execute(f"CREATE TABLE {table} ({columns})")
        yield warehouse


@pytest.fixture(scope="module", name="models")
def _models() -> Models:
    return {model.name.removeprefix("analysis."): model for model in load_models(shipped("sql"))}


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lives=st.lists(life, min_size=1, max_size=4), days=st.sampled_from([0, 10, 30]))
@example(  # on the day of the end somebody returns to custody; and a gap of just the days that it may have
    lives=[
        Life([_activity("housing", ADMITTED, RELEASED, 10, "completed")], None, [], [(RELEASED + timedelta(10), None)]),
        Life(
            [
                _activity("housing", ADMITTED, RELEASED, 10, "interrupted"),
                _activity("housing", None, RELEASED + timedelta(40), 1, "completed"),
            ],
            None,
            [],
            [],
        ),
    ],
    days=30,
)
def test_ends_and_gaps_are_those_of_the_slow_account(
    warehouse: Warehouse, models: Models, lives: list[Life], days: int
) -> None:
    ends, gaps = _built(warehouse, models, lives, days=days, vintage=VINTAGE)
    slow = [_Slow(one, days, VINTAGE) for one in lives]
    assert ends == {key: one.end() for key, one in enumerate(slow, start=1)}
    assert gaps == {key: one.gap() for key, one in enumerate(slow, start=1)}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lives=st.lists(life, min_size=1, max_size=4),
    days=st.tuples(st.integers(0, 60), st.integers(0, 60)).map(lambda it: (min(it), max(it))),
)
def test_a_longer_allowed_gap_never_ends_a_plan_earlier(
    warehouse: Warehouse, models: Models, lives: list[Life], days: tuple[int, int]
) -> None:
    # Far from the end of the data, where the days in which a plan could be resumed reach into the unknown.
    shorter, longer = (_built(warehouse, models, lives, days=n, vintage=LATE_VINTAGE)[0] for n in days)
    for key, (time, _) in shorter.items():
        if time is not None:
            after = longer[key][0]
            assert after is not None
            assert min(after, FAR_DAYS) >= min(time, FAR_DAYS)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lives=st.lists(life, min_size=1, max_size=4),
    days=st.tuples(st.integers(0, 60), st.integers(0, 60)).map(lambda it: (min(it), max(it))),
)
def test_with_more_days_to_resume_in_nobody_is_lost_to_plan_continuity(
    warehouse: Warehouse, models: Models, lives: list[Life], days: tuple[int, int]
) -> None:
    fewer, more = (_continuing(warehouse, models, lives, days=n) for n in days)
    assert fewer <= more


def test_the_share_that_goes_on_can_fall_when_the_allowed_gap_grows(warehouse: Warehouse, models: Models) -> None:
    # The second plan is resumed on day 20 and breaks off at once: with 10 days it is not resumed, and all go on;
    # with 30 days one of two does.
    lives = [
        Life([_activity("housing", ADMITTED, RELEASED, None, None)], None, [], []),
        Life([_activity("housing", ADMITTED, RELEASED + timedelta(20), 1, "interrupted")], None, [], []),
    ]
    shares = []
    for days in (10, 30):
        ends, _ = _built(warehouse, models, lives, days=days, vintage=LATE_VINTAGE)
        times = [time for time, _ in ends.values() if time is not None]
        shares.append((sum(time > 91 for time in times), len(times)))
    assert shares == [(1, 1), (1, 2)]


class _Slow:
    """One person's plan, day by day, from the words of the definition."""

    def __init__(self, one: Life, days: int, vintage: date) -> None:
        self.one, self.days, self.vintage = one, days, vintage
        domains = {activity.domain for activity in one.activities if activity.is_inside()}
        self.activities = [
            activity
            for activity in one.activities
            if activity.domain in domains
            and activity.begun_on is not None
            and (activity.ended_on is None or activity.ended_on > RELEASED)
        ]
        window = [RELEASED + timedelta(n) for n in range(days + 1)]
        self.resumed_on = next((day for day in window if self._under_way(day) or self._begins(day, day)), None)

    def end(self) -> tuple[int | None, str | None]:
        """Return the days to the end and what it was; None twice where the plan was not resumed."""
        if self.resumed_on is None:
            return None, None
        last = max(self.vintage - timedelta(self.days), self.resumed_on)
        today = self.resumed_on
        while today < last:
            state = self._other(today)
            if state is None and self._is_over(today):
                reason = self._reason(today)
                today, state = (today, reason) if reason == "completed" else self._chance(today, reason)
            if state is not None:
                is_end = state != "emigrated" and today < last
                return (min(today, last) - self.resumed_on).days, state if is_end else "left"
            today += timedelta(1)
        return (last - self.resumed_on).days, "left"

    def gap(self) -> tuple[int | None, int | None]:
        """Return the days of the first gap and the days up to its close; None twice where none was closed."""
        if self.resumed_on is None:
            return None, None
        began = None
        for n in range((self.vintage - self.resumed_on).days):
            today = self.resumed_on + timedelta(n)
            if self._other(today):
                break
            if began is not None and self._begins(today, today):
                return n - began, n
            if began is None and not self._under_way(today):
                began = n
        return None, None

    def _is_over(self, day: date) -> bool:
        return not self._under_way(day) and not self._begins(day + timedelta(1), day + timedelta(self.days))

    def _chance(self, day: date, reason: str) -> tuple[date, str]:
        for n in range(self.days + 1):
            other = self._other(day + timedelta(n))
            if other is not None:
                return day + timedelta(n), other
        return day, reason

    def _under_way(self, day: date) -> bool:
        return any(activity.is_under_way(day) for activity in self.activities)

    def _begins(self, first: date, last: date) -> bool:
        return any(first <= activity.begun_on <= last for activity in self.activities if activity.begun_on)

    def _reason(self, day: date) -> str:
        reasons = {activity.end_reason for activity in self.activities if activity.ended_on == day}
        if "completed" in reasons:
            return "completed"
        return "discontinued" if "interrupted" in reasons else "unknown_end"

    def _other(self, day: date) -> str | None:
        if self.one.death is not None and self.one.death <= day:
            return "died"
        if _covers(self.one.absences, day):
            return "emigrated"
        return "returned_to_custody" if _covers(self.one.stays, day) else None


def _covers(spans: list[Span], day: date) -> bool:
    return any(start <= day < (stop or date.max) for start, stop in spans)


def _continuing(warehouse: Warehouse, models: Models, lives: list[Life], *, days: int) -> set[tuple[int, str, int]]:
    """Say who has resumed in which domain, and for whom an activity in it is under way three months after release."""
    _built(warehouse, models, lives, days=days, vintage=LATE_VINTAGE)
    found = warehouse.fetch(models["continuity_day"].sql, {"resume_within_days": days, "checkpoints_months": [3]})
    return {
        (key, domain, months)
        for key, domain, months, is_resumed, is_under_way in found.select(
            "person_key", "domain", "months", "is_resumed", "is_under_way"
        ).iter_rows()
        if is_resumed and (months == 0 or is_under_way)
    }


_Ends = dict[int, tuple[int | None, str | None]]
_Gaps = dict[int, tuple[int | None, int | None]]


def _built(warehouse: Warehouse, models: Models, lives: list[Life], *, days: int, vintage: date) -> tuple[_Ends, _Gaps]:
    """Build the models with every person in an arm of their own, so that a count is about one."""
    fill(warehouse, [*TABLES], [_rows_of(key, one) for key, one in enumerate(lives, start=1)])
    values: Mapping[str, object] = {"resume_within_days": days, "vintage": vintage}
    for model in (models[name] for name in BUILT):
        wanted = {name: values[name] for name in model.parameters}
        warehouse.execute(f"CREATE OR REPLACE TABLE {model.name} AS {model.sql}", wanted)
    columns = "arm, exit_time, exit_state, gap_days, closed_time, n_persons"
    rows = warehouse.fetch(f"SELECT {columns} FROM analysis.plan_end").rows()  # noqa: S608 - names of a test
    assert all(n_persons == (0 if time is None else 1) for _, time, *_, n_persons in rows)
    return (
        {int(arm): (time, state) for arm, time, state, *_ in rows},
        {int(arm): (gap, closed) for arm, _, _, gap, closed, _ in rows},
    )


def _rows_of(key: int, one: Life) -> dict[str, list[tuple[object, ...]]]:
    return {
        "analysis.cohort": [(str(key), 1, ADMITTED, RELEASED)],
        "core.plan_activity": [
            (it.domain, it.planned_on, it.begun_on, it.ended_on, it.end_reason) for it in one.activities
        ],
        "core.death": [(one.death,)] if one.death else [],
        "core.absence": [*one.absences],
        "core.custody_stay": [*one.stays],
    }
