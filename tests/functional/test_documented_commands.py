"""What the documents say of the command line is there, and what is there is in the README."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer

from evalkit import errors
from evalkit.cli import app
from evalkit.warehouse import KEY_VARIABLE

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "reports").rglob("*.md")])
_CALL = re.compile(r"(?:^|[`/ ])(?<!import )evalkit ([a-z][a-z-]*)((?: +[^\s`|]+)*)", re.MULTILINE)
_CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)


def options() -> dict[str, set[str]]:
    """The options of every command."""
    return {
        name: {option for one in command.params for option in one.opts if option.startswith("--")} | {"--help"}
        for name, command in typer.main.get_group(app).commands.items()
    }


def calls(text: str) -> list[tuple[str, list[str]]]:
    """Commands that a page has as code, each with its options."""
    code = "\n".join(one.group().strip("`") for one in _CODE.finditer(text))
    return [(name, re.findall(r"--[a-z][a-z-]*", rest)) for name, rest in _CALL.findall(code)]


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_command_and_option_that_a_page_names_is_there(page: Path) -> None:
    known = options()
    for name, named in calls(page.read_text(encoding="utf-8")):
        assert name in known, f"evalkit {name}"
        assert set(named) <= known[name], f"evalkit {name}"


def test_the_readme_names_every_command() -> None:
    named = {name for name, _ in calls((ROOT / "README.md").read_text(encoding="utf-8"))}
    assert named == options().keys()


def test_the_search_finds_commands() -> None:
    code = "```\n.venv/bin/evalkit demo --persons 9\nimport evalkit as ek\n```"
    text = f"`evalkit run study.toml --as-of 2022-10-01` and\n{code}\nevalkit is no code"
    assert calls(text) == [("run", ["--as-of"]), ("demo", ["--persons"])]


def test_variables_and_exit_codes_of_the_documents_are_the_real_ones() -> None:
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    assert set(re.findall(r"EVALKIT_[A-Z_]+", text)) == {KEY_VARIABLE}
    listed = re.search(r"^Exit codes: (.+)$", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert listed is not None
    classes = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, errors.UserError)]
    codes = {one.exit_code for one in classes if one is not errors.UserError}
    # 70 and 74 are the command line's own: a bug, and the disk.
    assert {int(code) for code in re.findall(r"\d+", listed[1])} == codes | {70, 74}
