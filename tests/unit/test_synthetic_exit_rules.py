"""The rules of the Exit programme's truth, at their edges, on tables made by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
import pytest

from evalkit.synthetic import load_scenario
from evalkit.synthetic.days import NEVER, day_number
from evalkit.synthetic.exit_cadence import after_discharge, in_course, later_after_discharge
from evalkit.synthetic.exit_courses import COMPLETED, DIED
from evalkit.synthetic.exit_crime import ConvictionTruth, convictions_of, not_charged
from evalkit.synthetic.world import World, simulate_world

START = day_number(date(2019, 1, 31))
VINTAGE = day_number(date(2023, 7, 1))


def contacts(days: list[int], attended: int = 1) -> pl.DataFrame:
    schema = dict.fromkeys(("person", "day", "attended"), pl.Int64)
    return pl.DataFrame([(0, day, attended) for day in days], schema, orient="row")


def course(**changes: int) -> pl.DataFrame:
    whole = {"person": 0, "enrolled": START, "outro": START + 30, "discharged": START + 61, "reason": COMPLETED}
    whole |= {"followed_until": NEVER}
    return pl.DataFrame({name: [day] for name, day in (whole | changes).items()})


@pytest.mark.parametrize(
    ("days", "reached"),
    [
        ([10, 20], 1),
        ([10, 20, 60], 1),
        ([11, 20], 0),
        ([10, 21, 25], 0),
        ([10, 19], 0),
        ([10, 19, 30], 0),
        ([0, 10, 20], 1),
    ],
)
def test_in_the_course_ten_days_may_pass_and_not_eleven(days: list[int], reached: int) -> None:
    """From enrolment, between contacts, and to outro on day 30, whose own day is not in the course any more."""
    found = in_course(contacts([START + day for day in days]), course(), VINTAGE)
    assert (found.n_persons, found.n_reached) == (1, reached)


def test_an_appointment_that_was_missed_is_no_contact_and_one_of_which_nobody_said_is() -> None:
    kept = [START + 10, START + 20]
    assert in_course(contacts(kept, attended=0), course(), VINTAGE).n_reached == 0
    assert in_course(contacts(kept, attended=-1), course(), VINTAGE).n_reached == 1


def test_guidance_ends_with_discharge_where_there_is_no_outro_and_is_not_over_without_either() -> None:
    until_discharge = course(outro=NEVER, discharged=START + 9)
    assert in_course(contacts([]), until_discharge, VINTAGE).n_reached == 1
    assert in_course(contacts([]), course(outro=NEVER, discharged=NEVER), VINTAGE).n_persons == 0


@pytest.mark.parametrize(
    ("days", "reached"),
    [
        # From 31 January: a month later is the last of February, and from there the same day of March.
        ([(2, 28), (3, 28)], 0),
        ([(2, 28), (3, 28), (4, 28)], 1),
        ([(3, 1), (3, 28), (4, 28)], 0),
        ([(2, 28), (3, 29), (4, 28)], 0),
        # The three months end on 30 April: from 30 March it is a month, from 29 March more than that.
        ([(2, 28), (3, 15), (3, 30)], 1),
        ([(2, 28), (3, 15), (3, 29)], 0),
    ],
)
def test_after_discharge_a_calendar_month_may_pass(days: list[tuple[int, int]], reached: int) -> None:
    met = contacts([day_number(date(2019, month, day)) for month, day in days])
    found = after_discharge(met, course(discharged=START), VINTAGE)
    assert (found.n_persons, found.n_reached) == (1, reached)


def test_follow_up_that_ended_before_its_three_months_is_looked_at_until_then() -> None:
    """From 31 January to 28 February it is a month, to 1 March more than that."""
    for last, reached in ((date(2019, 2, 28), 1), (date(2019, 3, 1), 0)):
        found = after_discharge(contacts([]), course(discharged=START, followed_until=day_number(last)), VINTAGE)
        assert (found.n_persons, found.n_reached) == (1, reached)
    never_begun = course(discharged=START, followed_until=START)
    assert after_discharge(contacts([]), never_begun, VINTAGE).n_persons == 0


@pytest.mark.parametrize(
    ("days", "reached"),
    [([(7, 30)], 1), ([(7, 31)], 0), ([(5, 1), (7, 29)], 0), ([(6, 10), (7, 29), (8, 2)], 1)],
)
def test_later_three_calendar_months_may_pass(days: list[tuple[int, int]], reached: int) -> None:
    """The first three months end on 30 April, follow-up on 30 October; from 30 April it is three months to 30 July."""
    met = contacts([day_number(date(2019, month, day)) for month, day in days])
    followed = course(discharged=START, followed_until=day_number(date(2019, 10, 30)))
    found = later_after_discharge(met, followed, VINTAGE)
    assert (found.n_persons, found.n_reached) == (1, reached)


def test_later_follow_up_concerns_those_for_whom_it_is_over() -> None:
    for until in (NEVER, day_number(date(2019, 4, 30)), VINTAGE):
        still = course(discharged=START, followed_until=until)
        assert later_after_discharge(contacts([]), still, VINTAGE).n_persons == 0


def test_follow_up_concerns_the_living_whose_three_months_are_over() -> None:
    assert after_discharge(contacts([]), course(reason=DIED), VINTAGE).n_persons == 0
    ended = course(discharged=day_number(date(2023, 4, 1)))
    assert after_discharge(contacts([]), ended, VINTAGE).n_persons == 0
    assert after_discharge(contacts([]), ended, VINTAGE + 1).n_persons == 1


@pytest.fixture(scope="module")
def world() -> World:
    scenario = load_scenario("exit")
    drawn = simulate_world(np.random.default_rng(1), scenario, 100, lambda _: None)
    never = np.full(100, NEVER)
    return replace(drawn, people=replace(drawn.people, death=never, out=never.copy(), back=never.copy()))


def case(**changes: int | bool) -> pl.DataFrame:
    """One robbery, charged and decided within the two years after 31 January 2019."""
    whole: dict[str, int | bool] = {
        "person": 0,
        "group": 1380,
        "is_charge_missing": False,
        "charge": START + 1,
        "decision": START + 100,
        "code": 1,
        "second_decision": NEVER,
        "second_code": -1,
    }
    return pl.DataFrame({name: [value] for name, value in (whole | changes).items()})


END = day_number(date(2021, 1, 31))


@pytest.mark.parametrize(
    ("changes", "convicted"),
    [
        ({}, True),
        ({"decision": START}, False),
        ({"decision": START + 1}, True),
        ({"decision": END}, True),
        ({"decision": END + 1}, False),
        ({"group": 1120}, False),
        ({"group": 3410}, True),
        ({"code": 2}, True),
        ({"code": 22}, False),
        ({"code": 11}, False),
        ({"code": 11, "second_decision": END, "second_code": 4}, True),
        ({"code": 11, "second_decision": END + 1, "second_code": 4}, False),
        ({"code": 4, "second_decision": END, "second_code": 11}, False),
        ({"code": 4, "second_decision": END + 1, "second_code": 11}, True),
        ({"decision": START - 5, "second_decision": START + 5, "second_code": 1}, True),
    ],
)
def test_a_conviction_is_the_decision_that_stands(world: World, changes: dict[str, int], *, convicted: bool) -> None:
    ended = course(discharged=START)
    found = convictions_of(replace(world, cases=case(**changes)), ended)
    assert found == ConvictionTruth(n_ended=1, n_mature=1, n_convicted=int(convicted), n_died=0, n_emigrated=0)


@pytest.mark.parametrize(
    ("death", "out", "expected"),
    [
        (START + 100, NEVER, (1, 0, 0)),
        (START + 99, NEVER, (0, 1, 0)),
        (START + 99, START + 99, (0, 1, 0)),
        (NEVER, START + 99, (0, 0, 1)),
        (END + 1, END + 1, (1, 0, 0)),
    ],
)
def test_what_comes_first_stands(world: World, death: int, out: int, expected: tuple[int, int, int]) -> None:
    people = replace(world.people, death=np.full(100, death), out=np.full(100, out))
    found = convictions_of(replace(world, people=people, cases=case()), course(discharged=START))
    assert (found.n_convicted, found.n_died, found.n_emigrated) == expected


def test_who_is_dead_or_abroad_on_the_day_is_not_followed(world: World) -> None:
    ended = course(discharged=START)
    dead = replace(world.people, death=np.full(100, START))
    abroad = replace(world.people, out=np.full(100, START))
    for people in (dead, abroad):
        assert convictions_of(replace(world, people=people, cases=case()), ended).n_ended == 0


def test_who_has_no_two_years_is_not_mature(world: World) -> None:
    found = convictions_of(replace(world, cases=case()), course(discharged=day_number(date(2021, 7, 1))))
    assert (found.n_ended, found.n_mature) == (1, 0)


@pytest.mark.parametrize(
    ("changes", "charged"),
    [
        ({"charge": START - 1}, False),
        ({"charge": START}, True),
        ({"charge": START + 60}, True),
        ({"charge": START + 61}, False),
        ({"is_charge_missing": True}, False),
        ({"group": 2610}, False),
    ],
)
def test_a_charge_counts_from_enrolment_to_the_day_before_discharge(
    world: World, changes: dict[str, int | bool], *, charged: bool
) -> None:
    assert not_charged(replace(world, cases=case(**changes)), course()).n_reached == int(not charged)
