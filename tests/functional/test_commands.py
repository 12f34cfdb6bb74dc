"""``check``, ``doctor`` and the key of the warehouse: what is looked at stays as it was, and what cannot be is said."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from evalkit import doctor
from evalkit.warehouse import KEY_VARIABLE, can_encrypt, open_warehouse

Evalkit = Callable[..., Result]

KEY = "a key that nobody may read"


def everything(folder: Path) -> dict[str, tuple[int, int]]:
    """Size and time of writing of all that is in a folder."""
    found = {}
    for path in folder.rglob("*"):
        state = path.stat()
        found[str(path.relative_to(folder))] = (state.st_size if path.is_file() else 0, state.st_mtime_ns)
    return found


# --- check


def test_check_says_what_it_looked_at_and_writes_nothing(
    study_folder: Path, evalkit: Evalkit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(study_folder)
    before = everything(study_folder)
    result = evalkit("check", "study.toml")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "haandholdt_inklusion: the study file and its 14 extracts can be read.\n"
    assert everything(study_folder) == before


def test_check_finds_all_that_is_wrong_and_writes_nothing(study_folder: Path, evalkit: Evalkit) -> None:
    extracts = study_folder / "extracts"
    (extracts / "dod.csv").unlink()
    (extracts / "vnds.csv").write_text("PNR,X\n0123456789abcdef,1\n", encoding="utf-8")
    before = everything(study_folder)
    result = evalkit("check", study_folder / "study.toml")
    assert result.exit_code == 11
    assert result.stdout == ""
    assert result.stderr.startswith("Error: 2 extracts are wrong: (1) extract dod: there is no file")
    assert "(2) extract vnds: vnds.csv: 2 columns are missing: HAEND_DATO, INDUD_KODE." in result.stderr
    assert result.stderr.count("\n") == 1
    assert "0123456789abcdef" not in result.output
    assert everything(study_folder) == before


@pytest.mark.parametrize("name", ["study.toml", "no/study.toml"])
def test_check_without_a_study(name: str, tmp_path: Path, evalkit: Evalkit) -> None:
    result = evalkit("check", tmp_path / name)
    assert result.exit_code == 10
    assert result.stderr.startswith("Error: ")
    assert result.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


# --- doctor


def lines_of(result: Result) -> dict[str, tuple[bool, str]]:
    """What was found: name to whether it is good, and the text."""
    found = re.findall(r"^(ok |NO ) ([^:]+): (.+)$", result.stdout, flags=re.MULTILINE)
    assert len(found) == len(result.stdout.splitlines())
    return {name: (good == "ok ", text) for good, name, text in found}


def test_doctor_says_what_the_machine_has(tmp_path: Path, evalkit: Evalkit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    monkeypatch.setattr("evalkit.doctor.shutil.disk_usage", lambda _: type("Usage", (), {"free": 50 * 10**9}))
    result = evalkit("doctor", "--output", tmp_path / "new")
    found = lines_of(result)
    assert result.exit_code == 0
    assert all(good for good, _ in found.values())
    assert {"Python", "evalkit", "duckdb", "polars", "Quarto", "encrypted warehouse", "output folder"} <= found.keys()
    assert found["free disk space"][1].startswith("50 GB")
    assert list(tmp_path.iterdir()) == []


def test_doctor_says_that_a_library_is_missing(evalkit: Evalkit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_LIBRARIES", ("duckdb", "no-such-library"))
    result = evalkit("doctor")
    assert result.exit_code == 1
    assert lines_of(result)["no-such-library"] == (False, "not installed. Run: pip install no-such-library")


def test_doctor_says_that_the_folder_or_the_space_will_not_do(
    tmp_path: Path, evalkit: Evalkit, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("kept", encoding="utf-8")
    monkeypatch.setattr("evalkit.doctor.shutil.disk_usage", lambda _: type("Usage", (), {"free": 10**9}))
    result = evalkit("doctor", "--output", tmp_path / "file" / "out")
    found = lines_of(result)
    assert result.exit_code == 1
    assert found["output folder"] == (False, "file: no right to write there")
    assert not found["free disk space"][0]


@pytest.mark.parametrize("able", [True, False])
@pytest.mark.parametrize("key", [KEY, None])
def test_doctor_on_encryption(
    able: bool,
    key: str | None,
    evalkit: Evalkit,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(doctor, "can_encrypt", lambda: able)
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    if key:
        monkeypatch.setenv(KEY_VARIABLE, key)
    result = evalkit("doctor")
    good, text = lines_of(result)["encrypted warehouse"]
    assert good is (able or key is None)
    assert ("cannot write encrypted files" in text) is not able
    assert KEY not in result.output


# --- the key


@pytest.fixture
def with_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask for encryption where DuckDB cannot do it, as on a machine without its extension."""
    monkeypatch.setattr("evalkit.warehouse.engine.can_encrypt", lambda _=None: False)
    monkeypatch.setenv(KEY_VARIABLE, KEY)


def refused(result: Result) -> None:
    assert result.exit_code == 13
    assert result.stdout == ""
    assert result.stderr == (
        f"Error: warehouse.duckdb: {KEY_VARIABLE} is set, but this DuckDB cannot write encrypted files. "
        "Install DuckDB's extension httpfs, or unset the variable and encrypt the disk.\n"
    )


@pytest.mark.usefixtures("with_key")
def test_a_run_with_a_key_that_cannot_be_honoured_writes_nothing(
    study_folder: Path, tmp_path: Path, evalkit: Evalkit
) -> None:
    before = everything(tmp_path)
    refused(evalkit("run", study_folder / "study.toml", "--output", tmp_path / "out"))
    assert not (tmp_path / "out").exists()
    assert {name: state for name, state in everything(tmp_path).items() if name in before} == before
    assert everything(tmp_path).keys() == before.keys()


def test_what_was_written_without_a_key_is_not_touched_with_one(
    demo_folder: Path, evalkit: Evalkit, request: pytest.FixtureRequest
) -> None:
    request.getfixturevalue("with_key")
    before = everything(demo_folder)
    refused(evalkit("run", demo_folder / "study.toml", "--output", demo_folder))
    refused(evalkit("seal", demo_folder))
    assert everything(demo_folder) == before


def test_this_machine_honours_a_key_or_refuses_it(
    tmp_path: Path, evalkit: Evalkit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever DuckDB can do here, no file in plain text comes of a run with a key."""
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    path = tmp_path / "secure" / "warehouse.duckdb"
    if can_encrypt():
        with open_warehouse(path) as warehouse:
            warehouse.execute("CREATE TABLE vault.person AS SELECT 'secret-one' AS person_id")
        assert b"secret-one" not in path.read_bytes()
        assert evalkit("seal", tmp_path).exit_code == 0
        with open_warehouse(path) as warehouse:
            assert not warehouse.has_table("vault.person")
    else:
        path.parent.mkdir()
        path.touch()
        refused(evalkit("seal", tmp_path))
        assert path.read_bytes() == b""
