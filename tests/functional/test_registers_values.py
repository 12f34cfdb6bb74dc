"""Columns that no file has: the year of registers that come as one file a year, from the file's name or the study."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import polars as pl
import pytest

from evalkit.config import parse
from evalkit.errors import ConfigError, LayoutError, UserError
from evalkit.registers import ExtractSpec, check_extracts, delivery_report, ingest
from evalkit.warehouse import Warehouse, open_warehouse

ROWS = "PNR,SOCIO13\na,110\nb,310\n"
FROM_NAME = {"AAR": {"file_name": r"akm(\d{4})"}}


@pytest.fixture
def warehouse() -> Iterator[Warehouse]:
    with open_warehouse() as opened:
        yield opened


def akm(values: Mapping[str, object], path: str = "akm*") -> ExtractSpec:
    content = {"layout": "akm", "path": path, "values": values}
    return parse(ExtractSpec, content, source=Path("study.toml"))


def years(warehouse: Warehouse) -> list[tuple[str, int, str]]:
    return warehouse.fetch(
        "SELECT person_id, year, status_code FROM staging.akm JOIN vault.person USING (person_key) ORDER BY ALL"
    ).rows()


def test_the_year_stands_in_the_name_of_each_file(warehouse: Warehouse, tmp_path: Path) -> None:
    (tmp_path / "akm2018.csv").write_text(ROWS, encoding="utf-8")
    pl.DataFrame({"pnr": ["a", "c", ""], "socio13": [130, 210, 130]}).write_parquet(tmp_path / "akm2019.parquet")
    delivery = ingest(warehouse, [akm(FROM_NAME)], root=tmp_path)[0]
    assert years(warehouse) == [("a", 2018, "110"), ("a", 2019, "130"), ("b", 2018, "310"), ("c", 2019, "210")]
    assert delivery.rules == {"person_missing": 1}
    assert delivery.extra_columns == ()


def test_the_same_bytes_of_another_year_are_other_rows(warehouse: Warehouse, tmp_path: Path) -> None:
    for name in ("akm2018.csv", "akm2019.csv", "akm2019-again.csv"):
        (tmp_path / name).write_text(ROWS, encoding="utf-8")
    delivery = ingest(warehouse, [akm(FROM_NAME)], root=tmp_path)[0]
    assert [one.same_as for one in delivery.files] == ["", "", "akm2019-again.csv"]
    assert [year for _, year, _ in years(warehouse)] == [2018, 2019, 2018, 2019]
    assert "the same bytes as akm2019-again.csv" in delivery_report([delivery])


def test_a_file_that_is_renamed_is_read_anew(warehouse: Warehouse, tmp_path: Path) -> None:
    said: list[str] = []
    (tmp_path / "akm2018.csv").write_text(ROWS, encoding="utf-8")
    for _ in range(2):
        ingest(warehouse, [akm(FROM_NAME)], root=tmp_path, progress=said.append)
    assert said == ["akm"]
    (tmp_path / "akm2018.csv").rename(tmp_path / "akm2019.csv")
    ingest(warehouse, [akm(FROM_NAME)], root=tmp_path, progress=said.append)
    assert said == ["akm", "akm"]
    assert {year for _, year, _ in years(warehouse)} == {2019}


def test_the_study_says_the_year(warehouse: Warehouse, tmp_path: Path) -> None:
    (tmp_path / "akm.csv").write_text(ROWS, encoding="utf-8")
    ingest(warehouse, [akm({"AAR": "2017"})], root=tmp_path)
    assert years(warehouse) == [("a", 2017, "110"), ("b", 2017, "310")]
    ingest(warehouse, [akm({"AAR": "2016"})], root=tmp_path)
    assert {year for _, year, _ in years(warehouse)} == {2016}


def test_a_value_is_held_to_the_contract_like_any_other(warehouse: Warehouse, tmp_path: Path) -> None:
    (tmp_path / "akm.csv").write_text(ROWS, encoding="utf-8")
    assert ingest(warehouse, [akm({"AAR": "last year"})], root=tmp_path)[0].rules == {"year_not_a_year": 2}
    text = warehouse.fetch("SELECT text FROM vault.set_aside ORDER BY row_number")["text"][0]
    assert text == '{"PNR":"a","SOCIO13":"110","AAR":"last year"}'


@pytest.mark.parametrize(
    ("rows", "values", "kind", "says"),
    [
        (ROWS, {}, LayoutError, "akm.csv: 1 column is missing: AAR."),
        (ROWS, FROM_NAME, LayoutError, r"the name of the file akm.csv does not say AAR (akm(\d{4}))."),
        (
            "PNR,taar\na,2019\n",
            {"AAR": "2018"},
            LayoutError,
            "akm.csv itself has what the study gives a value: AAR.",
        ),
        (ROWS, {"AAR": "2018", "YEAR": "2018"}, ConfigError, "values: the layout has no YEAR"),
        (ROWS, {"PNR": "a"}, ConfigError, "values: the layout has no PNR"),
    ],
)
def test_what_does_not_go_together(
    rows: str, values: Mapping[str, object], kind: type[UserError], says: str, warehouse: Warehouse, tmp_path: Path
) -> None:
    (tmp_path / "akm.csv").write_text(rows, encoding="utf-8")
    with pytest.raises(kind, match=re.escape(says)):
        ingest(warehouse, [akm(values)], root=tmp_path)
    with pytest.raises(kind, match=re.escape(says)):
        check_extracts([akm(values)], root=tmp_path)


@pytest.mark.parametrize(
    ("pattern", "says"),
    [
        (r"akm\d{4}", "one group in round brackets says the value; there are 0"),
        (r"(akm)(\d{4})", "there are 2"),
        (r"akm(\d{4}", "this is no regular expression"),
    ],
)
def test_a_pattern_that_says_no_value(pattern: str, says: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(says)):
        akm({"AAR": {"file_name": pattern}})
