"""analysis: programme_phase_day, _phase, _cadence and _course, by the words of the Exit programme."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Check = Callable[..., None]

CASE = """
    layout   | person_key | case_id | referred_on | enrolled_on | ended_on | died
    exit_sag | 1          | s1      | 2016-01-01  | 2016-01-15  | {ended}  | {died}
"""
LISTED = """
    person_key | case_id | assessed_on | guidance_from | outro_from | follow_up_ended_on
    1          | s0      | 2015-01-01  | 2015-01-01    | 2015-01-01 | -
    1          | s1      | 2016-01-10  | {guidance}    | {outro}    | {follow_up}
"""


def test_each_phase_ends_where_the_next_begins(check: Check) -> None:
    given = {
        "analysis.programme_case": CASE.format(ended="2016-09-01", died="false"),
        "staging.exit_sag": LISTED.format(guidance="2016-02-15", outro="2016-07-15", follow_up="2018-09-01"),
    }
    expected = """
        person_key | phase      | from_date  | until_date
        1          | follow_up  | 2016-09-01 | 2018-09-01
        1          | guidance   | 2016-02-15 | 2016-07-15
        1          | intro      | 2016-01-15 | 2016-02-15
        1          | outro      | 2016-07-15 | 2016-09-01
        1          | visitation | 2016-01-01 | 2016-01-10
        1          | whole      | 2016-01-15 | 2016-09-01
    """
    check("analysis.programme_phase_day", given, expected)


def test_who_is_discharged_in_the_intro_never_comes_to_guidance(check: Check) -> None:
    given = {
        "analysis.programme_case": CASE.format(ended="2016-02-01", died="false"),
        "staging.exit_sag": LISTED.format(guidance="-", outro="-", follow_up="-"),
    }
    expected = """
        person_key | phase      | from_date  | until_date
        1          | follow_up  | 2016-02-01 | -
        1          | intro      | 2016-01-15 | 2016-02-01
        1          | visitation | 2016-01-01 | 2016-01-10
        1          | whole      | 2016-01-15 | 2016-02-01
    """
    check("analysis.programme_phase_day", given, expected)


def test_nobody_is_followed_up_after_a_death(check: Check) -> None:
    given = {
        "analysis.programme_case": CASE.format(ended="2016-02-01", died="true"),
        "staging.exit_sag": LISTED.format(guidance="-", outro="-", follow_up="-"),
    }
    expected = """
        person_key | phase      | from_date  | until_date
        1          | intro      | 2016-01-15 | 2016-02-01
        1          | visitation | 2016-01-01 | 2016-01-10
        1          | whole      | 2016-01-15 | 2016-02-01
    """
    check("analysis.programme_phase_day", given, expected)


def test_what_happens_on_the_vintage_or_later_is_not_known(check: Check) -> None:
    given = {
        "analysis.programme_case": CASE.format(ended="-", died="false"),
        "staging.exit_sag": LISTED.format(guidance="2016-02-15", outro="2023-07-01", follow_up="-"),
    }
    expected = """
        person_key | phase      | from_date  | until_date
        1          | guidance   | 2016-02-15 | -
        1          | intro      | 2016-01-15 | 2016-02-15
        1          | visitation | 2016-01-01 | 2016-01-10
        1          | whole      | 2016-01-15 | -
    """
    check("analysis.programme_phase_day", given, expected)


PHASES = [
    {"phase": "visitation", "least_months": 0, "most_months": -1, "most_days": 14},
    {"phase": "guidance", "least_months": 2, "most_months": 10, "most_days": -1},
    {"phase": "outro", "least_months": 1, "most_months": -1, "most_days": -1},
]


@pytest.mark.parametrize(
    ("phase", "start", "stop", "judged_long", "long", "judged_short", "short"),
    [
        ("visitation", "2016-01-01", "2016-01-15", 1, 0, 0, 0),  # fourteen days
        ("visitation", "2016-01-01", "2016-01-16", 1, 1, 0, 0),
        ("guidance", "2016-01-01", "2016-11-01", 1, 0, 1, 0),  # ten months
        ("guidance", "2016-01-01", "2016-11-02", 1, 1, 1, 0),
        ("guidance", "2016-01-01", "2016-03-01", 1, 0, 1, 0),  # two months
        ("guidance", "2016-01-01", "2016-02-29", 1, 0, 1, 1),
        ("outro", "2016-01-01", "2016-01-31", 0, 0, 1, 1),
        ("outro", "2016-01-01", "2016-02-01", 0, 0, 1, 0),
    ],
)
def test_the_limits_of_a_phase(  # noqa: PLR0913, PLR0917 - a table of examples
    check: Check, phase: str, start: str, stop: str, judged_long: int, long: int, judged_short: int, short: int
) -> None:
    days = f"person_key | phase | from_date | until_date\n1 | {phase} | {start} | {stop}"
    expected = f"""
        phase   | n_persons | n_over | n_judged_long | n_long | n_judged_short | n_short
        {phase} | 1         | 1      | {judged_long} | {long} | {judged_short} | {short}
    """
    check("analysis.programme_phase", {"analysis.programme_phase_day": days}, expected, phases=PHASES)


@pytest.mark.parametrize(("start", "judged"), [("2022-09-01", 0), ("2022-08-30", 0), ("2022-08-29", 1)])
def test_who_is_still_in_a_phase_is_judged_once_it_is_too_long(check: Check, start: str, judged: int) -> None:
    # The last day that anything is known of is 30 June 2023; ten months from 30 August end there.
    days = f"person_key | phase | from_date | until_date\n1 | guidance | {start} | -"
    expected = f"""
        phase    | n_persons | n_over | sum_days | n_judged_long | n_long   | n_judged_short
        guidance | 1         | 0      | -        | {judged}      | {judged} | 0
    """
    check("analysis.programme_phase", {"analysis.programme_phase_day": days}, expected, phases=PHASES)


def test_days_of_those_whose_time_is_over(check: Check) -> None:
    days = """
        person_key | phase      | from_date  | until_date
        1          | visitation | 2016-01-01 | 2016-01-04
        2          | visitation | 2016-01-01 | 2016-01-06
        3          | visitation | 2023-06-29 | -
    """
    expected = """
        phase      | n_persons | n_over | sum_days | sum_squares
        visitation | 3         | 2      | 8.0      | 34.0
    """
    check("analysis.programme_phase", {"analysis.programme_phase_day": days}, expected, phases=PHASES)


EVERY_TEN_DAYS = [
    {"rule": "talks", "phase": phase, "every_days": 10, "every_months": 0, "from_month": 0, "until_month": 0}
    for phase in ("intro", "guidance")
]
MONTHLY = [
    {"rule": "first", "phase": "follow_up", "every_days": 0, "every_months": 1, "from_month": 0, "until_month": 3},
    {"rule": "later", "phase": "follow_up", "every_days": 0, "every_months": 3, "from_month": 3, "until_month": 0},
]


def contacts(*days: str, kind: str = "meeting", attended: str = "-") -> str:
    rows = "".join(f"\n1 | {day} | {kind} | {attended}" for day in days)
    return f"person_key | contact_date | contact_kind | attended{rows}"


def kept(*rules: tuple[str, int]) -> str:
    return "rule | n_persons | n_kept" + "".join(f"\n{rule} | 1 | {n_kept}" for rule, n_kept in rules)


TWO_PHASES = """
    person_key | phase    | from_date  | until_date
    1          | intro    | 2016-01-01 | 2016-01-16
    1          | guidance | 2016-01-16 | 2016-02-01
