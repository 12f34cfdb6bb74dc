"""A warehouse that an earlier evalkit wrote: a delivery's rows lay in ``delivered.<layout>_<number>`` itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from evalkit.registers import Delivery, ExtractSpec, ingest, seal
from evalkit.warehouse import Warehouse, open_warehouse

CONTACTS = "PNR,KONTAKT_DATO,KONTAKT_ART\na1,2016-01-01,telefon\nb2,2016-01-02,telefon\n"
WEEKS = "PNR,Y_1501,Y_1502\na1,730,730\nb2,111,730\n"
CELLS = ("dream_spell", "dream_industry_spell", "dream_employment_rate_spell", "dream_match_group")
SPECS = [ExtractSpec(layout="kontakt", path="kontakt.csv"), ExtractSpec(layout="dream", path="dream.csv")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two registers in a warehouse as it was."""
    (tmp_path / "kontakt.csv").write_text(CONTACTS, encoding="utf-8")
    (tmp_path / "dream.csv").write_text(WEEKS, encoding="utf-8")
    with open_warehouse(tmp_path / "w.duckdb") as warehouse:
        for one in taken_in(warehouse, tmp_path):
            table, rows = (f"delivered.{one.layout}_{end}" for end in (one.number, f"rows_{one.number}"))
            warehouse.execute(f"CREATE TABLE delivered.as_it_was AS FROM {table}")
            warehouse.execute(f"DROP VIEW {table}")
            warehouse.execute(f"DROP TABLE {rows}")
            warehouse.execute(f"ALTER TABLE delivered.as_it_was RENAME TO {one.layout}_{one.number}")
    return tmp_path


def taken_in(warehouse: Warehouse, folder: Path) -> tuple[Delivery, ...]:
    return ingest(warehouse, SPECS, root=folder)


def delivered(warehouse: Warehouse) -> set[str]:
    names = warehouse.fetch("SELECT table_name AS name FROM duckdb_columns() WHERE schema_name = 'delivered'")
    return set(names.get_column("name"))


def test_it_is_shown_and_not_taken_in_again(folder: Path) -> None:
    with open_warehouse(folder / "w.duckdb") as warehouse:
        assert [one.number for one in taken_in(warehouse, folder)] == [1, 2]
        assert warehouse.count("staging.kontakt") == 2
        assert warehouse.count("staging.dream_spell") == 3
        assert delivered(warehouse) == {"kontakt_1", "dream_2", *(f"{one}_2" for one in CELLS)}


def test_a_delivery_takes_the_place_of_one(folder: Path) -> None:
    (folder / "kontakt.csv").write_text(CONTACTS + "c3,2016-01-03,telefon\n", encoding="utf-8")
    (folder / "dream.csv").write_text(WEEKS + "c3,730,\n", encoding="utf-8")
    for _ in range(2):
        with open_warehouse(folder / "w.duckdb") as warehouse:
            numbers = [one.number for one in taken_in(warehouse, folder)]
            assert warehouse.count("staging.kontakt") == 3
            assert warehouse.count("staging.dream_spell") == 4
            assert numbers == [3, 4]
            views = {"kontakt_3", "dream_4"}
            assert delivered(warehouse) == {*views, "kontakt_rows_3", "dream_rows_4", *(f"{one}_4" for one in CELLS)}


def test_it_can_be_sealed(folder: Path) -> None:
    seal(folder / "w.duckdb")
    with open_warehouse(folder / "w.duckdb") as warehouse:
        assert not warehouse.has_table("vault.person")
        assert [one.number for one in taken_in(warehouse, folder)] == [1, 2]
        assert warehouse.count("staging.kontakt") == 2
