"""The contracts in sql/staging: complete, portable, and as the core models expect them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp

from evalkit.config import parse
from evalkit.errors import ConfigError, LayoutError
from evalkit.registers import Contract, layout_title, layouts, load_contract
from evalkit.registers.contracts.contract import staging_sql
from evalkit.shipped import shipped
from evalkit.warehouse import portability_findings

# The columns without which a file is not of the layout; all others exist in some years or extracts only.
REQUIRED = {
    "krsi": "PNR,JOURNR,SIG_GER1DTO,SIG_SIGTDTO",
    "kraf": "PNR,JOURNR,AFG_AFGOEDTO,AFG_AFGTYPKO,AFG_UBSTRFLG,AFG_BOEDEBLB,AFG_INRMARK",
    "krko": "PNR,JOURNR,KON_KONFJOUR,KON_AFGTYPKO",
    "krin": "PNR,JOURNR,IND_FGSLDTO,IND_FGSLKOD",
    "rec_person": "PNR,REC_STDATO,REC_SLDATO,REC_POPULKODE,REC_ANTAL",
    "rec_haendelse": "PNR,H_GERDATO,H_GERDATOTYP,H_AFGDATO",
    "bef": "PNR,FOED_DAG,KOEN,KOM,IE_TYPE,REFERENCETID",
    "dod": "PNR,DODDATO",
    "vnds": "PNR,HAEND_DATO,INDUD_KODE",
    "vnds_hist": "PNR,HAEND_DATO,INDUD_KODE",
    "vnds_ud": "PNR,HAEND_DATO",
    "vnds_ind": "PNR,HAEND_DATO",
    "dream": "PNR",
    "bfl": "PNR,AJO_JOB_START_DATO,AJO_JOB_SLUT_DATO,AJO_LOENTIMER",
    "akm": "PNR,AAR",
    "idan": "PNR,AAR",
    "udda": "PNR,HFAUDD,HF_VFRA",
    "kotre": "PNR,UDD,ELEV3_VFRA,ELEV3_VTIL",
    "kvp": "KOMMUNE_NR,VERSION,PERSON_FODSELSNR,BEGYNT_DATO,STATUS,AVSL_DATO",
    "kvp_2024": "KOMMUNE_NR,VERSION,PERSON_FODSELSNR,BEGYNT_DATO,STATUS,AVSL_DATO",
    "fd_trygd": "LOPENR,YTELSE,FRA_DATO,TIL_DATO",
    "arbeidssoker": "LOPENR,HOVEDSTATUS,FRA_DATO,TIL_DATO",
    "kriminalomsorgen": "LOPENR,INNSETTELSE_ID,INNSATT_DATO,UTGANG_DATO,GRUNNLAG,UTGANG",
    "tilbud": "PNR,KOMMUNE,TILBUDT_DATO,SVAR,INDSKREVET_DATO",
    "handleplan": "PNR,PLAN_ID,EJER,OPRETTET_DATO,AFSLUTTET_DATO",
    "planaktivitet": "PNR,PLAN_ID,AKTIVITET_ID,OMRAADE,PLANLAGT_DATO,BEGYNDT_DATO,SLUT_DATO,SLUT_AARSAG",
    "kontakt": "PNR,KONTAKT_DATO,KONTAKT_ART",
    "forandringskompas": "PNR,MAALT_DATO,ANLEDNING,DIMENSION,SCORE",
    "tilvaerelsespsykologi": "PNR,MAALT_DATO,SKEMA,TEMA_NR,TIDSPUNKT,SCORE",
    "jobupdate_henvisning": "PNR,HENVIST_DATO,AFSLUTTET_DATO,UDFALD",
    "exit_sag": "PNR,SAG_ID,HENVIST_DATO,AFGOERELSE,INDSKREVET_DATO,UDSKREVET_DATO,UDSKRIVNING",
    "time_to_event": "ARM,EXIT,EVENT",
}
# Columns that came in a later year than their register; a file of an earlier year is of the layout too.
LATER = {
    "krsi": ("SIG_GER9", "SIG_GERKOM", "SIG_INRMARK", "SIG_KONFANT", "SIG_TILHONY", "VERSION", "CPRTJEK", "CPRTYPE"),
    "kraf": ("AFG_GER9", "BEF_IETYPE", "BEF_IELAND", "BEF_STATKODE", "VERSION", "CPRTJEK", "CPRTYPE"),
    "krko": ("KON_GER9", "KON_FORSMEDK", "KON_KOEN", "KON_OVERSDTO", "KON_INRMARK", "VERSION", "CPRTJEK", "CPRTYPE"),
    "krin": ("IND_GER7", "IND_GER9", "IND_LOESLDTO", "IND_LOESLKOD", "IND_PRVSLDTO", "IND_OVERFKOD", "IND_INRMARK"),
    "bef": ("FOERSTE_INDVANDRING", "SENESTE_INDVANDRING", "VERSION"),
    "akm": ("SOCIO13", "SOCIO02", "BESKST13", "VERSION"),
    "idan": ("STOETTE_BESK_KODE", "TYPE_2008", "ANSDAGE_2008", "LOENTIMER", "SMALT_LOEN_BELOEB"),
}
# The 101 codes of AFGTYPKO: there are no 32, 54-59, 85, 102, 103, 105-109, 111-117, 119, 120 and 122-199.
DECISIONS = [*range(32), *range(33, 54), *range(60, 85), *range(86, 102), 104, 110, 118, 121, 200, 201, 202]


def sql_columns(table: str) -> set[str]:
    tree = sqlglot.parse_one(staging_sql(table), dialect="duckdb")
    return {column.name for column in tree.find_all(exp.Column)}


def test_the_layouts_are_those_that_are_delivered() -> None:
    assert set(layouts()) == set(REQUIRED)


@pytest.mark.parametrize("layout", REQUIRED)
def test_a_contract_asks_for_what_must_be_there(layout: str) -> None:
    contract = load_contract(layout)
    assert ",".join(name for name, column in contract.columns.items() if column.required) == REQUIRED[layout]
    assert contract.person.column in contract.columns
    assert all(contract.columns[name].required or name == contract.person.column for name in contract.key)


@pytest.mark.parametrize("layout", LATER)
def test_columns_that_came_later_may_be_missing(layout: str) -> None:
    columns = load_contract(layout).columns
    assert [name for name in LATER[layout] if columns[name].required] == []


@pytest.mark.parametrize("layout", REQUIRED)
def test_every_code_and_rule_has_words_in_both_languages(layout: str) -> None:
    contract = load_contract(layout)
    texts = [contract.title, *(rule.text for rule in (*contract.scope, *contract.rules))]
    texts += [code for codes in contract.codes.values() for code in codes.values.values()]
    assert all(text.da.strip() and text.en.strip() for text in texts)
    assert all(codes.source.strip() and codes.values for codes in contract.codes.values())
    assert contract.source.strip()
    assert layout_title(layout) == contract.title


@pytest.mark.parametrize("layout", REQUIRED)
def test_every_code_list_is_used_and_no_code_stands_in_it_twice(layout: str) -> None:
    contract = load_contract(layout)
    used = {column.codes for column in contract.columns.values()} | {unpivot.codes for unpivot in contract.unpivot}
    assert contract.codes.keys() == used - {None}
    for codes in contract.codes.values():
        numbers = [number for first, last in codes.ranges for number in range(first, last + 1)]
        numbers += [int(code) for code in codes.single if code.isdecimal()]
        assert len(numbers) == len(set(numbers))


@pytest.mark.parametrize("layout", REQUIRED)
def test_no_two_columns_of_a_layout_go_by_one_name(layout: str) -> None:
    contract = load_contract(layout)
    names = [*contract.columns, *(alias for column in contract.columns.values() for alias in column.aliases)]
    assert len({name.lower() for name in names}) == len(names)


@pytest.mark.parametrize("layout", REQUIRED)
def test_a_select_reads_columns_that_the_contract_has(layout: str) -> None:
    contract = load_contract(layout)
    assert sql_columns(layout) <= {"person_key", *contract.columns} - {contract.person.column}
    for unpivot in contract.unpivot:
        dated = {"start_date", "stop_date"} if unpivot.names != "text" else {"name"}
        assert sql_columns(unpivot.into) == {"person_key", "value", *dated}


@pytest.mark.parametrize("path", sorted((shipped("sql") / "staging").glob("*.sql")), ids=lambda path: path.stem)
def test_staging_sql_is_portable_and_reads_only_its_typed_rows(path: Path) -> None:
    sql = path.read_text(encoding="utf-8")
    assert sql.startswith("-- Grain: one row a")
    assert portability_findings(sql) == ()
    read = sqlglot.parse_one(sql, dialect="duckdb").find_all(exp.Table)
    assert [f"{table.db}.{table.name}" for table in read] == [f"typed.{path.stem}"]


def test_every_select_belongs_to_a_layout() -> None:
    tables = {table for layout in layouts() for table in (layout, *load_contract(layout).tables)}
    assert {path.stem for path in (shipped("sql") / "staging").glob("*.sql")} == tables


@pytest.mark.parametrize("layout", REQUIRED)
def test_rules_are_portable_sql_over_the_layouts_columns(layout: str) -> None:
    contract = load_contract(layout)
    rules = (*contract.scope, *contract.rules)
    assert len({rule.name for rule in rules}) == len(rules)
    for rule in rules:
        sql = f"SELECT {rule.holds} AS holds"
        assert portability_findings(sql) == (), rule.name
        named = {column.name for column in sqlglot.parse_one(sql, dialect="duckdb").find_all(exp.Column)}
        assert named <= set(contract.columns), rule.name


@pytest.mark.parametrize(
    ("name", "held_by"),
    [
        ("decision", ("kraf", "krko", "krin")),
        ("identity_mark", ("krsi", "kraf", "krko", "krin")),
        ("involvement", ("krsi", "kraf", "krko")),
        ("direction", ("vnds", "vnds_hist")),
        ("status", ("kvp", "kvp_2024")),
        ("income", ("kvp", "kvp_2024")),
    ],
)
def test_a_list_that_several_layouts_have_is_the_same_list(name: str, held_by: tuple[str, ...]) -> None:
    first, *others = (load_contract(layout).codes[name] for layout in held_by)
    assert all(other == first for other in others)


def test_every_decision_code_is_known_and_no_other() -> None:
    decision = load_contract("kraf").codes["decision"]
    assert len(DECISIONS) == 101
    assert [code for code in range(300) if decision.label(str(code)) is not None] == DECISIONS


@pytest.mark.parametrize(
    "code",
    # Every code that a synthetic extract may hold, and both ends of every range that is documented.
    [
        *(111, 112, 114, 115, 121, 122, 126, 130, 138, 140, 149, 211, 219, 611, 621, 651, 652, 661, 730, 731, 738, 740),
        *(748, 750, 758, 760, 768, 771, 774, 775, 781, 783, 785, 810, 818, 870, 878, 881, 890, 893, 899, 997, 998, 999),
    ],
)
def test_dream_knows_the_code(code: int) -> None:
    assert load_contract("dream").codes["benefit"].label(str(code)) is not None


@pytest.mark.parametrize("code", ["", "0", "110", "127", "749", "759", "882", "900", "7300", "73O"])
def test_dream_does_not_know_the_code(code: str) -> None:
    assert load_contract("dream").codes["benefit"].label(code) is None


def test_dream_says_how_sure_it_is() -> None:
    benefit = load_contract("dream").codes["benefit"]
    assert {code: getattr(benefit.label(code), "confidence", "") for code in ("111", "893", "998")} == {
        "111": "documented",
        "893": "grouped",
        "998": "assumed",
    }


@pytest.mark.parametrize(
    ("into", "matching", "others"),
    [
        ("dream_spell", ("Y_9132", "y_0801", "Y_2626"), ("Y_201601", "Y_160", "DY_1601", "AK2016")),
        ("dream_industry_spell", ("BRANCHE_2008_01", "branche_2026_06"), ("BRANCHE_200801", "BRANCHE_2008_1")),
        ("dream_employment_rate_spell", ("GRAD_2008_01", "grad_2026_06"), ("GRADER_2008_01", "GRAD_2008")),
        ("dream_match_group", ("MATCH_1KV2008", "visit_4kv2020"), ("MATCH_5KV2008", "MATCH_1KV08")),
    ],
)
def test_which_columns_of_dream_become_rows(into: str, matching: tuple[str, ...], others: tuple[str, ...]) -> None:
    unpivot = next(one for one in load_contract("dream").unpivot if one.into == into)
    pattern = re.compile(unpivot.columns, re.IGNORECASE)
    assert [name for name in (*matching, *others) if pattern.search(name)] == list(matching)


def test_an_unknown_layout_is_named_with_those_that_exist() -> None:
    with pytest.raises(
        LayoutError, match=r"extract krinn: there is no such layout\. Known layouts: .*krin, "
    ) as caught:
        load_contract("krinn")
    assert caught.value.exit_code == 11


def test_a_contract_that_names_what_it_does_not_have_is_refused() -> None:
    content = {
        "title": {"da": "a", "en": "b"},
        "source": "c",
        "person": {"column": "PNR"},
        "columns": {"KOEN": {"type": "code", "codes": "sex"}},
    }
    with pytest.raises(ConfigError, match="code list that the contract does not have"):
        parse(Contract, content, source=Path("x.toml"))
    with pytest.raises(ConfigError, match="the person's column is named as one of workplaces"):
        parse(Contract, {**content, "columns": {}, "workplaces": ["PNR"]}, source=Path("x.toml"))
    with pytest.raises(ConfigError, match="columns are named that are not there: JOURNR"):
        parse(Contract, {**content, "key": ["JOURNR"]}, source=Path("x.toml"))
