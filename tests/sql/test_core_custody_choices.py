"""core.custody_stay: each judgement call moves the stays that it is about, and the Norwegian layout gives stays too."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Check = Callable[..., None]
UNCLOSED = """
    person_key | journal | admission_date | release_date | custody_code
    1          | a       | 2016-01-01     | -            | 3
    1          | a       | 2016-02-01     | -            | 3
    1          | b       | {next}         | 2019-06-01   | 5
"""


@pytest.mark.parametrize(
    ("bound", "following", "is_one"),
    [(730, "2018-01-31", True), (730, "2018-02-01", False), (29, "2016-03-01", True), (28, "2016-03-01", False)],
)
def test_an_unclosed_record_is_bridged_only_so_far_from_its_last_event(
    check_chain: Check, bound: int, following: str, *, is_one: bool
) -> None:
    # 1 February 2016 to 31 January 2018 is 730 days, as 2016 has a leap day; to 1 March 2016 it is 29.
    one = """
        person_key | start_date | stop_date  | release_type
        1          | 2016-01-01 | 2019-06-01 | full_term
    """
    two = f"""
        person_key | start_date  | stop_date  | release_type
        1          | 2016-01-01  | 2016-02-02 | unknown_end
        1          | {following} | 2019-06-01 | full_term
    """
    given = {"staging.krin": UNCLOSED.format(next=following)}
    check_chain("core.custody_stay", given, one if is_one else two, longest_bridge_days=bound)


def test_an_unclosed_record_takes_the_next_admission_after_its_last_event(check_chain: Check) -> None:
    # Case b lies inside case a, which is known to have gone on until March and then under case c.
    events = """
        person_key | journal | admission_date | release_date | custody_code
        1          | a       | 2016-01-01     | -            | 3
        1          | a       | 2016-03-01     | -            | 3
        1          | b       | 2016-02-01     | 2016-02-20   | 5
        1          | c       | 2016-04-01     | 2016-06-01   | 5
    """
    expected = """
        person_key | start_date | stop_date
        1          | 2016-01-01 | 2016-06-01
    """
    check_chain("core.custody_stay", {"staging.krin": events}, expected)


@pytest.mark.parametrize("code", ["5", "7"])
def test_straight_to_serving_is_no_release_though_it_has_a_date(check_chain: Check, code: str) -> None:
    # Person 1 goes on five days later under another case; of person 2 nothing more is known.
    events = f"""
        person_key | journal | admission_date | release_date | custody_code | release_code
        1          | a       | 2016-01-01     | 2016-03-01   | 3            | {code}
        1          | b       | 2016-03-06     | 2016-06-01   | 5            | 0
        2          | a       | 2016-01-01     | 2016-03-01   | 3            | {code}
        3          | a       | 2016-01-01     | 2016-03-01   | 3            | 4
        3          | b       | 2016-03-06     | 2016-06-01   | 5            | 0
    """
    expected = """
        person_key | start_date | stop_date  | release_type
        1          | 2016-01-01 | 2016-06-01 | full_term
        2          | 2016-01-01 | 2016-03-01 | unknown_end
        3          | 2016-01-01 | 2016-03-01 | remand_end
        3          | 2016-03-06 | 2016-06-01 | full_term
    """
    check_chain("core.custody_stay", {"staging.krin": events}, expected)


def test_before_releases_were_registered_nothing_is_bridged_and_nobody_is_released(check_chain: Check) -> None:
    # Until 1990 no row has a release; case b goes on into 1991 under the same number, and is cut there.
    events = """
        person_key | journal | admission_date | release_date | custody_code | has_release_dates
        1          | a       | 1988-01-01     | -            | 5            | false
        1          | b       | 1988-06-01     | -            | 5            | false
        1          | b       | 1991-02-01     | 1991-06-01   | 5            | true
    """
    expected = """
        person_key | start_date | stop_date  | release_type
        1          | 1988-01-01 | 1988-01-02 | unknown_end
        1          | 1988-06-01 | 1988-06-02 | unknown_end
        1          | 1991-02-01 | 1991-06-01 | full_term
    """
    check_chain("core.custody_stay", {"staging.krin": events}, expected)


REARRESTED = """
    person_key | journal | admission_date | release_date | custody_code | release_code
    1          | a       | 2016-01-01     | 2016-03-01   | 5            | 0
    1          | b       | 2016-03-01     | 2016-04-01   | 3            | 4
    2          | a       | 2016-01-01     | 2016-03-01   | 5            | 0
    2          | b       | 2016-03-02     | 2016-04-01   | 3            | 4
    3          | a       | 2016-01-01     | 2016-03-01   | 5            | 0
    3          | b       | 2016-03-01     | 2016-04-01   | 5            | 0
    4          | a       | 2016-01-01     | 2016-03-01   | 3            | 5
    4          | b       | 2016-03-01     | 2016-04-01   | 3            | 4
    5          | a       | 2016-01-01     | -            | 5            | 0
    5          | b       | 2016-03-01     | 2016-04-01   | 3            | 4
    6          | a       | 2016-01-01     | 2016-03-01   | 5            | 0
    6          | b       | 2016-02-01     | 2016-03-01   | 3            | 7
    6          | c       | 2016-03-01     | 2016-04-01   | 3            | 4
