"""Outcome definitions once more, slowly: from one person's crime records to what came first, with no SQL.

Written from the sentences that ``evalkit explain`` prints, not from the models: lists, loops and whole days.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from evalkit.outcomes import OutcomeDefinition, decision_classes
from tests.property.reference_records import plus

__all__ = ["Act", "Conferred", "Exit", "Life", "Ruling", "Stay", "what_came_first"]

CLASS_OF = {code: one for one in decision_classes() for code in one.codes}


@dataclass(frozen=True)
class Act:
    """One charge."""

    journal: str
    start: date | None
    end: date | None
    charged: date
    offence: str | None


@dataclass(frozen=True)
class Ruling:
    """One decision in a case."""

    journal: str
    day: date
    code: str
    offence: str | None
    fine: float | None = None


@dataclass(frozen=True)
class Conferred:
    """A case that is decided under another one."""

    main: str
    own: str
    code: str
    offence: str | None


@dataclass(frozen=True)
class Stay:
    """A stay in custody."""

    start: date
    stop: date | None
    kind: str


@dataclass(frozen=True)
class Life:
    """One person from the index day on, and the cases from before."""

    index: date
    acts: Sequence[Act] = ()
    rulings: Sequence[Ruling] = ()
    conferred: Sequence[Conferred] = ()
    stays: Sequence[Stay] = ()
    death: date | None = None
    departures: Sequence[date] = ()


Exit = tuple[int, int, str | None]
"""Days, type of event, reason of censoring."""


@dataclass(frozen=True)
class _Span:
    """The days of one person under one definition."""

    first: date
    last: date
    decided_from: date
    decided_by: date
    followed_to: date


def what_came_first(life: Life, outcome: OutcomeDefinition, vintage: date) -> Exit | None:
    """Follow one person; None for one whom the definition leaves out."""
    span = _span(life.index, outcome, vintage)
    departures = [day for day in life.departures if life.index < day <= span.last]
    if outcome.residence == "resident_throughout" and departures:
        return None
    happenings: list[tuple[date, int, str]] = [
        (day, outcome.tie_order.index("event"), "event")
        for day, known in _events(life, outcome, span, vintage)
        if span.first <= day <= span.followed_to and span.decided_from <= known <= span.decided_by
    ]
    if life.death and life.death <= span.followed_to:
        happenings.append((life.death, outcome.tie_order.index("death"), "death"))
    if outcome.residence == "until_emigration":
        happenings += [(day, outcome.tie_order.index("censoring"), "emigrated") for day in departures]
    happenings = [one for one in happenings if one[0] <= span.followed_to]
    day, _, what = min(happenings, default=(span.followed_to, 0, "nothing"))
    days = (day - life.index).days
    if what == "nothing" and day == span.last:
        days = _longest(outcome.follow_up_months)
    if outcome.clock == "at_risk":
        days -= sum(_days_inside(stay, life.index, day) for stay in life.stays)
    return max(days, 1), *_named(what, outcome, is_over=day == span.last)


def _named(what: str, outcome: OutcomeDefinition, *, is_over: bool) -> tuple[int, str | None]:
    if what == "event":
        return 1, None
    if what == "death":
        return (2, None) if outcome.death == "competes" else (0, "died")
    if what == "emigrated":
        return 0, "emigrated"
    return 0, "study_end" if is_over else "not_yet_decided"


def _days_inside(stay: Stay, index: date, exit_day: date) -> int:
    if not index < stay.start < exit_day:
        return 0
    return (min(stay.stop or exit_day, exit_day) - stay.start).days


def _longest(months: int) -> int:
    """Days of the longest window of so many months that can be."""
    starts = [date(year, month, 1) for year in range(2000, 2004) for month in range(1, 13)]
    return max((plus(start, months) - start).days for start in starts)


def _span(index: date, outcome: OutcomeDefinition, vintage: date) -> _Span:
    end, deadline = plus(index, outcome.follow_up_months), outcome.decision_deadline
    if deadline.calendar_years is not None:
        decided_by = date(index.year + deadline.calendar_years, 12, 31)
        wait = max(12 * deadline.calendar_years - outcome.follow_up_months, 0)
        observed = plus(vintage, -wait)
    else:
        decided_by = plus(end, deadline.months_after_follow_up or 0) + timedelta(deadline.days_after_follow_up or 0)
        observed = plus(vintage, -(deadline.months_after_follow_up or 0))
        observed -= timedelta(deadline.days_after_follow_up or 0)
    last = end if outcome.window_end_counts else end - timedelta(1)
    return _Span(
        first=index if outcome.index_day_counts else index + timedelta(1),
        last=last,
        decided_from=date(index.year, 1, 1),
        decided_by=decided_by,
        followed_to=last if decided_by < vintage else min(last, observed - timedelta(1)),
    )


def _events(life: Life, outcome: OutcomeDefinition, span: _Span, vintage: date) -> Iterator[tuple[date, date]]:
    """Yield the day of each event, and the day from which it is known."""
    cases = list(_cases(life, outcome, span, vintage))
    if outcome.event == "custody":
        yield from ((stay.start, stay.start) for stay in life.stays if stay.kind in outcome.custody_kinds)
    elif outcome.event == "charge":
        yield from _charges(life, outcome, cases, vintage)
    else:
        for case in cases:
            if CLASS_OF[case.code].name in outcome.counted_decisions:
                yield from _decided(life, outcome, case)


def _cases(life: Life, outcome: OutcomeDefinition, span: _Span, vintage: date) -> Iterator[Ruling]:
    """Yield the decision that stands in each case, and those of the cases that were decided under it."""
    for journal in sorted({ruling.journal for ruling in life.rulings}):
        known = [ruling for ruling in life.rulings if ruling.journal == journal and ruling.day < vintage]
        if not known:
            continue
        stands = _standing(known, outcome.appeal, span.decided_by)
        if stands.day < span.decided_from:
            continue
        yield stands
        decided = {ruling.journal for ruling in life.rulings}
        for other in life.conferred if outcome.conferred_cases_count else ():
            if other.main == journal and other.own not in decided:
                yield Ruling(other.own, stands.day, other.code, other.offence)


def _standing(known: Sequence[Ruling], appeal: str, decided_by: date) -> Ruling:
    if appeal == "first":
        return min(known, key=lambda ruling: ruling.day)
    in_time = [ruling for ruling in known if ruling.day <= decided_by]
    return max(in_time if appeal == "latest_in_time" and in_time else known, key=lambda ruling: ruling.day)


def _decided(life: Life, outcome: OutcomeDefinition, case: Ruling) -> Iterator[tuple[date, date]]:
    acts = [act for act in life.acts if act.journal == case.journal]
    charged: list[Act | None] = [*acts] or [None]
    for act in charged:
        offence = case.offence or (act.offence if act else None)
        if not _is_on_the_list(offence, outcome) or _is_small(case, offence, outcome):
            continue
        if outcome.event_date == "decision_date":
            yield case.day, case.day
            continue
        day = _act_day(act, acts, outcome) if act else None
        if day is None and outcome.missing_offence_date == "charge_date":
            day = act.charged if act else case.day
        if day is None and outcome.missing_offence_date == "decision_date":
            day = case.day
        if day is not None:
            yield day, case.day


def _charges(
    life: Life, outcome: OutcomeDefinition, cases: Sequence[Ruling], vintage: date
) -> Iterator[tuple[date, date]]:
    codes = {case.journal: case.code for case in cases}
    for act in life.acts:
        is_cleared = act.journal in codes and CLASS_OF[codes[act.journal]].tier == "none"
        if act.charged >= vintage or (is_cleared and not outcome.cleared_charges_count):
            continue
        if not _is_on_the_list(act.offence, outcome):
            continue
        day = act.charged
        if outcome.event_date == "offence_date":
            own = _act_day(act, [one for one in life.acts if one.journal == act.journal], outcome)
            if own is None and outcome.missing_offence_date == "leave_out":
                continue
            day = own or act.charged
        yield day, act.charged


def _act_day(act: Act, acts: Sequence[Act], outcome: OutcomeDefinition) -> date | None:
    if outcome.acts_dated == "case":
        return min((one.start for one in acts if one.start), default=None)
    if outcome.offence_interval == "end":
        return act.end or act.start
    return act.start


def _is_on_the_list(offence: str | None, outcome: OutcomeDefinition) -> bool:
    wanted = outcome.offences
    if offence is None:
        return wanted.unknown_counts or not wanted.include
    included = not wanted.include or any(offence.startswith(code) for code in wanted.include)
    return included and not any(offence.startswith(code) for code in wanted.exclude)


def _is_small(case: Ruling, offence: str | None, outcome: OutcomeDefinition) -> bool:
    fines = outcome.traffic_fines
    if fines is None or offence is None or case.fine is None:
        return False
    limit = fines.limit_dkk if case.day.year >= fines.from_year else fines.limit_dkk_before
    return CLASS_OF[case.code].name == "fine" and offence.startswith("2") and case.fine < limit
