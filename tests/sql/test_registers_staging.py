"""Each layout's SELECT: these delivered rows give those staged rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from evalkit.registers import ExtractSpec, ingest
from evalkit.warehouse import Warehouse, open_warehouse

CORE_EXPECTS = Path(__file__).with_name("staging.sql")


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
    assert rows[0] == {
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
    assert rows == [
        {
            "journal": "J1",
            "offence_start_date": date(2016, 1, 1),
            "offence_end_date": date(2016, 1, 3),
            "charge_date": date(2016, 2, 1),
            "offence_code": "139077112",
        },
        {
            "journal": "J2",
            "offence_start_date": None,
            "offence_end_date": None,
            "charge_date": date(2016, 2, 1),
            "offence_code": "1390771",
        },
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
    shown = ("decision_code", "unsuspended_days", "suspended_days", "fine_dkk", "appeal_date")
    assert [tuple(row[name] for name in shown) for row in rows] == [
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
    assert rows[0] == {
        "birth_date": date(1980, 5, 6),
        "sex": "man",
        "municipality": "101",
        "origin": "danish",
        "reference_date": date(2016, 12, 31),
        "moved_in_date": date(2010, 1, 1),
    }
    assert [(row["sex"], row["municipality"], row["origin"]) for row in rows[1:]] == [
        ("woman", "615", "immigrant"),
        ("woman", "316", "descendant"),
    ]
    assert {row["birth_date"] for row in rows} == {date(1980, 5, 6)}
    assert {row["reference_date"] for row in rows} == {date(2016, 12, 31)}


def test_dod_and_vnds(warehouse: Warehouse, tmp_path: Path) -> None:
    assert staged(warehouse, tmp_path, "dod", "PNR,DODDATO\na,2016-01-02\n") == [{"death_date": date(2016, 1, 2)}]
    moves = "PNR,HAEND_DATO,INDUD_KODE,INDUD_LAND\na,2016-01-02,U,5120\na,2017-01-02,i,5120\n"
    assert staged(warehouse, tmp_path, "vnds", moves) == [
        {"event_date": date(2016, 1, 2), "direction": "out"},
        {"event_date": date(2017, 1, 2), "direction": "in"},
    ]


def test_dream(warehouse: Warehouse, tmp_path: Path) -> None:
    lines = "pnr,FOEDDT,y_1552,Y_1553,y_1601,KON\na,1980-05-01,730, ,730.0,1\nb,1980-05-01,,,,2\n"
    rows = staged(warehouse, tmp_path, "dream", lines)
    assert [row["sex_code"] for row in rows] == ["1", "2"]
    weeks = warehouse.fetch(
        "SELECT person.person_id, week_start, benefit_code FROM staging.dream_week "
        "JOIN vault.person AS person USING (person_key) ORDER BY week_start"
    )
    assert weeks.rows() == [("a", date(2015, 12, 21), "730"), ("a", date(2016, 1, 4), "730")]


def test_bfl_stops_the_day_after(warehouse: Warehouse, tmp_path: Path) -> None:
    rows = staged(
        warehouse,
        tmp_path,
        "bfl",
        "PNR\tAJO_JOB_START_DATO\tAJO_JOB_SLUT_DATO\tAJO_LOENTIMER\tAJO_FULDTID_BESKAEFTIGET\tAJO_SMALT_LOENBELOEB\n"
        "a\t2016-02-01\t2016-02-29\t160,33\t1\t23.000,00\n",
    )
    start, stop = date(2016, 2, 1), date(2016, 3, 1)
    assert rows == [{"start_date": start, "stop_date": stop, "paid_hours": 160.33, "wage_dkk": 23000.0}]


def test_education(warehouse: Warehouse, tmp_path: Path) -> None:
    assert staged(warehouse, tmp_path, "udda", "PNR,HFAUDD,HF_VFRA\na,0010,2001-06-30\n") == [
        {"highest_programme": "0010", "highest_from_date": date(2001, 6, 30)}
    ]
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
        (True, date(2017, 1, 8), "gennemfoert"),
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
    assert [row["contact_kind"] for row in rows] == ["moede", "trepart"]


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


HEADERS = {
    "krin": "PNR,JOURNR,IND_FGSLDTO,IND_LOESLDTO,IND_FGSLKOD,IND_LOESLKOD,IND_INRMARK\na,J,2016-01-01,,5,0,1\n",
    "krsi": "PNR,JOURNR,SIG_GER1DTO,SIG_SIGTDTO,SIG_GER9,SIG_INRMARK\na,J,2016-01-01,2016-01-01,139077112,1\n",
    "kraf": "PNR,JOURNR,AFG_AFGOEDTO,AFG_AFGTYPKO,AFG_GER9,AFG_UBSTRFLG,AFG_BOEDEBLB,AFG_INRMARK\n"
    "a,J,2016-01-01,1,1,1,,1\n",
    "bef": "PNR,FOED_DAG,KOEN,KOM,IE_TYPE,REFERENCETID\na,1980-01-01,1,101,1,2016-12-31\n",
    "dod": "PNR,DODDATO\na,2016-01-01\n",
    "vnds": "PNR,HAEND_DATO,INDUD_KODE\na,2016-01-01,U\n",
    "dream": "PNR,Y_1601\na,730\n",
    "bfl": "PNR,AJO_JOB_START_DATO,AJO_JOB_SLUT_DATO,AJO_LOENTIMER\na,2016-01-01,2016-01-31,1\n",
    "udda": "PNR,HFAUDD,HF_VFRA\na,1,2016-01-01\n",
    "kotre": "PNR,UDD,ELEV3_VFRA,ELEV3_VTIL\na,1,2016-01-01,\n",
    "tilbud": "PNR,KOMMUNE,TILBUDT_DATO,SVAR,INDSKREVET_DATO\na,316,2016-01-01,ja,\n",
    "handleplan": "PNR,PLAN_ID,EJER,OPRETTET_DATO,AFSLUTTET_DATO\na,P,kommune,2016-01-01,\n",
    "planaktivitet": "PNR,PLAN_ID,AKTIVITET_ID,OMRAADE,PLANLAGT_DATO,BEGYNDT_DATO,SLUT_DATO,SLUT_AARSAG\n"
    "a,P,A,bolig,,,,\n",
    "kontakt": "PNR,KONTAKT_DATO,KONTAKT_ART\na,2016-01-01,telefon\n",
    "time_to_event": "ARM,EXIT,EVENT,age\n1,5,1,30\n",
}


@pytest.mark.parametrize("layout", HEADERS)
def test_staged_columns_are_those_that_the_core_models_read(layout: str, warehouse: Warehouse, tmp_path: Path) -> None:
    """With no optional column delivered, names, order and types are those of staging.sql."""
    covariates = ("age",) if layout == "time_to_event" else ()
    staged(warehouse, tmp_path, layout, HEADERS[layout], covariates=covariates)
    made = columns_of(warehouse)
    with open_warehouse() as core:
        for statement in CORE_EXPECTS.read_text(encoding="utf-8").split(";"):
            if statement.strip():
                core.execute(statement)
        expected = columns_of(core)
    known = {table: columns for table, columns in made.items() if table in expected}
    assert known == {table: expected[table] for table in known}
    assert layout in expected or layout == "dream"


def columns_of(warehouse: Warehouse) -> dict[str, list[tuple[str, str]]]:
    found = warehouse.fetch(
        "SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE schema_name = 'staging' "
        "ORDER BY table_name, column_index"
    )
    columns: dict[str, list[tuple[str, str]]] = {}
    for table, name, kind in found.iter_rows():
        columns.setdefault(table, []).append((name, kind))
    return columns
