"""The crime registers' SELECTs: these typed rows give those staged rows."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.sql.text_tables import turned

Check = Callable[..., None]


def test_charges(check_staging: Check) -> None:
    # A charge of 1985 has GER7 only; from 2005 the nine digits stand, whatever GER7 has become.
    given = """
        person_key | JOURNR | SIG_GER1DTO | SIG_GER2DTO | SIG_SIGTDTO | SIG_GER7 | SIG_GER9  | SIG_ADRKOM | SIG_SIGTALD
        1          | a      | 1985-03-01  | 1985-03-02  | 1985-04-01  | 1390771  | -         | 101        | 20
        1          | b      | -           | -           | 2021-04-01  | 1390000  | 139077112 | 316        | 56
    """
    expected = turned("""
        person_key             | 1          | 1
        journal                | a          | b
        offence_start_date     | 1985-03-01 | -
        offence_end_date       | 1985-03-02 | -
        charge_date            | 1985-04-01 | 2021-04-01
        offence_code           | 1390771    | 139077112
        residence_municipality | 101        | 316
        age_years              | 20         | 56
    """)
    check_staging("krsi", given, expected)


@pytest.mark.parametrize(("table", "column"), [("krsi", "SIG"), ("kraf", "AFG"), ("krko", "KON")])
def test_attempt_and_complicity_in_letters_and_in_digits(check_staging: Check, table: str, column: str) -> None:
    codes = ("F", "2", "M", "1", "0", "3", "9", "-")
    said = ("attempt", "attempt", "complicity", "complicity", "none", "-", "-", "-")
    given = [f"person_key | {column}_FORSMEDK", *(f"{n} | {code}" for n, code in enumerate(codes))]
    expected = ["person_key | involvement", *(f"{n} | {word}" for n, word in enumerate(said))]
    check_staging(table, "\n".join(given), "\n".join(expected))


def test_decisions_and_the_special_lengths(check_staging: Check) -> None:
    # 9000 there is no such sentence, 0 not stated, 9999 for life.
    given = turned("""
        person_key   | 1          | 1          | 1
        JOURNR       | a          | b          | c
        AFG_AFGOEDTO | 2016-01-02 | 2016-01-02 | 2016-01-02
        AFG_AFGTYPKO | 1          | 21         | 6
        AFG_GER7     | 1390000    | 2610000    | 1230111
        AFG_GER9     | 139077112  | -          | -
        AFG_UBSTRFLG | 60         | 9000       | 9999
        AFG_BSTRFLGD | 9000       | 0          | 30
        AFG_BOEDEBLB | 0          | 1500.5     | -
        AFG_ANKEDTO  | 2016-02-01 | -          | -
    """)
    expected = turned("""
        person_key       | 1          | 1          | 1
        journal          | a          | b          | c
        decision_date    | 2016-01-02 | 2016-01-02 | 2016-01-02
        decision_code    | 1          | 21         | 6
        offence_code     | 139077112  | 2610000    | 1230111
        unsuspended_days | 60         | 0          | 9999
        suspended_days   | 0          | -          | 30
        fine_dkk         | 0.0        | 1500.5     | -
        appeal_date      | 2016-02-01 | -          | -
    """)
    check_staging("kraf", given, expected)


def test_the_suspended_part_of_a_sentence_and_the_day_fines(check_staging: Check) -> None:
    given = """
        person_key | AFG_BETAAR | AFG_BETMND | AFG_BETDAG | AFG_DAGBOANT | AFG_DAGBOBEL | AFG_STATUS | AFG_AFGTYP3
        1          | 1          | 6          | 0          | 10           | 250          | 2          | 122
    """
    expected = turned("""
        person_key            | 1
        suspended_part_years  | 1
        suspended_part_months | 6
        suspended_part_days   | 0
        n_day_fines           | 10
        day_fine_dkk          | 250.0
        tabulation_status     | 2
        decision_class_code   | 122
    """)
    check_staging("kraf", given, expected)


def test_conferred_cases_keep_both_case_numbers(check_staging: Check) -> None:
    given = """
        person_key | JOURNR | KON_KONFJOUR | KON_AFGTYPKO | KON_GER7 | KON_GER9  | KON_AFGOEDTO | KON_OVERSDTO
        1          | main   | own 1        | 1            | 1380000  | 138076315 | -            | 2016-01-01
        1          | main   | own 2        | 0            | -        | -         | -            | -
    """
    expected = """
        person_key | journal | own_journal | decision_code | offence_code | transferred_on
        1          | main    | own 1       | 1             | 138076315    | 2016-01-01
        1          | main    | own 2       | 0             | -            | -
    """
    check_staging("krko", given, expected)


def test_admissions(check_staging: Check) -> None:
    given = turned("""
        person_key   | 1          | 1
        JOURNR       | a          | a
        IND_FGSLDTO  | 2016-01-02 | 2016-02-03
        IND_LOESLDTO | -          | 2016-08-04
        IND_FGSLKOD  | 3          | 5
        IND_LOESLKOD | 0          | 10
        IND_OVERFKOD | -          | X
        IND_FGSLSTED | A101       | F202
        IND_GER9     | 139077112  | 139077112
        IND_PRVSLDTO | -          | 2017-08-04
    """)
    expected = turned("""
        person_key         | 1          | 1
        journal            | a          | a
        admission_date     | 2016-01-02 | 2016-02-03
        release_date       | -          | 2016-08-04
        custody_code       | 3          | 5
        release_code       | 0          | 10
        is_transfer        | false      | true
        facility           | A101       | F202
        offence_code       | 139077112  | 139077112
        parole_expiry_date | -          | 2017-08-04
    """)
    check_staging("krin", given, expected)


def test_who_serves_a_fine(check_staging: Check) -> None:
    # Committed for a fine, on a fine decision, sentence A, marked by the register; an arrest does not serve a fine.
    given = """
        person_key | IND_FGSLDTO | IND_FGSLKOD | IND_AFGIVKOD | IND_AFGTYPKO | IND_UBSTRFKO | IND_BOEDAFS
        1          | 2016-01-01  | 5           | 8            | 1            | 0            | 0
        2          | 2016-01-01  | 4           | 1            | 12           | 0            | 0
        3          | 2016-01-01  | 5           | 1            | 1            | A            | 0
        4          | 2016-01-01  | 5           | 1            | 1            | 0            | 1
        5          | 2016-01-01  | 1           | 8            | 2            | 0            | 0
        6          | 2016-01-01  | 5           | 1            | 1            | 2            | 9
        7          | 2016-01-01  | 5           | -            | -            | -            | -
    """
    expected = """
        person_key | serves_fine
        1          | true
        2          | true
        3          | true
        4          | true
        5          | false
        6          | false
        7          | false
    """
    check_staging("krin", given, expected)


def test_ages_in_months_until_1990_and_years_after(check_staging: Check) -> None:
    # 251 months are 20 years and 11 months. The counting year decides where it is delivered.
    given = """
        person_key | IND_FGSLDTO | IND_TAAR | IND_FGSLALD
        1          | 1985-01-01  | -        | 251
        2          | 1985-01-01  | -        | 252
        3          | 1990-12-31  | -        | 999
        4          | 1990-12-31  | 1991     | 21
        5          | 1991-01-01  | -        | 21
        6          | 2016-01-01  | -        | 999
        7          | 1990-12-31  | -        | 263
    """
    expected = """
        person_key | age_years | has_release_dates
        1          | 20        | false
        2          | 21        | false
        3          | -         | false
        4          | 21        | true
        5          | 21        | true
        6          | -         | true
        7          | 21        | false
    """
    check_staging("krin", given, expected)


def test_sentence_lengths_of_custody_are_not_stated_from_2007(check_staging: Check) -> None:
    given = """
        person_key | IND_FGSLDTO | IND_UBSTRFLG | IND_BSTRFLGD | IND_GER7 | IND_GER9
        1          | 2006-01-01  | 90           | 9000         | 1380000  | -
        2          | 2007-01-01  | 0            | 0            | -        | -
        3          | 2000-01-01  | 9999         | 60           | 1230111  | -
    """
    expected = """
        person_key | unsuspended_days | suspended_days | offence_code
        1          | 90               | 0              | 1380000
        2          | -                | -              | -
        3          | 9999             | 60             | 1230111
    """
    check_staging("krin", given, expected)


def test_the_official_recidivism_register(check_staging: Check) -> None:
    given = turned("""
        person_key       | 1          | 2
        REC_STDATO       | 2016-05-01 | 2017-05-01
        REC_SLDATO       | 2018-05-01 | 2019-05-01
        REC_POPULKODE    | 1          | 3
        REC_STGER7       | 1380763    | 1380000
        REC_STGER9       | -          | 138076315
        REC_STBSTRFLGD   | 9000       | 0
        REC_ANTAL        | 2          | 0
        TIDL_ANTAL_DOMME | 4          | 0
        TP               | 2016       | 2017
    """)
    expected = turned("""
        person_key            | 1          | 2
        start_date            | 2016-05-01 | 2017-05-01
        end_date              | 2018-05-01 | 2019-05-01
        start_kind_code       | 1          | 3
        offence_code          | 1380763    | 138076315
        suspended_days        | 0          | -
        n_events              | 2          | 0
        n_convictions_5_years | 4          | 0
        cohort_period         | 2016       | 2017
    """)
    check_staging("rec_person", given, expected)


def test_its_events_say_where_the_offence_date_is_from(check_staging: Check) -> None:
    given = turned("""
        person_key   | 1          | 1
        H_RECIDIVNR  | 1          | 2
        H_GERDATO    | 2016-06-01 | -
        H_GERDATOTYP | S          | U
        H_AFGDATO    | 2016-12-01 | 2017-12-01
        H_AFGTYPKO   | 1          | 2
        H_AFGER7     | 1380000    | 2610000
        H_AFGER9     | 138076315  | -
        H_GER_ALDER  | 30         | -
    """)
    expected = turned("""
        person_key           | 1          | 1
        event_number         | 1          | 2
        offence_date         | 2016-06-01 | -
        offence_date_source  | S          | U
        decision_date        | 2016-12-01 | 2017-12-01
        decision_code        | 1          | 2
        offence_code         | 138076315  | 2610000
        age_at_offence_years | 30         | -
    """)
    check_staging("rec_haendelse", given, expected)
