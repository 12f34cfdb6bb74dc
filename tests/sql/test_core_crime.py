"""Decisions, charges and conferred cases: what is one act, one case, one decision."""

from __future__ import annotations

from collections.abc import Callable

Check = Callable[..., None]


def test_after_an_appeal_the_latest_decision_stands(check: Check) -> None:
    # Case a: convicted, then acquitted on appeal. Case c: the other way round. The same number is another case for
    # another person.
    decisions = """
        person_key | journal | decision_date | decision_code | offence_code | unsuspended_days | suspended_days | fine_dkk
        1          | a       | 2016-09-01    | 11            | 138072000    | 0                | 0              | -
        1          | a       | 2016-05-01    | 1             | 138072000    | 60               | 0              | -
        1          | b       | 2016-05-01    | 2             | 222080210    | -                | 20             | 2500
        1          | c       | 2016-05-01    | 11            | 138072000    | -                | -              | -
        1          | c       | 2017-05-01    | 1             | 138072000    | 14               | -              | -
        2          | a       | 2016-05-01    | 4             | 138072000    | -                | 30             | -
    """  # noqa: E501 - a table
    expected = """
        person_key | journal | decision_date | decision_code | offence_code | unsuspended_days | suspended_days | fine_dkk
        1          | a       | 2016-09-01    | 11            | 138072000    | 0                | 0              | -
        1          | b       | 2016-05-01    | 2             | 222080210    | -                | 20             | 2500.0
        1          | c       | 2017-05-01    | 1             | 138072000    | 14               | -              | -
        2          | a       | 2016-05-01    | 4             | 138072000    | -                | 30             | -
    """  # noqa: E501 - a table
    check("core.decision", {"staging.kraf": decisions}, expected)


def test_an_offence_is_dated_by_the_charge_and_else_by_the_decision(check: Check) -> None:
    # a: charged and decided. b: no charge. c: no decision. d: a charge without an offence date. e: that, undecided.
    charges = """
        person_key | journal | offence_start_date | offence_end_date | charge_date | offence_code
        1          | a       | 2016-01-01         | 2016-01-09       | 2016-02-01  | 138072000
        1          | c       | 2016-03-01         | -                | 2016-03-02  | 121075210
        1          | d       | -                  | -                | 2016-05-02  | 121075210
        1          | e       | -                  | -                | 2016-06-02  | 121075210
    """
    decisions = """
        person_key | journal | decision_date | decision_code | offence_code | unsuspended_days | fine_dkk
        1          | a       | 2017-01-01    | 1             | 138072001    | 40               | -
        1          | b       | 2017-02-01    | 2             | 222080210    | -                | 3000
        1          | d       | 2017-04-01    | 4             | -            | -                | -
    """
    expected = """
        person_key | journal | offence_date | offence_date_source | charge_date | offence_code | decision_date | decision_code | unsuspended_days | fine_dkk
        1          | a       | 2016-01-01   | S                   | 2016-02-01  | 138072001    | 2017-01-01    | 1             | 40               | -
        1          | b       | 2017-02-01   | A                   | -           | 222080210    | 2017-02-01    | 2             | -                | 3000.0
        1          | c       | 2016-03-01   | S                   | 2016-03-02  | 121075210    | -             | -             | -                | -
        1          | d       | 2017-04-01   | A                   | 2016-05-02  | 121075210    | 2017-04-01    | 4             | -                | -
        1          | e       | -            | U                   | 2016-06-02  | 121075210    | -             | -             | -                | -
    """  # noqa: E501 - a table
    check("core.offence", {"staging.krsi": charges, "core.decision": decisions}, expected)


def test_charges_of_one_case_share_its_decision_and_one_act_is_one_row(check: Check) -> None:
    # Two charges for the same day are one act; the other day is another act in the same case.
    charges = """
        person_key | journal | offence_start_date | charge_date | offence_code
        1          | a       | 2016-01-01         | 2016-02-05  | 138072000
        1          | a       | 2016-01-01         | 2016-02-01  | 121075210
        1          | a       | 2016-01-02         | 2016-02-03  | 138072000
        2          | a       | 2016-01-02         | 2016-02-03  | 138072000
    """
    decisions = """
        person_key | journal | decision_date | decision_code
        1          | a       | 2017-01-01    | 1
    """
    expected = """
        person_key | journal | offence_date | charge_date | decision_date | offence_code
        1          | a       | 2016-01-01   | 2016-02-01  | 2017-01-01    | 121075210
        1          | a       | 2016-01-02   | 2016-02-03  | 2017-01-01    | 138072000
        2          | a       | 2016-01-02   | 2016-02-03  | -             | 138072000
    """
    check("core.offence", {"staging.krsi": charges, "core.decision": decisions}, expected)


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


def test_charges_for_the_same_days_and_offence_are_one_act(check: Check) -> None:
    charges = """
        person_key | journal | offence_start_date | offence_end_date | charge_date | offence_code
        1          | a       | 2016-02-01         | 2016-02-09       | 2016-03-02  | 138072000
        1          | a       | 2016-02-01         | 2016-02-09       | 2016-03-01  | 138072000
        1          | a       | 2016-01-01         | -                | 2016-03-01  | 138072000
        1          | b       | -                  | -                | 2016-03-01  | 138072000
    """
    expected = """
        person_key | journal | offence_start_date | offence_end_date | charge_date | case_start_date
        1          | a       | 2016-02-01         | 2016-02-09       | 2016-03-01  | 2016-01-01
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
