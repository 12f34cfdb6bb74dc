"""docs/reference/register-layouts.md says what the contracts say."""

from __future__ import annotations

from evalkit.registers import layouts, load_contract
from tests.unit.register_layouts_page import PAGE, page


def test_the_page_is_what_the_contracts_make() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "Run: python -m tests.unit.register_layouts_page"


def test_the_page_names_every_column_and_every_code_with_its_confidence() -> None:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    for layout in layouts():
        start = lines.index(f"## {layout}")
        stop = next(number for number, line in enumerate([*lines, "## "]) if number > start and line.startswith("## "))
        section = lines[start:stop]
        contract = load_contract(layout)
        for name in contract.columns:
            assert any(line.startswith(f"| `{name}` |") for line in section), name
        for codes in contract.codes.values():
            for code, said in codes.values.items():
                assert f"| `{code}` | {said.da} | {said.en} | {said.confidence} |" in section
