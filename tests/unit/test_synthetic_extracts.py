"""What is written: the layouts of the contract, the same bytes for the same seed, nothing like an identity number."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from pathlib import Path

import polars as pl
import pytest

from evalkit.errors import ConfigError
from evalkit.programmes import PROGRAMMES
from evalkit.shipped import shipped
from evalkit.synthetic import Truth, load_scenario, write_extracts

HEADERS = {
    "krin": "PNR,JOURNR,IND_FGSLDTO,IND_LOESLDTO,IND_FGSLKOD,IND_LOESLKOD,IND_OVERFKOD,IND_AFGIVKOD,IND_FGSLSTED,"
    "IND_GER9,IND_AFGTYPKO,IND_UBSTRFKO,IND_UBSTRFLG,IND_PRVSLDTO,IND_BOEDAFS,IND_KOEN,IND_INRMARK",
    "krsi": "PNR,JOURNR,SIG_GER1DTO,SIG_GER2DTO,SIG_SIGTDTO,SIG_GER7,SIG_GER9,SIG_ADRKOM,SIG_INRMARK",
    "kraf": "PNR,JOURNR,AFG_AFGOEDTO,AFG_AFGTYPKO,AFG_GER7,AFG_GER9,AFG_UBSTRFLG,AFG_BSTRFLGD,AFG_BOEDEBLB,AFG_ANKEDTO,"
    "AFG_INRMARK",
    "bef": "PNR,FOED_DAG,KOEN,KOM,CIVST,IE_TYPE,REFERENCETID,BOP_VFRA",
    "dod": "PNR,DODDATO",
    "vnds": "PNR,HAEND_DATO,INDUD_KODE,INDUD_LAND",
    "bfl": "PNR,AJO_JOB_START_DATO,AJO_JOB_SLUT_DATO,AJO_LOENTIMER,AJO_FULDTID_BESKAEFTIGET,AJO_SMALT_LOENBELOEB,"
    "AJO_BRANCHE07",
    "udda": "PNR,HFAUDD,HF_VFRA,UDD,IG_VFRA",
    "kotre": "PNR,UDD,AUDD,UDEL,ELEV3_VFRA,ELEV3_VTIL,TILG_ART,AFG_ART",
    "tilbud": "PNR,KOMMUNE,TILBUDT_DATO,SVAR,INDSKREVET_DATO,UDSKREVET_DATO,UDSKREVET_AARSAG",
    "handleplan": "PNR,PLAN_ID,EJER,OPRETTET_DATO,AFSLUTTET_DATO,UNDERSKREVET_DATO",
    "planaktivitet": "PNR,PLAN_ID,AKTIVITET_ID,OMRAADE,PLANLAGT_DATO,BEGYNDT_DATO,SLUT_DATO,SLUT_AARSAG",
    "kontakt": "PNR,KONTAKT_DATO,KONTAKT_ART,FREMMOEDT",
}
DREAM_CODES = {"111", "115", "651", "730", "740", "750", "771", "783", "810", "870", "881", "890", "997"}


def write(folder: Path, *, seed: int, n_persons: int = 700) -> Truth:
    return write_extracts(folder / "extracts", load_scenario("haandholdt_inklusion"), n_persons=n_persons, seed=seed)


def digests(folder: Path) -> dict[str, str]:
    files = [folder / "truth.json", *sorted((folder / "extracts").iterdir())]
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("synthetic")
    write(folder, seed=3)
    return folder


def read(folder: Path, layout: str) -> pl.DataFrame:
    return pl.read_csv(folder / "extracts" / f"{layout}.csv", infer_schema=False)


def test_every_layout_has_its_columns_in_order(written: Path) -> None:
    assert {file.stem for file in (written / "extracts").iterdir()} == {*HEADERS, "dream"}
    for layout, header in HEADERS.items():
        assert ",".join(read(written, layout).columns) == header


def test_dream_has_a_column_for_each_iso_week_of_the_period(written: Path) -> None:
    columns = read(written, "dream").columns
    # 2014-W01 to 2023-W26; 2015 and 2020 have 53 weeks.
    assert columns[:4] == ["PNR", "FOEDDT", "KON", "Y_1401"]
    assert columns[-1] == "Y_2326"
    assert len(columns) == 3 + 9 * 52 + 2 + 26
    assert {"Y_1553", "Y_2053"} <= set(columns)
    assert "Y_1453" not in columns


def test_dream_has_no_code_that_is_not_known(written: Path) -> None:
    weeks = read(written, "dream").select(pl.col("^Y_.*$"))
    assert set(weeks.unpivot()["value"].drop_nulls()) == DREAM_CODES


def test_the_same_seed_gives_the_same_bytes(written: Path, tmp_path: Path) -> None:
    write(tmp_path, seed=3)
    assert digests(tmp_path) == digests(written)


@pytest.mark.parametrize("name", [name for name in PROGRAMMES if name != "haandholdt_inklusion"])
def test_the_same_seed_gives_the_same_bytes_of_every_scenario(name: str, tmp_path: Path) -> None:
    scenario = load_scenario(name)
    for folder in ("one", "two"):
        write_extracts(tmp_path / folder / "extracts", scenario, n_persons=600, seed=5)
    assert digests(tmp_path / "one") == digests(tmp_path / "two")
    write_extracts(tmp_path / "three" / "extracts", scenario, n_persons=600, seed=6)
    other, first = digests(tmp_path / "three"), digests(tmp_path / "one")
    assert all(other[layout] != first[layout] for layout in first)


@pytest.mark.parametrize("name", PROGRAMMES)
def test_a_scenario_writes_the_extracts_that_it_names_and_its_study_asks_for(name: str, tmp_path: Path) -> None:
    truth = write_extracts(tmp_path / "extracts", load_scenario(name), n_persons=600, seed=5)
    study = tomllib.loads((shipped("reports") / name / "study.toml").read_text(encoding="utf-8"))
    written = {file.name for file in (tmp_path / "extracts").iterdir()}
    assert {extract["path"] for extract in study["extract"]} <= {f"extracts/{file}" for file in written}
    assert set(load_scenario(name).extracts or truth.extracts) == {file.removesuffix(".csv") for file in written}


def test_an_extract_that_cannot_be_made_up_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    text = 'based_on = "haandholdt_inklusion"\nname = "mine"\nextracts = ["krin", "krins"]\n'
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"scenario mine: extracts: krins cannot be made up\. One of krin, krsi"):
        write_extracts(tmp_path / "out" / "extracts", load_scenario(path), n_persons=600, seed=5)
    assert not (tmp_path / "out").exists()


def test_another_seed_gives_other_bytes(written: Path, tmp_path: Path) -> None:
    write(tmp_path, seed=4)
    other, first = digests(tmp_path), digests(written)
    assert all(other[name] != first[name] for name in first)


def test_no_cell_looks_like_an_identity_number(written: Path) -> None:
    like_cpr = re.compile(r"\d{10}|\d{6}-\d{4}")
    for file in (written / "extracts").iterdir():
        assert like_cpr.search(file.read_text(encoding="utf-8")) is None, file.name


def test_pseudonyms_are_opaque_and_unique(written: Path) -> None:
    pseudonyms = read(written, "dream")["PNR"]
    assert pseudonyms.is_unique().all()
    assert pseudonyms.str.contains(r"^[0-9a-f]{16}$").all()
    assert pseudonyms.str.contains(r"[a-f]").all()


def test_the_release_stands_on_a_cases_last_row_only(written: Path) -> None:
    krin = read(written, "krin").filter(pl.col("JOURNR").str.starts_with("J")).sort("JOURNR", "IND_FGSLDTO")
    last = krin["JOURNR"] != krin["JOURNR"].shift(-1)
    assert (krin.filter(~last.fill_null(value=True))["IND_LOESLDTO"] == "1599-12-31").all()
    assert (krin.filter(last)["IND_LOESLDTO"] != "1599-12-31").sum() > 0.85 * krin.filter(last).height


def test_truth_json_is_the_truth_that_is_returned(written: Path, tmp_path: Path) -> None:
    truth = write(tmp_path, seed=3)
    text = (written / "truth.json").read_text(encoding="utf-8")
    assert Truth.model_validate_json(text) == truth
    assert list(json.loads(text)) == sorted(json.loads(text))


def test_progress_is_told_in_words(tmp_path: Path) -> None:
    told: list[str] = []
    scenario = load_scenario("haandholdt_inklusion")
    write_extracts(tmp_path / "extracts", scenario, n_persons=100, seed=0, progress=told.append)
    assert told[0] == "careers"
    assert told[-1] == "truth"
    assert "krin.csv" in told


def test_too_few_persons_are_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="too few"):
        write(tmp_path, seed=1, n_persons=99)
    assert not list(tmp_path.iterdir())


def test_a_negative_seed_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="seed"):
        write(tmp_path, seed=-1)


def test_a_folder_that_cannot_be_made_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "extracts").write_text("a file", encoding="utf-8")
    with pytest.raises(ConfigError, match="could not be written"):
        write(tmp_path, seed=1)
