"""Bad extracts: one clear error that says what, where and how many, no person's value, and a warehouse as it was."""

from __future__ import annotations

import bz2
import gzip
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl
import pytest

from evalkit.errors import ConfigError, ContractError, DeliveryError, LayoutError, UserError
from evalkit.registers import ExtractSpec, check_extracts, ingest
from evalkit.warehouse import Warehouse, open_warehouse

HEADER = "PNR,HAEND_DATO,INDUD_KODE,INDUD_LAND"
PSEUDONYM = "fe5dc0ffee15beef"
ROWS = [f"{PSEUDONYM[:-2]}{number:02x},2016-03-{number % 28 + 1:02d},{'UI'[number % 2]},5120" for number in range(40)]
DOD = "PNR,DODDATO\na,2016-01-01\n"

Change = Callable[[list[str]], list[str]]


@pytest.fixture
def warehouse() -> Iterator[Warehouse]:
    with open_warehouse() as opened:
        yield opened


def vnds(folder: Path, lines: list[str] | None = None, *, end: str = "\n", header: str = HEADER) -> list[ExtractSpec]:
    text = "\n".join([header, *(ROWS if lines is None else lines)]) + end
    (folder / "vnds.csv").write_text(text, encoding="utf-8")
    return [ExtractSpec(layout="vnds", path="vnds.csv")]


def edited(column: int, value: str, *rows: int) -> list[str]:
    lines = []
    for number, line in enumerate(ROWS):
        cells = line.split(",")
        if not rows or number in rows:
            cells[column] = value
        lines.append(",".join(cells))
    return lines


def refused(
    warehouse: Warehouse, specs: list[ExtractSpec], folder: Path, kind: type[UserError], *says: str, checks: bool
) -> str:
    """Ingest what cannot be ingested after what can, and look at what is said and left."""
    (folder / "before.csv").write_text(DOD, encoding="utf-8")
    ingest(warehouse, [ExtractSpec(layout="dod", path="before.csv")], root=folder)
    before, shown = everything(warehouse), shown_rows(warehouse)
    with pytest.raises(kind) as caught:
        ingest(warehouse, specs, root=folder)
    # What breaks a limit has been read well: its rows are kept, so that the limit can change, but they are not shown.
    assert shown_rows(warehouse) == shown
    assert everything(warehouse) == before or kind is ContractError
    message = str(caught.value)
    for part in says:
        assert part in message
    assert PSEUDONYM[:6] not in message
    assert "\n" not in message
    if checks:
        with pytest.raises(kind) as checked:
            check_extracts(specs, root=folder)
        assert str(checked.value) == message
    else:
        check_extracts(specs, root=folder)
    assert caught.value.exit_code == (10 if kind is ConfigError else 11)
    return message


def everything(warehouse: Warehouse) -> dict[str, int]:
    tables = warehouse.fetch("SELECT schema_name || '.' || table_name AS name FROM duckdb_tables() ORDER BY name")
    return {name: warehouse.count(name) for name in tables["name"]}


def shown_rows(warehouse: Warehouse) -> dict[str, int]:
    views = warehouse.fetch("SELECT view_name AS name FROM duckdb_views() WHERE schema_name = 'staging' ORDER BY name")
    return {name: warehouse.count(f"staging.{name}") for name in views["name"]}


def test_missing_file(warehouse: Warehouse, tmp_path: Path) -> None:
    specs = [ExtractSpec(layout="vnds", path="extracts/vnds.csv")]
    refused(warehouse, specs, tmp_path, LayoutError, "extract vnds", "no file extracts/vnds.csv", checks=True)


def test_folder_instead_of_a_file(warehouse: Warehouse, tmp_path: Path) -> None:
    (tmp_path / "vnds.csv").mkdir()
    specs = [ExtractSpec(layout="vnds", path="vnds.csv")]
    refused(warehouse, specs, tmp_path, LayoutError, "vnds.csv is a folder", checks=True)


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf"])
def test_empty_file(content: bytes, warehouse: Warehouse, tmp_path: Path) -> None:
    specs = vnds(tmp_path)
    (tmp_path / "vnds.csv").write_bytes(content)
    refused(warehouse, specs, tmp_path, LayoutError, "extract vnds: vnds.csv is empty", checks=True)


def test_header_without_rows_where_rows_are_due(warehouse: Warehouse, tmp_path: Path) -> None:
    (tmp_path / "udda.csv").write_text("PNR,HFAUDD,HF_VFRA\n", encoding="utf-8")
    specs = [ExtractSpec(layout="udda", path="udda.csv")]
    refused(warehouse, specs, tmp_path, LayoutError, "udda.csv has a header and no rows", checks=True)


