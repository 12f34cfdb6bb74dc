"""Writes docs/reference/register-layouts.md from the contracts: ``python -m tests.unit.register_layouts_page``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import takewhile
from pathlib import Path

from evalkit.registers import Contract, layouts, load_contract
from evalkit.registers.contracts.codes import CodeList
from evalkit.registers.contracts.contract import Column, Rule
from evalkit.registers.evidence.cross_check import load_cross_rules
from evalkit.shipped import shipped

__all__ = ["PAGE", "page"]

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "register-layouts.md"

_HEAD = """\
# Register layouts

Made from the contracts in `sql/staging` by `python -m tests.unit.register_layouts_page`; change them, not this page.
How to read and add one: [Add a register layout](../how-to/add-a-register-layout.md).

Names match whatever their case. *Required*: a file without the column is not of the layout. *Filled*: a row without a
value is set aside. A code that is not in its list stops the delivery, unless the column says that the row is set aside.
Confidence of a label: *documented* by the register's owner (or evalkit's own word, where the list's source says so),
*grouped* as researchers group it, *assumed* as common knowledge. A study can put its own list in the place of any of
these.
"""


def page() -> str:
    """Return the page's text."""
    contracts = {layout: load_contract(layout) for layout in layouts()}
    contents = [f"- [{layout}](#{layout}): {contract.title.en}" for layout, contract in contracts.items()]
    sections = [_section(layout, contract) for layout, contract in contracts.items()]
    return "\n".join([_HEAD, *contents, "", *sections, _across()])


def _section(layout: str, contract: Contract) -> str:
    parts = [f"## {layout}", f"{contract.title.en} · {contract.title.da}", _comment(layout)]
    parts += [f"Source: {contract.source}.", _facts(contract), _columns(contract)]
    parts += [_unpivots(contract)] if contract.unpivot else []
    parts += [_rules([*contract.scope, *contract.rules])] if contract.scope or contract.rules else []
    parts += [_codes(name, codes) for name, codes in contract.codes.items()]
    return "\n\n".join(parts) + "\n"


def _comment(layout: str) -> str:
    """Return what the contract says of the register in its first lines: the years and the traps."""
    lines = (shipped("sql") / "staging" / f"{layout}.toml").read_text(encoding="utf-8").splitlines()
    return "\n".join(line.removeprefix("# ") for line in takewhile(lambda line: line.startswith("#"), lines))


def _facts(contract: Contract) -> str:
    facts = [f"Pseudonym: `{contract.person.column}`."]
    facts += [f"Key: {_names(contract.key)}."] if contract.key else []
    facts += ["It may have no rows."] if contract.may_be_empty else []
    facts += [f"No date: {', '.join(contract.no_date)}."]
    return " ".join(facts)


def _columns(contract: Contract) -> str:
    header = ["column", "type", "", "also named", "code list"]
    header += ["positions"] if contract.fixed_width else []
    rows = []
    for name, column in contract.columns.items():
        row = [f"`{name}`", column.type, _must(column), _names(column.aliases), _listed(column)]
        if contract.fixed_width:
            row.append("–".join(str(end) for end in contract.fixed_width[name]))
        rows.append(row)
    return _table(header, rows)


def _must(column: Column) -> str:
    words = [*(["required"] if column.required else []), *(["filled"] if column.filled else [])]
    return ", ".join(words)


def _listed(column: Column) -> str:
    aside = " (else set aside)" if column.unknown == "quarantine" else ""
    return f"{column.codes}{aside}" if column.codes else ""


def _unpivots(contract: Contract) -> str:
    rows = []
    for one in contract.unpivot:
        columns = f"`{one.columns}`" if one.columns else "as the study says"
        must = "required" if one.required else ""
        rows.append([f"`{one.into}`", columns, one.names, one.type, must, one.codes or ""])
    return _table(["becomes rows of", "columns", "named after", "type", "", "code list"], rows)


def _rules(rules: Sequence[Rule]) -> str:
    rows = [[f"`{one.name}`", one.severity, _share(one.max_share), one.text.en] for one in rules]
    return _table(["rule", "a row that breaks it", "most", "what is wrong"], rows)


def _codes(name: str, codes: CodeList) -> str:
    rows = [[f"`{code}`", said.da, said.en, said.confidence] for code, said in codes.values.items()]
    return f"Code list *{name}*. Source: {codes.source}.\n\n" + _table(["code", "dansk", "English", "confidence"], rows)


def _across() -> str:
    rows = [
        [f"`{name}`", _names(rule.reads), rule.severity, _share(rule.max_share), rule.text.en]
        for name, (rule, _) in load_cross_rules(shipped("sql") / "checks").items()
    ]
    header = ["rule", "registers", "beyond that", "most", "what is wrong"]
    return "## Rules across registers\n\n" + _table(header, rows) + "\n"


def _share(share: float | None) -> str:
    return "" if share is None else f"{100 * share:g} %"


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    cells = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in cells)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
