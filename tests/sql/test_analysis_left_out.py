"""What the outcome's definition leaves out, and what it dates by the decision."""

from __future__ import annotations

from collections.abc import Callable

Check = Callable[..., None]

COHORT = """
    person_key | arm        | index_date
    1          | pilot      | 2017-03-01
    2          | pilot      | 2017-03-01
    3          | comparison | 2017-03-01
"""
NOTHING = "outcome | person_key | episode | event_date | event_date_source"


def events(*rows: str) -> str:
    return "\n".join(
        ("outcome | episode | person_key | event_date | registered_on", *(f"primary | 1 | {row}" for row in rows))
    )


def test_an_offence_before_release_decided_during_follow_up_is_counted_once_a_person(check_chain: Check) -> None:
    offences = events(
        "1 | 2017-02-01 | 2017-06-01",
        "1 | 2017-03-01 | 2019-03-01",
        "2 | 2017-02-01 | 2017-03-01",
        "3 | 2017-02-01 | 2019-03-02",
    )
    expected = """
        outcome | arm        | reason                 | n_persons
        primary | comparison | dated_by_decision      | 0
        primary | comparison | decided_too_late       | 0
        primary | comparison | offence_before_release | 0
        primary | pilot      | dated_by_decision      | 0
        primary | pilot      | decided_too_late       | 0
        primary | pilot      | offence_before_release | 1
    """
    given = {"analysis.cohort": COHORT, "analysis.outcome_event": offences, "analysis.reoffence": NOTHING}
    check_chain("analysis.left_out", given, expected)


def test_a_decision_that_comes_too_late_matters_for_those_with_nothing_else(check_chain: Check) -> None:
    offences = events("1 | 2018-01-01 | 2021-01-01", "2 | 2018-01-01 | 2020-12-31", "3 | 2018-01-01 | 2021-01-01")
    reoffence = f"""
        {NOTHING}
        primary | 2 | 1 | 2018-01-01 | S
        primary | 3 | 1 | 2018-05-01 | A
    """
    expected = """
        arm        | reason                 | n_persons
        comparison | dated_by_decision      | 1
        comparison | decided_too_late       | 0
        comparison | offence_before_release | 0
        pilot      | dated_by_decision      | 0
        pilot      | decided_too_late       | 1
        pilot      | offence_before_release | 0
    """
    given = {"analysis.cohort": COHORT, "analysis.outcome_event": offences, "analysis.reoffence": reoffence}
    check_chain("analysis.left_out", given, expected)
