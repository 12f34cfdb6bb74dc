"""From a delivered file to its staged rows; what each SELECT makes of typed rows stands in the test_staging modules."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from evalkit.registers import ExtractSpec, ingest, layouts
from evalkit.warehouse import Warehouse, open_warehouse


@pytest.fixture
def warehouse() -> Iterator[Warehouse]:
    with open_warehouse() as opened:
        yield opened


def staged(warehouse: Warehouse, folder: Path, layout: str, lines: str, **spec: Any) -> list[dict[str, Any]]:
    """Ingest a few rows and return the staged ones in the order delivered, without the person key."""
    (folder / "x.csv").write_text(lines, encoding="utf-8")
    ingest(warehouse, [ExtractSpec(layout=layout, path="x.csv", **spec)], root=folder)
    table = warehouse.fetch(f'SELECT * FROM staging."{layout}"')  # noqa: S608 - our own layouts
    assert table.columns[0] == "person_key"
    assert table["person_key"].null_count() == 0
    return table.drop("person_key").to_dicts()


def shown(rows: list[dict[str, Any]], *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in names) for row in rows]


def test_krin(warehouse: Warehouse, tmp_path: Path) -> None:
    rows = staged(
        warehouse,
        tmp_path,
        "krin",
        "PNR,JOURNR,IND_FGSLDTO,IND_LOESLDTO,IND_FGSLKOD,IND_LOESLKOD,IND_OVERFKOD,IND_AFGIVKOD,IND_FGSLSTED,IND_GER9,"
        "IND_AFGTYPKO,IND_UBSTRFKO,IND_UBSTRFLG,IND_PRVSLDTO,IND_BOEDAFS,IND_KOEN,IND_INRMARK\n"
        "a,J1,2016-01-02,1599-12-31,3.0,0,-,,a101,139077112,0,0,0,1599-12-31,0,1,1\n"
        "a,J1,2016-02-03,2016-08-04,05,10,X,1,F202,139077112.0,1,2,0,2017-08-04,0,1,1\n"
        "b,J2,2016-02-03,2016-02-13,5,0,-,8,F202,222080210,1,0,0,1599-12-31,0,2,1\n"
        "b,J3,2016-03-03,2016-03-13,5,0,-,1,F202,222080210,12,0,0,1599-12-31,0,2,1\n"
        "b,J4,2016-04-03,2016-04-13,5,0,-,1,F202,222080210,1,a,0,1599-12-31,0,2,1\n"
        "b,J5,2016-05-03,2016-05-13,5,0,-,1,F202,222080210,1,0,0,1599-12-31,1,2,1\n"
        "b,J6,2016-06-03,2016-06-04,1,2,-,8,F202,222080210,2,0,0,1599-12-31,0,2,1\n",
    )
    first = {
        "journal": "J1",
        "admission_date": date(2016, 1, 2),
        "release_date": None,
        "custody_code": "3",
        "release_code": "0",
        "is_transfer": False,
        "facility": "A101",
        "offence_code": "139077112",
        "sentence_kind": "0",
        "parole_expiry_date": None,
        "serves_fine": False,
        "decision_code": "0",
    }
    assert rows[0].items() >= first.items()
    last = {"release_date": date(2016, 8, 4), "custody_code": "5", "release_code": "10", "is_transfer": True}
    assert rows[1].items() >= (last | {"offence_code": "139077112", "parole_expiry_date": date(2017, 8, 4)}).items()
    # Committed for a fine, on a fine decision, sentence A, marked by the register; an arrest does not serve a fine.
    assert [row["serves_fine"] for row in rows] == [False, False, True, True, True, True, False]


def test_krsi(warehouse: Warehouse, tmp_path: Path) -> None:
    rows = staged(
        warehouse,
        tmp_path,
        "krsi",
        "PNR,JOURNR,SIG_GER1DTO,SIG_GER2DTO,SIG_SIGTDTO,SIG_GER7,SIG_GER9,SIG_ADRKOM,SIG_INRMARK\n"
        "a,J1,2016-01-01,2016-01-03,2016-02-01,1390000,139077112,101,1\n"
        "a,J2,1599-12-31,,2016-02-01,1390771,,101,1\n",
    )
    names = ("journal", "offence_start_date", "offence_end_date", "charge_date", "offence_code")
    assert shown(rows, *names) == [
        ("J1", date(2016, 1, 1), date(2016, 1, 3), date(2016, 2, 1), "139077112"),
        ("J2", None, None, date(2016, 2, 1), "1390771"),
    ]


def test_kraf(warehouse: Warehouse, tmp_path: Path) -> None:
    rows = staged(
        warehouse,
        tmp_path,
        "kraf",
        "PNR;JOURNR;AFG_AFGOEDTO;AFG_AFGTYPKO;AFG_GER7;AFG_GER9;AFG_UBSTRFLG;AFG_BSTRFLGD;AFG_BOEDEBLB;AFG_ANKEDTO;"
        "AFG_INRMARK\n"
        "a;J1;2016-01-02;1;1390000;139077112;60;9000;0;2016-02-01;1\n"
        "a;J2;2016-01-02;021;1390000;139077112;9000;0;1.500,50;;1\n"
        "a;J3;2016-01-02;6;1390000;139077112;9999;30;;1599-12-31;1\n",
    )
    names = ("decision_code", "unsuspended_days", "suspended_days", "fine_dkk", "appeal_date")
    assert shown(rows, *names) == [
        ("1", 60, 0, 0.0, date(2016, 2, 1)),
        ("21", 0, None, 1500.5, None),
        ("6", 9999, 30, None, None),
    ]


def test_bef(warehouse: Warehouse, tmp_path: Path) -> None:
    rows = staged(
        warehouse,
        tmp_path,
        "bef",
        "PNR,FOED_DAG,KOEN,KOM,CIVST,IE_TYPE,REFERENCETID,BOP_VFRA\n"
        "a,1980-05-06,1,0101,U,1,2016-12-31,2010-01-01\n"
        "b,06051980,2.0,615.0,G,2,31-12-2016,\n"
        "c,06/05/1980,2,316,G,3,31DEC2016,\n",
    )
    first = {
        "birth_date": date(1980, 5, 6),
        "sex": "man",
        "municipality": "101",
        "origin": "danish",
        "reference_date": date(2016, 12, 31),
        "moved_in_date": date(2010, 1, 1),
        "civil_status": "unmarried",
    }
    assert rows[0].items() >= first.items()
    assert [(row["sex"], row["municipality"], row["origin"]) for row in rows[1:]] == [
        ("woman", "615", "immigrant"),
        ("woman", "316", "descendant"),
    ]
    assert {row["birth_date"] for row in rows} == {date(1980, 5, 6)}
    assert {row["reference_date"] for row in rows} == {date(2016, 12, 31)}


def test_dod_and_vnds(warehouse: Warehouse, tmp_path: Path) -> None:
    deaths = staged(warehouse, tmp_path, "dod", "PNR,D_DODDATO\na,2016-01-02\n")
    assert shown(deaths, "death_date", "age_years") == [(date(2016, 1, 2), None)]
    moves = "PNR,HAEND_DATO,INDUD_KODE,INDUD_LAND\na,2016-01-02,U,5120\na,2017-01-02,i,5120\n"
    assert shown(staged(warehouse, tmp_path, "vnds", moves), "event_date", "direction", "country") == [
        (date(2016, 1, 2), "out", "5120"),
        (date(2017, 1, 2), "in", "5120"),
    ]


def test_dream(warehouse: Warehouse, tmp_path: Path) -> None:
    # 2015 has 53 ISO weeks. Column names come in either case; a number that became a float is the code it was.
    lines = (
        "pnr,FOEDDT,y_1552,Y_1553,y_1601,KON,branche_2016_01,BRANCHE_2016_02,GRAD_2016_01,GRAD_2016_02,MATCH_1KV2016\n"
        'a,1980-05-01,730,730,,1,11100,11100,0.5,"1",2\nb,1980-05-01,,,651.0,2,,620100,,,\n'
    )
    rows = staged(warehouse, tmp_path, "dream", lines)
    assert [row["sex_code"] for row in rows] == ["1", "2"]

    def told(table: str, value: str) -> list[tuple[Any, ...]]:
        dates = "quarter_start" if table == "dream_match_group" else "start_date, stop_date"
        return warehouse.fetch(
            f"SELECT person.person_id, {value}, {dates} FROM staging.{table} "  # noqa: S608 - names of a test
            "JOIN vault.person AS person USING (person_key) ORDER BY ALL"
        ).rows()

    assert told("dream_spell", "benefit_code") == [
        ("a", "730", date(2015, 12, 21), date(2016, 1, 4)),
        ("b", "651", date(2016, 1, 4), date(2016, 1, 11)),
    ]
    assert told("dream_industry_spell", "industry") == [
        ("a", "011100", date(2016, 1, 1), date(2016, 3, 1)),
        ("b", "620100", date(2016, 2, 1), date(2016, 3, 1)),
    ]
    assert told("dream_employment_rate_spell", "employment_rate") == [
        ("a", 0.5, date(2016, 1, 1), date(2016, 2, 1)),
        ("a", 1.0, date(2016, 2, 1), date(2016, 3, 1)),
    ]
    assert told("dream_match_group", "group_code") == [("a", "2", date(2016, 1, 1))]


def test_bfl_stops_the_day_after(warehouse: Warehouse, tmp_path: Path) -> None:
    rows = staged(
        warehouse,
        tmp_path,
        "bfl",
        "PNR\tAJO_JOB_START_DATO\tAJO_JOB_SLUT_DATO\tAJO_LOENTIMER\tAJO_FULDTID_BESKAEFTIGET\tAJO_SMALT_LOENBELOEB\n"
        "a\t2016-02-01\t2016-02-29\t160,33\t1\t23.000,00\n",
    )
    start, stop = date(2016, 2, 1), date(2016, 3, 1)
    assert shown(rows, "start_date", "stop_date", "paid_hours", "wage_dkk") == [(start, stop, 160.33, 23000.0)]


def test_education(warehouse: Warehouse, tmp_path: Path) -> None:
    highest = staged(warehouse, tmp_path, "udda", "PNR,HFAUDD,HF_VFRA\na,0010,2001-06-30\n")
    assert shown(highest, "highest_programme", "highest_from_date", "year") == [("0010", date(2001, 6, 30), None)]
    spells = (
        "PNR,UDD,AUDD,UDEL,ELEV3_VFRA,ELEV3_VTIL,TILG_ART,AFG_ART\n"
        "a,1,1,51,2016-01-01,2016-06-30,1,2\na,2,1,51,2016-01-01,9999-12-31,1,\na,3,1,51,2016-01-01,,1,\n"
    )
    rows = staged(warehouse, tmp_path, "kotre", spells)
    assert [(row["programme"], row["stop_date"], row["exit_code"]) for row in rows] == [
        ("1", date(2016, 7, 1), "2"),
        ("2", None, None),
        ("3", None, None),
    ]


def test_the_pilots_own_extracts(warehouse: Warehouse, tmp_path: Path) -> None:
    offers = (
        "PNR,KOMMUNE,TILBUDT_DATO,SVAR,INDSKREVET_DATO,UDSKREVET_DATO,UDSKREVET_AARSAG\n"
        "a,316,2017-01-01,Ja,2017-01-08,2017-06-01,Gennemfoert\nb,615,2017-01-01,nej,,,\nc,615,2017-01-01,,,,\n"
    )
    rows = staged(warehouse, tmp_path, "tilbud", offers)
    assert [(row["accepted"], row["enrolled_on"], row["discharge_reason"]) for row in rows] == [
        (True, date(2017, 1, 8), "completed"),
        (False, None, None),
        (None, None, None),
    ]
    plans = (
        "PNR,PLAN_ID,EJER,OPRETTET_DATO,AFSLUTTET_DATO\na,P1,kriminalforsorgen,2017-01-01,\na,P2,KOMMUNE,2017-02-01,\n"
    )
    rows = staged(warehouse, tmp_path, "handleplan", plans)
    assert [(row["plan_id"], row["owner"]) for row in rows] == [("P1", "prison_service"), ("P2", "municipality")]
    contacts = "PNR,KONTAKT_DATO,KONTAKT_ART\na,2017-01-01,møde\na,2017-01-02,trepart\n"
    rows = staged(warehouse, tmp_path, "kontakt", contacts)
    assert [row["contact_kind"] for row in rows] == ["meeting", "three_party_meeting"]


def test_planaktivitet(warehouse: Warehouse, tmp_path: Path) -> None:
    delivered = ("bolig", "oekonomi", "Uddannelse", "beskæftigelse", "behandling", "helbred", "netvaerk")
    reasons = ("gennemfoert", "afbrudt", "", "", "", "", "")
    lines = "".join(
        f"a,P1,A{number},{domain},2017-01-01,,,{reason}\n"
        for number, (domain, reason) in enumerate(zip(delivered, reasons, strict=True))
    )
    header = "PNR,PLAN_ID,AKTIVITET_ID,OMRAADE,PLANLAGT_DATO,BEGYNDT_DATO,SLUT_DATO,SLUT_AARSAG\n"
    rows = staged(warehouse, tmp_path, "planaktivitet", header + lines)
    domains = ["housing", "economy", "education", "employment", "treatment", "health", "network"]
    assert [row["domain"] for row in rows] == domains
    assert [row["end_reason"] for row in rows] == ["completed", "interrupted", None, None, None, None, None]


def test_time_to_event(warehouse: Warehouse, tmp_path: Path) -> None:
    rows = staged(
        warehouse,
        tmp_path,
        "time_to_event",
        "weeks,cens,prog,age,prior\n10,0,1,20,1.5\n20.0,1,0,30,\n",
        columns={"ARM": "prog", "EXIT": "WEEKS", "EVENT": "cens"},
        event_codes=("0",),
        censored_codes=("1",),
        covariates=("age", "prior", "prog"),
    )
    assert rows == [
        {"arm": "1", "entry_time": 0, "exit_time": 10, "event_type": 1},
        {"arm": "0", "entry_time": 0, "exit_time": 20, "event_type": 0},
    ]
    covariates = warehouse.fetch(
        "SELECT person.person_id, name, value FROM staging.time_to_event_covariate AS covariate "
        "JOIN vault.person AS person USING (person_key) ORDER BY person_id, name"
    )
    assert covariates.rows() == [
        ("1", "age", 20.0),
        ("1", "prior", 1.5),
        ("1", "prog", 1.0),
        ("2", "age", 30.0),
        ("2", "prog", 0.0),
    ]


def test_a_fixed_width_file(warehouse: Warehouse, tmp_path: Path) -> None:
    # Two records of KOSTRA 11CF in 2025, field by field: one that is completed and one that goes on.
    ended = [
        *("0301", "25", "01", "01051985", "J0000007", "pseudonym-7", "1", "2", "1", "02"),
        *("02012024", "03022024", "04032024", "2", "    ", "12   ", "2     ", "01020304".ljust(24), "0040000"),
        *("3", "28022025", "01    04".ljust(20), "01", "worker 007"),
    ]
    open_one = [
        *("4601", "25", "  ", "01051990", "J0000008", "pseudonym-8", "2", "1", "2", "  "),
        *("02012025", "03022025", "04032025", "2", "    ", "     ", "2     ", "1112".rjust(24), "0020000"),
        *("1", " " * 8, " " * 20, "  ", "worker 007"),
    ]
    records = ["".join(ended), "".join(open_one)]
    assert {len(record) for record in records} == {152}
    rows = staged(warehouse, tmp_path, "kvp", "\n".join([*records, ""]))
    names = ("municipality", "reporting_year", "begun_on", "ended_on", "state", "n_paid_months", "exit_education")
    assert shown(rows, *names) == [
        ("0301", 2025, date(2024, 3, 4), date(2025, 2, 28), "completed", 4, True),
        ("4601", 2025, date(2025, 3, 4), None, "under_way", 2, None),
    ]


# A file with the required columns only, and one row. Dates, codes and words as the registers have them.
SMALLEST = {
    "krsi": "PNR,JOURNR,SIG_GER1DTO,SIG_SIGTDTO\na,J,1985-01-01,1985-02-01\n",
    "kraf": "PNR,JOURNR,AFG_AFGOEDTO,AFG_AFGTYPKO,AFG_UBSTRFLG,AFG_BOEDEBLB,AFG_INRMARK\na,J,2016-01-01,1,30,,1\n",
    "krko": "PNR,JOURNR,KON_KONFJOUR,KON_AFGTYPKO\na,J,K,21\n",
    "krin": "PNR,JOURNR,FGSLDTO,IND_FGSLKOD\na,J,1980-03-01,5\n",
    "rec_person": "PNR,REC_STDATO,REC_SLDATO,REC_POPULKODE,REC_ANTAL\na,2016-01-01,2018-01-01,1,0\n",
    "rec_haendelse": "PNR,H_GERDATO,H_GERDATOTYP,H_AFGDATO\na,2016-01-01,s,2016-02-01\n",
    "bef": "PERSON_ID,FOEDDAG,KON,KOMNR,IE_TYPE,REFERENCETID\na,1980-01-01,1,0101,1,2016-12-31\n",
    "dod": "PNR,DODDATO\na,2016-01-01\n",
    "vnds": "PNR,HAEND_DATO,INDUD_KODE\na,2016-01-01,U\n",
    "vnds_hist": "PNR,HAEND_DATO,INDUD_KODE\na,1990-01-01,I\n",
    "vnds_ud": "PNR,HAEND_DATO\na,2016-01-01\n",
    "vnds_ind": "PNR,HAEND_DATO\na,2016-01-01\n",
    "dream": "PNR,Y_9132\na,730\n",
    "bfl": "PNR,AJO_JOB_START_DATO,AJO_JOB_SLUT_DATO,AJO_LOENTIMER\na,2016-01-01,2016-01-31,1\n",
    "akm": "PNR,TAAR,SOCIO02\na,2003,330\n",
    "idan": "PNR,AAR\na,2016\n",
    "udda": "PNR,HFAUDD,HF_VFRA\na,10,2016-01-01\n",
    "kotre": "PNR,UDD,ELEV3_VFRA,ELEV3_VTIL\na,1,2016-01-01,9999-12-31\n",
    "fd_trygd": "LOPENR,YTELSE,START,STOP\na,AAP,2016-01-01,\n",
    "arbeidssoker": "LOPENR,ARBSOEK2001FDT_HOVED,START,STOP\na,01,2016-01-01,\n",
    "kriminalomsorgen": "LOPENR,INNSETTELSE_ID,INNSATT_DATO,UTGANG_DATO,GRUNNLAG,UTGANG\na,I,2016-01-01,,Dom,\n",
    "tilbud": "PNR,KOMMUNE,TILBUDT_DATO,SVAR,INDSKREVET_DATO\na,316,2016-01-01,ja,\n",
    "handleplan": "PNR,PLAN_ID,EJER,OPRETTET_DATO,AFSLUTTET_DATO\na,P,kommune,2016-01-01,\n",
    "planaktivitet": "PNR,PLAN_ID,AKTIVITET_ID,OMRAADE,PLANLAGT_DATO,BEGYNDT_DATO,SLUT_DATO,SLUT_AARSAG\n"
    "a,P,A,bolig,,,,\n",
    "kontakt": "PNR,KONTAKT_DATO,KONTAKT_ART\na,2016-01-01,telefon\n",
    "forandringskompas": 'PNR,MÅLT_DATO,ANLEDNING,DIMENSION,SCORE\na,2016-01-01,Intro,Bolig,"3,5"\n',
    "tilvaerelsespsykologi": "PNR,MAALT_DATO,SKEMA,TEMA_NR,TIDSPUNKT,SCORE\na,2016-01-01,tema,1,før,2\n",
    "jobupdate_henvisning": "PNR,HENVIST_DATO,AFSLUTTET_DATO,UDFALD\na,2012-01-01,,\n",
    "exit_sag": "PNR,SAG_ID,HENVIST_DATO,AFGØRELSE,INDSKREVET_DATO,UDSKREVET_DATO,UDSKRIVNING\n"
    "a,S,2012-01-01,indskrevet,2012-01-10,,\n",
    "time_to_event": "ARM,EXIT,EVENT,age\n1,5,1,30\n",
}


@pytest.mark.parametrize("layout", SMALLEST)
def test_the_required_columns_are_enough(layout: str, warehouse: Warehouse, tmp_path: Path) -> None:
    study = {"covariates": ("age",)} if layout == "time_to_event" else {}
    assert len(staged(warehouse, tmp_path, layout, SMALLEST[layout], **study)) == 1


def test_every_layout_is_shown() -> None:
    assert {*SMALLEST, "kvp", "kvp_2024"} == set(layouts())
