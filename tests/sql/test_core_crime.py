"""Decisions, charges and conferred cases: what is one act, one case, one decision."""

from __future__ import annotations

from collections.abc import Callable

Check = Callable[..., None]


def test_every_decision_of_a_case_is_kept_and_one_of_those_on_one_day(check: Check) -> None:
    decisions = """
        person_key | journal | decision_date | decision_code | offence_code | fine_dkk
        1          | a       | 2016-05-01    | 1             | 138072000    | -
        1          | a       | 2016-09-01    | 11            | 138072000    | -
        1          | a       | 2016-09-01    | 4             | 138072000    | -
        2          | a       | 2016-05-01    | 2             | 222080210    | 2500
    """
    expected = """
        person_key | journal | decision_date | decision_code | fine_dkk
        1          | a       | 2016-05-01    | 1             | -
        1          | a       | 2016-09-01    | 4             | -
        2          | a       | 2016-05-01    | 2             | 2500.0
    """
    check("core.case_decision", {"staging.kraf": decisions}, expected)


def test_charges_for_the_same_days_and_offence_brought_on_one_day_are_one_act(check: Check) -> None:
    charges = """
        person_key | journal | offence_start_date | offence_end_date | charge_date | offence_code
        1          | a       | 2016-02-01         | 2016-02-09       | 2016-03-01  | 138072000
        1          | a       | 2016-02-01         | 2016-02-09       | 2016-03-01  | 138072000
        1          | a       | 2016-02-01         | 2016-02-09       | 2016-03-02  | 138072000
        1          | a       | 2016-01-01         | -                | 2016-03-01  | 138072000
        1          | b       | -                  | -                | 2016-03-01  | 138072000
    """
    expected = """
        person_key | journal | offence_start_date | offence_end_date | charge_date | case_start_date
        1          | a       | 2016-02-01         | 2016-02-09       | 2016-03-01  | 2016-01-01
        1          | a       | 2016-02-01         | 2016-02-09       | 2016-03-02  | 2016-01-01
        1          | a       | 2016-01-01         | -                | 2016-03-01  | 2016-01-01
        1          | b       | -                  | -                | 2016-03-01  | -
    """
    check("core.charge", {"staging.krsi": charges}, expected)


def test_a_conferred_case_is_neither_its_main_case_nor_one_that_was_decided(check: Check) -> None:
    # The row of case x comes twice: one case.
    conferred = """
        person_key | journal | own_journal | decision_code | offence_code
        1          | main    | x           | 1             | 138072000
        1          | main    | x           | 1             | 138072000
        1          | main    | main        | 1             | 138072000
        1          | main    | decided     | 1             | 138072000
        2          | main    | decided     | 1             | 138072000
    """
    decided = """
        person_key | journal | decision_date
        1          | main    | 2016-05-01
        1          | decided | 2016-05-01
    """
    expected = """
        person_key | journal | main_journal | decision_code
        1          | x       | main         | 1
        2          | decided | main         | 1
    """
    check("core.conferred_case", {"staging.krko": conferred, "core.case_decision": decided}, expected)
