"""Every layout is two files with one stem, and says of every column and code what it is and how sure that is."""

from __future__ import annotations

import re
import tomllib

import pytest

from evalkit.registers import layouts, load_contract
from evalkit.shipped import shipped
from tests.unit.register_layouts_page import PAGE

FOLDER = shipped("sql") / "staging"
PLACEHOLDER = re.compile(r"(?i)\b(todo|tbd|fixme|xxx|placeholder|lorem|ved ikke)\b|\?")


def text(layout: str) -> str:
    return (FOLDER / f"{layout}.toml").read_text(encoding="utf-8")


def test_a_layout_is_two_files_with_one_stem() -> None:
    contracts = {path.stem for path in FOLDER.glob("*.toml")}
    selects = {path.stem for path in FOLDER.glob("*.sql")}
    second_tables = {table for layout in layouts() for table in load_contract(layout).tables}
    assert contracts == set(layouts())
    assert contracts <= selects
    assert selects - contracts == second_tables
    assert {path.suffix for path in FOLDER.iterdir() if path.is_file()} == {".toml", ".sql"}


@pytest.mark.parametrize("layout", layouts())
def test_a_contract_begins_with_what_one_row_is(layout: str) -> None:
    first = " ".join(
        line.removeprefix("#").strip() for line in text(layout).split("\n\n")[0].splitlines() if line[:1] == "#"
    )
    assert "one row" in first.lower()


@pytest.mark.parametrize("layout", layouts())
def test_every_column_is_described(layout: str) -> None:
    """By its type, in the contract and on the page for readers; a code by its list, or on purpose without one."""
    section = PAGE.read_text(encoding="utf-8").split(f"\n## {layout}\n")[1].split("\n## ")[0]
    for name, column in load_contract(layout).columns.items():
        assert f"| `{name}` | {column.type} |" in section


@pytest.mark.parametrize("layout", layouts())
def test_every_code_list_has_its_source_and_every_code_both_labels(layout: str) -> None:
    for name, listed in tomllib.loads(text(layout)).get("codes", {}).items():
        assert listed.keys() == {"source", "values"}, name
        for code, said in listed["values"].items():
            assert said.keys() <= {"da", "en", "confidence"}, (name, code)
            assert said["da"].strip(), (name, code)
            assert said["en"].strip(), (name, code)
            assert not PLACEHOLDER.search(f"{said['da']} {said['en']}"), (name, code)


@pytest.mark.parametrize("layout", layouts())
def test_no_code_of_a_list_begins_with_a_zero_that_a_number_would_lose(layout: str) -> None:
    contract = load_contract(layout)
    for name, listed in contract.codes.items():
        assert not [code for code in listed.values if re.fullmatch(r"0\d+", code)], name


def test_a_list_that_is_common_knowledge_says_so() -> None:
    """A source that is no document of a register's owner: its codes are marked, or the words are evalkit's own."""
    for layout in layouts():
        for name, listed in load_contract(layout).codes.items():
            if re.search("common knowledge|named by", listed.source):
                assert {code.confidence for code in listed.values.values()} == {"assumed"}, (layout, name)
