"""analysis.guilty_offence and analysis.reoffence: what counts as reoffending, and when it happened."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Check = Callable[..., None]


def offences(*rows: str) -> str:
    header = "person_key | journal | offence_date | offence_date_source | offence_code | decision_date | decision_code"
    return "\n".join([f"{header} | fine_dkk", *rows])


NONE = "journal"


@pytest.mark.parametrize(
    "code", ["0", "11", "30", "31", "34", "35", "69", "72", "74", "75", "100", "101", "118", "121"]
)
def test_acquittals_and_withdrawn_charges_are_not_guilty(check: Check, code: str) -> None:
    given = offences(f"1 | a | 2016-01-01 | S | 138072000 | 2016-05-01 | {code} | -")
    check("analysis.guilty_offence", {"core.offence": given}, NONE)


@pytest.mark.parametrize("code", ["1", "2", "4", "6", "21", "22", "25", "29", "81", "88"])
def test_all_other_decisions_are_guilty(check: Check, code: str) -> None:
    # Conditional withdrawal (22-28) is among the sanctions of the recidivism statistics.
    given = offences(f"1 | a | 2016-01-01 | S | 138072000 | 2016-05-01 | {code} | -")
    expected = """
        person_key | journal | offence_date | offence_date_source | offence_code | decision_date
        1          | a       | 2016-01-01   | S                   | 138072000    | 2016-05-01
    """
    check("analysis.guilty_offence", {"core.offence": given}, expected)


def test_an_undecided_charge_is_not_guilty(check: Check) -> None:
    check("analysis.guilty_offence", {"core.offence": offences("1 | a | 2016-01-01 | S | 138072000 | - | - | -")}, NONE)


def test_small_traffic_fines_do_not_count_and_the_limit_moved_in_2012(check: Check) -> None:
    # By the year of the decision, not of the offence (case d). Fines for other offences count whatever their size.
    given = offences(
        "1 | a | 2016-01-01 | S | 222080210 | 2016-05-01 | 21 | 2499.99",
        "1 | b | 2016-01-01 | S | 222080210 | 2016-05-01 | 21 | 2500",
        "1 | c | 2011-01-01 | S | 222080210 | 2011-12-31 | 2  | 1500",
        "1 | d | 2011-01-01 | S | 222080210 | 2012-01-01 | 2  | 2000",
        "1 | e | 2011-01-01 | S | 222080210 | 2011-12-31 | 2  | 1499",
        "1 | f | 2016-01-01 | S | 138072000 | 2016-05-01 | 21 | 500",
        "1 | g | 2016-01-01 | S | 222080210 | 2016-05-01 | 1  | 500",
        "1 | h | 2016-01-01 | S | 320080210 | 2016-05-01 | 2  | 2000",
    )
    expected = """
        journal
        b
        c
        f
        g
        h
    """
    check("analysis.guilty_offence", {"core.offence": given}, expected)


def test_an_unknown_amount_or_an_unknown_law_is_not_a_small_traffic_fine(check: Check) -> None:
    # Missing is not zero: only what is known to be small is left out.
    given = offences(
        "1 | a | 2016-01-01 | S | 222080210 | 2016-05-01 | 21 | -",
        "1 | b | 2016-01-01 | S | -         | 2016-05-01 | 21 | 500",
        "1 | c | 2016-01-01 | S | 222080210 | 2016-05-01 | 21 | 0",
    )
    check("analysis.guilty_offence", {"core.offence": given}, "journal\na\nb")


@pytest.mark.parametrize("code", ["2", "8", "12", "13", "14", "16", "17", "18", "19", "20", "21"])
def test_every_kind_of_fine_falls_under_the_traffic_limit(check: Check, code: str) -> None:
    given = offences(f"1 | a | 2016-01-01 | S | 222080210 | 2016-05-01 | {code} | 1000")
    check("analysis.guilty_offence", {"core.offence": given}, NONE)


def test_decisions_from_the_vintage_on_are_not_complete_and_not_used(check: Check) -> None:
    given = offences(
        "1 | a | 2016-01-01 | S | 138072000 | 2023-06-30 | 1 | -",
        "1 | b | 2016-01-01 | S | 138072000 | 2023-07-01 | 1 | -",
    )
    check("analysis.guilty_offence", {"core.offence": given}, "journal\na")


COHORT = """
    person_key | arm   | index_date | follow_up_end
    1          | pilot | 2016-05-10 | 2018-05-10
