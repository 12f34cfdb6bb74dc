"""What is counted of a delivery, by hand; once for each delivery."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import polars as pl
import pytest

from evalkit.registers import Delivery, load_contract
from evalkit.registers.deliveries.delivery import forget, remember
from evalkit.registers.evidence.dating import dating_column
from evalkit.registers.evidence.profile import delivered_tables, profile, store_profiles, whole_years_of_both
from evalkit.warehouse import Warehouse, open_warehouse
from tests.unit.deliveries import deliver

VINTAGE = date(2023, 1, 1)


@pytest.fixture
def warehouse() -> Iterator[Warehouse]:
    with open_warehouse() as opened:
        yield opened


def counted(warehouse: Warehouse, delivery: Delivery) -> pl.DataFrame:
    contracts = {delivery.layout: load_contract(delivery.layout)}
    store_profiles(warehouse, [delivery], contracts, delivered_tables(warehouse))
    return profile(warehouse, delivery)


def counts(frame: pl.DataFrame, measure: str, name: str = "") -> dict[tuple[int | None, str], int]:
    found = frame.filter((pl.col("measure") == measure) & (pl.col("name") == name))
    return {(year, code): n for year, code, n in found.select("year", "code", "n").iter_rows()}


CONTACTS: dict[str, list[Any]] = {
    "person_key": [1, 1, 2, 2, 3],
    "KONTAKT_DATO": [date(2021, 1, 1), date(2021, 12, 31), date(2021, 5, 1), date(2022, 1, 1), date(2022, 1, 1)],
    "KONTAKT_ART": ["telefon", "telefon", "møde", "møde", None],
    "FREMMOEDT": [True, False, None, None, None],
    "_rule": [None, None, None, None, None],
}


def test_rows_persons_blanks_and_codes_by_year(warehouse: Warehouse) -> None:
    found = counted(warehouse, deliver(warehouse, "kontakt", VINTAGE, CONTACTS))
    assert counts(found, "rows") == {(2021, ""): 3, (2022, ""): 2}
    assert counts(found, "persons") == {(2021, ""): 2, (2022, ""): 2}
    assert counts(found, "missing", "KONTAKT_ART") == {(2021, ""): 0, (2022, ""): 1}
    assert counts(found, "missing", "FREMMOEDT") == {(2021, ""): 1, (2022, ""): 2}
    assert counts(found, "code", "KONTAKT_ART") == {(2021, "telefon"): 2, (2021, "møde"): 1, (2022, "møde"): 1}
    assert counts(found, "code", "FREMMOEDT") == {(2021, "true"): 1, (2021, "false"): 1}


def test_rows_that_broke_a_rule_do_not_count(warehouse: Warehouse) -> None:
    rows: dict[str, Any] = {**CONTACTS, "_rule": ["x", None, None, None, None]}
    found = counted(warehouse, deliver(warehouse, "kontakt", VINTAGE, rows))
    assert counts(found, "rows") == {(2021, ""): 2, (2022, ""): 2}
    assert counts(found, "code", "KONTAKT_ART") == {(2021, "telefon"): 1, (2021, "møde"): 1, (2022, "møde"): 1}


def test_an_empty_delivery_has_an_empty_profile(warehouse: Warehouse) -> None:
    delivery = deliver(warehouse, "kontakt", VINTAGE, CONTACTS)
    warehouse.execute('DELETE FROM delivered."kontakt_1"')
    assert counted(warehouse, delivery).is_empty()
    assert counted(warehouse, delivery).is_empty()


def test_a_code_without_a_list_is_shown_when_it_is_short_and_else_its_beginning(warehouse: Warehouse) -> None:
    rows: dict[str, Any] = {
        "person_key": [1, 2, 3, 4, 5, 6],
        "TILBUDT_DATO": [date(2021, 1, 1)] * 6,
        "KOMMUNE": ["316", "316", "Andersen, Anders", "Berg", "120345678", "12.34.56"],
    }
    found = counted(warehouse, deliver(warehouse, "tilbud", VINTAGE, rows))
    assert counts(found, "code", "KOMMUNE") == {
        (2021, "316"): 2,
        (2021, "(other)"): 1,
        (2021, "Berg"): 1,
        (2021, "12…"): 2,
    }
    assert found.get_column("code").str.len_chars().max() == len("(other)")


def test_a_classification_of_hundreds_of_codes_is_counted_by_their_beginnings(warehouse: Warehouse) -> None:
    n = 400
    rows: dict[str, Any] = {
        "person_key": range(n),
        "TILBUDT_DATO": [date(2021, 1, 1)] * n,
        "KOMMUNE": [f"{120 + i // 100}{i:06}" for i in range(n - 1)] + ["Andersen, Anders"],
    }
    found = counted(warehouse, deliver(warehouse, "tilbud", VINTAGE, rows))
    assert counts(found, "code", "KOMMUNE") == {}
    assert counts(found, "beginning", "KOMMUNE") == {(2021, "12…"): n - 1, (2021, "(other)"): 1}
    assert counts(found, "missing", "KOMMUNE") == {(2021, ""): 0}


def test_weeks_count_in_the_year_of_their_monday(warehouse: Warehouse) -> None:
    # From Monday 22 December 2014 on four weeks: those of 22 and 29 December, 5 and 12 January. Monday 1 January 2018
    # begins a week of 2018.
    weeks: dict[str, Any] = {
        "person_key": [1, 1, 2],
        "start_date": [date(2014, 12, 22), date(2017, 12, 25), date(2014, 12, 29)],
        "stop_date": [date(2015, 1, 19), date(2018, 1, 8), date(2015, 1, 5)],
        "value": ["111", "730", "111"],
    }
    months: dict[str, Any] = {
        "person_key": [1],
        "start_date": [date(2014, 11, 1)],
        "stop_date": [date(2015, 4, 1)],
        "value": ["471100"],
    }
    rows: dict[str, Any] = {"person_key": [1, 2], "KON": ["1", "2"]}
    dream = deliver(warehouse, "dream", VINTAGE, rows, {"dream_spell": weeks, "dream_industry_spell": months})
    found = counted(warehouse, dream)
    spells, jobs = (found.filter(pl.col("part") == part) for part in ("dream_spell", "dream_industry_spell"))
    assert counts(spells, "rows") == {(2014, ""): 3, (2015, ""): 2, (2017, ""): 1, (2018, ""): 1}
    assert counts(spells, "code", "value") == {(2014, "111"): 3, (2015, "111"): 2, (2017, "730"): 1, (2018, "730"): 1}
    assert counts(jobs, "rows") == {(2014, ""): 2, (2015, ""): 3}
    assert counts(jobs, "code", "value") == {}
    assert counts(found.filter(pl.col("part") == "dream"), "rows") == {(None, ""): 2}


def test_a_run_that_ends_with_the_year_has_nothing_in_the_next(warehouse: Warehouse) -> None:
    week: dict[str, Any] = {
        "person_key": [1],
        "start_date": [date(2014, 12, 29)],
        "stop_date": [date(2015, 1, 5)],
        "value": ["111"],
    }
    month: dict[str, Any] = {
        "person_key": [1],
        "start_date": [date(2014, 12, 1)],
        "stop_date": [date(2015, 1, 1)],
        "value": ["1"],
    }
    runs = {"dream_spell": week, "dream_industry_spell": month}
    found = counted(warehouse, deliver(warehouse, "dream", VINTAGE, {"person_key": [1]}, runs))
    for part in runs:
        assert counts(found.filter(pl.col("part") == part), "rows") == {(2014, ""): 1}


def test_a_delivery_is_counted_once(warehouse: Warehouse) -> None:
    delivery = deliver(warehouse, "kontakt", VINTAGE, CONTACTS)
    before = counted(warehouse, delivery)
    warehouse.execute('DELETE FROM delivered."kontakt_1"')
    assert counted(warehouse, delivery).equals(before)


def test_another_content_is_counted_anew_and_the_old_is_forgotten(warehouse: Warehouse) -> None:
    old = deliver(warehouse, "kontakt", VINTAGE, CONTACTS)
    counted(warehouse, old)
    new = deliver(warehouse, "kontakt", VINTAGE, {name: values[:1] for name, values in CONTACTS.items()})
    assert counts(counted(warehouse, new), "rows") == {(2021, ""): 1}
    assert profile(warehouse, old).is_empty()


def test_a_delivery_of_an_older_contract_is_counted_by_the_columns_it_has(warehouse: Warehouse) -> None:
    delivery = deliver(warehouse, "kontakt", VINTAGE, CONTACTS)
    warehouse.execute('ALTER TABLE delivered."kontakt_1" DROP COLUMN "FREMMOEDT"')
    warehouse.execute('ALTER TABLE delivered."kontakt_1" ALTER COLUMN "KONTAKT_DATO" TYPE VARCHAR')
    found = counted(warehouse, delivery)
    assert counts(found, "rows") == {(2021, ""): 3, (2022, ""): 2}
    assert counts(found, "missing", "FREMMOEDT") == {}


def test_years_that_both_hold_whole(warehouse: Warehouse) -> None:
    days = [date(2018, 1, 1), date(2019, 1, 1), date(2020, 1, 1), date(2021, 1, 1), date(2021, 1, 2)]
    one = deliver(warehouse, "kontakt", date(2021, 7, 1), {**CONTACTS, "KONTAKT_DATO": days})
    other = deliver(warehouse, "kontakt", date(2022, 7, 1), {**CONTACTS, "KONTAKT_DATO": [*days[1:], days[-1]]})
    contracts = {"kontakt": load_contract("kontakt")}
    store_profiles(warehouse, [one, other], contracts, delivered_tables(warehouse))
    assert whole_years_of_both(warehouse, one, other) == [2019, 2020]


@pytest.mark.parametrize(
    ("layout", "column"),
    [
        ("bef", "REFERENCETID"),  # not the birth date
        ("krin", "IND_FGSLDTO"),
        ("kraf", "AFG_AFGOEDTO"),
        ("krsi", "SIG_SIGTDTO"),
        ("dod", "DODDATO"),
        ("akm", "AAR"),
        ("idan", "AAR"),
        ("tilbud", "TILBUDT_DATO"),
        ("planaktivitet", "PLANLAGT_DATO"),
        ("udda", "HF_VFRA"),
        ("dream", None),
        ("time_to_event", None),
    ],
)
def test_what_dates_a_row(layout: str, column: str | None) -> None:
    assert dating_column(load_contract(layout)) == column


def test_a_year_column_is_read_by_its_first_four_digits(warehouse: Warehouse) -> None:
    rows: dict[str, Any] = {"person_key": [1, 1, 2], "AAR": ["2020", "2021-12-31", "2021"]}
    assert counts(counted(warehouse, deliver(warehouse, "akm", VINTAGE, rows)), "rows") == {
        (2020, ""): 1,
        (2021, ""): 2,
    }


def test_what_is_no_longer_remembered_is_forgotten(warehouse: Warehouse) -> None:
    old = deliver(warehouse, "kontakt", date(2022, 1, 1), CONTACTS)
    counted(warehouse, old)
    forget(warehouse, old.layout, old.vintage)
    new = deliver(warehouse, "kontakt", VINTAGE, {name: values[:2] for name, values in CONTACTS.items()})
    remember(warehouse, new)
    counted(warehouse, new)
    assert set(warehouse.fetch("SELECT DISTINCT delivery FROM meta.profile").get_column("delivery")) == {new.number}
