"""``evalkit run --as-of``: the figures are those of a run that never had more than was delivered by then."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from typer.testing import Result

from tests.functional.vintages import as_known_on

FIRST = date(2023, 1, 1)
"""The study's own vintage is half a year later."""

Evalkit = Callable[..., Result]


def tables(output: Path) -> dict[str, str]:
    """Digests of all tables that are released."""
    files = sorted((output / "bundle" / "tables").iterdir())
    assert len(files) > 10
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture
def then(study_folder: Path, tmp_path: Path) -> Path:
    """The study as it was on that day, with what was delivered by then."""
    folder = tmp_path / "then"
    as_known_on(FIRST, study_folder / "extracts", folder / "extracts")
    text = (study_folder / "study.toml").read_text(encoding="utf-8")
    (folder / "study.toml").write_text(text.replace("vintage = 2023-07-01", f"vintage = {FIRST}"), encoding="utf-8")
    return folder


def test_what_was_known_then_is_built_again(then: Path, study_folder: Path, tmp_path: Path, evalkit: Evalkit) -> None:
    output = tmp_path / "out"
    first = evalkit("run", then / "study.toml", "--output", output)
    assert first.exit_code == 0, first.output
    at_first = tables(output)
    now = evalkit("run", study_folder / "study.toml", "--output", output)
    assert now.exit_code == 0, now.output
    assert tables(output) != at_first
    # The first files are gone; the warehouse has kept what was in them.
    shutil.rmtree(then)
    again = evalkit("run", study_folder / "study.toml", "--output", output, "--as-of", FIRST)
    assert again.exit_code == 0, again.output
    assert tables(output) == at_first
    assert again.stdout.splitlines()[1:-1] == first.stdout.splitlines()[1:-1]
    assert str(FIRST) in (output / "secure" / "delivery.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("day", "exit_code", "said"),
    [
        ("2023-01-01", 11, "no delivery was known on 2023-01-01"),
        ("2023-07-02", 12, "nothing is known as of 2023-07-02, as the extracts end at 2023-07-01"),
        ("2020-06-30", 12, "need decisions up to 2023-01-01"),
        ("spring", 2, "does not match the format"),
    ],
)
def test_a_day_that_nothing_can_be_built_for(
    day: str, exit_code: int, said: str, study_folder: Path, tmp_path: Path, evalkit: Evalkit
) -> None:
    result = evalkit("run", study_folder / "study.toml", "--output", tmp_path / "out", "--as-of", day)
    assert result.exit_code == exit_code
    assert said in " ".join(result.stderr.replace("│", " ").split())
    assert not (tmp_path / "out").exists()
