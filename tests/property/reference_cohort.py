"""The cohort once more, slowly: from stays, moves and offers to who is followed from when, one person at a time.

Written from the prose of the definition (evalkit.cohorts and the grain comments of the cohort's models).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tests.property.reference_records import Offer, Person, Reading, Spell, plus
from tests.property.reference_stays import DEFAULT_STAYS, StayRules

__all__ = ["DEFAULT_COHORT", "Case", "CohortRules", "absences_of", "cases_of", "episodes_of", "index_of"]

PILOT, COMPARISON = "pilot", "comparison"
DEFAULT_STEPS = ("in_population_register", "municipality_known", "release_type", "stay_length", "age", "resident")


@dataclass(frozen=True)
class CohortRules:
    """The study's choices about who is followed from when."""

    index_start: date = date(2016, 1, 1)
    index_end: date = date(2020, 1, 1)
    pilots: frozenset[str] = frozenset({"316", "615"})
    steps: tuple[str, ...] = DEFAULT_STEPS
    release_types: frozenset[str] = frozenset({"parole", "full_term", "remand_end"})
    min_stay_days: int = 14
    min_age_years: int = 18
    neighbours: frozenset[str] = frozenset()
    min_residence_days: int = 0
    lookback_months: int = 0
    history_from: date = date(1900, 1, 1)
    index_event: str = "release"
    landmark_days: int = 0
    residence_at: str = "admission"
    exposure: str = "offered"
    min_participation_days: int = 30
    participation_from: str = "enrolment"
    comparison: str = "other_municipalities"
    comparison_start: date = date(2016, 1, 1)
    comparison_end: date = date(2020, 1, 1)
    comparison_index_day: int = 0
    episodes: str = "first"
    stays: StayRules = DEFAULT_STAYS


DEFAULT_COHORT = CohortRules()


@dataclass(frozen=True)
class Case:
    """One day on which a person's clock might start."""

    day: date
    admission: date | None
    stay: Spell | None
    steps: int
    arm: str | None

    @property
    def release(self) -> date | None:
        """The end of the stay, if it is known on the day."""
        return _ended(self.stay, self.day)


@dataclass(frozen=True)
class _Event:
    day: date
    stay: Spell | None
    for_arm: str


def cases_of(person: Person, stays: Sequence[Spell], rules: CohortRules) -> list[Case]:
    """List the days in the study's windows on which an arm could start a person's clock."""
    found = []
    events = sorted(
        _events(person, stays, rules), key=lambda event: (event.day, _number(event.stay, stays), event.for_arm)
    )
    for event in events:
        day = event.day + timedelta(rules.landmark_days)
        in_pilot = rules.index_start <= day < rules.index_end
        in_comparison = rules.comparison_start <= day < rules.comparison_end
        read = event.stay.start if rules.residence_at == "admission" and event.stay else day
        home = home_on(person.readings, read)
        arm = None
        if home and home.what in rules.pilots and in_pilot and event.for_arm != COMPARISON:
            arm = PILOT
        elif (
            home
            and in_comparison
            and event.for_arm != PILOT
            and (home.what in rules.pilots) == (rules.comparison == "pre_period")
        ):
            arm = COMPARISON
        if (in_pilot or in_comparison) and (arm or home is None):
            found.append(_case(person, event.stay, day, (read, home), arm, rules))
    return found


def index_of(cases: Sequence[Case], rules: CohortRules) -> Case | None:
    """Choose the day that gets furthest before the exposure is looked at; the first of them."""
    all_but_exposure = len(rules.steps) + 1
    best = max((min(case.steps, all_but_exposure) for case in cases), default=0)
    return next((case for case in cases if min(case.steps, all_but_exposure) == best), None)


def episodes_of(cases: Sequence[Case], rules: CohortRules) -> list[Case]:
    """Say from which days a person is followed, the first or all in the first one's arm."""
    index, passed = index_of(cases, rules), len(rules.steps) + 2
    if index is None or index.steps < passed:
        return []
    if rules.episodes == "first":
        return [index]
    return [case for case in cases if case.steps == passed and case.arm == index.arm]


def _number(stay: Spell | None, stays: Sequence[Spell]) -> int:
    return stays.index(stay) if stay else len(stays)