"""


@pytest.mark.parametrize(
    ("days", "n_kept"),
    [
        (("2016-01-11", "2016-01-21", "2016-01-31"), 1),  # ten days each
        (("2016-01-12", "2016-01-21", "2016-01-31"), 0),  # eleven to the first
        (("2016-01-11", "2016-01-22", "2016-01-31"), 0),  # eleven, over the change of phase
        (("2016-01-11", "2016-01-21"), 0),  # eleven from the last to the end
        (("2016-01-11", "2016-01-21", "2016-01-22"), 1),  # ten from the last to the end
        ((), 0),
    ],
)
def test_contact_every_ten_days_over_two_phases(check: Check, days: tuple[str, ...], n_kept: int) -> None:
    given = {"analysis.programme_phase_day": TWO_PHASES, "core.contact": contacts(*days)}
    check("analysis.programme_cadence", given, kept(("talks", n_kept)), contact_rules=EVERY_TEN_DAYS)


@pytest.mark.parametrize(("kind", "attended"), [("notification", "-"), ("meeting", "false")])
def test_a_notice_or_a_missed_meeting_is_no_contact(check: Check, kind: str, attended: str) -> None:
    days = ("2016-01-11", "2016-01-21", "2016-01-31")
    given = {"analysis.programme_phase_day": TWO_PHASES, "core.contact": contacts(*days, kind=kind, attended=attended)}
    check("analysis.programme_cadence", given, kept(("talks", 0)), contact_rules=EVERY_TEN_DAYS)


def test_a_rule_is_judged_when_its_time_is_over(check: Check) -> None:
    lasting = TWO_PHASES.replace("2016-02-01", "-")
    given = {"analysis.programme_phase_day": lasting, "core.contact": contacts("2016-01-11")}
    check("analysis.programme_cadence", given, "rule | n_persons | n_kept", contact_rules=EVERY_TEN_DAYS)


@pytest.mark.parametrize(
    ("days", "first", "later"),
    [
        (("2016-02-29", "2016-03-29", "2016-04-29", "2016-06-30", "2016-09-30"), 1, 1),
        (("2016-02-29", "2016-03-30", "2016-06-30", "2016-09-30"), 0, 1),  # a month from 29 February is 29 March
        (("2016-02-29", "2016-03-29", "2016-04-29", "2016-07-31", "2016-09-30"), 1, 0),  # to 30 July
    ],
)
def test_contact_monthly_then_quarterly_after_discharge(
    check: Check, days: tuple[str, ...], first: int, later: int
) -> None:
    follow_up = "person_key | phase | from_date | until_date\n1 | follow_up | 2016-01-31 | 2016-12-30"
    given = {"analysis.programme_phase_day": follow_up, "core.contact": contacts(*days)}
    check("analysis.programme_cadence", given, kept(("first", first), ("later", later)), contact_rules=MONTHLY)


def test_the_course_from_enrolment(check: Check) -> None:
    cases = """
        layout   | person_key | referred_on | enrolled_on | ended_on   | end_state                | died
        exit_sag | 1          | 2016-01-01  | 2016-01-01  | 2016-03-01 | completed                | false
        exit_sag | 2          | 2016-01-01  | 2016-01-01  | 2016-03-01 | interrupted_by_person    | false
        exit_sag | 3          | 2016-01-01  | 2016-01-01  | 2016-03-01 | interrupted_by_programme | false
        exit_sag | 4          | 2016-01-01  | 2016-01-01  | 2016-03-01 | died                     | true
        exit_sag | 5          | 2016-01-01  | 2023-06-30  | -          | open                     | false
        exit_sag | 6          | 2016-01-01  | -           | -          | not_enrolled             | false
    """
    expected = """
        layout   | exit_time | exit_state  | n_persons
        exit_sag | 1         | open        | 1
        exit_sag | 60        | completed   | 1
        exit_sag | 60        | died        | 1
        exit_sag | 60        | interrupted | 2
    """
    check("analysis.programme_course", {"analysis.programme_case": cases}, expected)


def test_appointments_kept_of_those_of_which_it_is_told(check: Check) -> None:
    cases = """
        layout   | person_key | referred_on | enrolled_on | ended_on   | end_state
        exit_sag | 1          | 2016-01-01  | 2016-01-10  | 2016-03-01 | completed
        exit_sag | 2          | 2016-01-01  | 2016-01-10  | -          | open
        exit_sag | 3          | 2016-01-01  | -           | -          | not_enrolled
    """
    told = """
        person_key | contact_date | contact_kind | attended
        1          | 2016-01-09   | meeting      | false
        1          | 2016-01-10   | meeting      | true
        1          | 2016-02-01   | telephone    | false
        1          | 2016-02-02   | meeting      | -
        1          | 2016-02-03   | notification | true
        1          | 2016-03-01   | meeting      | true
        2          | 2016-02-01   | meeting      | true
        2          | 2016-02-02   | meeting      | true
        2          | 2016-02-03   | visit        | true
        3          | 2016-02-01   | meeting      | true
    """
    # The first kept one of two, the second all of three: 4 of 5.
    expected = """
        layout   | n_persons | n_all_kept | all_events | all_days | events_squared | events_days | days_squared
        exit_sag | 2         | 1          | 4          | 5        | 10             | 11          | 13
    """
    check("analysis.programme_attendance", {"analysis.programme_case": cases, "core.contact": told}, expected)
