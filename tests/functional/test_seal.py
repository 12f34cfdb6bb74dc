"""``evalkit seal``: the pseudonyms are gone for good, and what can still be done is done."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import Result

from evalkit import api
from evalkit.registers import ExtractSpec, ingest
from evalkit.registers.deliveries.seal import seal
from evalkit.warehouse import open_warehouse
from tests.functional.test_demo import digest

Evalkit = Callable[..., Result]


@pytest.fixture
def finished(demo_folder: Path, tmp_path: Path) -> Path:
    """A finished run that a test may seal: the study file and its extracts beside it."""
    folder = tmp_path / "run"
    shutil.copytree(demo_folder, folder)
    return folder


def warehouse_of(folder: Path) -> Path:
    return folder / "secure" / "warehouse.duckdb"


def pseudonyms(folder: Path) -> set[str]:
    with open_warehouse(warehouse_of(folder)) as warehouse:
        return set(warehouse.fetch("SELECT person_id FROM vault.person")["person_id"])


def texts_in(path: Path) -> set[str]:
    """All texts in all tables of a warehouse."""
    texts: set[str] = set()
    with open_warehouse(path) as warehouse:
        columns = warehouse.fetch(
            "SELECT schema_name, table_name, column_name FROM duckdb_columns() AS listed "
            "SEMI JOIN duckdb_tables() USING (schema_name, table_name) WHERE data_type = 'VARCHAR'"
        )
        for schema, table, column in columns.iter_rows():
            found = warehouse.fetch(f'SELECT DISTINCT "{column}" AS text FROM "{schema}"."{table}"')  # noqa: S608 - our own tables
            texts |= set(found["text"].drop_nulls())
    return texts


def left_in(folder: Path, searched: set[bytes]) -> int:
    """How many of some texts stand anywhere in the bytes of the files of a folder."""
    found = 0
    for path in (path for path in folder.rglob("*") if path.is_file()):
        content = path.read_bytes()
        found += sum(text in content for text in searched)
    return found


def test_no_pseudonym_is_left_in_any_table_or_byte(finished: Path, evalkit: Evalkit) -> None:
    everyone = pseudonyms(finished)
    some = {text.encode() for text in sorted(everyone)[::40]}
    # DuckDB packs few of such short texts out of sight, so the search of the bytes finds most of them before.
    assert left_in(finished / "secure", some) > 0.8 * len(some) > 80
    assert everyone <= texts_in(warehouse_of(finished))
    result = evalkit("seal", finished)
    assert result.exit_code == 0, result.output
    assert "the pseudonyms are gone" in result.stdout
    assert {path.name for path in (finished / "secure").iterdir()} == {"warehouse.duckdb", "delivery.md"}
    assert left_in(finished / "secure", some) == 0
    left = texts_in(warehouse_of(finished))
    assert len(left) > 100
    assert not everyone & left


def test_nothing_that_was_left_on_the_disk_keeps_them(tmp_path: Path) -> None:
    """A run that was killed leaves DuckDB's log, and what it had spilled for want of memory; so does a seal."""
    path = tmp_path / "warehouse.duckdb"
    killed = (
        "import os, sys; from pathlib import Path; from evalkit.warehouse import open_warehouse\n"
        "with open_warehouse(Path(sys.argv[1])) as opened:\n"
        "    opened.execute(\"CREATE TABLE vault.person AS SELECT 'secret-one' AS person_id, 1 AS person_key\")\n"
        "    opened.execute('CREATE TABLE core.person AS SELECT 1 AS person_key')\n"
        "    os._exit(9)"
    )
    for name in (path.name, f".{path.name}.sealing"):
        subprocess.run([sys.executable, "-c", killed, str(tmp_path / name)], check=False)
        (tmp_path / f"{name}.tmp").mkdir()
        (tmp_path / f"{name}.tmp" / "duckdb_temp_storage_DEFAULT-0.tmp").write_bytes(b"secret-one")
    assert left_in(tmp_path, {b"secret-one"}) == 4
    seal(path)
    assert [one.name for one in tmp_path.iterdir()] == [path.name]
    assert left_in(tmp_path, {b"secret-one"}) == 0
    with open_warehouse(path) as warehouse:
        assert warehouse.count("core.person") == 1


