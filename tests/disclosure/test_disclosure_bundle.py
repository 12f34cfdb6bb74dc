"""The bundle: whole or not there, the same bytes for the same input, nothing in it that was not released."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, cast

import polars as pl
import pytest

from evalkit.disclosure import Policy, Released, release, write_bundle
from evalkit.disclosure.released import STATUS
from evalkit.errors import DisclosureError
from evalkit.results import Provenance, Result

Make = Callable[..., Result]

STUDY: dict[str, object] = {
    "name": "hi",
    "title": {"en": "E", "da": "Æ"},
    "vintage": date(2023, 7, 1),
    "arms": ["b", "a"],
}
DEFINITIONS: dict[str, object] = {"outcome": {"name": "dst"}, "cohort": {"name": "released"}}


@pytest.fixture
def tables(make_result: Make, standard: Policy) -> list[Released]:
    status = pl.DataFrame({"level": list("wxyz"), "n_persons": [100, 12, 3, 40], "share": [0.645, 0.077, 0.019, 0.258]})
    risk = pl.DataFrame({"arm": ["a", "b"], "n_persons": [100, 90], "n_events": [50, 30]})
    return [
        release(make_result(status, additive_over=("level",), name="status"), standard),
        release(make_result(risk, name="risk"), standard),
    ]


@pytest.fixture
def write(provenance: Provenance) -> Callable[..., Path]:
    def call(folder: Path, released: list[Released], **changes: Any) -> Path:
        arguments: dict[str, Any] = {"study": STUDY, "definitions": DEFINITIONS, "provenance": provenance} | changes
        return write_bundle(folder, released, **arguments)

    return call


Write = Callable[..., Path]


def content(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_bundle_holds_each_table_twice_and_a_manifest(tmp_path: Path, write: Write, tables: list[Released]) -> None:
    folder = write(tmp_path / "deep" / "bundle", tables)
    files = content(folder)
    names = {"tables/status.parquet", "tables/status.csv", "tables/risk.parquet", "tables/risk.csv", "manifest.json"}
    assert set(files) == names
    assert [path.name for path in folder.parent.iterdir()] == ["bundle"]
    read = pl.read_parquet(folder / "tables" / "status.parquet")
    assert read.equals(tables[0].tidy())
    assert read.schema["n_persons_status"] == STATUS
    assert files["tables/status.csv"].decode().splitlines()[3] == "y,,suppressed_primary,,suppressed_primary"


def test_the_manifest_says_what_and_how(
    tmp_path: Path, write: Write, tables: list[Released], standard: Policy, provenance: Provenance
) -> None:
    folder = write(tmp_path / "bundle", tables)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert list(manifest) == sorted(manifest)
    assert manifest["schema"] == 1
    assert manifest["study"]["vintage"] == "2023-07-01"
    assert manifest["study"]["arms"] == ["b", "a"]
    assert list(manifest["definitions"]) == ["outcome", "cohort"]
    assert manifest["policy"]["fingerprint"] == standard.fingerprint
    assert manifest["policy"]["min_cell"] == 5
    assert manifest["policy"]["statement"] == standard.statement.model_dump()
    assert manifest["provenance"] == {
        "version": "0.1.0",
        "vintage": "2023-07-01",
        "models": {"core.person": "0123456789ab"},
        "seed": None,
    }
    status = manifest["tables"]["status"]
    assert status["rows"] == 4
    assert status["columns"]["share"] == {"role": "derived", "counts": ["n_persons"]}
    assert status["definition"] == provenance.definition
    assert status["audit"] == {
        "published": 4,
        "suppressed_primary": 2,
        "suppressed_secondary": 2,
        "not_applicable": 0,
        "rows_dropped": 0,
    }
    for kind, key in (("parquet", "sha256"), ("csv", "csv_sha256")):
        assert status[key] == hashlib.sha256((folder / "tables" / f"status.{kind}").read_bytes()).hexdigest()


def test_the_same_input_gives_the_same_bytes(tmp_path: Path, write: Write, tables: list[Released]) -> None:
    shuffled = dict(reversed(STUDY.items()))
    one, other = write(tmp_path / "one", tables), write(tmp_path / "other", tables[::-1], study=shuffled)
    assert content(one) == content(other)


def test_an_old_bundle_is_replaced_whole(tmp_path: Path, write: Write, tables: list[Released]) -> None:
    folder = write(tmp_path / "bundle", tables)
    write(folder, tables[:1])
    assert set(content(folder)) == {"tables/status.parquet", "tables/status.csv", "manifest.json"}
    assert [path.name for path in tmp_path.iterdir()] == ["bundle"]


def test_a_folder_that_is_no_bundle_is_left_alone(tmp_path: Path, write: Write, tables: list[Released]) -> None:
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.txt").write_text("years of work", encoding="utf-8")
    with pytest.raises(DisclosureError, match="this is not a bundle"):
        write(tmp_path / "thesis", tables)
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(DisclosureError, match="this is not a bundle"):
        write(tmp_path / "file", tables)
    assert content(tmp_path) == {"thesis/chapter.txt": b"years of work", "file": b"x"}


def test_a_failure_leaves_the_old_bundle_and_nothing_else(
    tmp_path: Path, write: Write, tables: list[Released], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write(tmp_path / "bundle", tables)
    before = content(folder)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DisclosureError, match="could not be written: No space left on device"):
        write(folder, tables[:1])
    assert content(folder) == before
    assert [path.name for path in tmp_path.iterdir()] == ["bundle"]


def test_when_the_new_bundle_cannot_be_moved_the_old_one_comes_back(
    tmp_path: Path, write: Write, tables: list[Released], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write(tmp_path / "bundle", tables)
    before = content(folder)
    replace = Path.replace

    def stubborn(self: Path, target: Path) -> Path:
        if self.name == "new":
            raise PermissionError(13, "Permission denied")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", stubborn)
    with pytest.raises(DisclosureError, match="could not be written: Permission denied"):
        write(folder, tables[:1])
    assert content(folder) == before
    assert [path.name for path in tmp_path.iterdir()] == ["bundle"]


def test_only_released_tables_are_written(
    tmp_path: Path, write: Write, tables: list[Released], make_result: Make
) -> None:
    raw = make_result(pl.DataFrame({"arm": ["a"], "n_persons": [3]}))
    with pytest.raises(DisclosureError, match="1 tables were not released"):
        write(tmp_path / "bundle", [tables[0], cast("Released", raw)])
    with pytest.raises(DisclosureError, match="nothing to write"):
        write(tmp_path / "bundle", [])
    assert list(tmp_path.iterdir()) == []


def test_names_clash_or_cannot_be_file_names(tmp_path: Path, write: Write, tables: list[Released]) -> None:
    with pytest.raises(DisclosureError, match="the name 'status' is used twice"):
        write(tmp_path / "bundle", [tables[0], tables[0]])


@pytest.mark.parametrize("name", ["../status", "Status", "a/b", "", "con fig"])
def test_a_table_name_is_a_plain_word(
    tmp_path: Path, write: Write, make_result: Make, standard: Policy, name: str
) -> None:
    odd = release(make_result(pl.DataFrame({"arm": ["a"], "n_persons": [30]}), name=name), standard)
    with pytest.raises(DisclosureError, match="cannot name a table"):
        write(tmp_path / "bundle", [odd])


def test_one_bundle_has_one_policy(
    tmp_path: Path, write: Write, tables: list[Released], make_result: Make, public_data: Policy
) -> None:
    other = release(make_result(pl.DataFrame({"arm": ["a"], "n_persons": [3]}), name="other"), public_data)
    with pytest.raises(DisclosureError, match="different policies"):
        write(tmp_path / "bundle", [*tables, other])


def test_texts_of_the_manifest_are_checked_too(tmp_path: Path, write: Write, tables: list[Released]) -> None:
    with pytest.raises(DisclosureError, match="1 texts of 'study'") as caught:
        write(tmp_path / "bundle", tables, study=STUDY | {"caveats": [{"en": "as 010170-1234 said"}]})
    assert "010170" not in str(caught.value)
    with pytest.raises(DisclosureError, match="type set cannot be written"):
        write(tmp_path / "bundle", tables, study=STUDY | {"arms": {"a", "b"}})


def test_the_last_check_stops_a_table_that_grew(tmp_path: Path, write: Write, tables: list[Released]) -> None:
    # Somebody who goes round the frozen class still meets the check of the files.
    grown = tables[0].tidy().with_columns(person_key=pl.lit(1))
    object.__setattr__(tables[0], "cells", grown)
    with pytest.raises(DisclosureError, match="named like a person's key"):
        write(tmp_path / "bundle", tables)
    object.__setattr__(tables[0], "cells", pl.concat([tables[1].tidy()] * 2501))
    object.__setattr__(tables[0], "roles", tables[1].roles)
    with pytest.raises(DisclosureError, match="more rows than policy"):
        write(tmp_path / "bundle", tables)
    assert list(tmp_path.iterdir()) == []
