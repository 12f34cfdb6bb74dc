"""analysis: covariate_collaboration, group_member, group_event_count, group_share: figures by what was known before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

Check = Callable[..., None]

AGREEMENTS = [
    {"facility": "F1", "model": 2, "start_date": date(2013, 1, 1), "end_date": date(9999, 12, 31), "place": 1},
    {"facility": "F2", "model": 3, "start_date": date(2013, 1, 1), "end_date": date(2014, 1, 1), "place": 2},
    {"facility": "F2", "model": 4, "start_date": date(2013, 1, 1), "end_date": date(2014, 1, 1), "place": 3},
    {"facility": "F1", "model": 4, "start_date": date(2015, 1, 1), "end_date": date(9999, 12, 31), "place": 4},
]
LIES_IN = [{"facility": "F1", "municipality": "101"}, {"facility": "F2", "municipality": "101"}]


@pytest.mark.parametrize(
    ("home", "facility", "admission", "model"),
    [
        ("316", "F1", "2012-12-31", "model_1"),  # before the agreement
        ("316", "F1", "2013-01-01", "model_2"),  # its first day
        ("101", "F1", "2013-01-01", "model_1"),  # lives where the prison lies
        ("101", "F1", "2015-01-01", "model_4"),  # the same, with another agreement besides
        ("316", "F2", "2013-06-01", "model_3"),  # two for one day: the first in the list
        ("101", "F2", "2013-06-01", "model_3"),  # a private provider, whoever's municipality it is
        ("316", "F2", "2014-01-01", "model_1"),  # the day after its last
        ("316", "F3", "2013-06-01", "model_1"),  # nothing agreed
        ("316", "-", "2013-06-01", "-"),  # nobody knows where
    ],
)
def test_the_model_of_collaboration(check: Check, home: str, facility: str, admission: str, model: str) -> None:
    cohort = f"""
        person_key | episode | admission_date | release_date | index_date | municipality
        1          | 1       | {admission}    | 2016-05-10   | 2016-05-10 | {home}
    """
    places = "person_key | placed_on | facility" + ("" if facility == "-" else f"\n1 | {admission} | {facility}")
    expected = f"person_key | name | level\n1 | collaboration_model | {model}"
    given = {"analysis.cohort": cohort, "core.custody_place": places}
    choices = {"agreements": AGREEMENTS, "facility_municipalities": LIES_IN}
    check("analysis.covariate_collaboration", given, expected, **choices)


def test_the_first_facility_of_the_stay_decides(check: Check) -> None:
    cohort = """
        person_key | episode | admission_date | release_date | index_date | municipality
        1          | 1       | 2013-02-01     | 2013-05-10   | 2013-05-10 | 316
    """
    places = """
        person_key | placed_on  | facility
        1          | 2013-01-31 | F2
        1          | 2013-02-01 | F1
        1          | 2013-03-01 | F2
    """
    expected = "person_key | level\n1 | model_2"
    given = {"analysis.cohort": cohort, "core.custody_place": places}
    choices = {"agreements": AGREEMENTS, "facility_municipalities": LIES_IN}
    check("analysis.covariate_collaboration", given, expected, **choices)


CHARACTERISTICS = """
    person_key | episode | arm   | variable | level
    1          | 1       | pilot | sex      | man
    1          | 2       | pilot | sex      | man
    2          | 1       | pilot | sex      | -
    1          | 1       | pilot | age      | 18_24
"""


def test_everyone_is_in_one_group_and_an_unknown_level_is_a_group(check: Check) -> None:
    expected = """
        person_key | arm   | grouping_name | member_of
        1          | pilot | sex           | man
        2          | pilot | sex           | unknown
    """
    check("analysis.group_member", {"analysis.characteristic": CHARACTERISTICS}, expected, groupings=["sex"])


MEMBERS = """
    person_key | arm   | grouping_name | member_of
    1          | pilot | sex           | man
    2          | pilot | sex           | man
    3          | pilot | sex           | woman
"""


def test_exits_of_the_studys_own_outcome_by_group(check: Check) -> None:
    events = """
        outcome | person_key | episode | arm   | entry_time | exit_time | event_type
        primary | 1          | 1       | pilot | 0          | 10        | 1
        primary | 2          | 1       | pilot | 0          | 10        | 1
        primary | 3          | 1       | pilot | 0          | 731       | 0
        primary | 3          | 2       | pilot | 0          | 5         | 1
        charge  | 3          | 1       | pilot | 0          | 4         | 1
    """
    expected = """
        grouping_name | member_of | arm   | entry_time | exit_time | event_type | n_persons
        sex           | man       | pilot | 0          | 10        | 1          | 2
        sex           | woman     | pilot | 0          | 731       | 0          | 1
    """
    given = {"analysis.group_member": MEMBERS, "analysis.time_to_event": events}
    check("analysis.group_event_count", given, expected)


def test_plans_concern_those_who_have_one_and_work_concerns_everyone(check: Check) -> None:
    plans = """
        person_key | domain  | months | is_resumed
        1          | housing | 0      | false
        1          | health  | 0      | true
        1          | health  | 3      | false
        3          | housing | 0      | false
    """
    status = """
        person_key | episode | arm   | month | state
        1          | 1       | pilot | 12    | employed
        2          | 1       | pilot | 12    | in_education
        3          | 1       | pilot | 12    | benefit
    """
    expected = """
        grouping_name | member_of | arm   | measure      | month | n_persons | n_reached
        sex           | man       | pilot | plan_goes_on | 0     | 1         | 1
        sex           | man       | pilot | working      | 12    | 2         | 2
        sex           | woman     | pilot | plan_goes_on | 0     | 1         | 0
        sex           | woman     | pilot | working      | 12    | 1         | 0
    """
    given = {
        "analysis.group_member": MEMBERS,
        "analysis.continuity_day": plans,
        "analysis.status_day": status,
    }
    check("analysis.group_share", given, expected)