"""
NOBODY = "person_key | offence_date"


@pytest.mark.parametrize("day", ["2016-05-11", "2017-01-01", "2018-05-10"])
def test_offences_after_the_index_date_up_to_the_last_day_count(check: Check, day: str) -> None:
    guilty = f"""
        person_key | journal | offence_date | offence_date_source | decision_date
        1          | a       | {day}        | S                   | 2018-12-01
    """
    expected = f"""
        person_key | offence_date | offence_date_source
        1          | {day}        | S
    """
    check("analysis.reoffence", {"analysis.cohort": COHORT, "analysis.guilty_offence": guilty}, expected)


@pytest.mark.parametrize(
    "day",
    [
        "2016-05-10",  # on the day of release: it may have been before
        "2016-05-09",  # pseudo-reconviction: committed before, decided after
        "2018-05-11",  # the day after the last
    ],
)
def test_offences_outside_follow_up_do_not_count(check: Check, day: str) -> None:
    guilty = f"""
        person_key | journal | offence_date | offence_date_source | decision_date
        1          | a       | {day}        | S                   | 2018-12-01
    """
    check("analysis.reoffence", {"analysis.cohort": COHORT, "analysis.guilty_offence": guilty}, NOBODY)


def test_the_decision_must_fall_by_the_end_of_the_third_calendar_year_after(check: Check) -> None:
    # Released in 2016: decisions of 2016 to 2019.
    cohort = """
        person_key | arm   | index_date | follow_up_end
        1          | pilot | 2016-01-01 | 2018-01-01
        2          | pilot | 2016-01-01 | 2018-01-01
        3          | pilot | 2016-12-31 | 2018-12-31
        4          | pilot | 2016-12-31 | 2018-12-31
        5          | pilot | 2016-01-01 | 2018-01-01
        6          | pilot | 2016-01-01 | 2018-01-01
    """
    guilty = """
        person_key | journal | offence_date | offence_date_source | decision_date
        1          | a       | 2017-02-01   | S                   | 2019-12-31
        2          | a       | 2017-02-01   | S                   | 2020-01-01
        3          | a       | 2017-02-01   | S                   | 2019-12-31
        4          | a       | 2017-02-01   | S                   | 2020-01-01
        5          | a       | 2017-02-01   | S                   | 2015-12-31
        6          | a       | 2016-02-01   | S                   | 2016-03-31
    """
    expected = """
        person_key | offence_date
        1          | 2017-02-01
        3          | 2017-02-01
        6          | 2016-02-01
    """
    check("analysis.reoffence", {"analysis.cohort": cohort, "analysis.guilty_offence": guilty}, expected)


def test_the_preset_says_how_many_calendar_years_are_read(check: Check) -> None:
    guilty = """
        person_key | journal | offence_date | offence_date_source | decision_date
        1          | a       | 2017-02-01   | S                   | 2018-01-01
    """
    given = {"analysis.cohort": COHORT, "analysis.guilty_offence": guilty}
    check("analysis.reoffence", given, NOBODY, decision_calendar_years=1)


def test_the_first_offence_counts_not_the_first_decision(check: Check) -> None:
    # Of two on one day the one dated by the charge is kept; another person's offences do not matter.
    guilty = """
        person_key | journal | offence_date | offence_date_source | decision_date
        1          | a       | 2017-09-01   | S                   | 2017-10-01
        1          | b       | 2017-02-01   | A                   | 2017-02-01
        1          | c       | 2017-02-01   | S                   | 2018-12-01
        2          | d       | 2016-09-01   | S                   | 2016-10-01
    """
    expected = """
        person_key | offence_date | offence_date_source
        1          | 2017-02-01   | S
    """
    check("analysis.reoffence", {"analysis.cohort": COHORT, "analysis.guilty_offence": guilty}, expected)


# From the registers all the way: one person, in custody from 1 February to 10 May 2016, followed to 10 May 2018.
PERSON = {
    "staging.krin": """
        person_key | journal | admission_date | release_date | custody_code
        1          | a       | 2016-02-01     | 2016-05-10   | 5
    """,
    "staging.bef": """
        person_key | birth_date | municipality | reference_date
        1          | 1990-01-01 | 101          | 2015-12-31
    """,
}


def test_an_acquittal_on_appeal_takes_the_offence_away(check_chain: Check) -> None:
    charges = """
        person_key | journal | offence_start_date | charge_date | offence_code
        1          | x       | 2016-09-01         | 2016-09-05  | 138072000
        1          | y       | 2017-09-01         | 2017-09-05  | 138072000
    """
    decisions = """
        person_key | journal | decision_date | decision_code | offence_code
        1          | x       | 2016-12-01    | 1             | 138072000
        1          | x       | 2017-03-01    | 11            | 138072000
        1          | y       | 2017-12-01    | 1             | 138072000
        1          | y       | 2018-03-01    | 4             | 138072000
    """
    expected = """
        person_key | offence_date | offence_date_source
        1          | 2017-09-01   | S
    """
    check_chain("analysis.reoffence", {**PERSON, "staging.krsi": charges, "staging.kraf": decisions}, expected)


def test_a_case_counts_by_the_act_in_follow_up_and_not_by_the_ones_before(check_chain: Check) -> None:
    # Case x: one act before release, one after. Case y: all before, decided after.
    charges = """
        person_key | journal | offence_start_date | charge_date | offence_code
        1          | x       | 2015-09-01         | 2017-09-05  | 138072000
        1          | x       | 2017-08-01         | 2017-09-05  | 138072000
        1          | y       | 2016-01-15         | 2016-09-05  | 138072000
    """
    decisions = """
        person_key | journal | decision_date | decision_code | offence_code
        1          | x       | 2017-12-01    | 1             | 138072000
        1          | y       | 2016-12-01    | 1             | 138072000
    """
    expected = """
        person_key | offence_date | offence_date_source
        1          | 2017-08-01   | S
    """
    check_chain("analysis.reoffence", {**PERSON, "staging.krsi": charges, "staging.kraf": decisions}, expected)


def test_without_a_charge_the_decision_dates_the_offence(check_chain: Check) -> None:
    decisions = """
        person_key | journal | decision_date | decision_code | offence_code
        1          | x       | 2017-12-01    | 1             | 138072000
    """
    expected = """
        person_key | offence_date | offence_date_source
        1          | 2017-12-01   | A
    """
    check_chain("analysis.reoffence", {**PERSON, "staging.kraf": decisions}, expected)
