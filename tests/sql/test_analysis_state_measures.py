"""What is worked out from the states: when work begins, whether it lasts, days in each state, changes between them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import polars as pl

from evalkit.warehouse import Model, Warehouse
from tests.sql.conftest import PARAMETERS

Check = Callable[..., None]

COHORT = """
    person_key | episode | arm        | index_date
    1          | 1       | pilot      | 2016-01-31
    1          | 2       | pilot      | 2017-01-31
    2          | 1       | pilot      | 2016-01-31
    3          | 1       | comparison | 2016-01-31
"""
# Person 1 works from 30 April 2016 to 30 June 2016 and from 30 April 2017; person 2 studies on the day of release and
# 181 days more, person 3 one day longer: 183 of 365 days are more than half of the year, 182 are not.
SPELLS = """
    person_key | episode | arm        | index_date | spell_number | state        | start_date | stop_date
    1          | 1       | pilot      | 2016-01-31 | 1            | benefit      | 2016-01-31 | 2016-04-30
    1          | 1       | pilot      | 2016-01-31 | 2            | employed     | 2016-04-30 | 2016-06-30
    1          | 1       | pilot      | 2016-01-31 | 3            | benefit      | 2016-06-30 | 2017-04-30
    1          | 1       | pilot      | 2016-01-31 | 4            | employed     | 2017-04-30 | 2018-02-01
    1          | 2       | pilot      | 2017-01-31 | 1            | in_education | 2017-01-31 | 2019-02-01
    2          | 1       | pilot      | 2016-01-31 | 1            | in_education | 2016-01-31 | 2016-07-31
    2          | 1       | pilot      | 2016-01-31 | 2            | no_record    | 2016-07-31 | 2018-02-01
    3          | 1       | comparison | 2016-01-31 | 1            | in_education | 2016-01-31 | 2016-08-01
    3          | 1       | comparison | 2016-01-31 | 2            | dead         | 2016-08-01 | 2018-02-01
