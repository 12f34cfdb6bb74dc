"""``evalkit new``: a folder that can be used as it is, and that never writes over anything."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from evalkit.programmes import PROGRAMMES, load_programme
from evalkit.registers import layouts
from evalkit.study import load_study
from tests.unit.jobupdate_cases import write_cases

Evalkit = Callable[..., Result]


@pytest.mark.parametrize("name", PROGRAMMES)
def test_a_new_study_is_read_and_names_programme_and_extracts(name: str, tmp_path: Path, evalkit: Evalkit) -> None:
    result = evalkit("new", name, tmp_path / "mine")
    assert (result.exit_code, result.stderr) == (0, "")
    study = load_study(tmp_path / "mine" / "study.toml")
    assert study.programme == load_programme(name)
    named = {extract.layout for extract in study.definition.extracts}
    readme = (tmp_path / "mine" / "extracts" / "README.md").read_text(encoding="utf-8")
    for layout in named | set(study.programme.layouts):
        assert f"`{layout}" in readme
    assert set(re.findall(r"`([a-z_0-9]+)(?:\.csv)?`", readme)) <= set(layouts())
    assert all(str(tmp_path / "mine" / part) in result.stdout for part in ("study.toml", "extracts"))
    assert "{{<" not in (tmp_path / "mine" / "report.qmd").read_text(encoding="utf-8")


def test_nothing_is_written_over(tmp_path: Path, evalkit: Evalkit) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "study.toml").write_text("mine", encoding="utf-8")
    result = evalkit("new", "exit", mine)
    assert result.exit_code == 10
    assert result.stderr.startswith(f"Error: {mine}: study.toml is there already, and nothing is written over.")
    assert result.stderr.count("\n") == 1
    assert [path.name for path in mine.iterdir()] == ["study.toml"]
    assert (mine / "study.toml").read_text(encoding="utf-8") == "mine"


def test_a_folder_with_other_things_in_it_is_used(tmp_path: Path, evalkit: Evalkit) -> None:
    (tmp_path / "extracts").mkdir()
    (tmp_path / "extracts" / "exit_sag.csv").write_text("mine", encoding="utf-8")
    assert evalkit("new", "exit", tmp_path).exit_code == 0
    assert (tmp_path / "extracts" / "exit_sag.csv").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("programme", "folder", "said"),
    [
        ("way_back", "mine", "programme: there is none named way_back. One of haandholdt_inklusion, god_loesladelse"),
        ("exit", "file", "this is a file, not a folder"),
    ],
)
def test_wrong_calls_are_one_line(programme: str, folder: str, said: str, tmp_path: Path, evalkit: Evalkit) -> None:
    (tmp_path / "file").write_text("kept", encoding="utf-8")
    result = evalkit("new", programme, tmp_path / folder)
    assert result.exit_code == 10
    assert said in result.stderr
    assert result.stderr.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_new_study_with_its_extract_beside_it_gives_the_report(tmp_path: Path, evalkit: Evalkit) -> None:
    assert evalkit("new", "jobupdate", tmp_path).exit_code == 0
    write_cases(tmp_path / "extracts" / "jobupdate_henvisning.csv")
    result = evalkit("run", tmp_path / "study.toml", "--output", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert "Afsluttet positivt: 174 af 248 afsluttede" in result.stdout
    assert (tmp_path / "out" / "report.html").is_file()


def changed(folder: Path, old: str, new: str) -> Path:
    text = (folder / "study.toml").read_text(encoding="utf-8")
    assert old in text
    (folder / "study.toml").write_text(text.replace(old, new), encoding="utf-8")
    return folder / "study.toml"


@pytest.mark.parametrize(
    ("programme", "old", "new", "said"),
    [
        ("exit", 'programme = "exit"', 'programme = "exot"', "programme: there is none named exot"),
        ("jobupdate", "jobupdate_henvisning", "dream", "there is no extract jobupdate_henvisning"),
        ("jobupdate", 'programme = "jobupdate"\n', "", "a study needs a cohort"),
        ("exit", "conf_level = 0.95", "conf_level = 95", "targets.conf_level"),
        ("exit", "min_persons = 10", "min_persons = 0", "targets.min_persons"),
        ("exit", 'comparison = "none"', "", "pilot_municipalities: a comparison needs at least one"),
        ("kvp_samordning", "end = 2016-01-01", "end = 2012-01-01", "start must lie before end"),
    ],
)
def test_wrong_choices_are_refused_before_any_work(
    programme: str, old: str, new: str, said: str, tmp_path: Path, evalkit: Evalkit
) -> None:
    assert evalkit("new", programme, tmp_path).exit_code == 0
    result = evalkit("check", changed(tmp_path, old, new))
    assert result.exit_code == 10
    assert said in result.stderr
    assert result.stderr.count("\n") == 1


def test_a_window_longer_than_follow_up_is_refused_before_any_work(tmp_path: Path, evalkit: Evalkit) -> None:
    """The indicator looks at 24 months; a study that changes the preset follows for 12."""
    assert evalkit("new", "haandholdt_inklusion", tmp_path).exit_code == 0
    changed(tmp_path, 'preset = "dst_two_year"', 'preset = "exit_2012"\nfollow_up_months = 12')
    changed(tmp_path, 'programme = "haandholdt_inklusion"', 'programme = "exit"')
    result = evalkit("check", tmp_path / "study.toml")
    assert result.exit_code == 10
    assert "is followed for 12 months, which is shorter than the window of not_convicted_24_months" in result.stderr
