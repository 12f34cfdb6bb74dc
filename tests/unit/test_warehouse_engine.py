"""The engine: a private file, clear errors, no values in messages, all or nothing."""

from __future__ import annotations

import gc
import subprocess
import sys
import traceback
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl
import pytest

from evalkit.errors import ModelError, UserError
from evalkit.warehouse import Warehouse, open_warehouse

PSEUDONYM = "0f3a77c1d2e4b596"


@pytest.fixture
def warehouse() -> Iterator[Warehouse]:
    with open_warehouse(threads=1) as opened:
        yield opened


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no file modes")
def test_only_the_owner_can_read_the_file(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "evalkit.duckdb"
    with open_warehouse(path) as opened:
        opened.execute("CREATE TABLE core.person AS SELECT 1 AS person_key")
        assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o644)
    with open_warehouse(path) as opened:
        assert path.stat().st_mode & 0o777 == 0o600
        assert opened.count("core.person") == 1


def test_a_file_that_another_run_has_open_is_one_clear_line(tmp_path: Path) -> None:
    path = tmp_path / "evalkit.duckdb"
    holder = (
        "import sys; from pathlib import Path; from evalkit.warehouse import open_warehouse\n"
        "with open_warehouse(Path(sys.argv[1])): print('open', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", holder, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline().strip() == "open"
        with pytest.raises(UserError) as caught, open_warehouse(path):
            pass
        other.communicate("")
    assert str(caught.value) == (
        "evalkit.duckdb: the warehouse cannot be opened. Is another run using it? Otherwise delete the file; the next "
        "run builds it anew."
    )
    with open_warehouse(path):
        pass


def test_a_file_that_is_no_database_is_an_error_and_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "evalkit.duckdb"
    path.write_text("something else, longer than the header of a database file " * 100, encoding="utf-8")
    with pytest.raises(UserError, match=r"^evalkit\.duckdb: the warehouse cannot be opened\."), open_warehouse(path):
        pass
    assert path.read_text(encoding="utf-8").startswith("something else")


@pytest.mark.parametrize("verb", ["execute", "fetch"])
def test_an_error_holds_no_value(warehouse: Warehouse, verb: str) -> None:
    warehouse.execute("CREATE TABLE staging.secret AS SELECT $value AS v", {"value": PSEUDONYM})
    with pytest.raises(ModelError) as caught:
        getattr(warehouse, verb)(
            "SELECT CAST(v AS DATE) AS day FROM staging.secret WHERE v = $value", {"value": PSEUDONYM}
        )
    assert str(caught.value) == "The database refused a statement (ConversionException)."
    assert PSEUDONYM not in "".join(traceback.format_exception(caught.value))
    assert caught.value.exit_code == 13


def test_values_go_as_parameters(warehouse: Warehouse) -> None:
    found = warehouse.fetch("SELECT $word AS word, len($codes) AS n", {"word": "it's; --", "codes": ["1", "2"]})
    assert found.rows() == [("it's; --", 2)]


def test_a_transaction_is_all_or_nothing(warehouse: Warehouse) -> None:
    warehouse.execute("CREATE TABLE core.kept (x INTEGER)")
    with pytest.raises(KeyboardInterrupt):
        insert_then(warehouse, interrupt)
    with pytest.raises(ModelError):
        insert_then(warehouse, lambda: warehouse.execute("SELECT x FROM core.nothing_here"))
    assert warehouse.count("core.kept") == 0
    with warehouse.transaction():
        warehouse.execute("INSERT INTO core.kept VALUES (1), (2)")
    assert warehouse.count("core.kept") == 2


def insert_then(warehouse: Warehouse, something: Callable[[], None]) -> None:
    with warehouse.transaction():
        warehouse.execute("INSERT INTO core.kept VALUES (1)")
        something()


def interrupt() -> None:
    raise KeyboardInterrupt


def test_tables_are_found_by_schema_and_name(warehouse: Warehouse) -> None:
    warehouse.execute("CREATE TABLE core.person AS SELECT 1 AS person_key")
    assert warehouse.has_table("core.person")
    assert not warehouse.has_table("analysis.person")
    assert not warehouse.has_table("core.persons")


def test_what_was_written_is_there_the_next_time(tmp_path: Path) -> None:
    path = tmp_path / "evalkit.duckdb"
    for n_rows in (1, 2, 3):
        with open_warehouse(path) as opened:
            opened.execute("CREATE TABLE IF NOT EXISTS core.person (person_key BIGINT)")
            opened.execute("INSERT INTO core.person VALUES (1)")
            assert opened.count("core.person") == n_rows


def test_the_database_fetches_nothing_by_itself(warehouse: Warehouse) -> None:
    found = warehouse.fetch("SELECT name FROM duckdb_settings() WHERE name LIKE 'auto%extensions' AND value = 'false'")
    assert sorted(found["name"]) == ["autoinstall_known_extensions", "autoload_known_extensions"]


def test_the_folder_that_is_made_for_the_warehouse_is_its_owners(tmp_path: Path) -> None:
    """The log that DuckDB keeps beside an open file has common rights."""
    with open_warehouse(tmp_path / "secure" / "w.duckdb"):
        assert (tmp_path / "secure").stat().st_mode & 0o077 == 0


def test_rows_are_let_go_before_the_transaction_ends(warehouse: Warehouse) -> None:
    """DuckDB would keep every piece of a large file until the whole of it is stored."""
    warehouse.execute("CREATE TABLE core.t (a BIGINT)")
    frame = pl.DataFrame({"a": [1, 2]})
    kept = weakref.ref(frame)
    with warehouse.transaction():
        with warehouse.rows("given", frame):
            assert warehouse.change("INSERT INTO core.t SELECT a FROM given") == 2
        del frame
        gc.collect()
        assert kept() is None
    assert warehouse.count("core.t") == 2