"""


def test_released_and_rearrested_on_one_day_is_one_stay_unless_the_study_says_otherwise(check_chain: Check) -> None:
    one = """
        person_key | start_date | stop_date
        1          | 2016-01-01 | 2016-04-01
        2          | 2016-01-01 | 2016-04-01
        3          | 2016-01-01 | 2016-04-01
        4          | 2016-01-01 | 2016-04-01
        5          | 2016-01-01 | 2016-04-01
        6          | 2016-01-01 | 2016-04-01
    """
    check_chain("core.custody_stay", {"staging.krin": REARRESTED}, one)


def test_a_new_arrest_or_remand_may_begin_a_new_stay(check_chain: Check) -> None:
    # 3 goes on serving, 4 was sent on, 5 was never released, and 6 was kept under another case: they are one stay.
    two = """
        person_key | start_date | stop_date  | release_type
        1          | 2016-01-01 | 2016-03-01 | full_term
        1          | 2016-03-01 | 2016-04-01 | remand_end
        2          | 2016-01-01 | 2016-03-01 | full_term
        2          | 2016-03-02 | 2016-04-01 | remand_end
        3          | 2016-01-01 | 2016-04-01 | full_term
        4          | 2016-01-01 | 2016-04-01 | remand_end
        5          | 2016-01-01 | 2016-04-01 | remand_end
        6          | 2016-01-01 | 2016-04-01 | remand_end
    """
    check_chain("core.custody_stay", {"staging.krin": REARRESTED}, two, rearrest="new_stay")


def test_an_arrest_alone_is_a_stay_where_the_study_says_so(check_chain: Check) -> None:
    events = """
        person_key | journal | admission_date | release_date | custody_code | release_code
        1          | a       | 2016-01-01     | 2016-01-02   | 1            | 2
        2          | a       | 2016-01-01     | -            | 1            | 7
        2          | a       | 2016-01-02     | 2016-02-01   | 3            | 4
    """
    expected = """
        person_key | start_date | stop_date  | kind   | release_type
        1          | 2016-01-01 | 2016-01-02 | arrest | arrest_end
        2          | 2016-01-01 | 2016-02-01 | remand | remand_end
    """
    check_chain("core.custody_stay", {"staging.krin": events}, expected, arrest_is_stay=True)


AT_HOME = """
    person_key | journal | admission_date | release_date | custody_code | facility
    1          | a       | 2016-01-01     | -            | 5            | F001
    1          | a       | 2016-03-01     | 2016-06-01   | 5            | 9050
    2          | a       | 2016-01-01     | 2016-06-01   | 5            | HJEM
    3          | a       | 2016-01-01     | -            | 5            | F001
    3          | b       | 2016-03-01     | 2016-06-01   | 5            | HJEM
    4          | a       | 2016-01-01     | -            | 5            | 9050
    4          | a       | 2016-03-01     | 2016-06-01   | 5            | F001
"""


def test_serving_at_home_is_custody(check_chain: Check) -> None:
    expected = """
        person_key | start_date | stop_date  | kind    | release_type
        1          | 2016-01-01 | 2016-06-01 | home    | home
        2          | 2016-01-01 | 2016-06-01 | home    | home
        3          | 2016-01-01 | 2016-06-01 | home    | home
        4          | 2016-01-01 | 2016-06-01 | serving | full_term
    """
    check_chain("core.custody_stay", {"staging.krin": AT_HOME}, expected)


def test_serving_at_home_may_be_liberty(check_chain: Check) -> None:
    # 1 and 3 leave prison for home, in one case and in two; 2 never was in prison; 4 was put in prison in March.
    expected = """
        person_key | start_date | stop_date  | kind    | release_type
        1          | 2016-01-01 | 2016-03-01 | serving | to_home
        3          | 2016-01-01 | 2016-03-01 | serving | to_home
        4          | 2016-03-01 | 2016-06-01 | serving | full_term
    """
    check_chain("core.custody_stay", {"staging.krin": AT_HOME}, expected, home_detention="liberty")


def test_stays_of_the_norwegian_layout(check_chain: Check) -> None:
    # 1: remand, a transfer on the day, then parole. 2: leaves to serve at home. 3: escapes and is back two weeks later.
    # 4: dies inside. 5: still inside.
    rows = """
        person_key | admission_id | start_date | stop_date  | kind                 | exit_kind | facility
        1          | a            | 2016-01-01 | 2016-02-01 | remand               | transfer  | OSLO
        1          | a            | 2016-02-01 | 2016-06-01 | serving              | parole    | ILA
        2          | b            | 2016-01-01 | 2016-06-01 | serving              | home      | ILA
        3          | c            | 2016-01-01 | 2016-06-01 | serving              | escape    | ILA
        3          | c            | 2016-06-15 | 2016-09-01 | serving              | full_term | ILA
        4          | d            | 2016-01-01 | 2016-06-01 | preventive_detention | death     | ILA
        5          | e            | 2016-01-01 | -          | remand               | -         | OSLO
    """
    expected = """
        person_key | start_date | stop_date  | kind                 | release_type | facility | has_remand
        1          | 2016-01-01 | 2016-06-01 | serving              | parole       | ILA      | true
        2          | 2016-01-01 | 2016-06-01 | serving              | to_home      | ILA      | false
        3          | 2016-01-01 | 2016-06-01 | serving              | escape       | ILA      | false
        3          | 2016-06-15 | 2016-09-01 | serving              | full_term    | ILA      | false
        4          | 2016-01-01 | 2016-06-01 | preventive_detention | death        | ILA      | false
        5          | 2016-01-01 | -          | remand               | -            | OSLO     | true
    """
    check_chain("core.custody_stay", {"staging.kriminalomsorgen": rows}, expected)