"""
GIVEN = {"analysis.cohort": COHORT, "analysis.state_spell": SPELLS}


def test_the_first_day_in_work_or_education_is_the_beginning(check: Check) -> None:
    expected = """
        person_key | arm        | begin_date
        1          | pilot      | 2016-04-30
        2          | pilot      | 2016-01-31
        3          | comparison | 2016-01-31
    """
    check("analysis.work_begin", GIVEN, expected)


def test_who_began_up_to_and_with_the_day_has_begun(check_chain: Check) -> None:
    # Three months after 31 January is 30 April, the day on which person 1 begins; two months after is 31 March.
    expected = """
        arm        | month | n_persons | n_started
        comparison | 2     | 1         | 1
        comparison | 3     | 1         | 1
        pilot      | 2     | 2         | 1
        pilot      | 3     | 2         | 2
    """
    check_chain("analysis.work_start", GIVEN, expected, status_months=[2, 3])


def test_a_break_does_not_end_it_but_who_is_not_there_on_the_day_is_not_retained(check_chain: Check) -> None:
    # Six months after 30 April person 1 has a benefit, and twelve months after it is at work again. Person 3 still
    # studies on the day six months later, person 2 stopped the day before.
    expected = """
        arm        | month | n_starters | n_working
        comparison | 6     | 1          | 1
        comparison | 12    | 1          | 0
        pilot      | 6     | 2          | 0
        pilot      | 12    | 2          | 1
    """
    check_chain("analysis.retention", GIVEN, expected)


def test_who_begins_too_late_to_be_followed_is_no_starter(check_chain: Check) -> None:
    # Followed for 14 months: who began within two months can be asked twelve months later.
    expected = """
        arm        | month | n_starters | n_working
        comparison | 12    | 1          | 0
        pilot      | 12    | 1          | 0
    """
    check_chain("analysis.retention", GIVEN, expected, followed_months=14, retention_months=[12])


def test_more_than_half_of_365_days_is_most_of_the_year(check: Check) -> None:
    # Person 1 worked 61 days in the year, person 2 studied 182 and person 3 183.
    expected = """
        arm        | n_persons | n_most_of_year
        comparison | 1         | 1
        pilot      | 2         | 0
    """
    check("analysis.working_year", GIVEN, expected)


def test_days_are_counted_to_the_end_of_the_last_month(check: Check) -> None:
    # Up to 31 January 2018: 731 days over the leap year. Person 1: 90 + 304 days of benefit, 61 + 276 of work.
    expected = """
        arm        | state        | n_persons | n_ever | all_days | all_longest_days
        comparison | benefit      | 1         | 0      | 0        | 0
        comparison | dead         | 1         | 1      | 548      | 548
        comparison | emigrated    | 1         | 0      | 0        | 0
        comparison | employed     | 1         | 0      | 0        | 0
        comparison | in_custody   | 1         | 0      | 0        | 0
        comparison | in_education | 1         | 1      | 183      | 183
        comparison | no_record    | 1         | 0      | 0        | 0
        pilot      | benefit      | 2         | 1      | 394      | 304
        pilot      | dead         | 2         | 0      | 0        | 0
        pilot      | emigrated    | 2         | 0      | 0        | 0
        pilot      | employed     | 2         | 1      | 337      | 276
        pilot      | in_custody   | 2         | 0      | 0        | 0
        pilot      | in_education | 2         | 1      | 182      | 182
        pilot      | no_record    | 2         | 1      | 549      | 549
    """
    check("analysis.time_in_state", GIVEN, expected)


def test_who_enters_a_state_on_the_last_day_was_in_it(check: Check) -> None:
    # The status of that day, and the change into it, are counted too: tables side by side must agree.
    spells = """
        person_key | episode | arm        | index_date | spell_number | state   | start_date | stop_date
        1          | 1       | pilot      | 2016-01-31 | 1            | benefit | 2016-01-31 | 2018-01-31
        1          | 1       | pilot      | 2016-01-31 | 2            | dead    | 2018-01-31 | 2018-02-01
        3          | 1       | comparison | 2016-01-31 | 1            | benefit | 2016-01-31 | 2018-02-01
    """
    states = [{"state": "dead", "state_bit": 1}, {"state": "benefit", "state_bit": 2}]
    expected = """
        arm        | state   | n_persons | n_ever | all_days | all_longest_days
        comparison | benefit | 1         | 1      | 731      | 731
        comparison | dead    | 1         | 0      | 0        | 0
        pilot      | benefit | 2         | 1      | 731      | 731
        pilot      | dead    | 2         | 1      | 0        | 0
    """
    check("analysis.time_in_state", {**GIVEN, "analysis.state_spell": spells}, expected, states=states)


def test_weeks_are_counted_from_the_index_date(check: Check) -> None:
    # Week 26 begins on 31 July 2016, the day after person 2's last; person 3 has one day more.
    states = [{"state": "in_education", "state_bit": 1}, {"state": "no_record", "state_bit": 2}]
    expected = """
        arm        | week | state        | n_persons
        comparison | 0    | in_education | 1
        comparison | 0    | no_record    | 0
        comparison | 26   | in_education | 1
        comparison | 26   | no_record    | 0
        pilot      | 0    | in_education | 1
        pilot      | 0    | no_record    | 0
        pilot      | 26   | in_education | 0
        pilot      | 26   | no_record    | 1
    """
    check("analysis.state_week", GIVEN, expected, state_weeks=[0, 26], states=states)


def test_a_person_makes_a_change_once_however_often(check: Check) -> None:
    expected = """
        arm        | from_state   | to_state  | n_persons
        comparison | in_education | dead      | 1
        pilot      | benefit      | employed  | 1
        pilot      | employed     | benefit   | 1
        pilot      | in_education | no_record | 1
    """
    check("analysis.transition", GIVEN, expected)


def test_sums_of_days_are_whole_numbers_that_divide(warehouse: Warehouse, models: Mapping[str, Model]) -> None:
    # A sum of whole numbers has a wider type, which Polars divides as decimals without decimals.
    sql = models["analysis.time_in_state"].sql
    values = {name: PARAMETERS[name] for name in models["analysis.time_in_state"].parameters}
    frame = warehouse.fetch(sql, values)
    assert frame.schema["all_days"] == frame.schema["all_longest_days"] == pl.Int64


def test_without_support_in_the_week_one_supports_oneself(check: Check) -> None:
    """Three months after 31 January is 30 April. Everyone counts; who is inside supports nobody."""
    cohort = "person_key | episode | arm | index_date" + "".join(f"\n{n} | 1 | pilot | 2016-01-31" for n in range(1, 7))
    days = """
        person_key | episode | arm   | month | state
        1          | 1       | pilot | 3     | employed
        2          | 1       | pilot | 3     | employed
        3          | 1       | pilot | 3     | no_record
        4          | 1       | pilot | 3     | in_custody
        5          | 1       | pilot | 3     | benefit
        6          | 1       | pilot | 3     | in_education
    """
    given = {
        "analysis.cohort": cohort,
        "analysis.status_day": days,
        "analysis.status": "arm | month | state | n_persons\npilot | 3 | employed | 2\npilot | 3 | no_record | 4",
        "core.benefit_spell": """
            person_key | benefit_code | start_date | stop_date
            2          | 115          | 2016-04-25 | 2016-05-02
            3          | 730          | 2016-04-18 | 2016-04-25
            5          | 730          | 2016-04-25 | 2016-05-02
            6          | 997          | 2016-04-25 | 2016-05-02
        """,
        "core.employment_month": """
            person_key | month_start | paid_hours
            1          | 2016-04-01  | 10
            2          | 2016-04-01  | 10
            3          | 2016-05-01  | 10
        """,
    }
    expected = """
        arm   | month | n_persons | n_self_supporting | n_paid
        pilot | 3     | 6         | 3                 | 1
    """
    check("analysis.self_support", given, expected, status_months=[3])
