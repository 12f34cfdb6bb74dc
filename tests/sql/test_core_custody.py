"""core.custody_stay: what is one stay, what kind it was and how it ended."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Check = Callable[..., None]


def test_events_of_a_case_are_one_stay_until_the_release_on_the_last(check_chain: Check) -> None:
    # Arrest, remand, serving, transfer: the release stands on the last event only.
    events = """
        person_key | journal | admission_date | release_date | custody_code | facility
        1          | a       | 2016-01-01     | -            | 1            | A001
        1          | a       | 2016-01-02     | -            | 3            | A001
        1          | a       | 2016-03-01     | -            | 5            | F001
        1          | a       | 2016-05-01     | 2016-09-01   | 5            | F002
    """
    expected = """
        person_key | stay_number | start_date | stop_date  | kind    | facility | release_type
        1          | 1           | 2016-01-02 | 2016-09-01 | serving | F002     | full_term
    """
    check_chain("core.custody_stay", {"staging.krin": events}, expected)


def test_arrests_are_not_stays(check_chain: Check) -> None:
    events = """
        person_key | journal | admission_date | release_date | custody_code
        1          | a       | 2016-01-01     | 2016-01-02   | 1
        2          | a       | 2016-01-01     | 2016-01-03   | 2
        3          | a       | 2016-01-01     | 2016-02-01   | 3
    """
    expected = """
        person_key | start_date | stop_date
        3          | 2016-01-01 | 2016-02-01
    """
    check_chain("core.custody_stay", {"staging.krin": events}, expected)


def test_a_case_with_remand_release_and_later_serving_is_two_stays(check_chain: Check) -> None:
    events = """
        person_key | journal | admission_date | release_date | custody_code | parole_expiry_date
        1          | a       | 2016-01-01     | 2016-02-01   | 3            | -
        1          | a       | 2016-06-01     | 2016-12-01   | 5            | 2017-06-01
    """
    expected = """
        person_key | stay_number | start_date | stop_date  | kind    | release_type
        1          | 1           | 2016-01-01 | 2016-02-01 | remand  | remand_end
        1          | 2           | 2016-06-01 | 2016-12-01 | serving | parole
    """
    check_chain("core.custody_stay", {"staging.krin": events}, expected)


def test_a_case_is_cut_after_each_release_whatever_the_order_of_its_rows(check_chain: Check) -> None:
    # Remand with a transfer and a release, then serving with a transfer and a release, all in one case.
    events = """
        person_key | journal | admission_date | release_date | custody_code | facility
        1          | a       | 2016-07-01     | 2016-12-01   | 5            | F001
        1          | a       | 2016-01-20     | 2016-02-01   | 3            | A001
        1          | a       | 2016-06-01     | -            | 5            | F002
        1          | a       | 2016-01-01     | -            | 3            | A002
    """
    expected = """
        person_key | stay_number | start_date | stop_date  | kind    | facility
        1          | 1           | 2016-01-01 | 2016-02-01 | remand  | A001
        1          | 2           | 2016-06-01 | 2016-12-01 | serving | F001
    """
    check_chain("core.custody_stay", {"staging.krin": events}, expected)


def test_a_gap_of_one_day_is_bridged_and_one_of_two_days_is_not(check_chain: Check) -> None:
    # Person 1: out on the 10th, in on the 11th. Person 2: out on the 10th, in on the 12th. Person 3: no gap.
    events = """
        person_key | journal | admission_date | release_date | custody_code
        1          | a       | 2016-01-01     | 2016-01-10   | 3
        1          | b       | 2016-01-11     | 2016-01-20   | 5
        2          | a       | 2016-01-01     | 2016-01-10   | 3
        2          | b       | 2016-01-12     | 2016-01-20   | 5
        3          | a       | 2016-01-01     | 2016-01-10   | 3
        3          | b       | 2016-01-10     | 2016-01-20   | 5
    """
    expected = """
        person_key | stay_number | start_date | stop_date  | kind
        1          | 1           | 2016-01-01 | 2016-01-20 | serving
        2          | 1           | 2016-01-01 | 2016-01-10 | remand
        2          | 2           | 2016-01-12 | 2016-01-20 | serving
        3          | 1           | 2016-01-01 | 2016-01-20 | serving
    """
    check_chain("core.custody_stay", {"staging.krin": events}, expected)


def test_the_study_says_how_long_a_bridged_gap_may_be(check_chain: Check) -> None:
    events = """
        person_key | journal | admission_date | release_date | custody_code
        1          | a       | 2016-01-01     | 2016-01-10   | 3
        1          | b       | 2016-01-13     | 2016-01-20   | 5
    """
    one = """
        person_key | start_date | stop_date
        1          | 2016-01-01 | 2016-01-20
    """
    check_chain("core.custody_stay", {"staging.krin": events}, one, merge_gap_days=3)


def test_overlapping_cases_are_one_stay_that_ends_with_the_latest_release(check_chain: Check) -> None:
    # A short remand inside a long sentence, then a case that overlaps its end.
    events = """
        person_key | journal | admission_date | release_date | custody_code | facility
        1          | a       | 2016-01-01     | 2016-06-01   | 5            | F001
        1          | b       | 2016-02-01     | 2016-02-20   | 3            | A001
        1          | c       | 2016-05-01     | 2016-07-01   | 5            | F002
    """
    expected = """
        person_key | start_date | stop_date  | kind    | facility
        1          | 2016-01-01 | 2016-07-01 | serving | F002
    """
    check_chain("core.custody_stay", {"staging.krin": events}, expected)


def test_what_lies_inside_a_longer_case_does_not_end_the_stay(check_chain: Check) -> None:
    # After the short case inside the long one, the next admission is compared with the long one's end.
    events = """
        person_key | journal | admission_date | release_date | custody_code
        1          | a       | 2016-01-01     | 2016-06-01   | 5
        1          | b       | 2016-02-01     | 2016-02-20   | 3
        1          | c       | 2016-05-01     | 2016-05-02   | 3
        1          | d       | 2016-08-01     | 2016-09-01   | 5
    """
    expected = """
        person_key | stay_number | start_date | stop_date  | kind
        1          | 1           | 2016-01-01 | 2016-06-01 | serving
        1          | 2           | 2016-08-01 | 2016-09-01 | serving
    """
    check_chain("core.custody_stay", {"staging.krin": events}, expected)


def test_an_unclosed_case_goes_on_under_the_next_admission(check_chain: Check) -> None:
    events = """
        person_key | journal | admission_date | release_date | custody_code
        1          | a       | 2016-01-01     | -            | 3
        1          | b       | 2016-03-01     | 2016-06-01   | 5
    """
    expected = """
        person_key | start_date | stop_date  | kind
        1          | 2016-01-01 | 2016-06-01 | serving
    """
    check_chain("core.custody_stay", {"staging.krin": events}, expected)


def test_a_stay_that_nothing_closes_is_open(check_chain: Check) -> None:
    events = """
        person_key | journal | admission_date | release_date | custody_code
        1          | a       | 2016-01-01     | 2016-02-01   | 5
        1          | b       | 2017-01-01     | -            | 5
        2          | a       | 2016-01-01     | -            | 3
        2          | b       | 2016-02-01     | -            | 5
    """
    expected = """
        person_key | stay_number | start_date | stop_date  | kind    | release_type
        1          | 1           | 2016-01-01 | 2016-02-01 | serving | full_term
        1          | 2           | 2017-01-01 | -          | serving | -
        2          | 1           | 2016-01-01 | -          | serving | -
    """
    check_chain("core.custody_stay", {"staging.krin": events}, expected)


@pytest.mark.parametrize(("first", "second"), [("a", "b"), ("b", "a")])
def test_of_cases_begun_on_one_day_the_unclosed_one_comes_first_whatever_its_number(
    check_chain: Check, first: str, second: str
) -> None:
    events = f"""
        person_key | journal  | admission_date | release_date | custody_code
        1          | {first}  | 2016-01-01     | -            | 5
        1          | {second} | 2016-01-01     | 2016-06-01   | 3
        1          | z        | 2018-01-01     | 2018-02-01   | 5
    """
    expected = """
        person_key | stay_number | start_date | stop_date
        1          | 1           | 2016-01-01 | 2016-06-01
        1          | 2           | 2018-01-01 | 2018-02-01
    """
    check_chain("core.custody_stay", {"staging.krin": events}, expected)


@pytest.mark.parametrize(("remand", "serving", "parole"), [("a", "b", "c"), ("c", "b", "a"), ("b", "c", "a")])
def test_of_cases_on_the_same_days_serving_and_parole_count_whatever_their_numbers(
    check_chain: Check, remand: str, serving: str, parole: str
) -> None:
    # Before them lies another stay, which must not swallow one of the three.
    events = f"""
        person_key | journal   | admission_date | release_date | custody_code | parole_expiry_date
        1          | z         | 2015-01-01     | 2015-02-01   | 5            | -
        1          | {remand}  | 2016-01-01     | 2016-06-01   | 3            | -
        1          | {serving} | 2016-01-01     | 2016-06-01   | 5            | -
        1          | {parole}  | 2016-01-01     | 2016-06-01   | 5            | 2017-01-01
    """
    expected = """
        person_key | stay_number | start_date | stop_date  | release_type
        1          | 1           | 2015-01-01 | 2015-02-01 | full_term
        1          | 2           | 2016-01-01 | 2016-06-01 | parole
    """
    check_chain("core.custody_stay", {"staging.krin": events}, expected)


def test_kinds_and_ways_of_release(check_chain: Check) -> None:
    events = """
        person_key | journal | admission_date | release_date | custody_code | release_code | facility | parole_expiry_date | serves_fine
        1          | a       | 2016-01-01     | 2016-06-01   | 5            | 0            | F001     | 2017-01-01         | false
        2          | a       | 2016-01-01     | 2016-06-01   | 5            | 10           | F001     | -                  | false
        3          | a       | 2016-01-01     | 2016-06-01   | 5            | 0            | F001     | -                  | false
        4          | a       | 2016-01-01     | 2016-06-01   | 3            | 4            | A001     | -                  | false
        5          | a       | 2016-01-01     | 2016-06-01   | 5            | 0            | HJEM     | 2017-01-01         | false
        6          | a       | 2016-01-01     | 2016-06-01   | 5            | 0            | 9050     | -                  | false
        7          | a       | 2016-01-01     | 2016-06-01   | 5            | 0            | F001     | -                  | true
        8          | a       | 2016-01-01     | 2016-06-01   | 0            | 0            | F001     | -                  | false
        9          | a       | 2016-01-01     | 2016-06-01   | 4            | 0            | -        | -                  | -
    """  # noqa: E501 - a table
    expected = """
        person_key | kind    | facility | release_type
        1          | serving | F001     | parole
        2          | serving | F001     | parole
        3          | serving | F001     | full_term
        4          | remand  | A001     | remand_end
        5          | home    | HJEM     | home
        6          | home    | 9050     | home
        7          | fine    | F001     | fine
        8          | serving | F001     | full_term
        9          | serving | -        | full_term
    """
    check_chain("core.custody_stay", {"staging.krin": events}, expected)


def test_an_open_stay_is_what_its_latest_admission_says(check_chain: Check) -> None:
    events = """
        person_key | journal | admission_date | release_date | custody_code | facility
        1          | a       | 2016-03-01     | -            | 5            | F001
        1          | a       | 2016-01-01     | -            | 5            | F002
        2          | a       | 2016-01-01     | -            | 5            | A001
        2          | a       | 2016-01-01     | -            | 3            | F002
    """
    expected = """
        person_key | start_date | stop_date | kind    | facility
        1          | 2016-01-01 | -         | serving | F001
        2          | 2016-01-01 | -         | serving | A001
    """
    check_chain("core.custody_stay", {"staging.krin": events}, expected)


def test_of_cases_that_end_together_the_one_begun_later_is_the_last(check_chain: Check) -> None:
    events = """
        person_key | journal | admission_date | release_date | custody_code | facility
        1          | a       | 2016-01-01     | 2016-06-01   | 5            | F001
        1          | b       | 2016-03-01     | 2016-06-01   | 3            | A001
        2          | a       | 2016-01-01     | 2016-06-01   | 3            | F001
        2          | b       | 2016-01-01     | 2016-06-01   | 5            | A001
    """
    expected = """
        person_key | start_date | stop_date  | kind
        1          | 2016-01-01 | 2016-06-01 | remand
        2          | 2016-01-01 | 2016-06-01 | serving
    """
    check_chain("core.custody_stay", {"staging.krin": events}, expected)


def test_parole_and_fine_are_read_off_the_last_event_of_the_last_case(check_chain: Check) -> None:
    # 1 and 2: parole, then fine, on the last event of the second case. 3 and 4: on an earlier event or case only.
    events = """
        person_key | journal | admission_date | release_date | custody_code | parole_expiry_date | serves_fine
        1          | a       | 2016-01-01     | 2016-02-01   | 3            | -                  | false
        1          | b       | 2016-02-01     | -            | 5            | -                  | false
        1          | b       | 2016-03-01     | 2016-06-01   | 5            | 2017-01-01         | false
        2          | a       | 2016-01-01     | 2016-02-01   | 3            | -                  | false
        2          | b       | 2016-02-01     | -            | 5            | -                  | false
        2          | b       | 2016-03-01     | 2016-06-01   | 5            | -                  | true
        3          | a       | 2016-01-01     | 2016-02-01   | 5            | 2017-01-01         | false
        3          | b       | 2016-02-01     | 2016-06-01   | 5            | -                  | false
        4          | a       | 2016-01-01     | -            | 5            | -                  | true
        4          | a       | 2016-02-01     | 2016-06-01   | 5            | -                  | false
    """
    expected = """
        person_key | start_date | stop_date  | release_type
        1          | 2016-01-01 | 2016-06-01 | parole
        2          | 2016-01-01 | 2016-06-01 | fine
        3          | 2016-01-01 | 2016-06-01 | full_term
        4          | 2016-01-01 | 2016-06-01 | full_term
    """
    check_chain("core.custody_stay", {"staging.krin": events}, expected)


def test_the_last_event_says_what_the_stay_was(check_chain: Check) -> None:
    # Remand first, serving last; a fine served first and a sentence last; prison first and at home last.
    events = """
        person_key | journal | admission_date | release_date | custody_code | facility | serves_fine | parole_expiry_date
        1          | a       | 2016-01-01     | -            | 3            | A001     | false       | -
        1          | a       | 2016-02-01     | 2016-03-01   | 5            | F001     | false       | -
        2          | a       | 2016-01-01     | 2016-02-01   | 5            | F001     | true        | -
        2          | b       | 2016-02-01     | 2016-03-01   | 5            | F001     | false       | -
        3          | a       | 2016-01-01     | -            | 5            | F001     | false       | 2017-01-01
        3          | a       | 2016-02-01     | 2016-03-01   | 5            | 9050     | false       | -
        4          | a       | 2016-01-01     | -            | 5            | F001     | false       | 2017-01-01
        4          | a       | 2016-02-01     | 2016-03-01   | 5            | F002     | false       | -
    """  # noqa: E501 - a table
    expected = """
        person_key | start_date | stop_date  | kind    | release_type
        1          | 2016-01-01 | 2016-03-01 | serving | full_term
        2          | 2016-01-01 | 2016-03-01 | serving | full_term
        3          | 2016-01-01 | 2016-03-01 | home    | home
        4          | 2016-01-01 | 2016-03-01 | serving | full_term
    """
    check_chain("core.custody_stay", {"staging.krin": events}, expected)


def test_events_of_one_day_in_a_case_are_ordered_by_their_release(check_chain: Check) -> None:
    # Admitted and moved on the same day: the row with the release is the last.
    events = """
        person_key | journal | admission_date | release_date | custody_code | facility
        1          | a       | 2016-01-01     | 2016-06-01   | 5            | F001
        1          | a       | 2016-01-01     | -            | 5            | F002
    """
    expected = """
        person_key | start_date | stop_date  | facility
        1          | 2016-01-01 | 2016-06-01 | F001
    """
    check_chain("core.custody_stay", {"staging.krin": events}, expected)


def test_people_are_kept_apart(check_chain: Check) -> None:
    events = """
        person_key | journal | admission_date | release_date | custody_code
        1          | a       | 2016-01-01     | -            | 5
        2          | a       | 2016-02-01     | 2016-06-01   | 5
    """
    expected = """
        person_key | stay_number | start_date | stop_date
        1          | 1           | 2016-01-01 | -
        2          | 1           | 2016-02-01 | 2016-06-01
    """
    check_chain("core.custody_stay", {"staging.krin": events}, expected)
