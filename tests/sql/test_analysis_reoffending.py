"""How often, how severe, and when the registers knew: analysis.reoffending and the counts made of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.sql.outcome_parameters import PRIMARY_RULE

Check = Callable[..., None]

EXITS = """
    outcome | person_key | episode | arm   | event_type | followed_until
    primary | 1          | 1       | pilot | 1          | 2018-05-10
    primary | 2          | 1       | pilot | 1          | 2017-01-01
    primary | 3          | 1       | pilot | 2          | 2017-01-01
    primary | 4          | 1       | other | 0          | 2018-05-10
    another | 4          | 1       | other | 1          | 2018-05-10
"""
EVENTS = """
    outcome | person_key | episode | journal | event_date | severity
    primary | 1          | 1       | a       | 2016-09-01 | 3
    primary | 1          | 1       | b       | 2016-09-01 | 2
    primary | 1          | 1       | b       | 2018-05-10 | 2
    primary | 2          | 1       | a       | 2017-01-01 | 4
    primary | 2          | 1       | a       | 2017-01-02 | 1
    primary | 3          | 1       | a       | 2017-01-02 | 1
    another | 4          | 1       | a       | 2017-01-02 | 1
"""


def test_events_count_while_followed_and_only_for_those_who_had_one_first(check: Check) -> None:
    expected = """
        person_key | arm   | n_reoffences | severity
        1          | pilot | 3            | 2
        2          | pilot | 1            | 4
        3          | pilot | 0            | 0
        4          | other | 0            | 0
    """
    check("analysis.reoffending", {"analysis.time_to_event": EXITS, "analysis.counted_event": EVENTS}, expected)


PEOPLE = """
    person_key | arm   | n_reoffences | severity
    1          | pilot | 3            | 1
    2          | pilot | 9            | 1
    3          | pilot | 0            | 0
    4          | other | 3            | 3
"""


def test_every_tier_has_a_row_in_every_arm(check: Check) -> None:
    expected = """
        arm   | tier      | n_persons
        other | none      | 0
        other | custodial | 0
        other | community | 0
        other | fine      | 1
        other | other     | 0
        pilot | none      | 1
        pilot | custodial | 2
        pilot | community | 0
        pilot | fine      | 0
        pilot | other     | 0
    """
    check("analysis.severity", {"analysis.reoffending": PEOPLE}, expected)


def test_persons_are_counted_by_how_often(check: Check) -> None:
    expected = """
        arm   | n_reoffences | n_persons
        other | 3            | 1
        pilot | 0            | 1
        pilot | 3            | 1
        pilot | 9            | 1
    """
    check("analysis.frequency", {"analysis.reoffending": PEOPLE}, expected)


def test_a_person_is_known_from_the_first_decision_on_any_counted_event(check: Check) -> None:
    # 1 the second offence was decided first. 2 nothing known. 3 like 1. 4 of another outcome only.
    spans = """
        outcome | person_key | episode | index_date
        primary | 1          | 1       | 2016-05-10
        primary | 2          | 1       | 2016-05-10
        primary | 3          | 1       | 2016-05-10
        primary | 4          | 1       | 2016-06-10
        another | 4          | 1       | 2016-06-10
    """
    events = """
        outcome | person_key | episode | event_date | registered_on
        primary | 1          | 1       | 2016-06-01 | 2017-05-10
        primary | 1          | 1       | 2016-07-01 | 2016-08-10
        primary | 3          | 1       | 2016-07-01 | 2016-08-10
        another | 4          | 1       | 2016-07-01 | 2016-08-10
    """
    expected = """
        index_date | recognised_after_days | n_persons
        2016-05-10 | 92                    | 2
        2016-05-10 | -                     | 1
        2016-06-10 | -                     | 1
    """
    given = {"analysis.outcome_window": spans, "analysis.counted_event": events}
    check("analysis.recognition", given, expected)


@pytest.mark.parametrize(("clock", "expected"), [("calendar", "731"), ("at_risk", "721")])
def test_time_in_custody_is_taken_out_of_the_time_at_risk(check_chain: Check, clock: str, expected: str) -> None:
    stays = "person_key | start_date | stop_date\n1 | 2017-01-01 | 2017-01-11\n1 | 2016-01-01 | 2016-05-10"
    given = {"analysis.cohort": "person_key | arm | index_date\n1 | pilot | 2016-05-10", "core.custody_stay": stays}
    rule = {"outcomes": [{**PRIMARY_RULE, "clock": clock}]}
    check_chain("analysis.time_to_event", given, f"person_key | exit_time\n1 | {expected}", **rule)
