"""From registers to the first event: analysis.ruling, outcome_event, counted_event and reoffence."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.sql.outcome_parameters import PRIMARY_RULE

Check = Callable[..., None]

COHORT = """
    person_key | arm   | index_date
    1          | pilot | 2016-05-10
"""
NOBODY = "person_key | event_date"


def charges(*rows: str) -> str:
    header = "person_key | journal | offence_start_date | offence_end_date | charge_date | offence_code"
    return "\n".join((header, *rows))


def decisions(*rows: str) -> str:
    return "\n".join(("person_key | journal | decision_date | decision_code | offence_code | fine_dkk", *rows))


def given(charged: str, decided: str, cohort: str = COHORT) -> dict[str, str]:
    return {"analysis.cohort": cohort, "staging.krsi": charged, "staging.kraf": decided}


def rule(**changed: object) -> dict[str, object]:
    return {"outcomes": [{**PRIMARY_RULE, **changed}]}


CHARGED = charges("1 | a | 2016-09-01 | - | 2016-09-05 | 138072000")


@pytest.mark.parametrize(
    "code", ["0", "11", "30", "31", "34", "35", "69", "72", "74", "75", "100", "101", "118", "121"]
)
def test_acquittals_and_withdrawn_charges_are_not_guilty(check_chain: Check, code: str) -> None:
    decided = decisions(f"1 | a | 2016-12-01 | {code} | 138072000 | -")
    check_chain("analysis.reoffence", given(CHARGED, decided), NOBODY)


@pytest.mark.parametrize("code", ["1", "2", "4", "6", "7", "9", "21", "22", "25", "29", "81", "88", "110", "202"])
def test_all_other_decisions_are_guilty(check_chain: Check, code: str) -> None:
    decided = decisions(f"1 | a | 2016-12-01 | {code} | 138072000 | -")
    expected = "person_key | event_date | event_date_source\n1 | 2016-09-01 | S"
    check_chain("analysis.reoffence", given(CHARGED, decided), expected)


def test_the_limit_of_small_traffic_fines_moved_in_2012(check_chain: Check) -> None:
    cohort = "person_key | arm | index_date\n1 | pilot | 2010-05-10"
    charged = charges(
        *(f"1 | {one} | 2011-0{place}-01 | - | 2011-10-01 | 222080210" for place, one in enumerate("abcd", start=1))
    )
    decided = decisions(
        "1 | a | 2011-12-31 | 21 | 222080210 | 1499",
        "1 | b | 2011-12-31 | 21 | 222080210 | 1500",
        "1 | c | 2012-01-01 | 21 | 222080210 | 2499",
        "1 | d | 2012-01-01 | 21 | 222080210 | 2500",
    )
    expected = """
        outcome | person_key | journal | event_date
        primary | 1          | b       | 2011-02-01
        primary | 1          | d       | 2011-04-01
    """
    check_chain("analysis.counted_event", given(charged, decided, cohort), expected)


def test_decisions_from_the_vintage_on_are_not_complete_and_not_used(check_chain: Check) -> None:
    cohort = "person_key | arm | index_date\n1 | pilot | 2022-05-10"
    charged = charges(
        "1 | a | 2022-06-01 | - | 2022-06-05 | 138072000", "1 | b | 2022-06-02 | - | 2022-06-05 | 138072000"
    )
    decided = decisions("1 | a | 2023-06-30 | 1 | 138072000 | -", "1 | b | 2023-07-01 | 1 | 138072000 | -")
    expected = "person_key | journal | registered_on\n1 | a | 2023-06-30"
    check_chain("analysis.outcome_event", given(charged, decided, cohort), expected)


@pytest.mark.parametrize(
    ("day", "counts"),
    [
        ("2016-05-09", False),
        ("2016-05-10", False),
        ("2016-05-11", True),
        ("2018-05-10", True),
        ("2018-05-11", False),
    ],
)
def test_offences_after_the_index_date_up_to_the_last_day_count(check_chain: Check, day: str, counts: bool) -> None:
    charged = charges(f"1 | a | {day} | - | 2018-06-05 | 138072000")
    decided = decisions("1 | a | 2018-12-01 | 1 | 138072000 | -")
    expected = f"person_key | event_date\n1 | {day}" if counts else NOBODY
    check_chain("analysis.reoffence", given(charged, decided), expected)


@pytest.mark.parametrize("years", [3, 2])
def test_the_decision_must_fall_by_the_end_of_the_third_calendar_year_after(check_chain: Check, years: int) -> None:
    # Released in 2016: decisions of 2016 to 2019, however late in the year the release was.
    cohort = """
        person_key | arm   | index_date
        1          | pilot | 2016-01-01
        2          | pilot | 2016-01-01
        3          | pilot | 2016-12-31
        4          | pilot | 2016-12-31
    """
    charged = charges(*(f"{person} | a | 2017-02-01 | - | 2017-02-05 | 138072000" for person in range(1, 5)))
    decided = decisions(
        "1 | a | 2019-12-31 | 1 | 138072000 | -",
        "2 | a | 2020-01-01 | 1 | 138072000 | -",
        "3 | a | 2019-12-31 | 1 | 138072000 | -",
        "4 | a | 2020-01-01 | 1 | 138072000 | -",
    )
    expected = "person_key\n1\n3" if years == 3 else "person_key"
    check_chain("analysis.reoffence", given(charged, decided, cohort), expected, **rule(deadline_calendar_years=years))


def test_a_decision_before_the_index_year_is_not_about_a_later_offence(check_chain: Check) -> None:
    decided = decisions("1 | a | 2015-12-31 | 1 | 138072000 | -")
    check_chain("analysis.reoffence", given(CHARGED, decided), NOBODY)


def test_the_first_offence_counts_not_the_first_decision(check_chain: Check) -> None:
    # Of two on one day the one dated by the charge is kept; another person's offences do not matter.
    charged = charges(
        "1 | a | 2017-09-01 | - | 2017-09-02 | 138072000",
        "1 | c | 2017-02-01 | - | 2017-09-02 | 138072000",
        "2 | d | 2016-09-01 | - | 2016-09-02 | 138072000",
    )
    decided = decisions(
        "1 | a | 2017-10-01 | 1 | 138072000 | -",
        "1 | b | 2017-02-01 | 1 | 138072000 | -",
        "1 | c | 2018-12-01 | 1 | 138072000 | -",
        "2 | d | 2016-10-01 | 1 | 138072000 | -",
    )
    expected = """
        person_key | event_date | event_date_source
        1          | 2017-02-01 | S
    """
    check_chain("analysis.reoffence", given(charged, decided), expected)


def test_an_acquittal_on_appeal_takes_the_offence_away(check_chain: Check) -> None:
    charged = charges(
        "1 | x | 2016-09-01 | - | 2016-09-05 | 138072000", "1 | y | 2017-09-01 | - | 2017-09-05 | 138072000"
    )
    decided = decisions(
        "1 | x | 2016-12-01 | 1 | 138072000 | -",
        "1 | x | 2017-03-01 | 11 | 138072000 | -",
        "1 | y | 2017-12-01 | 11 | 138072000 | -",
        "1 | y | 2018-03-01 | 4 | 138072000 | -",
    )
    check_chain("analysis.reoffence", given(charged, decided), "person_key | event_date\n1 | 2017-09-01")


@pytest.mark.parametrize("appeal", ["latest_in_time", "latest"])
def test_an_appeal_decided_after_the_deadline_does_not_hide_the_first_decision(check_chain: Check, appeal: str) -> None:
    # x: guilty in time, and again too late. y: not guilty in time, guilty too late: nothing in time finds guilt.
    charged = charges(
        "1 | x | 2017-09-01 | - | 2017-09-05 | 138072000", "1 | y | 2016-09-01 | - | 2016-09-05 | 138072000"
    )
    decided = decisions(
        "1 | x | 2017-12-01 | 1 | 138072000 | -",
        "1 | x | 2020-01-01 | 1 | 138072000 | -",
        "1 | y | 2017-12-01 | 11 | 138072000 | -",
        "1 | y | 2020-01-01 | 1 | 138072000 | -",
    )
    expected = "person_key | event_date\n1 | 2017-09-01" if appeal == "latest_in_time" else NOBODY
    check_chain("analysis.reoffence", given(charged, decided), expected, **rule(appeal=appeal))


def test_a_case_counts_by_the_act_in_follow_up_and_not_by_the_ones_before(check_chain: Check) -> None:
    # Case x: one act before release, one after. Case y: all before, decided after.
    charged = charges(
        "1 | x | 2015-09-01 | - | 2017-09-05 | 138072000",
        "1 | x | 2017-08-01 | - | 2017-09-05 | 138072000",
        "1 | y | 2016-01-15 | - | 2016-09-05 | 138072000",
    )
    decided = decisions("1 | x | 2017-12-01 | 1 | 138072000 | -", "1 | y | 2016-12-01 | 1 | 138072000 | -")
    check_chain("analysis.reoffence", given(charged, decided), "person_key | event_date\n1 | 2017-08-01")


def test_one_case_and_day_is_one_event_the_most_severe_and_first_known(check_chain: Check) -> None:
    charged = charges(
        "1 | x | 2017-08-01 | - | 2017-09-05 | 138072000",
        "1 | x | 2017-08-01 | 2017-08-03 | 2017-09-05 | 125275210",
        "1 | y | 2017-08-01 | - | 2017-09-05 | 138072000",
    )
    decided = decisions("1 | x | 2017-12-01 | 4 | 138072000 | -", "1 | y | 2016-12-01 | 2 | 138072000 | 500")
    expected = """
        journal | event_date | registered_on | severity
        x       | 2017-08-01 | 2017-12-01    | 2
        y       | 2017-08-01 | 2016-12-01    | 3
    """
    check_chain("analysis.counted_event", given(charged, decided), expected)


def test_those_whose_decisions_cannot_all_be_in_are_followed_to_where_they_are_known(check_chain: Check) -> None:
    # Released in 2019: all of 2022 is in. Released in 2020: decisions of 2023 are missing, so that only what happened
    # before 1 July 2022, a year before the data end, is known well enough.
    cohort = """
        person_key | arm   | index_date
        1          | pilot | 2019-12-31
        2          | pilot | 2020-01-01
        3          | pilot | 2021-03-01
    """
    expected = """
        person_key | last_day   | decided_by | followed_to
        1          | 2021-12-31 | 2022-12-31 | 2021-12-31
        2          | 2022-01-01 | 2023-12-31 | 2022-01-01
        3          | 2023-03-01 | 2024-12-31 | 2022-06-30
    """
    check_chain("analysis.outcome_window", {"analysis.cohort": cohort}, expected)


def test_each_index_date_of_a_person_is_followed_by_itself(check_chain: Check) -> None:
    # One case: for the first index date it was decided a day too late, for the second in time.
    cohort = """
        person_key | episode | arm   | index_date
        1          | 1       | pilot | 2016-05-10
        1          | 2       | pilot | 2017-05-10
    """
    charged = charges("1 | x | 2017-09-01 | - | 2017-09-05 | 138072000")
    decided = decisions("1 | x | 2020-01-01 | 1 | 138072000 | -")
    expected = "person_key | episode | event_date\n1 | 2 | 2017-09-01"
    check_chain("analysis.reoffence", given(charged, decided, cohort), expected)
