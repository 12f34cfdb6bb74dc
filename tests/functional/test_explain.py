"""``evalkit explain``: what counts as reoffending, said to whoever asks."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from evalkit.cli import app
from evalkit.outcomes import PRESETS
from evalkit.shipped import shipped

HI = shipped("reports") / "haandholdt_inklusion" / "study.toml"


def told(*arguments: str) -> str:
    answer = CliRunner().invoke(app, ["explain", *arguments])
    assert answer.exit_code == 0, answer.output
    return " ".join(answer.output.split())


@pytest.mark.parametrize("preset", PRESETS)
def test_every_preset_is_told_in_both_languages(preset: str) -> None:
    danish, english = told(preset), told(preset, "--language", "en")
    assert danish.count(f"({preset}@") == english.count(f"({preset}@") == 1
    assert "Kilde:" in danish
    assert "Source:" in english
    assert danish != english


def test_the_lag_and_the_limit_of_statistics_denmark_are_said() -> None:
    english = told("dst_two_year", "--language", "en")
    assert "The decision must fall in the index year or by 31 December three calendar years after it." in english
    assert "Traffic fines under DKK 2,500 (decided before 2012: DKK 1,500) do not count." in english
    assert "conditions on the future" in english


def test_what_a_source_leaves_open_is_said_to_be_open() -> None:
    assert "was not seen" in told("retur", "--language", "en")
    assert "Rape (1120) is not on the programme's list." in told("exit_2012", "--language", "en")


def test_a_study_says_where_it_differs_from_its_preset() -> None:
    english = told(str(HI), "--language", "en")
    assert "Differs from “Reoffending within two years” – Those who emigrate." in english
    assert "Those who emigrate (residence) [not as in the preset]" in english
    assert english.count("[not as in the preset]") == 1


def test_changing_a_judgement_call_is_one_line(tmp_path: Path) -> None:
    text = HI.read_text(encoding="utf-8").replace(
        'residence = "until_emigration"', 'appeal = "first"\nresidence = "until_emigration"'
    )
    study = tmp_path / "study.toml"
    study.write_text(text, encoding="utf-8")
    assert "the first stands" in told(str(study), "--language", "en")


def test_an_unknown_preset_and_an_unknown_field_are_named(tmp_path: Path) -> None:
    answer = CliRunner().invoke(app, ["explain", "nothing"])
    assert answer.exit_code == 10
    assert "no preset named nothing" in answer.output
    study = tmp_path / "study.toml"
    study.write_text(HI.read_text(encoding="utf-8").replace("[outcome]", "[outcome]\nappeals = 1"), encoding="utf-8")
    answer = CliRunner().invoke(app, ["explain", str(study)])
    assert answer.exit_code == 10
    assert "appeals: this key is not known; is it misspelt?" in answer.output
