"""Each rule of each contract: rows that keep it and rows that break it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from evalkit.registers import layouts, load_contract

Broken = Callable[[str, str, str], list[int]]

EXIT_DATES = ("HENVIST", "VISITATION", "INDSKREVET", "VEJLEDNING", "OUTRO", "UDSKREVET", "OPFOELGNING_SLUT")

# By layout and rule: the columns, the rows that keep the rule, the rows that break it. ``-`` is blank or no date.
CASES: Mapping[tuple[str, str], tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    ("krsi", "not_followable"): (
        "SIG_SIGTDTO | SIG_INRMARK",
        ("2016-01-01 | 1", "1990-12-31 | -", "1990-12-31 | 1"),
        ("2016-01-01 | 2", "2016-01-01 | -", "1991-01-01 | -", "1990-12-31 | 5", "- | -"),
    ),
    ("krsi", "offence_ends_before_it_starts"): (
        "SIG_GER1DTO | SIG_GER2DTO",
        ("2016-01-01 | 2016-01-01", "- | 2016-01-01", "2016-01-01 | -"),
        ("2016-01-02 | 2016-01-01",),
    ),
    ("krsi", "charge_before_offence"): (
        "SIG_GER1DTO | SIG_SIGTDTO",
        ("2016-01-01 | 2016-01-01", "- | 2016-01-01"),
        ("2016-01-02 | 2016-01-01",),
    ),
    ("krsi", "offence_code_missing"): ("SIG_GER7 | SIG_GER9", ("1380763 | -", "- | 138076315"), ("- | -",)),
    ("kraf", "not_followable"): ("AFG_INRMARK", ("1",), ("0", "2", "-")),
    ("kraf", "negative_sentence"): (
        "AFG_UBSTRFLG | AFG_BSTRFLGD",
        ("0 | -", "9999 | 9000", "- | 10"),
        ("-1 | -", "10 | -1"),
    ),
    ("kraf", "offence_code_missing"): ("AFG_GER7 | AFG_GER9", ("1380763 | -", "- | 138076315"), ("- | -",)),
    ("krko", "not_followable"): ("KON_INRMARK", ("1", "-"), ("0", "2")),
    ("krko", "unexpected_decision_date"): ("KON_AFGOEDTO", ("-",), ("2016-01-01",)),
    ("krko", "offence_code_missing"): (
        "KON_GER7 | KON_GER9 | KON_AFGTYPKO",
        ("1380763 | - | 1", "- | 138076315 | 1", "- | - | 0", "- | - | -"),
        ("- | - | 1",),
    ),
    ("krin", "not_followable"): (
        "IND_FGSLDTO | IND_INRMARK",
        ("2016-01-01 | 1", "1980-12-31 | -"),
        ("2016-01-01 | 2", "1981-01-01 | -", "1980-12-31 | 2"),
    ),
    ("krin", "release_before_admission"): (
        "IND_FGSLDTO | IND_LOESLDTO",
        ("2016-01-01 | 2016-01-01", "2016-01-01 | -"),
        ("2016-01-02 | 2016-01-01",),
    ),
    ("krin", "IND_LOESLKOD_missing"): (
        "IND_FGSLDTO | IND_LOESLKOD",
        ("1991-01-01 | 0", "1990-12-31 | -"),
        ("1991-01-01 | -",),
    ),
    ("krin", "released_without_IND_LOESLDTO"): (
        "IND_FGSLDTO | IND_LOESLKOD | IND_LOESLDTO",
        (
            "2016-01-01 | 4 | 2016-02-01",
            "2016-01-01 | 0 | -",
            "2016-01-01 | 5 | -",
            "2016-01-01 | 7 | -",
            "2016-01-01 | - | -",
            "1990-12-31 | 4 | -",
        ),
        ("2016-01-01 | 1 | -", "2016-01-01 | 4 | -", "2016-01-01 | 10 | -", "1991-01-01 | 2 | -"),
    ),
    ("krin", "custody_code_outside_its_years"): (
        "IND_FGSLDTO | IND_FGSLKOD",
        ("1991-01-01 | 1", "1991-01-01 | 3", "2007-01-01 | 0", "2006-12-31 | 4", "1985-01-01 | 5", "2016-01-01 | 5"),
        ("1990-12-31 | 1", "1990-12-31 | 2", "1990-12-31 | 3", "2006-12-31 | 0", "2007-01-01 | 4"),
    ),
    ("rec_person", "follow_up_ends_before_it_starts"): (
        "REC_STDATO | REC_SLDATO",
        ("2016-01-01 | 2018-01-01", "2016-01-01 | -"),
        ("2016-01-02 | 2016-01-01",),
    ),
    ("rec_person", "negative_count"): ("REC_ANTAL", ("0", "4"), ("-1",)),
    ("rec_haendelse", "decision_before_offence"): (
        "H_GERDATO | H_AFGDATO",
        ("2016-01-01 | 2016-01-01", "- | 2016-01-01"),
        ("2016-01-02 | 2016-01-01",),
    ),
    ("rec_haendelse", "unknown_date_is_given"): (
        "H_GERDATOTYP | H_GERDATO",
        ("U | -", "S | 2016-01-01", "A | -"),
        ("U | 2016-01-01",),
    ),
    ("bef", "birth_after_reference_date"): (
        "FOED_DAG | REFERENCETID",
        ("2016-12-31 | 2016-12-31",),
        ("2017-01-01 | 2016-12-31",),
    ),
    ("bef", "municipality_not_three_digits"): ("KOM", ("101", "860"), ("99", "1010", "abc", "00x")),
    ("vnds_ud", "moved_before_birth"): (
        "FOED_DAG | HAEND_DATO",
        ("2016-01-01 | 2016-01-01", "- | 2016-01-01"),
        ("2016-01-02 | 2016-01-01",),
    ),
    ("vnds_ind", "moved_before_birth"): (
        "FOED_DAG | HAEND_DATO",
        ("2016-01-01 | 2016-01-01", "- | 2016-01-01"),
        ("2016-01-02 | 2016-01-01",),
    ),
    ("bfl", "job_ends_before_it_starts"): (
        "AJO_JOB_START_DATO | AJO_JOB_SLUT_DATO",
        ("2016-01-01 | 2016-01-01",),
        ("2016-01-02 | 2016-01-01",),
    ),
    ("akm", "year_not_a_year"): ("AAR", ("1976", "2016-12-31", "201612"), ("76", "31-12-2016", "1969", "abc")),
    ("akm", "status_missing"): ("SOCIO13 | SOCIO02", ("110 | -", "- | 0"), ("- | -",)),
    ("idan", "year_not_a_year"): ("AAR", ("1980", "2016-11-30"), ("80", "30-11-2016", "2101")),
    ("udda", "year_not_a_year"): ("AAR", ("1980", "2016", "-"), ("80", "30-09-2016")),
    ("kotre", "enrolment_ends_before_it_starts"): (
        "ELEV3_VFRA | ELEV3_VTIL",
        ("2016-01-01 | 2016-01-01", "2016-01-01 | -"),
        ("2016-01-02 | 2016-01-01",),
    ),
    ("time_to_event", "exit_not_after_entry"): ("ENTRY | EXIT", ("- | 1", "3 | 4"), ("- | 0", "4 | 4")),
    ("time_to_event", "negative_entry"): ("ENTRY", ("0", "-"), ("-1",)),
    ("kvp", "not_a_reporting_year"): ("VERSION", ("25", "2025"), ("6", "202", "2100")),
    ("kvp", "ended_before_begun"): (
        "BEGYNT_DATO | AVSL_DATO",
        ("2024-12-31 | 2024-12-31", "2024-12-31 | -"),
        ("2025-01-01 | 2024-12-31",),
    ),
    ("kvp", "ended_without_a_date"): (
        "STATUS | AVSL_DATO",
        ("1 | -", "2 | -", "3 | 2024-12-31"),
        ("3 | -", "5 | -", "7 | -"),
    ),
    ("kvp_2024", "REG_DATO_not_a_date"): (
        "REG_DATO",
        ("290224", "000000", "-"),
        ("290223", "20224", "241324", "2902 4", "29022024"),
    ),
    ("kvp_2024", "VEDTAK_DATO_not_a_date"): ("VEDTAK_DATO", ("290224", "000000", "-"), ("310424", "10124")),
    ("kvp_2024", "BEGYNT_DATO_not_a_date"): ("BEGYNT_DATO", ("010124",), ("000000", "310424", "10124")),
    ("kvp_2024", "AVSL_DATO_not_a_date"): ("AVSL_DATO", ("311224", "000000", "-"), ("321224", "abcdef")),
    ("kvp_2024", "not_a_reporting_year"): ("VERSION", ("7", "24", "2024"), ("6", "202")),
    ("kvp_2024", "ended_before_begun"): (
        "BEGYNT_DATO | AVSL_DATO",
        ("311224 | 311224", "311223 | 010124", "010124 | 000000", "010124 | -"),
        ("010124 | 311223", "020124 | 010124"),
    ),
    ("kvp_2024", "ended_without_a_date"): (
        "STATUS | AVSL_DATO",
        ("1 | -", "2 | 000000", "3 | 311224"),
        ("3 | -", "4 | 000000"),
    ),
    ("fd_trygd", "spell_ends_before_it_starts"): (
        "FRA_DATO | TIL_DATO",
        ("2016-01-01 | 2016-01-01", "2016-01-01 | -"),
        ("2016-01-02 | 2016-01-01",),
    ),
    ("arbeidssoker", "spell_ends_before_it_starts"): (
        "FRA_DATO | TIL_DATO",
        ("2016-01-01 | 2016-01-01", "2016-01-01 | -"),
        ("2016-01-02 | 2016-01-01",),
    ),
    ("kriminalomsorgen", "exit_before_admission"): (
        "INNSATT_DATO | UTGANG_DATO",
        ("2016-01-01 | 2016-01-01", "2016-01-01 | -"),
        ("2016-01-02 | 2016-01-01",),
    ),
    ("kriminalomsorgen", "exit_without_a_date"): (
        "UTGANG | UTGANG_DATO",
        ("- | -", "dom | 2016-01-01"),
        ("dom | -", "- | 2016-01-01"),
    ),
    ("tilbud", "enrolled_before_offered"): (
        "TILBUDT_DATO | INDSKREVET_DATO",
        ("2016-01-01 | 2016-01-01", "2016-01-01 | -"),
        ("2016-01-02 | 2016-01-01",),
    ),
    ("tilbud", "discharged_before_enrolled"): (
        "INDSKREVET_DATO | UDSKREVET_DATO",
        ("2016-01-01 | 2016-01-01", "2016-01-01 | -"),
        ("2016-01-02 | 2016-01-01",),
    ),
    ("tilbud", "discharged_without_enrolment"): (
        "INDSKREVET_DATO | UDSKREVET_DATO",
        ("2016-01-01 | 2016-01-01", "2016-01-01 | -", "- | -"),
        ("- | 2016-01-01",),
    ),
    ("tilbud", "offered_before_referred"): (
        "HENVIST_DATO | TILBUDT_DATO",
        ("2016-01-01 | 2016-01-01", "- | 2016-01-01"),
        ("2016-01-02 | 2016-01-01",),
    ),
    ("handleplan", "plan_closed_before_created"): (
        "OPRETTET_DATO | AFSLUTTET_DATO",
        ("2016-01-01 | 2016-01-01", "2016-01-01 | -"),
        ("2016-01-02 | 2016-01-01",),
    ),
    ("planaktivitet", "activity_ends_before_it_begins"): (
        "BEGYNDT_DATO | SLUT_DATO",
        ("2016-01-01 | 2016-01-01", "- | 2016-01-01"),
        ("2016-01-02 | 2016-01-01",),
    ),
    ("tilvaerelsespsykologi", "theme_not_of_the_ten"): (
        "SKEMA | TEMA_NR",
        ("tema | 1", "tema | 10", "test | -"),
        ("tema | 0", "tema | 11", "tema | -", "test | 1"),
    ),
    ("jobupdate_henvisning", "ended_before_referred"): (
        "HENVIST_DATO | AFSLUTTET_DATO",
        ("2012-01-01 | 2012-01-01", "2012-01-01 | -"),
        ("2012-01-02 | 2012-01-01",),
    ),
    ("jobupdate_henvisning", "end_and_result_part"): (
        "AFSLUTTET_DATO | UDFALD",
        ("- | -", "2012-01-01 | positivt"),
        ("2012-01-01 | -", "- | positivt"),
    ),
    ("exit_sag", "phases_out_of_order"): (
        " | ".join(f"{name}_DATO" for name in EXIT_DATES),
        (
            "2012-01-01 | 2012-01-02 | 2012-01-03 | 2012-01-04 | 2012-01-05 | 2012-01-06 | 2012-01-07",
            "2012-01-01 | - | - | - | - | - | -",
            "2012-01-01 | - | 2012-01-03 | - | - | 2012-01-03 | -",
        ),
        (
            "2012-01-02 | 2012-01-01 | - | - | - | - | -",
            "2012-01-02 | - | 2012-01-01 | - | - | - | -",
            "2012-01-01 | - | 2012-01-03 | 2012-01-02 | - | - | -",
            "2012-01-01 | - | 2012-01-03 | - | 2012-01-02 | - | -",
            "2012-01-01 | - | 2012-01-02 | 2012-01-04 | 2012-01-03 | - | -",
            "2012-01-01 | - | 2012-01-03 | - | - | 2012-01-02 | -",
            "2012-01-01 | - | 2012-01-02 | 2012-01-03 | 2012-01-05 | 2012-01-04 | -",
            "2012-01-01 | - | 2012-01-02 | - | - | 2012-01-04 | 2012-01-03",
        ),
    ),
    ("exit_sag", "discharge_and_reason_part"): (
        "UDSKREVET_DATO | UDSKRIVNING",
        ("- | -", "2012-01-01 | gennemfoert"),
        ("2012-01-01 | -", "- | gennemfoert"),
    ),
    ("exit_sag", "discharged_without_enrolment"): (
        "INDSKREVET_DATO | UDSKREVET_DATO",
        ("- | -", "2012-01-01 | 2012-02-01"),
        ("- | 2012-02-01",),
    ),
}


def test_every_rule_is_shown() -> None:
    rules = {
        (layout, rule.name)
        for layout in layouts()
        for rule in (*load_contract(layout).scope, *load_contract(layout).rules)
    }
    assert rules == CASES.keys()


@pytest.mark.parametrize(("layout", "name"), CASES)
def test_rows_that_keep_a_rule_and_rows_that_break_it(broken_rows: Broken, layout: str, name: str) -> None:
    contract = load_contract(layout)
    rule = next(one for one in (*contract.scope, *contract.rules) if one.name == name)
    header, keep, break_it = CASES[layout, name]
    assert broken_rows(layout, rule.holds, "\n".join([header, *keep, *break_it])) == list(
        range(len(keep) + 1, len(keep) + len(break_it) + 1)
    )
