"""Population, deaths and migrations: these typed rows give those staged rows."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.sql.text_tables import turned

Check = Callable[..., None]


def test_readings_at_the_end_of_a_year_and_of_a_quarter(check_staging: Check) -> None:
    given = """
        person_key | FOED_DAG   | KOEN | KOM | IE_TYPE | REFERENCETID | BOP_VFRA   | CIVST | ANTBOERNF | BETALINGSKOM
        1          | 1980-05-06 | 1    | 101 | 1       | 1995-12-31   | 1990-01-01 | U     | 0         | 101
        1          | 1980-05-06 | 1    | 316 | 1       | 2016-03-31   | 2016-02-01 | G     | 2         | 101
        2          | 1981-05-06 | 2    | 615 | 3       | 2016-03-31   | -          | O     | -         | -
        3          | 1981-05-06 | 2    | 615 | 2       | 2016-03-31   | -          | -     | -         | -
    """
    expected = turned("""
        person_key          | 1          | 1          | 2                     | 3
        birth_date          | 1980-05-06 | 1980-05-06 | 1981-05-06            | 1981-05-06
        sex                 | man        | man        | woman                 | woman
        municipality        | 101        | 316        | 615                   | 615
        origin              | danish     | danish     | descendant            | immigrant
        reference_date      | 1995-12-31 | 2016-03-31 | 2016-03-31            | 2016-03-31
        moved_in_date       | 1990-01-01 | 2016-02-01 | -                     | -
        civil_status        | unmarried  | married    | partnership_dissolved | -
        n_children          | 0          | 2          | -                     | -
        paying_municipality | 101        | 101        | -                     | -
    """)
    check_staging("bef", given, expected)


def test_deaths(check_staging: Check) -> None:
    check_staging(
        "dod",
        "person_key | DODDATO | ALDER_HAEND\n1 | 2016-01-02 | 40",
        "person_key | death_date | age_years\n1 | 2016-01-02 | 40",
    )


@pytest.mark.parametrize("table", ["vnds", "vnds_hist"])
def test_migrations_with_a_letter_for_the_direction(check_staging: Check, table: str) -> None:
    given = """
        person_key | HAEND_DATO | INDUD_KODE | INDUD_LAND
        1          | 2001-01-02 | U          | 5120
        1          | 2002-01-02 | I          | 5120
    """
    expected = """
        person_key | event_date | direction | country
        1          | 2001-01-02 | out       | 5120
        1          | 2002-01-02 | in        | 5120
    """
    check_staging(table, given, expected)


@pytest.mark.parametrize(("table", "column", "direction"), [("vnds_ud", "UDV", "out"), ("vnds_ind", "INDV", "in")])
def test_migrations_with_a_register_for_the_direction(
    check_staging: Check, table: str, column: str, direction: str
) -> None:
    check_staging(
        table,
        f"person_key | HAEND_DATO | {column}_LAND | FOED_DAG\n1 | 2016-01-02 | 5120 | 1980-01-01",
        f"person_key | event_date | direction | country\n1 | 2016-01-02 | {direction} | 5120",
    )