def _events(person: Person, stays: Sequence[Spell], rules: CohortRules) -> list[_Event]:
    released = [stay for stay in stays if stay.stop and stay.ended != "unknown_end"]
    if rules.index_event == "release":
        return [_Event(stay.stop, stay, "any") for stay in released if stay.stop]
    if rules.index_event == "admission":
        return [_Event(stay.start, stay, "any") for stay in stays]
    days = {_programme_day(offer, rules) for offer in person.offers} - {None}
    own = [
        _Event(day, next((stay for stay in reversed(stays) if stay.start <= day), None), PILOT) for day in days if day
    ]
    wait = timedelta(rules.comparison_index_day)
    if rules.index_event == "programme_end":
        return own + [_Event(stay.stop + wait, stay, COMPARISON) for stay in released if stay.stop]
    inside = [stay for stay in stays if stay.stop is None or stay.start + wait < stay.stop]
    return own + [_Event(stay.start + wait, stay, COMPARISON) for stay in inside]


def _programme_day(offer: Offer, rules: CohortRules) -> date | None:
    return {"offer": offer.day, "programme_start": offer.enrolled, "programme_end": offer.discharged}[rules.index_event]


def _ended(stay: Spell | None, day: date) -> date | None:
    return stay.stop if stay and stay.stop and stay.stop <= day else None


def _case(
    person: Person, stay: Spell | None, day: date, home: tuple[date, Spell | None], arm: str | None, rules: CohortRules
) -> Case:
    """Take one day through the steps in their order; stop at the first that it fails."""
    release = _ended(stay, day)
    where = home[1]
    back = plus(day, -rules.lookback_months)
    abroad = absences_of(person.moves)
    dead = person.death is not None and person.death <= day
    answers = {
        "in_population_register": bool(person.readings),
        "municipality_known": where is not None,
        "release_type": bool(release and stay and stay.ended in rules.release_types),
        "stay_length": bool(stay and ((release or day) - stay.start).days >= rules.min_stay_days),
        "age": bool(person.readings) and plus(person.birth, 12 * rules.min_age_years, leap_later=True) <= day,
        "resident": not dead and not any(absence.holds(day) for absence in abroad),
        "residence": where is not None and (home[0] - where.start).days >= rules.min_residence_days,
        "not_neighbour": where is not None and where.what not in rules.neighbours,
        "not_previously_offered": not any(stay and one.day < stay.start for one in person.offers),
        "lookback": back >= rules.history_from
        and not any(absence.start < day and (absence.stop is None or absence.stop > back) for absence in abroad),
    }
    passes = [True, *(answers[step] for step in rules.steps), _is_exposed(person, stay, day, arm, rules)]
    return Case(day, stay.start if stay else None, stay, [*passes, False].index(False), arm)


def _is_exposed(person: Person, stay: Spell | None, day: date, arm: str | None, rules: CohortRules) -> bool:
    known = [offer for offer in person.offers if offer.day <= day]
    if arm == COMPARISON:
        return not known
    if rules.exposure == "offered":
        return any(stay and offer.day >= stay.start for offer in known)
    if rules.exposure == "took_part":
        return sum(_days_in(offer, stay, day, rules) for offer in known) >= rules.min_participation_days
    return True


def _days_in(offer: Offer, stay: Spell | None, day: date, rules: CohortRules) -> int:
    """Count the days enrolled that are known on a day."""
    if offer.enrolled is None:
        return 0
    begun = offer.enrolled
    if rules.participation_from == "release":
        begun = max(begun, _ended(stay, day) or day)
    return max(0, (min(offer.discharged or day, day) - begun).days)


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


def home_on(readings: Sequence[Reading], day: date) -> Spell | None:
    """Say where a person lived, and since when, from one reading a year."""
    where: Spell | None = None
    previous: Reading | None = None
    for reading in sorted(readings, key=lambda one: one.day):
        if previous is None or previous.municipality != reading.municipality:
            moved, since = reading.moved_in, previous.day if previous else date.min
            start = moved if moved and since < moved <= reading.day else reading.day
            where = Spell(start, None, reading.municipality) if start <= day else where
        previous = reading
    return where
