"""What the outcome's definition leaves out, and what it dates by the decision."""

from __future__ import annotations

from collections.abc import Callable

Check = Callable[..., None]

COHORT = """
    person_key | arm        | index_date | follow_up_end
    1          | pilot      | 2017-03-01 | 2019-03-01
    2          | pilot      | 2017-03-01 | 2019-03-01
    3          | comparison | 2017-03-01 | 2019-03-01
"""
NOTHING = "person_key | offence_date | offence_date_source"


def test_an_offence_before_release_decided_during_follow_up_is_counted_once_a_person(check: Check) -> None:
    offences = """
        person_key | offence_date | decision_date
        1          | 2017-02-01   | 2017-06-01
        1          | 2017-03-01   | 2019-03-01
        2          | 2017-02-01   | 2017-03-01
        3          | 2017-02-01   | 2019-03-02
    """
    expected = """
        arm        | reason                 | n_persons
        comparison | dated_by_decision      | 0
        comparison | decided_too_late       | 0
        comparison | offence_before_release | 0
        pilot      | dated_by_decision      | 0
        pilot      | decided_too_late       | 0
        pilot      | offence_before_release | 1
    """
    given = {"analysis.cohort": COHORT, "analysis.guilty_offence": offences, "analysis.reoffence": NOTHING}
    check("analysis.left_out", given, expected)


def test_a_decision_that_comes_too_late_matters_for_those_with_nothing_else(check: Check) -> None:
    offences = """
        person_key | offence_date | decision_date
        1          | 2018-01-01   | 2021-01-01
        2          | 2018-01-01   | 2020-12-31
        3          | 2018-01-01   | 2021-01-01
    """
    reoffence = """
        person_key | offence_date | offence_date_source
        2          | 2018-01-01   | S
        3          | 2018-05-01   | A
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
    given = {"analysis.cohort": COHORT, "analysis.guilty_offence": offences, "analysis.reoffence": reoffence}
    check("analysis.left_out", given, expected)
