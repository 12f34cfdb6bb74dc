"""Benefits, work and education: these typed rows give those staged rows."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.sql.text_tables import turned

Check = Callable[..., None]


def test_dream_has_one_row_a_person(check_staging: Check) -> None:
    check_staging(
        "dream",
        "person_key | FOEDDT | KON | HERKOMST\n1 | 1980-05-01 | 1 | 5",
        "person_key | birth_month | sex_code | origin_code\n1 | 1980-05-01 | 1 | 5",
    )


def test_weeks_on_a_benefit(check_staging: Check) -> None:
    check_staging(
        "dream_spell",
        "person_key | start_date | stop_date | value\n1 | 2015-12-21 | 2016-01-18 | 730",
        "person_key | benefit_code | start_date | stop_date\n1 | 730 | 2015-12-21 | 2016-01-18",
    )


@pytest.mark.parametrize(("delivered", "industry"), [("620100", "620100"), ("11100", "011100"), ("62", "62")])
def test_months_in_an_industry_get_their_leading_zero_back(check_staging: Check, delivered: str, industry: str) -> None:
    check_staging(
        "dream_industry_spell",
        f"person_key | start_date | stop_date | value\n1 | 2016-01-01 | 2016-03-01 | {delivered}",
        f"person_key | industry | start_date | stop_date\n1 | {industry} | 2016-01-01 | 2016-03-01",
    )


def test_months_of_a_degree_of_employment(check_staging: Check) -> None:
    check_staging(
        "dream_employment_rate_spell",
        "person_key | start_date | stop_date | value\n1 | 2016-01-01 | 2016-03-01 | 0.75",
        "person_key | employment_rate | start_date | stop_date\n1 | 0.75 | 2016-01-01 | 2016-03-01",
    )


def test_match_and_visitation_groups_by_quarter_whatever_the_case(check_staging: Check) -> None:
    given = """
        person_key | name          | value
        1          | MATCH_1KV2008 | 2
        1          | match_3kv2012 | 3
        1          | VISIT_2KV2016 | 2.2
        1          | visit_4kv2020 | 10
    """
    expected = """
        person_key | scheme     | quarter_start | group_code
        1          | match      | 2008-01-01    | 2
        1          | match      | 2012-07-01    | 3
        1          | visitation | 2016-04-01    | 2.2
        1          | visitation | 2020-10-01    | 10
    """
    check_staging("dream_match_group", given, expected)


def test_a_job_stops_the_day_after_its_last(check_staging: Check) -> None:
    given = turned("""
        person_key           | 1
        AJO_JOB_START_DATO   | 2016-02-01
        AJO_JOB_SLUT_DATO    | 2016-02-29
        AJO_LOENTIMER        | 160.33
        AJO_SMALT_LOENBELOEB | 23000
        AJO_BREDT_LOENBELOEB | 25000
        AJO_BRANCHE07        | 11100
        AJO_ARB_KOMKODE      | 101
    """)
    expected = turned("""
        person_key             | 1
        start_date             | 2016-02-01
        stop_date              | 2016-03-01
        paid_hours             | 160.33
        wage_dkk               | 23000.0
        broad_wage_dkk         | 25000.0
        industry               | 011100
        workplace_municipality | 101
    """)
    check_staging("bfl", given, expected)


def test_main_status_of_a_year(check_staging: Check) -> None:
    # SOCIO13 stands before SOCIO02; the year may come as a year or as a day.
    given = """
        person_key | AAR        | SOCIO13 | SOCIO02
        1          | 2016       | 114     | 330
        2          | 2016-12-31 | 135     | -
        3          | 2003       | -       | 330
        4          | 2003       | -       | 999
        5          | 2016       | 210     | -
        6          | 2016       | 321     | -
        7          | 2016       | -       | -
    """
    expected = """
        person_key | year | status_code | status
        1          | 2016 | 114         | self_employed
        2          | 2016 | 135         | employed
        3          | 2003 | 330         | social_assistance
        4          | 2003 | 999         | not_in_register
        5          | 2016 | 210         | unemployed
        6          | 2016 | 321         | disability_pension
        7          | 2016 | -           | -
    """
    check_staging("akm", given, expected)


def test_november_jobs_before_and_after_2008(check_staging: Check) -> None:
    given = """
        person_key | AAR  | STOETTE_BESK_KODE | TYPE_2008 | TYPE | ANSDAGE_2008 | ANSDAGE | SMALT_LOEN_BELOEB | JOBLON
        1          | 2016 | 3                 | H         | -    | 120          | -       | 90000             | -
        2          | 2005 | -                 | -         | 2    | -            | 365     | -                 | 80000
        3          | 2016 | 0                 | H         | -    | 10           | -       | 100               | -
    """
    expected = """
        person_key | year | support       | job_type_code | employed_days | wage_dkk
        1          | 2016 | flexible_job  | H             | 120           | 90000.0
        2          | 2005 | -             | 2             | 365           | 80000.0
        3          | 2016 | ordinary      | H             | 10            | 100.0
    """
    check_staging("idan", given, expected)


def test_highest_and_current_education(check_staging: Check) -> None:
    given = """
        person_key | HFAUDD | HF_VFRA    | UDD  | IG_VFRA    | ERHAUDD | ERH_VFRA   | AAR
        1          | 0010   | 2001-06-30 | 5090 | 2016-08-01 | 4080    | 2010-06-30 | 2016
    """
    expected = turned("""
        person_key           | 1
        highest_programme    | 0010
        highest_from_date    | 2001-06-30
        current_programme    | 5090
        current_from_date    | 2016-08-01
        vocational_programme | 4080
        vocational_from_date | 2010-06-30
        year                 | 2016
    """)
    check_staging("udda", given, expected)


def test_an_enrolment_stops_the_day_after_its_last_and_may_go_on(check_staging: Check) -> None:
    given = """
        person_key | UDD  | AUDD | UDEL | ELEV3_VFRA | ELEV3_VTIL | TILG_ART | AFG_ART
        1          | 5090 | 5090 | 51   | 2016-01-01 | 2016-06-30 | 1        | 1
        1          | 5091 | -    | 52   | 2016-08-01 | -          | 2        | 4
    """
    expected = """
        person_key | programme | start_date | stop_date  | exit_code | entry_code | completed_programme | part_code
        1          | 5090      | 2016-01-01 | 2016-07-01 | 1         | 1          | 5090                | 51
        1          | 5091      | 2016-08-01 | -          | 4         | 2          | -                   | 52
    """
    check_staging("kotre", given, expected)


def test_time_to_event(check_staging: Check) -> None:
    given = """
        person_key | ARM | ENTRY | EXIT | EVENT
        1          | 1   | -     | 10   | true
        2          | 0   | 3     | 20   | false
    """
    expected = """
        person_key | arm | entry_time | exit_time | event_type
        1          | 1   | 0          | 10        | 1
        2          | 0   | 3          | 20        | 0
    """
    check_staging("time_to_event", given, expected)
    cells = "person_key | name | value\n1 | age | 20.0\n1 | prior | 1.5"
    check_staging("time_to_event_covariate", cells, cells)