def test_all_missing_columns_are_named_at_once(warehouse: Warehouse, tmp_path: Path) -> None:
    specs = vnds(tmp_path, header="PNR,DATO,KODE,INDUD_LAND")
    says = ("vnds.csv: 2 columns are missing: HAEND_DATO, INDUD_KODE.",)
    refused(warehouse, specs, tmp_path, LayoutError, *says, checks=True)


def test_a_file_without_a_header_does_not_show_its_first_row(warehouse: Warehouse, tmp_path: Path) -> None:
    specs = vnds(tmp_path, header=ROWS[0])
    refused(warehouse, specs, tmp_path, LayoutError, "3 columns are missing: PNR,", checks=True)


def test_a_column_that_the_study_names_must_be_there(warehouse: Warehouse, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("ARM,EXIT,EVENT\n1,2,1\n", encoding="utf-8")
    spec = ExtractSpec(layout="time_to_event", path="t.csv", columns={"EXIT": "week"}, covariates=("age", "prio"))
    says = ("3 columns are missing: week (as EXIT), age (a covariate), prio (a covariate).",)
    refused(warehouse, [spec], tmp_path, LayoutError, *says, checks=True)


def test_a_renamed_column_that_the_layout_does_not_have(warehouse: Warehouse, tmp_path: Path) -> None:
    spec = vnds(tmp_path)[0].model_copy(update={"columns": {"HAENDDATO": "X"}})
    refused(warehouse, [spec], tmp_path, ConfigError, "extract vnds", "no column HAENDDATO", checks=True)


def test_a_layout_given_twice(warehouse: Warehouse, tmp_path: Path) -> None:
    specs = vnds(tmp_path) * 2
    refused(warehouse, specs, tmp_path, ConfigError, "extract vnds", "more than once", checks=True)


def test_unknown_layout(warehouse: Warehouse, tmp_path: Path) -> None:
    specs = [ExtractSpec(layout="vndss", path="vnds.csv")]
    refused(warehouse, specs, tmp_path, LayoutError, "extract vndss: there is no such layout", checks=True)


def test_the_same_column_twice(warehouse: Warehouse, tmp_path: Path) -> None:
    specs = vnds(tmp_path, header="PNR,HAEND_DATO,INDUD_KODE,indud_kode")
    says = ("1 column name occurs more than once: INDUD_KODE",)
    refused(warehouse, specs, tmp_path, LayoutError, *says, checks=True)


def test_weeks_that_do_not_exist(warehouse: Warehouse, tmp_path: Path) -> None:
    specs = [ExtractSpec(layout="dream", path="dream.csv")]
    (tmp_path / "dream.csv").write_text("PNR,Y_1652,Y_1653\na,,\n", encoding="utf-8")
    says = ("1 column is named after a week that does not exist: Y_1653",)
    refused(warehouse, specs, tmp_path, LayoutError, *says, checks=True)
    (tmp_path / "dream.csv").write_text("PNR,FOEDDT\na,\n", encoding="utf-8")
    refused(warehouse, specs, tmp_path, LayoutError, "no column has the name of a week", checks=True)


def test_a_last_row_that_is_cut(warehouse: Warehouse, tmp_path: Path) -> None:
    specs = vnds(tmp_path, [*ROWS, f"{PSEUDONYM},2016-03"], end="")
    says = ("vnds.csv is truncated: its last row, 41, has 2 of 4 columns",)
    refused(warehouse, specs, tmp_path, LayoutError, *says, checks=True)


def test_a_last_row_that_is_cut_inside_quotation_marks(warehouse: Warehouse, tmp_path: Path) -> None:
    specs = vnds(tmp_path, [*ROWS, f'"{PSEUDONYM}"', f'"{PSEUDONYM}","2016'], end="")
    says = ("vnds.csv is truncated: row 42 ends inside quotation marks",)
    refused(warehouse, specs, tmp_path, LayoutError, *says, checks=True)


def test_a_quotation_mark_that_is_never_closed(warehouse: Warehouse, tmp_path: Path) -> None:
    lines = [*ROWS]
    lines[4] = '"' + lines[4]
    specs = vnds(tmp_path, lines)
    says = ("vnds.csv: a quotation mark in row 5 is never closed",)
    refused(warehouse, specs, tmp_path, LayoutError, *says, checks=True)


@pytest.mark.parametrize("compress", [gzip.compress, bz2.compress])
def test_a_compressed_file_that_is_cut(
    compress: Callable[[bytes], bytes], warehouse: Warehouse, tmp_path: Path
) -> None:
    specs = vnds(tmp_path)
    path = tmp_path / "vnds.csv"
    path.write_bytes(compress(path.read_bytes())[:-30])
    refused(warehouse, specs, tmp_path, LayoutError, "compressed, and it is cut off or damaged", checks=True)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (bytes(range(256)) * 40, "not a text file"),
        (b"PK\x03\x04" + b"x" * 100, "a zip or Excel file"),
        (b"\xff\xfeP\x00N\x00R\x00\x00", "truncated: it ends inside a letter"),
        (b"PNR,HAEND_DATO\n\x81\x8d\x8f", "not a text file in UTF-8, Latin-1 or Windows-1252"),
        (b"PAR1" + b"x" * 100, "a Parquet file that is cut off or damaged"),
    ],
)
def test_a_file_that_is_no_text(content: bytes, says: str, warehouse: Warehouse, tmp_path: Path) -> None:
    (tmp_path / "vnds.csv").write_bytes(content)
    specs = [ExtractSpec(layout="vnds", path="vnds.csv")]
    refused(warehouse, specs, tmp_path, LayoutError, "extract vnds: vnds.csv is ", says, checks=True)


