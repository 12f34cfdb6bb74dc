"""The Norwegian layouts' SELECTs: these typed rows give those staged rows."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest

from evalkit.registers import load_contract
from tests.sql.text_tables import turned

Check = Callable[..., None]

STATES = ("under_way", "on_leave", "completed", "absent", "moved", "moved_within_oslo", "ended_after_break")


def test_a_programme_of_2025(check_staging: Check) -> None:
    given = turned("""
        person_key  | 1          | 2
        KOMMUNE_NR  | 0301       | 301
        VERSION     | 25         | 2025
        REG_DATO    | 2024-01-02 | -
        VEDTAK_DATO | 2024-02-03 | -
        BEGYNT_DATO | 2024-03-04 | 2025-12-01
        AVSL_DATO   | 2025-02-28 | -
        STATUS      | 3          | 1
        STMND_1     | true       | false
        STMND_2     | true       | -
        STMND_12    | -          | true
        KVP_STONAD  | 40000      | 20000
        KJONN       | 1          | 2
    """)
    expected = turned("""
        person_key     | 1          | 2
        municipality   | 0301       | 0301
        reporting_year | 2025       | 2025
        applied_on     | 2024-01-02 | -
        granted_on     | 2024-02-03 | -
        begun_on       | 2024-03-04 | 2025-12-01
        ended_on       | 2025-02-28 | -
        state          | completed  | under_way
        n_paid_months  | 2          | 1
        benefit_nok    | 40000      | 20000
        sex            | man        | woman
    """)
    check_staging("kvp", given, expected)


def test_a_programme_until_2024_has_dates_of_six_digits(check_staging: Check) -> None:
    # 29 February 2024 is a day; no date is a blank or zeros.
    given = """
        person_key | KOMMUNE_NR | VERSION | REG_DATO | VEDTAK_DATO | BEGYNT_DATO | AVSL_DATO | STATUS
        1          | 4601       | 24      | 020107   | 030207      | 290224      | 311224    | 4
        2          | 4601       | 24      | 000000   | -           | 010124      | -         | 2
    """
    expected = """
        person_key | reporting_year | applied_on | granted_on | begun_on   | ended_on   | state
        1          | 2024           | 2007-01-02 | 2007-02-03 | 2024-02-29 | 2024-12-31 | absent
        2          | 2024           | -          | -          | 2024-01-01 | -          | on_leave
    """
    check_staging("kvp_2024", given, expected)


@pytest.mark.parametrize("layout", ["kvp", "kvp_2024"])
def test_every_exit_state(check_staging: Check, layout: str) -> None:
    given = [f"{number} | {number}" for number in range(1, 8)]
    expected = [f"{number} | {state}" for number, state in enumerate(STATES, start=1)]
    check_staging(layout, "\n".join(["person_key | STATUS", *given]), "\n".join(["person_key | state", *expected]))


@pytest.mark.parametrize("layout", ["kvp", "kvp_2024"])
def test_where_participants_went_is_not_one_answer(check_staging: Check, layout: str) -> None:
    given = """
        person_key | AVSL_ORDINAERTARB | AVSL_SKOLE | AVSL_UFORE | AVSL_UKJENT | AVSL_VIKTIGSTE_INNTEKT
        1          | true              | true       | -          | -           | 1
        2          | -                 | -          | -          | -           | 17
    """
    expected = """
        person_key | exit_ordinary_work | exit_education | exit_disability_pension | exit_unknown | exit_income_code
        1          | true               | true           | -                       | -            | 01
        2          | -                  | -              | -                       | -            | 17
    """
    check_staging(layout, given, expected)


# A record has 152 positions from 2025, 136 before; its last field is the case worker, who is left out.
@pytest.mark.parametrize(
    ("layout", "last", "begun", "status", "ended"),
    [("kvp", 142, (57, 64), (112, 112), (113, 120)), ("kvp_2024", 126, (45, 50), (98, 98), (99, 104))],
)
def test_positions_follow_each_other(
    layout: str, last: int, begun: tuple[int, int], status: tuple[int, int], ended: tuple[int, int]
) -> None:
    positions = load_contract(layout).fixed_width
    ends = list(positions.values())
    assert all(first <= until for first, until in ends)
    assert all(until < following for (_, until), (following, _) in pairwise(ends))
    assert ends[0] == (1, 4)
    assert ends[-1][1] == last
    assert (positions["BEGYNT_DATO"], positions["STATUS"], positions["AVSL_DATO"]) == (begun, status, ended)
    assert set(positions) == set(load_contract(layout).columns)


def test_a_record_is_cut_where_the_file_description_says() -> None:
    # One record of 2025 by hand: field by field with the lengths of the file description.
    fields = {
        "KOMMUNE_NR": "0301",
        "VERSION": "25",
        "BYDELSNR": "01",
        "FODSELSDATO": "01051985",
        "journal": "J0000007",
        "PERSON_FODSELSNR": "pseudonym-7",
        "KJONN": "1",
        "EKTSTAT": "2",
        "BU18": "1",
        "ANTBU18": "02",
        "REG_DATO": "02012024",
        "VEDTAK_DATO": "03022024",
        "BEGYNT_DATO": "04032024",
        "KVP_KOMM": "2",
        "KOMMNR_KVP_KOMM": "    ",
        "benefits before": "12   ",
        "benefits beside": "2     ",
        "months": "01020304" + " " * 16,
        "KVP_STONAD": "0040000",
        "STATUS": "3",
        "AVSL_DATO": "28022025",
        "exits": "01    04" + " " * 12,
        "AVSL_VIKTIGSTE_INNTEKT": "01",
        "case worker": "worker 007",
    }
    record = "".join(fields.values())
    assert len(record) == 152
    cut = {name: record[first - 1 : last] for name, (first, last) in load_contract("kvp").fixed_width.items()}
    assert {name: cut[name] for name in fields if name in cut} == {name: fields[name] for name in fields if name in cut}
    assert (cut["YTELSE_SOSHJELP"], cut["STMND_1"], cut["STMND_4"], cut["STMND_12"]) == ("1", "01", "04", "  ")
    assert (cut["AVSL_ORDINAERTARB"], cut["AVSL_SKOLE"], cut["AVSL_UKJENT"]) == ("01", "04", "  ")


def test_spells_of_benefits(check_staging: Check) -> None:
    given = """
        person_key | YTELSE          | FRA_DATO   | TIL_DATO   | GRAD | KOMMUNE_NR
        1          | sosialhjelp     | 2016-01-01 | 2016-01-31 | -    | 301
        1          | aap             | 2016-02-01 | -          | 50   | 4601
        1          | overgangsstønad | 2017-02-01 | 2017-02-28 | -    | -
    """
    expected = """
        person_key | benefit                   | start_date | stop_date  | grade | municipality
        1          | social_assistance         | 2016-01-01 | 2016-02-01 | -     | 0301
        1          | work_assessment_allowance | 2016-02-01 | -          | 50.0  | 4601
        1          | transitional_benefit      | 2017-02-01 | 2017-03-01 | -     | -
    """
    check_staging("fd_trygd", given, expected)


def test_job_seekers(check_staging: Check) -> None:
    given = """
        person_key | HOVEDSTATUS | FRA_DATO   | TIL_DATO
        1          | 1           | 2016-01-01 | 2016-01-31
        1          | 3           | 2016-02-01 | -
        1          | 7           | 2017-01-01 | 2017-01-01
        1          | 14          | 2018-01-01 | -
    """
    expected = """
        person_key | state_code | state                       | start_date | stop_date
        1          | 1          | unemployed                  | 2016-01-01 | 2016-02-01
        1          | 3          | on_measure                  | 2016-02-01 | -
        1          | 7          | other                       | 2017-01-01 | 2017-01-02
        1          | 14         | on_measure_reduced_capacity | 2018-01-01 | -
    """
    check_staging("arbeidssoker", given, expected)


def test_stays_in_norwegian_prisons(check_staging: Check) -> None:
    given = turned("""
        person_key               | 1          | 1               | 2
        INNSETTELSE_ID           | a          | a               | b
        INNSATT_DATO             | 2016-01-01 | 2016-02-01      | 2016-02-01
        UTGANG_DATO              | 2016-02-01 | 2016-08-01      | -
        GRUNNLAG                 | varetekt   | dom             | bøtesoning
        UTGANG                   | overføring | prøveløslatelse | -
        FENGSEL                  | OSLO       | BASTØY          | -
        SIKKERHETSNIVA           | høyt       | lavt            | -
        PLANLAGT_LOSLATELSE_DATO | -          | 2016-08-01      | -
        KOMMUNE_NR               | 301        | 301             | -
    """)
    expected = turned("""
        person_key           | 1          | 1          | 2
        admission_id         | a          | a          | b
        start_date           | 2016-01-01 | 2016-02-01 | 2016-02-01
        stop_date            | 2016-02-01 | 2016-08-01 | -
        kind                 | remand     | serving    | fine
        exit_kind            | transfer   | parole     | -
        facility             | OSLO       | BASTØY     | -
        security             | closed     | open       | -
        planned_release_date | -          | 2016-08-01 | -
        municipality         | 0301       | 0301       | -
    """)
    check_staging("kriminalomsorgen", given, expected)
