"""analysis: planned_domain, continuity_day, continuity_state: does what was planned inside go on outside?

In custody from 1 February 2016, released on 10 May 2016; day 30 after release is 9 June 2016, and three months after
it is 10 August 2016.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

Check = Callable[..., None]

COHORT = """
    person_key | episode | arm   | admission_date | index_date
    1          | 1       | pilot | 2016-02-01     | 2016-05-10
    1          | 2       | pilot | 2017-02-01     | 2017-05-10
"""
PLANNED = """
    person_key | domain
    1          | housing
"""


@pytest.mark.parametrize(
    ("planned_on", "begun_on", "has_plan"),
    [
        ("2016-02-01", "-", True),  # the day of admission
        ("2016-05-09", "-", True),  # the last day inside
        ("2016-05-10", "-", False),  # the day of release: outside
        ("2016-01-31", "-", False),
        ("-", "2016-02-01", True),
        ("-", "2016-05-09", True),
        ("-", "2016-05-10", False),
        ("-", "2016-01-31", False),
        ("2016-01-31", "2016-03-01", True),  # planned before, begun inside
        ("2016-03-01", "2016-08-01", True),  # planned inside, begun after
        ("2016-01-01", "2016-08-01", False),
        ("-", "-", False),
    ],
)
def test_a_plan_is_what_was_planned_or_begun_inside(
    check: Check, planned_on: str, begun_on: str, has_plan: bool
) -> None:
    activities = f"person_key | domain | planned_on | begun_on\n1 | housing | {planned_on} | {begun_on}"
    expected = "person_key | domain" + ("\n1 | housing" if has_plan else "")
    check("analysis.planned_domain", {"analysis.cohort": COHORT, "core.plan_activity": activities}, expected)


def test_a_domain_is_planned_once_whatever_the_number_of_activities(check: Check) -> None:
    activities = """
        person_key | domain  | planned_on
        1          | housing | 2016-03-01
        1          | housing | 2016-03-02
        1          | health  | 2016-03-02
        2          | network | 2016-03-02
    """
    expected = """
        person_key | domain
        1          | housing
        1          | health
    """
    check("analysis.planned_domain", {"analysis.cohort": COHORT, "core.plan_activity": activities}, expected)


@pytest.mark.parametrize(
    ("begun_on", "ended_on", "is_resumed"),
    [
        ("2016-03-01", "-", True),  # begun inside and still open
        ("2016-03-01", "2016-05-10", False),  # ends with the stay: half-open
        ("2016-03-01", "2016-05-11", True),  # one day outside
        ("2016-06-09", "-", True),  # begins on day 30
        ("2016-06-10", "-", False),  # begins on day 31
        ("2016-05-20", "2016-05-25", True),  # begun and ended within the days
        ("-", "-", False),  # planned and never begun
    ],
)
def test_resumed_is_under_way_on_a_day_from_release_to_day_30(
    check: Check, begun_on: str, ended_on: str, is_resumed: bool
) -> None:
    activities = f"person_key | domain | begun_on | ended_on\n1 | housing | {begun_on} | {ended_on}"
    expected = f"person_key | domain | months | is_resumed\n1 | housing | 0 | {str(is_resumed).lower()}"
    given = {"analysis.cohort": COHORT, "analysis.planned_domain": PLANNED, "core.plan_activity": activities}
    check("analysis.continuity_day", given, expected, checkpoints_months=[])


def test_the_study_sets_the_days_within_which_a_plan_is_resumed(check: Check) -> None:
    activities = "person_key | domain | begun_on\n1 | housing | 2016-06-10"
    expected = "person_key | months | is_resumed | is_under_way\n1 | 0 | true | true"
    given = {"analysis.cohort": COHORT, "analysis.planned_domain": PLANNED, "core.plan_activity": activities}
    check("analysis.continuity_day", given, expected, checkpoints_months=[], resume_within_days=31)


@pytest.mark.parametrize(
    ("begun_on", "ended_on", "is_under_way"),
    [
        ("2016-03-01", "-", True),
        ("2016-03-01", "2016-08-10", False),
        ("2016-03-01", "2016-08-11", True),
        ("2016-08-10", "-", True),
        ("2016-08-11", "-", False),
    ],
)
def test_under_way_is_on_the_day_of_the_checkpoint(
    check: Check, begun_on: str, ended_on: str, is_under_way: bool
) -> None:
    activities = f"person_key | domain | begun_on | ended_on\n1 | housing | {begun_on} | {ended_on}"
    given = {"analysis.cohort": COHORT, "analysis.planned_domain": PLANNED, "core.plan_activity": activities}
    expected = f"""
        person_key | months | is_under_way
        1          | 0      | {str(begun_on < "2016-08-01").lower()}
        1          | 3      | {str(is_under_way).lower()}
    """
    check("analysis.continuity_day", given, expected, checkpoints_months=[3])


@pytest.mark.parametrize(
    ("planned_on", "begun_on", "ended_on", "end_reason", "is_completed"),
    [
        ("2016-03-01", "2016-04-01", "2016-08-10", "completed", True),
        ("2016-03-01", "2016-04-01", "2016-08-11", "completed", False),  # not yet
        ("2016-03-01", "2016-04-01", "2016-08-10", "interrupted", False),
        ("-", "2016-02-01", "2016-02-01", "completed", True),  # on the day of admission
        ("-", "2015-12-01", "2016-03-01", "completed", False),  # begun before the stay
        ("2016-03-01", "-", "2016-04-01", "completed", True),  # planned inside
        ("2016-02-01", "-", "2016-04-01", "completed", True),  # on the day of admission
        ("2016-01-31", "-", "2016-04-01", "completed", False),  # the day before
        ("2016-06-01", "2016-06-05", "2016-07-01", "completed", False),  # planned and begun outside
        ("2016-05-10", "2016-05-10", "2016-07-01", "completed", False),  # on the day of release
    ],
)
def test_completed_is_what_was_planned_or_begun_inside_and_ended_as_intended(
    check: Check, planned_on: str, begun_on: str, ended_on: str, end_reason: str, is_completed: bool
) -> None:
    activities = f"""
        person_key | domain  | planned_on   | begun_on   | ended_on   | end_reason
        1          | housing | {planned_on} | {begun_on} | {ended_on} | {end_reason}
    """
    given = {"analysis.cohort": COHORT, "analysis.planned_domain": PLANNED, "core.plan_activity": activities}
    # Nothing here is completed by day 30 but what ended inside.
    inside = is_completed and ended_on < "2016-05-10"
    expected = f"""
        person_key | months | is_completed
        1          | 0      | {str(inside).lower()}
        1          | 3      | {str(is_completed).lower()}
    """
    check("analysis.continuity_day", given, expected, checkpoints_months=[3])


def test_another_activity_goes_on_only_in_its_own_domain(check: Check) -> None:
    # The planned job was dropped, another one came; nothing came of the planned housing.
    planned = """
        person_key | domain
        1          | employment
        1          | housing
    """
    activities = """
        person_key | domain     | planned_on | begun_on   | ended_on   | end_reason
        1          | employment | 2016-03-01 | 2016-03-05 | 2016-05-01 | interrupted
        1          | employment | -          | 2016-06-01 | -          | -
        1          | housing    | 2016-03-01 | -          | -          | -
        2          | housing    | 2016-03-01 | 2016-03-01 | -          | -
    """
    expected = """
        person_key | domain     | months | is_resumed | is_under_way | is_completed
        1          | employment | 0      | true       | true         | false
        1          | employment | 3      | true       | true         | false
        1          | housing    | 0      | false      | false        | false
        1          | housing    | 3      | false      | false        | false
    """
    given = {"analysis.cohort": COHORT, "analysis.planned_domain": planned, "core.plan_activity": activities}
    check("analysis.continuity_day", given, expected, checkpoints_months=[3])