def test_a_parquet_file_that_is_cut(warehouse: Warehouse, tmp_path: Path) -> None:
    path = tmp_path / "dod.parquet"
    pl.DataFrame({"PNR": ["a"] * 100, "DODDATO": ["2016-01-01"] * 100}).write_parquet(path)
    path.write_bytes(path.read_bytes()[:-20])
    specs = [ExtractSpec(layout="dod", path="dod.parquet")]
    refused(warehouse, specs, tmp_path, LayoutError, "dod.parquet is a Parquet file that is cut off", checks=True)


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("package:no_such_package/x.csv", "no_such_package, which is not installed. Run: pip install"),
        ("package:lifelines/datasets/no.csv", "there is no file"),
        ("package:lifelines/../x.csv", "does not name a file in a package"),
        ("package:lifelines", "does not name a file in a package"),
    ],
)
def test_packages(path: str, says: str, warehouse: Warehouse, tmp_path: Path) -> None:
    specs = [ExtractSpec(layout="time_to_event", path=path)]
    refused(warehouse, specs, tmp_path, LayoutError, "extract time_to_event", says, checks=True)


@pytest.mark.parametrize("number", ["0101901234", "010190-1234", "01019012345"])
def test_identity_numbers(number: str, warehouse: Warehouse, tmp_path: Path) -> None:
    everyone = refused(
        warehouse, vnds(tmp_path, edited(0, number)), tmp_path, DeliveryError, "40 in column PNR", checks=True
    )
    one = refused(
        warehouse, vnds(tmp_path, edited(0, number, 7)), tmp_path, DeliveryError, "1 in column PNR", checks=True
    )
    country = refused(
        warehouse, vnds(tmp_path, edited(3, number, 7)), tmp_path, DeliveryError, "column INDUD_LAND", checks=True
    )
    undeclared = vnds(tmp_path, [f"{row},{number}" for row in ROWS], header=HEADER + ",NOTE")
    extra = refused(warehouse, undeclared, tmp_path, DeliveryError, "40 in column NOTE", checks=True)
    assert not any(number[:6] in message for message in (everyone, one, country, extra))


