"""Writes docs/definitions/outcome-*.md from the presets and their examples: ``python -m tests.spec.outcome_pages``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from evalkit.outcomes import PRESETS, OutcomeDefinition, load_outcome, outcome_calls
from evalkit.outcomes.answers import answer
from evalkit.outcomes.sentences import explained
from tests.spec.outcome_examples import CHARGES, CONFERRED, DECISIONS, EXAMPLES, STAYS, Example

__all__ = ["FOLDER", "pages"]

FOLDER = Path(__file__).parents[2] / "docs" / "definitions"

_MADE = (
    "Made from the preset and its tested examples by `python -m tests.spec.outcome_pages`; change them, not this page."
)
_HEADERS: Mapping[str, str] = {
    "krsi": CHARGES,
    "kraf": DECISIONS,
    "krko": CONFERRED,
    "krin": STAYS,
    "vnds": "event_date | direction",
    "dod": "death_date",
}
_SETTING = """\
In every example the person was released on 1 June 2016. Two years later is 1 June 2018, 730 days away; whoever gets
there without the event is followed to day 731, the longest two years (a year: 366; three years: 1096). The data are
complete before 1 July 2023. Each example is a test: register rows in, what came first after release out."""
_INTRODUCTION = """\
A reoffending rate lies anywhere between 10 and 55 per cent by definition alone (Statistics Norway, Samfunnsspeilet
3/2013). So a definition is data with a name and a fingerprint, and `evalkit explain NAME` says it in plain Danish or
English. A study names one, and changes a choice with one line:"""
_CALLS = """\
Fields that another careful person could have set otherwise, with evalkit's default and its reason. A preset sets what
its source says."""


def pages() -> dict[Path, str]:
    """Return every page's text by its path."""
    found = {FOLDER / f"outcome-{name}.md": _page(load_outcome(name)) for name in PRESETS}
    return {FOLDER / "outcomes.md": _overview(), **found}


def _overview() -> str:
    outcomes = [load_outcome(name) for name in PRESETS]
    rows = [[f"[{one.name}](outcome-{one.name}.md)", one.title.en, _months(one), one.source] for one in outcomes]
    calls = {call.field: call for one in outcomes for call in outcome_calls(one)}
    reasons = [
        [
            f"`{field}`",
            call.judgement.label.en,
            answer(field, call.default).en if call.default is not None else "",
            call.judgement.reason.en,
        ]
        for field, call in sorted(calls.items())
        if field != "event_date"
    ]
    return (
        "\n\n".join(
            [
                "# Outcome definitions",
                _MADE,
                _INTRODUCTION,
                '```toml\n[outcome]\npreset = "dst_two_year"\nresidence = "until_emigration"\n```',
                _table(["preset", "what", "follow-up", "source"], rows),
                "## Judgement calls",
                _CALLS,
                _table(["field", "decides", "default", "reason"], reasons),
            ]
        )
        + "\n"
    )


def _months(outcome: OutcomeDefinition) -> str:
    return f"{outcome.follow_up_months} months"


def _page(outcome: OutcomeDefinition) -> str:
    said = explained(outcome)
    parts = [
        f"# {said.title.en}",
        _MADE,
        f"`{outcome.name}` · {said.title.da} · source: {said.source}",
        "\n".join(f"- {sentence}" for sentence in said.en),
        "## På dansk",
        "\n".join(f"- {sentence}" for sentence in said.da),
        "## Judgement calls",
        _table(
            ["field", "decides", "here"],
            [
                [f"`{call.field}`", call.judgement.label.en, answer(call.field, call.value).en]
                for call in outcome_calls(outcome)
            ],
        ),
        "## Examples",
        _SETTING,
        *_examples(outcome.name),
    ]
    return "\n\n".join(parts) + "\n"


def _examples(preset: str) -> Iterator[str]:
    about = ""
    for example in EXAMPLES:
        if example.preset != preset:
            continue
        if example.field != about:
            about = example.field
            yield f"### `{about}`"
        yield f"**{example.name[:1].upper()}{example.name[1:]}:** {example.expected}"
        yield f"```text\n{_told(example)}\n```"


def _told(example: Example) -> str:
    lines = [f"{field} = {_toml(value)}" for field, value in example.changes.items()]
    for register, rows in example.tables.items():
        cells = [[cell.strip() for cell in line.split("|")] for line in (_HEADERS[register], *rows)]
        widths = [max(len(row[place]) for row in cells) for place in range(len(cells[0]))]
        lines.append(f"{register}:")
        for row in cells:
            padded = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            lines.append(f"  {' | '.join(padded)}".rstrip())
    return "\n".join(lines)


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_toml(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(_toml(one) for one in value) + "]"
    return f'"{value}"' if isinstance(value, str) else str(value)


def _table(header: list[str], rows: list[list[str]]) -> str:
    cells = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in cells)


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")
