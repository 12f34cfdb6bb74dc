"""JobUpdate from its own extract to its report, through the command line."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from evalkit.cli import app
from evalkit.shipped import shipped
from tests.unit.jobupdate_cases import write_cases

Evalkit = Callable[..., Result]


@pytest.fixture(scope="module")
def jobupdate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    folder = tmp_path_factory.mktemp("jobupdate")
    shutil.copy(shipped("reports") / "jobupdate" / "study.toml", folder / "study.toml")
    (folder / "extracts").mkdir()
    write_cases(folder / "extracts" / "jobupdate_henvisning.csv")
    arguments = ["run", str(folder / "study.toml"), "--output", str(folder / "out"), "--lang", "en"]
    return folder / "out", CliRunner().invoke(app, arguments)


def test_the_command_says_the_published_numbers(jobupdate: tuple[Path, Result]) -> None:
    _, result = jobupdate
    assert result.exit_code == 0, result.output
    assert "Finished positively: 174 of 248 who finished, which is 70.2% (64.2 – 75.5%)." in result.stdout
    assert "Finished positively: 174 of 287 referred, which is 60.6% (54.9 – 66.1%)." in result.stdout


def test_the_page_has_the_published_table_and_says_what_does_not_add_up(jobupdate: tuple[Path, Result]) -> None:
    folder, _ = jobupdate
    page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", (folder / "report.html").read_text(encoding="utf-8")))
    for said in (
        "174 0 70.2%",
        "52 0 21.0%",
        "22 6 8.9%",
        "The rounded percentages add up to 100.1.",
        "6 of those who finished had died",
        "Match group 2 or 3 270 17 0 94.1%",
        "Lacks the extract: Contacts",
    ):
        assert said in page, said


def test_the_manifest_names_what_is_lacking(jobupdate: tuple[Path, Result]) -> None:
    folder, _ = jobupdate
    manifest = json.loads((folder / "bundle" / "manifest.json").read_text(encoding="utf-8"))
    became = {one["id"]: one for one in manifest["study"]["programme"]["indicators"]}
    assert became["finished_positively"]["found"] == "counted"
    assert became["finished_positively"]["threshold"] is None
    assert [title["en"] for title in became["release_meeting"]["lacks"]] == ["Contacts", "Admissions to custody (KRIN)"]
    assert manifest["definitions"]["programme"]["name"] == "jobupdate"