def test_the_text_of_rows_set_aside_is_gone_and_their_numbers_stay(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    (tmp_path / "dod.csv").write_text("PNR,DODDATO\nsecret-one,2016-01-01\nsecret-two,hidden\nx\n", encoding="utf-8")
    with open_warehouse(path) as warehouse:
        ingest(warehouse, [ExtractSpec(layout="dod", path=("dod.csv",))], root=tmp_path)
        aside = warehouse.fetch("SELECT row_number, rule FROM quarantine.row ORDER BY row_number").rows()
        assert warehouse.count("vault.set_aside") == len(aside) == 2
    searched = {b"secret-one", b"secret-two", b"hidden"}
    assert all(text in path.read_bytes() for text in searched)
    seal(path)
    assert not [text for text in searched if text in path.read_bytes()]
    with open_warehouse(path) as warehouse:
        assert warehouse.fetch("SELECT row_number, rule FROM quarantine.row ORDER BY row_number").rows() == aside
        assert not warehouse.has_table("vault.set_aside")


def test_a_sealed_run_goes_on_with_what_it_has(finished: Path, evalkit: Evalkit) -> None:
    for _ in ("first", "again"):
        assert evalkit("seal", finished).exit_code == 0
    before = digest(finished / "bundle")
    summary = api.run(finished / "study.toml", finished)
    assert all(run.skipped for run in summary.model_runs)
    assert digest(finished / "bundle") == before
    study = finished / "study.toml"
    study.write_text(study.read_text(encoding="utf-8").replace("min_stay_days = 14", "min_stay_days = 30"), "utf-8")
    result = evalkit("run", study, "--output", finished)
    assert result.exit_code == 0, result.output
    assert digest(finished / "bundle") != before


def test_a_sealed_run_refuses_what_is_new(finished: Path, evalkit: Evalkit) -> None:
    evalkit("seal", finished)
    before = digest(finished / "bundle"), (finished / "report.html").read_bytes()
    with (finished / "extracts" / "dod.csv").open("a", encoding="utf-8") as file:
        file.write("0123456789abcdef,2016-01-01\n")
    result = evalkit("run", finished / "study.toml", "--output", finished)
    assert result.exit_code == 11
    assert result.stderr == (
        "Error: extract dod: the warehouse is sealed, so nobody in a new delivery would be recognised. "
        "Take all extracts in anew, with another output folder.\n"
    )
    assert (digest(finished / "bundle"), (finished / "report.html").read_bytes()) == before
    assert left_in(finished / "secure", {b"0123456789abcdef"}) == 0


@pytest.mark.parametrize("what", ["nothing", "an empty folder"])
def test_there_is_nothing_to_seal(what: str, tmp_path: Path, evalkit: Evalkit) -> None:
    if what == "an empty folder":
        (tmp_path / "run").mkdir()
    result = evalkit("seal", tmp_path / "run")
    assert result.exit_code == 10
    assert result.stderr.endswith("there is no warehouse. Name the output folder of a run.\n")
    assert not list(tmp_path.glob("run/*"))


@pytest.fixture
def held(finished: Path) -> Iterator[Path]:
    """A run whose warehouse another process has open."""
    holder = (
        "import sys; from pathlib import Path; from evalkit.warehouse import open_warehouse\n"
        "with open_warehouse(Path(sys.argv[1])): print('open', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", holder, str(warehouse_of(finished))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline().strip() == "open"
        yield finished
        other.communicate("")


def test_a_run_that_is_going_on_is_not_sealed(held: Path, evalkit: Evalkit) -> None:
    before = warehouse_of(held).read_bytes()
    result = evalkit("seal", held)
    assert result.exit_code == 13
    assert "Is another run using it?" in result.stderr
    assert warehouse_of(held).read_bytes() == before


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no file modes")
def test_what_a_run_and_a_seal_leave_is_its_owners_alone(demo_folder: Path, finished: Path, evalkit: Evalkit) -> None:
    assert (demo_folder / "secure").stat().st_mode & 0o777 == 0o700
    evalkit("seal", finished)
    for folder in (demo_folder, finished):
        modes = {path.name: path.stat().st_mode & 0o777 for path in (folder / "secure").iterdir()}
        assert modes == {"warehouse.duckdb": 0o600, "delivery.md": 0o600}
