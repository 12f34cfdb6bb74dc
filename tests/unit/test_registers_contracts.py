"""The contracts in sql/staging: complete, portable, and as the core models expect them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from evalkit.config import parse
from evalkit.errors import ConfigError, LayoutError
from evalkit.registers import Contract, layout_title, layouts, load_contract
from evalkit.registers.contract import staging_sql
from evalkit.shipped import shipped
from evalkit.warehouse import portability_findings

# The columns of each extract as the registers deliver them, in order.
DELIVERED = {
    "krin": "PNR,JOURNR,IND_FGSLDTO,IND_LOESLDTO,IND_FGSLKOD,IND_LOESLKOD,IND_OVERFKOD,IND_AFGIVKOD,IND_FGSLSTED,"
    "IND_GER9,IND_AFGTYPKO,IND_UBSTRFKO,IND_UBSTRFLG,IND_PRVSLDTO,IND_BOEDAFS,IND_KOEN,IND_INRMARK",
    "krsi": "PNR,JOURNR,SIG_GER1DTO,SIG_GER2DTO,SIG_SIGTDTO,SIG_GER7,SIG_GER9,SIG_ADRKOM,SIG_INRMARK",
    "kraf": "PNR,JOURNR,AFG_AFGOEDTO,AFG_AFGTYPKO,AFG_GER7,AFG_GER9,AFG_UBSTRFLG,AFG_BSTRFLGD,AFG_BOEDEBLB,"
    "AFG_ANKEDTO,AFG_INRMARK",
    "bef": "PNR,FOED_DAG,KOEN,KOM,CIVST,IE_TYPE,REFERENCETID,BOP_VFRA",
    "dod": "PNR,DODDATO",
    "vnds": "PNR,HAEND_DATO,INDUD_KODE,INDUD_LAND",
    "dream": "PNR,FOEDDT,KON",
    "bfl": "PNR,AJO_JOB_START_DATO,AJO_JOB_SLUT_DATO,AJO_LOENTIMER,AJO_FULDTID_BESKAEFTIGET,AJO_SMALT_LOENBELOEB,"
    "AJO_BRANCHE07",
    "udda": "PNR,HFAUDD,HF_VFRA,UDD,IG_VFRA",
    "kotre": "PNR,UDD,AUDD,UDEL,ELEV3_VFRA,ELEV3_VTIL,TILG_ART,AFG_ART",
    "tilbud": "PNR,KOMMUNE,TILBUDT_DATO,SVAR,INDSKREVET_DATO,UDSKREVET_DATO,UDSKREVET_AARSAG",
    "handleplan": "PNR,PLAN_ID,EJER,OPRETTET_DATO,AFSLUTTET_DATO",
    "planaktivitet": "PNR,PLAN_ID,AKTIVITET_ID,OMRAADE,PLANLAGT_DATO,BEGYNDT_DATO,SLUT_DATO,SLUT_AARSAG",
    "kontakt": "PNR,KONTAKT_DATO,KONTAKT_ART",
    "time_to_event": "ID,ARM,ENTRY,EXIT,EVENT",
}


def test_the_layouts_are_those_that_are_delivered() -> None:
    assert set(layouts()) == set(DELIVERED)


@pytest.mark.parametrize("layout", DELIVERED)
def test_a_contract_declares_the_delivered_columns(layout: str) -> None:
    contract = load_contract(layout)
    assert ",".join(contract.columns) == DELIVERED[layout]
    assert contract.person.column in contract.columns


@pytest.mark.parametrize("layout", DELIVERED)
def test_every_code_and_rule_has_words_in_both_languages(layout: str) -> None:
    contract = load_contract(layout)
    texts = [contract.title, *(rule.text for rule in (*contract.scope, *contract.rules))]
    texts += [code for codes in contract.codes.values() for code in codes.values.values()]
    assert all(text.da.strip() and text.en.strip() for text in texts)
    assert layout_title(layout) == contract.title


@pytest.mark.parametrize("path", sorted((shipped("sql") / "staging").glob("*.sql")), ids=lambda path: path.stem)
def test_staging_sql_is_portable_and_reads_only_its_typed_rows(path: Path) -> None:
    sql = path.read_text(encoding="utf-8")
    assert sql.startswith("-- Grain: ")
    assert portability_findings(sql) == ()
    assert re.findall(r"\b(?:FROM|JOIN)\s+(\S+)", re.sub(r"--[^\n]*", "", sql)) == [f"typed.{path.stem}"]


@pytest.mark.parametrize("layout", DELIVERED)
def test_rules_are_portable_sql(layout: str) -> None:
    contract = load_contract(layout)
    for rule in (*contract.scope, *contract.rules):
        assert portability_findings(f"SELECT {rule.holds} AS holds") == (), rule.name


@pytest.mark.parametrize("layout", DELIVERED)
def test_every_table_of_a_layout_has_its_select(layout: str) -> None:
    for table in (layout, *load_contract(layout).tables):
        assert staging_sql(table)


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
    with pytest.raises(ConfigError, match="unknown columns: JOURNR"):
        parse(Contract, {**content, "key": ["JOURNR"]}, source=Path("x.toml"))
