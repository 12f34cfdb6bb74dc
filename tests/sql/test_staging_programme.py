"""The programmes' own extracts: these typed rows give those staged rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from evalkit.registers import load_contract
from tests.sql.text_tables import turned

Check = Callable[..., None]


def test_offers(check_staging: Check) -> None:
    given = """
        person_key | KOMMUNE | HENVIST_DATO | TILBUDT_DATO | SVAR  | INDSKREVET_DATO | UDSKREVET_DATO | UDSKREVET_AARSAG
        1          | 316     | 2016-12-01   | 2017-01-01   | true  | 2017-01-08      | 2017-06-01     | gennemfoert
        2          | 615     | -            | 2017-01-01   | false | -               | -              | -
        3          | 615     | -            | 2017-01-01   | -     | -               | -              | -
    """
    expected = """
        person_key | municipality | offered_on | accepted | enrolled_on | discharged_on | discharge_reason | referred_on
        1          | 316          | 2017-01-01 | true     | 2017-01-08  | 2017-06-01    | completed        | 2016-12-01
        2          | 615          | 2017-01-01 | false    | -           | -             | -                | -
        3          | 615          | 2017-01-01 | -        | -           | -             | -                | -
    """
    check_staging("tilbud", given, expected)


def test_plans(check_staging: Check) -> None:
    given = """
        person_key | PLAN_ID | EJER              | OPRETTET_DATO | AFSLUTTET_DATO | UNDERSKREVET_DATO
        1          | p       | kriminalforsorgen | 2017-01-01    | -              | -
        1          | q       | kommune           | 2017-02-01    | 2017-05-01     | 2017-02-03
    """
    expected = """
        person_key | plan_id | owner          | created_on | closed_on  | signed_on
        1          | p       | prison_service | 2017-01-01 | -          | -
        1          | q       | municipality   | 2017-02-01 | 2017-05-01 | 2017-02-03
    """
    check_staging("handleplan", given, expected)


def test_plan_activities(check_staging: Check) -> None:
    given = """
        person_key | PLAN_ID | AKTIVITET_ID | OMRAADE       | PLANLAGT_DATO | BEGYNDT_DATO | SLUT_DATO  | SLUT_AARSAG
        1          | p       | a            | bolig         | 2017-01-01    | 2017-02-01   | 2017-03-01 | gennemført
        1          | p       | b            | beskæftigelse | 2017-01-01    | -            | -          | -
    """
    expected = """
        person_key | plan_id | activity_id | domain     | planned_on | begun_on   | ended_on   | end_reason
        1          | p       | a           | housing    | 2017-01-01 | 2017-02-01 | 2017-03-01 | completed
        1          | p       | b           | employment | 2017-01-01 | -          | -          | -
    """
    check_staging("planaktivitet", given, expected)


def test_contacts(check_staging: Check) -> None:
    given = """
        person_key | KONTAKT_DATO | KONTAKT_ART  | FREMMOEDT
        1          | 2017-01-01   | møde         | false
        1          | 2017-01-02   | trepart      | -
        1          | 2017-01-03   | underretning | -
        1          | 2017-01-04   | besøg        | true
    """
    expected = """
        person_key | contact_date | contact_kind        | attended
        1          | 2017-01-01   | meeting             | false
        1          | 2017-01-02   | three_party_meeting | -
        1          | 2017-01-03   | notification        | -
        1          | 2017-01-04   | visit               | true
    """
    check_staging("kontakt", given, expected)


def test_the_compass_of_change(check_staging: Check) -> None:
    given = """
        person_key | MAALT_DATO | ANLEDNING | DIMENSION | SCORE
        1          | 2017-01-01 | intro     | bolig     | 3
        1          | 2017-04-01 | status    | økonomi   | -
    """
    expected = """
        person_key | assessed_on | occasion | dimension | score
        1          | 2017-01-01  | intro    | housing   | 3.0
        1          | 2017-04-01  | status   | economy   | -
    """
    check_staging("forandringskompas", given, expected)


def test_life_psychology(check_staging: Check) -> None:
    given = """
        person_key | MAALT_DATO | SKEMA | TEMA_NR | TIDSPUNKT | SCORE
        1          | 2017-01-01 | test  | -       | før       | 40
        1          | 2017-01-08 | tema  | 1       | foer      | 2.5
        1          | 2017-01-15 | tema  | 1       | efter     | 3.5
    """
    expected = """
        person_key | assessed_on | form  | theme_number | occasion | score
        1          | 2017-01-01  | test  | -            | before   | 40.0
        1          | 2017-01-08  | theme | 1            | before   | 2.5
        1          | 2017-01-15  | theme | 1            | after    | 3.5
    """
    check_staging("tilvaerelsespsykologi", given, expected)


def test_referrals_to_jobupdate(check_staging: Check) -> None:
    given = turned("""
        person_key           | 1          | 2             | 3          | 4
        HENVIST_DATO         | 2012-01-01 | 2012-01-01    | 2012-01-01 | 2012-01-01
        FAENGSEL             | SDR. OMME  | SDR. OMME     | -          | -
        AFSLUTTET_DATO       | 2012-06-01 | 2012-06-01    | 2012-06-01 | -
        UDFALD               | positivt   | uden_resultat | andet      | -
        ANDET_AARSAG         | -          | -             | dødsfald   | -
        MATCHGRUPPE          | 2          | 3             | -          | -
        OVERFOERSELSINDKOMST | true       | false         | -          | -
        GENGANGER            | true       | -             | -          | -
    """)
    expected = turned("""
        person_key           | 1          | 2                 | 3          | 4
        referred_on          | 2012-01-01 | 2012-01-01        | 2012-01-01 | 2012-01-01
        facility             | SDR. OMME  | SDR. OMME         | -          | -
        ended_on             | 2012-06-01 | 2012-06-01        | 2012-06-01 | -
        result               | positive   | no_visible_result | other      | -
        other_reason         | -          | -                 | died       | -
        match_group          | 2          | 3                 | -          | -
        had_transfer_income  | true       | false             | -          | -
        was_in_prison_before | true       | -                 | -          | -
    """)
    check_staging("jobupdate_henvisning", given, expected)


def test_the_case_list_of_exit(check_staging: Check) -> None:
    given = turned("""
        person_key           | 1          | 1                  | 2
        SAG_ID               | s1         | s2                 | s3
        HENVIST_DATO         | 2012-01-01 | 2013-01-01         | 2012-01-01
        VISITATION_DATO      | 2012-01-05 | -                  | 2012-01-09
        AFGOERELSE           | indskrevet | indskrevet         | afslået
        INDSKREVET_DATO      | 2012-01-10 | 2013-01-10         | -
        VEJLEDNING_DATO      | 2012-02-10 | -                  | -
        OUTRO_DATO           | 2012-06-10 | -                  | -
        UDSKREVET_DATO       | 2012-07-10 | 2013-02-10         | -
        UDSKRIVNING          | gennemført | afbrudt_frivilligt | -
        BANDE                | true       | -                  | false
        LAB_TILBUD_SLUT_DATO | 2012-08-01 | -                  | -
    """)
    expected = turned("""
        person_key                | 1          | 1                     | 2
        case_id                   | s1         | s2                    | s3
        referred_on               | 2012-01-01 | 2013-01-01            | 2012-01-01
        assessed_on               | 2012-01-05 | -                     | 2012-01-09
        decision                  | enrolled   | enrolled              | declined
        enrolled_on               | 2012-01-10 | 2013-01-10            | -
        guidance_from             | 2012-02-10 | -                     | -
        outro_from                | 2012-06-10 | -                     | -
        discharged_on             | 2012-07-10 | 2013-02-10            | -
        discharge_reason          | completed  | interrupted_by_person | -
        in_gang                   | true       | -                     | false
        employment_offer_ended_on | 2012-08-01 | -                     | -
    """)
    check_staging("exit_sag", given, expected)


# Every word of a list becomes one of ours, and words of the same meaning the same one.
WORDS: Mapping[tuple[str, str, str], Mapping[str, str]] = {
    ("tilbud", "UDSKREVET_AARSAG", "discharge_reason"): {
        "gennemfoert": "completed",
        "gennemført": "completed",
        "afbrudt": "interrupted",
        "afbrudt_frivilligt": "interrupted_by_person",
        "afbrudt_ufrivilligt": "interrupted_by_programme",
        "flyttet": "moved",
        "doed": "died",
        "død": "died",
    },
    ("planaktivitet", "OMRAADE", "domain"): {
        "bolig": "housing",
        "oekonomi": "economy",
        "økonomi": "economy",
        "uddannelse": "education",
        "beskaeftigelse": "employment",
        "beskæftigelse": "employment",
        "behandling": "treatment",
        "helbred": "health",
        "netvaerk": "network",
        "netværk": "network",
    },
    ("planaktivitet", "SLUT_AARSAG", "end_reason"): {
        "gennemfoert": "completed",
        "gennemført": "completed",
        "afbrudt": "interrupted",
    },
    ("forandringskompas", "DIMENSION", "dimension"): {
        "vold": "violence",
        "familie_netvaerk": "family_network",
        "familie_netværk": "family_network",
        "beskaeftigelse_uddannelse": "work_education",
        "beskæftigelse_uddannelse": "work_education",
        "interesser_fritid": "leisure",
        "bolig": "housing",
        "kriminalitet": "crime",
        "oekonomi": "economy",
        "økonomi": "economy",
        "fysisk_helbred": "physical_health",
        "psykisk_helbred": "mental_health",
        "rusmidler": "substance_use",
    },
    ("exit_sag", "AFGOERELSE", "decision"): {
        "indskrevet": "enrolled",
        "afvist": "not_in_target_group",
        "henvist_videre": "referred_on",
        "afslaaet": "declined",
        "afslået": "declined",
    },
    ("exit_sag", "UDSKRIVNING", "discharge_reason"): {
        "gennemfoert": "completed",
        "gennemført": "completed",
        "afbrudt_frivilligt": "interrupted_by_person",
        "afbrudt_ufrivilligt": "interrupted_by_programme",
        "doed": "died",
        "død": "died",
    },
    ("kriminalomsorgen", "GRUNNLAG", "kind"): {
        "varetekt": "remand",
        "dom": "serving",
        "forvaring": "preventive_detention",
        "botesoning": "fine",
        "bøtesoning": "fine",
        "annet": "other",
    },
    ("kriminalomsorgen", "UTGANG", "exit_kind"): {
        "proveloslatelse": "parole",
        "prøveløslatelse": "parole",
        "endt_straff": "full_term",
        "varetekt_opphevet": "remand_end",
        "hjemmesoning": "home",
        "overforing": "transfer",
        "overføring": "transfer",
        "romning": "escape",
        "rømning": "escape",
        "dod": "death",
        "død": "death",
        "annet": "other",
    },
    ("fd_trygd", "YTELSE", "benefit"): {
        "sosialhjelp": "social_assistance",
        "kvp": "qualification_programme",
        "dagpenger": "unemployment_benefit",
        "tiltakspenger": "measure_allowance",
        "aap": "work_assessment_allowance",
        "ufore": "disability_pension",
        "sykepenger": "sickness_benefit",
        "overgangsstonad": "transitional_benefit",
        "overgangsstønad": "transitional_benefit",
        "foreldrepenger": "parental_benefit",
        "alderspensjon": "old_age_pension",
    },
}


@pytest.mark.parametrize(("layout", "column", "staged"), WORDS)
def test_every_word_of_a_list_is_read(check_staging: Check, layout: str, column: str, staged: str) -> None:
    words = WORDS[layout, column, staged]
    contract = load_contract(layout)
    assert contract.codes[contract.columns[column].codes or ""].values.keys() == words.keys()
    given = [f"{number} | {word}" for number, word in enumerate(words)]
    expected = [f"{number} | {ours}" for number, ours in enumerate(words.values())]
    check_staging(
        layout, "\n".join([f"person_key | {column}", *given]), "\n".join([f"person_key | {staged}", *expected])
    )
