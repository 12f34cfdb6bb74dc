"""analysis: contact_time, case_open_time: sums over persons that rates in custody and after it are made of.

In custody from 1 February 2016, released on 10 May 2016: 29 + 31 + 30 + 9 = 99 days. Three months after release, up to
10 August, are 31 + 30 + 31 = 92 days.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

import polars as pl
import pytest

from evalkit.warehouse import Model, Warehouse
from tests.sql.conftest import PARAMETERS

Check = Callable[..., None]

COHORT = """
    person_key | episode | arm   | admission_date | index_date
    1          | 1       | pilot | 2016-02-01     | 2016-05-10
    1          | 2       | pilot | 2017-02-01     | 2017-05-10
"""
SUMS = "n_persons | n_without | all_events | all_days | events_squared | events_days | days_squared"
NO_CONTACT = "1 | 1 | 0 | 99 | 0 | 0 | 9801"


@pytest.mark.parametrize(
    ("contact", "custody", "after"),
    [
        ("2016-02-01 | visit | -", 1, 0),
        ("2016-01-31 | visit | -", 0, 0),
        ("2016-05-09 | meeting | true", 1, 0),
        ("2016-05-10 | telephone | -", 0, 1),  # the day of release
        ("2016-08-09 | visit | -", 0, 1),
        ("2016-08-10 | visit | -", 0, 0),  # three months later
        ("2016-03-01 | three_party_meeting | false", 0, 0),  # not attended
        ("2016-03-01 | notification | -", 0, 0),  # to the municipality
    ],
)
def test_a_contact_counts_in_the_period_in_which_it_was(check: Check, contact: str, custody: int, after: int) -> None:
    tables = {
        "analysis.cohort": COHORT,
        "core.contact": f"person_key | contact_date | contact_kind | attended\n1 | {contact}",
    }
    expected = f"""
        period        | {SUMS}
        custody       | 1 | {1 - custody} | {custody} | 99 | {custody} | {99 * custody} | 9801
        after_release | 1 | {1 - after}   | {after}   | 92 | {after}   | {92 * after}   | 8464
    """
    check("analysis.contact_time", tables, expected)


@pytest.mark.parametrize(
    ("table", "row", "days"),
    [
        ("core.death", "person_key | death_date\n1 | 2016-05-20", 10),
        ("core.absence", "person_key | start_date | stop_date\n1 | 2016-05-21 | 2016-05-22", 11),
        ("core.absence", "person_key | start_date | stop_date\n1 | 2015-05-21 | 2015-05-22", 92),
        ("core.custody_stay", "person_key | start_date | stop_date\n1 | 2016-05-22 | -", 12),
        ("core.custody_stay", "person_key | start_date | stop_date\n1 | 2016-02-01 | 2016-05-10", 92),
        ("core.custody_stay", "person_key | start_date | stop_date\n1 | 2016-08-10 | -", 92),
    ],
)
def test_time_after_release_stops_at_death_emigration_and_custody(
    check: Check, table: str, row: str, days: int
) -> None:
    expected = f"""
        period        | {SUMS}
        custody       | {NO_CONTACT}
        after_release | 1 | 1 | 0 | {days} | 0 | 0 | {days**2}
    """
    check("analysis.contact_time", {"analysis.cohort": COHORT, table: row}, expected)


def test_time_after_release_stops_at_the_first_of_them(check: Check) -> None:
    tables = {
        "analysis.cohort": COHORT,
        "core.death": "person_key | death_date\n1 | 2016-06-20",
        "core.custody_stay": "person_key | start_date | stop_date\n1 | 2016-05-22 | 2016-05-23\n1 | 2016-06-01 | -",
    }
    expected = f"""
        period        | {SUMS}
        custody       | {NO_CONTACT}
        after_release | 1 | 1 | 0 | 12 | 0 | 0 | 144
    """
    check("analysis.contact_time", tables, expected)


def test_time_after_release_stops_where_the_data_end(check: Check) -> None:
    expected = f"""
        period        | {SUMS}
        custody       | {NO_CONTACT}
        after_release | 1 | 1 | 0 | 22 | 0 | 0 | 484
    """
    check("analysis.contact_time", {"analysis.cohort": COHORT}, expected, vintage=date(2016, 6, 1))


def test_who_is_back_at_once_has_no_time_after_release_and_sums_are_over_persons(check: Check) -> None:
    # Persons 1 and 2 have 2 and 1 contacts in 99 and 9 days of custody; person 2 is in custody again from release on.
    others = "2 | 1 | pilot | 2016-05-01 | 2016-05-10\n3 | 1 | comparison | 2016-05-10 | 2016-05-10"
    tables = {
        "analysis.cohort": f"{COHORT.rstrip()}\n{others}",
        "core.custody_stay": "person_key | start_date | stop_date\n2 | 2016-05-10 | -\n3 | 2016-05-10 | -",
        "core.contact": """
            person_key | contact_date | contact_kind
            1          | 2016-03-01   | visit
            1          | 2016-03-01   | telephone
            2          | 2016-05-05   | visit
            2          | 2016-05-11   | visit
        """,
    }
    expected = f"""
        arm        | period        | {SUMS}
        comparison | custody       | 0 | 0 | 0 | 0   | 0 | 0   | 0
        comparison | after_release | 0 | 0 | 0 | 0   | 0 | 0   | 0
        pilot      | custody       | 2 | 0 | 3 | 108 | 5 | 207 | 9882
        pilot      | after_release | 1 | 1 | 0 | 92  | 0 | 0   | 8464
    """
    check("analysis.contact_time", tables, expected)


@pytest.mark.parametrize(
    ("plans", "n_open", "days"),
    [
        (("2016-01-01 | -",), 1, 99),
        (("2016-02-02 | 2016-05-09",), 1, 97),
        (("2016-05-09 | -",), 1, 1),
        (("2016-05-10 | -",), 0, 0),  # on the day of release
        (("2015-01-01 | 2016-02-01",), 0, 0),  # closed on the day of admission
        (("2016-02-01 | 2016-02-11", "2016-02-06 | 2016-02-21"), 1, 20),  # days on which two are open count once
        (("2016-02-01 | 2016-03-01", "2016-02-06 | 2016-02-10"), 1, 29),
        (("2016-02-01 | 2016-02-11", "2016-02-21 | 2016-02-22"), 1, 11),
    ],
)
def test_days_with_an_open_plan(check: Check, plans: tuple[str, ...], n_open: int, days: int) -> None:
    rows = "\n".join(f"1 | municipality | {plan}" for plan in plans)
    prison = "1 | prison_service | 2016-02-01 | -"
    tables = {
        "analysis.cohort": COHORT,
        "core.plan": f"person_key | owner | created_on | closed_on\n{rows}\n{prison}",
    }
    expected = f"""
        arm   | n_persons | n_open   | all_events | all_days | events_squared | events_days | days_squared
        pilot | 1         | {n_open} | {days}     | 99       | {days**2}      | {99 * days} | 9801
    """
    check("analysis.case_open_time", tables, expected)


def test_a_plan_is_open_in_a_stay_without_days(check: Check) -> None:
    tables = {
        "analysis.cohort": """
            person_key | episode | arm   | admission_date | index_date
            1          | 1       | pilot | 2016-05-10     | 2016-05-10
        """,
        "core.plan": "person_key | owner | created_on | closed_on\n1 | municipality | 2016-01-01 | 2016-05-10",
    }
    check("analysis.case_open_time", tables, "n_persons | n_open | all_events | all_days\n1 | 1 | 0 | 0")


@pytest.mark.parametrize("model", ["analysis.contact_time", "analysis.case_open_time"])
def test_sums_are_whole_numbers_that_divide(warehouse: Warehouse, models: Mapping[str, Model], model: str) -> None:
    # A sum of whole numbers has a wider type, which Polars divides as decimals without decimals.
    values = {name: PARAMETERS[name] for name in models[model].parameters}
    schema = warehouse.fetch(models[model].sql, values).schema
    names = ("all_events", "all_days", "events_squared", "events_days", "days_squared")
    assert {schema[name] for name in names} == {pl.Int64}
