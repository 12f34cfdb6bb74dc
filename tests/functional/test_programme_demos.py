"""Each programme's demo, from its synthetic registers to its report: what was planted is what it finds."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from typer.testing import Result

from evalkit import api
from evalkit.programmes import PROGRAMMES

Evalkit = Callable[..., Result]


@pytest.mark.parametrize("command", ["demo", "synth"])
def test_a_wrong_programme_is_answered_with_those_there_are(command: str, tmp_path: Path, evalkit: Evalkit) -> None:
    result = evalkit(command, "--programme", "jobupdat", "--output", tmp_path / "out")
    assert result.exit_code == 10
    assert result.stderr == f"Error: There is no programme jobupdat. One of {', '.join(PROGRAMMES)}.\n"
    assert not (tmp_path / "out").exists()


def test_jobupdates_demo_has_its_document_s_numbers(tmp_path: Path, evalkit: Evalkit) -> None:
    folder = tmp_path / "out"
    result = evalkit("demo", "--programme", "jobupdate", "--persons", 900, "--lang", "en", "--output", folder)
    assert result.exit_code == 0, result.output
    assert "Finished positively: 174 of 248 who finished, which is 70.2% (64.2 – 75.5%)." in result.stdout
    ends = pl.read_parquet(folder / "bundle" / "tables" / "programme_end.parquet").filter(denominator="referred")
    assert dict(ends.select("end_state", "n_persons").rows())["open"] == 39
    study = (folder / "study.toml").read_text(encoding="utf-8")
    assert "synthetic = true" in study
    assert 'language = "en"' in study
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    assert truth["referrals"]["n_ended"] == {"positivt": 174, "uden_resultat": 52, "andet": 22}
    assert "arms" not in truth


def test_the_verb_makes_the_first_programmes_study_unless_told_otherwise(tmp_path: Path) -> None:
    study_file = api.synth(tmp_path / "out", persons=500)
    assert 'name = "haandholdt_inklusion"' in study_file.read_text(encoding="utf-8")