def bfl(folder: Path, column: str, numbers: list[str]) -> list[ExtractSpec]:
    rows = [f"p{place},2016-01-01,2016-01-31,120,{number}" for place, number in enumerate(numbers)]
    header = f"PNR,AJO_JOB_START_DATO,AJO_JOB_SLUT_DATO,AJO_LOENTIMER,{column}"
    (folder / "bfl.csv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return [ExtractSpec(layout="bfl", path="bfl.csv")]


@pytest.mark.parametrize("column", ["ARBNR", "ajo_arbnr_senr"])
def test_identity_numbers_where_workplaces_should_be(column: str, warehouse: Warehouse, tmp_path: Path) -> None:
    units = ["1003326862", "1512000001", "5500000002"]  # the first and the second look like someone's
    persons = [f"{day}0190{day}34" for day in range(11, 29)]
    said = [f"18 in column {column}", "bfl.csv"]
    refused(warehouse, bfl(tmp_path, column, persons), tmp_path, DeliveryError, *said, checks=True)
    refused(warehouse, bfl(tmp_path, "NOTE", units), tmp_path, DeliveryError, "2 in column NOTE", checks=True)
    ingest(warehouse, bfl(tmp_path, column, units), root=tmp_path)
    assert warehouse.count("staging.bfl") == 3


def test_identity_numbers_in_parquet(warehouse: Warehouse, tmp_path: Path) -> None:
    pl.DataFrame(
        {"PNR": [101901234 + 10**9 * day for day in range(1, 4)], "DODDATO": ["2016-01-01"] * 3}
    ).write_parquet(tmp_path / "dod.parquet")
    specs = [ExtractSpec(layout="dod", path="dod.parquet")]
    refused(warehouse, specs, tmp_path, DeliveryError, "dod.parquet", "3 in column PNR", checks=True)


def test_identity_numbers_in_a_malformed_row(warehouse: Warehouse, tmp_path: Path) -> None:
    specs = vnds(tmp_path, [*ROWS, "x,2016-01-01,U,1,0101901234", *ROWS[:2]])
    message = refused(warehouse, specs, tmp_path, DeliveryError, "vnds.csv", "1 in malformed rows", checks=True)
    assert "010190" not in message


def test_wrong_type_in_a_column(warehouse: Warehouse, tmp_path: Path) -> None:
    message = refused(
        warehouse,
        vnds(tmp_path, edited(1, "3. marts")),
        tmp_path,
        ContractError,
        "extract vnds: vnds.csv: 40 of 40 rows break the rule HAEND_DATO_not_a_date (at most 5% may)",
        checks=False,
    )
    assert "3. marts" not in message


def test_unknown_codes(warehouse: Warehouse, tmp_path: Path) -> None:
    message = refused(
        warehouse,
        vnds(tmp_path, [*edited(2, "Q", 1, 2)[:30], *edited(2, "hemmelig person", 35)[30:]]),
        tmp_path,
        ContractError,
        "2 unknown values (Q, …) of INDUD_KODE in 3 rows",
        checks=False,
    )
    assert "hemmelig" not in message


def test_unknown_benefits_stop_the_delivery(warehouse: Warehouse, tmp_path: Path) -> None:
    (tmp_path / "dream.csv").write_text("PNR,Y_1601,Y_1602\na,730,123456\nb,888,888\nc,,\n", encoding="utf-8")
    specs = [ExtractSpec(layout="dream", path="dream.csv")]
    message = refused(warehouse, specs, tmp_path, ContractError, "2 unknown values (888, …)", "3 cells", checks=False)
    assert "123456" not in message


def test_too_many_malformed_rows(warehouse: Warehouse, tmp_path: Path) -> None:
    specs = vnds(tmp_path, [row + ",x" for row in ROWS[:10]] + ROWS[10:])
    says = ("10 of 40 rows break the rule malformed_row (at most 5% may)",)
    refused(warehouse, specs, tmp_path, ContractError, *says, checks=False)


def test_covariates_that_are_no_numbers(warehouse: Warehouse, tmp_path: Path) -> None:
    rows = "".join(f"1,{number + 1},1,{'old' if number % 2 else 20}\n" for number in range(30))
    (tmp_path / "t.csv").write_text("ARM,EXIT,EVENT,age\n" + rows, encoding="utf-8")
    specs = [ExtractSpec(layout="time_to_event", path="t.csv", covariates=("age",))]
    says = ("15 of 30 rows break the rule age_not_a_number",)
    refused(warehouse, specs, tmp_path, ContractError, *says, checks=False)


def test_everything_that_is_wrong_is_said_at_once(warehouse: Warehouse, tmp_path: Path) -> None:
    specs = [*vnds(tmp_path, header="PNR,X,Y,Z"), ExtractSpec(layout="dod", path="no.csv")]
    says = ("2 extracts are wrong", "HAEND_DATO", "no file no.csv")
    refused(warehouse, specs, tmp_path, LayoutError, *says, checks=True)


def test_two_contracts_broken_are_said_at_once(warehouse: Warehouse, tmp_path: Path) -> None:
    specs = vnds(tmp_path, edited(2, "Q"))
    (tmp_path / "kontakt.csv").write_text("PNR,KONTAKT_DATO,KONTAKT_ART\na,2016-01-01,fax\n", encoding="utf-8")
    specs.append(ExtractSpec(layout="kontakt", path="kontakt.csv"))
    refused(warehouse, specs, tmp_path, ContractError, "INDUD_KODE in 40 rows", "(fax) of KONTAKT_ART", checks=False)
