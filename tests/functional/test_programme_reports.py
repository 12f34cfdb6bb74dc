"""JobUpdate from its own extract to its report, through the command line."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner, Result

from evalkit.cli import app
from evalkit.shipped import shipped
from tests.unit.exit_cases import study_of_the_list, write_extracts
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


@pytest.fixture(scope="module")
def exit_study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exit")
    (folder / "study.toml").write_text(study_of_the_list(), encoding="utf-8")
    write_extracts(folder / "extracts")
    return folder


def targets_of(folder: Path, output: str) -> dict[str, dict[str, object]]:
    result = CliRunner().invoke(app, ["run", str(folder / "study.toml"), "--output", str(folder / output)])
    assert result.exit_code == 0, result.output
    table = pl.read_csv(folder / output / "bundle" / "tables" / "targets.csv")
    return {row["target"]: row for row in table.to_dicts()}


def test_exits_targets_on_what_was_planted(exit_study: Path) -> None:
    """By hand: 84 of 120 completed (Wilson from .613), 30 of 40 in work after the offer (from .598), 6 of 120 charged,
    and 74 of 84 completers go on with their plan, of whom the register sees only those with one.
    """
    found = targets_of(exit_study, "out")
    counts = {
        name: (row["n_persons"], row["n_mature"], row["n_reached"], row["verdict"]) for name, row in found.items()
    }
    assert counts == {
        "completed": (120, 120, 84, "met"),
        "contact_work_education_3_months": (40, 40, 30, "met"),
        "follows_plan": (84, 84, 74, "cannot_tell_yet"),
        "not_charged_during": (120, 120, 114, "not_met"),
    }
    assert found["follows_plan"]["reason"] == "partly_seen"
    criteria = pl.read_csv(exit_study / "out" / "bundle" / "tables" / "criteria.csv")
    assert criteria.filter(criterion="in_gang").select("n_yes", "n_no", "n_not_answered").row(0) == (120, 0, 0)
    assert criteria.filter(criterion="motivated").select("n_yes", "n_not_answered").row(0) == (0, 120)


def test_without_some_extracts_exit_says_which_and_computes_the_rest(exit_study: Path) -> None:
    text = study_of_the_list(("exit_sag", "bfl", "kotre"))
    (exit_study / "study.toml").write_text(text, encoding="utf-8")
    assert set(targets_of(exit_study, "less")) == {"completed", "contact_work_education_3_months"}
    manifest = json.loads((exit_study / "less" / "bundle" / "manifest.json").read_text(encoding="utf-8"))
    became = {one["id"]: one for one in manifest["study"]["programme"]["indicators"]}
    assert [title["en"] for title in became["not_charged_during"]["lacks"]] == ["Charges (KRSI)", "Decisions (KRAF)"]
    assert [title["en"] for title in became["follows_plan"]["lacks"]] == ["Plans", "Activities of plans"]
    page = re.sub(r"<[^>]+>", " ", (exit_study / "less" / "report.html").read_text(encoding="utf-8"))
    assert "Mangler udtræk: Handleplaner, Aktiviteter i handleplaner" in re.sub(r"\s+", " ", page)
