"""Wrong choices of a programme's study are one clear line with the promised exit code, before anything is done."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import pytest
from typer.testing import Result

from evalkit.programmes import PROGRAMMES

Evalkit = Callable[..., Result]

MISSING = {
    "haandholdt_inklusion": ("tilbud", "krin"),
    "god_loesladelse": ("kraf", "kontakt"),
    "jobupdate": ("jobupdate_henvisning",),
    "juvu": ("handleplan", "bef"),
    "kvp_samordning": ("kriminalomsorgen", "kvp_2024"),
    "exit": ("exit_sag", "forandringskompas"),
}
"""Two extracts of each programme; JobUpdate has only one."""


def refused(evalkit: Evalkit, folder: Path, exit_code: int) -> str:
    """Run the study, see that it ends with one line and leaves nothing, and return the line."""
    result = evalkit("run", folder / "study.toml", "--output", folder / "out")
    assert result.exit_code == exit_code, result.output
    assert result.stderr.startswith("Error: ")
    assert result.stderr.count("\n") == 1
    assert not (folder / "out").exists()
    return result.stderr


def change(folder: Path, old: str, new: str) -> None:
    text = (folder / "study.toml").read_text(encoding="utf-8")
    assert old in text
    (folder / "study.toml").write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize("programme", PROGRAMMES)
def test_a_new_study_says_every_extract_that_is_not_there_yet(programme: str, tmp_path: Path, evalkit: Evalkit) -> None:
    assert evalkit("new", programme, tmp_path).exit_code == 0
    wanted = re.findall(r'^path = "(.+)"$', (tmp_path / "study.toml").read_text(encoding="utf-8"), re.MULTILINE)
    said = refused(evalkit, tmp_path, 11)
    assert re.findall(r"there is no file ([^ ]+)\. ", said) == wanted
    assert wanted


@pytest.mark.parametrize(("programme", "layout"), [(name, one) for name, two in MISSING.items() for one in two])
def test_one_extract_that_is_not_there(programme: str, layout: str, tmp_path: Path, evalkit: Evalkit) -> None:
    """The others are: whatever is in them, the one that is not there is said before any is taken in."""
    assert evalkit("synth", "--programme", programme, "--persons", 500, "--output", tmp_path).exit_code == 0
    (tmp_path / "extracts" / f"{layout}.csv").unlink()
    assert refused(evalkit, tmp_path, 11) == (
        f"Error: extract {layout}: there is no file extracts/{layout}.csv. "
        "Check the path; it is relative to the study file.\n"
    )


UNLISTED = {
    "handleplan": ("god_loesladelse", "handleplan"),
    "kraf": ("juvu", "kraf"),
    "dream": ("haandholdt_inklusion", "dream"),
    "krin": ("exit", "kriminalomsorgen or krin"),
}
"""A layout that a study does not list, the study, and what it is asked for."""


@pytest.mark.parametrize("command", ["run", "check"])
@pytest.mark.parametrize("layout", UNLISTED)
def test_a_register_that_the_study_file_does_not_list(
    layout: str, command: str, tmp_path: Path, evalkit: Evalkit
) -> None:
    """It is said before any of the others is taken in, none of which is there yet."""
    programme, asked_for = UNLISTED[layout]
    assert evalkit("new", programme, tmp_path).exit_code == 0
    study_file = tmp_path / "study.toml"
    before, *extracts = study_file.read_text(encoding="utf-8").split("[[extract]]")
    kept = [one for one in extracts if f'layout = "{layout}"' not in one]
    assert len(kept) == len(extracts) - 1
    study_file.write_text("[[extract]]".join([before, *kept]), encoding="utf-8")
    result = evalkit(command, study_file, *(("--output", tmp_path / "out") if command == "run" else ()))
    assert result.exit_code == 10
    assert f"its results are made of registers that it does not list: {asked_for}. " in result.stderr
    assert result.stderr.count("\n") == 1


GROUPS = 'groups = ["collaboration_model"]'
CHOICES = {
    "a group that nobody knows": ("god_loesladelse", GROUPS, 'groups = ["height"]', 10, "groups: height is not among"),
    "a group that [cohort] does not tell": (
        "god_loesladelse",
        GROUPS,
        'groups = ["education_level"]',
        10,
        "groups: education_level is not among the covariates of [cohort]",
    ),
    "a group twice": (
        "god_loesladelse",
        GROUPS,
        'groups = ["sex", "sex"]',
        10,
        "groups: one stands more than once",
    ),
    "a group without a cohort": (
        "kvp_samordning",
        'language = "da"',
        'language = "da"\ngroups = ["sex"]',
        10,
        "groups: sex is not among",
    ),
    "releases beside a cohort": (
        "god_loesladelse",
        "[outcome]",
        "[releases]\nstart = 2013-01-01\nend = 2016-01-01\n\n[outcome]",
        10,
        "a study with a cohort has its releases there, and no table [releases]",
    ),
    "a fifth model": ("god_loesladelse", "model = 4", "model = 5", 10, "cohort.agreement.2.model: Input should be"),
    "the first model, which needs no agreement": (
        "god_loesladelse",
        "model = 4",
        "model = 1",
        10,
        "cohort.agreement.2.model: Input should be",
    ),
    "an agreement that ends before it starts": (
        "god_loesladelse",
        "end = 2019-01-01",
        "end = 2015-01-01",
        10,
        "cohort.agreement.2: start must lie before end",
    ),
    "two arms and nobody to compare with": (
        "haandholdt_inklusion",
        "[cohort]\n",
        '[cohort]\ncomparison = "none"\n',
        10,
        "arm: a study of this kind has 1 of them; found 2",
    ),
    "one arm by another name": ("god_loesladelse", 'name = "pilot"', 'name = "all"', 12, "pilot alone where it"),
    "an instrument without its extract": (
        "exit",
        'layout = "forandringskompas"\n',
        'layout = "udda"\nvintage = 2020-01-01\n',
        10,
        "assessment: the study has no extract forandringskompas",
    ),
}


@pytest.mark.parametrize("name", CHOICES)
def test_choices_that_cannot_be(name: str, tmp_path: Path, evalkit: Evalkit) -> None:
    programme, old, new, exit_code, said = CHOICES[name]
    assert evalkit("new", programme, tmp_path).exit_code == 0
    change(tmp_path, old, new)
    assert said in refused(evalkit, tmp_path, exit_code)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("threshold = 0.6", "threshold = 1.5", "mine.toml: 1 finding: indicator.5.threshold: Input should be less"),
        ('dimensions = ["bolig"]', 'dimensions = ["hus"]', "mine.toml: 1 finding: file: no measurement has"),
        ('id = "exit"', 'idd = "exit"', "mine.toml: 2 findings: "),
    ],
)
def test_a_programme_file_of_the_study_s_own_that_is_wrong(
    old: str, new: str, said: str, tmp_path: Path, evalkit: Evalkit
) -> None:
    shipped = (files("evalkit.programmes") / "exit.toml").read_text(encoding="utf-8")
    assert old in shipped
    assert evalkit("new", "exit", tmp_path).exit_code == 0
    change(tmp_path, 'programme = "exit"', 'programme = "mine.toml"')
    (tmp_path / "mine.toml").write_text(shipped.replace(old, new, 1), encoding="utf-8")
    assert said in refused(evalkit, tmp_path, 10)


def test_a_programme_file_that_is_not_there(tmp_path: Path, evalkit: Evalkit) -> None:
    assert evalkit("new", "exit", tmp_path).exit_code == 0
    change(tmp_path, 'programme = "exit"', 'programme = "mine.toml"')
    assert refused(evalkit, tmp_path, 10).endswith("mine.toml: there is no such file. Check the path.\n")


def test_a_demo_leaves_the_folder_of_another_study_alone(tmp_path: Path, evalkit: Evalkit) -> None:
    assert evalkit("new", "exit", tmp_path).exit_code == 0
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    result = evalkit("demo", "--programme", "exit", "--output", tmp_path)
    assert result.exit_code == 10
    assert result.stderr == f"Error: {tmp_path}: this folder holds something else. Name another with --output.\n"
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
