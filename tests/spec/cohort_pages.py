"""Writes the pages of stays, cohorts and covariates in docs/definitions: ``python -m tests.spec.cohort_pages``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from evalkit.cohorts import CohortDefinition
from evalkit.cohorts.covariates import covariates
from evalkit.cohorts.stays import RELEASE_TYPES, StayChoices
from evalkit.judgement import judgement_calls
from tests.spec.cohort_examples import COHORT, HEADERS, STAYS, CohortExample

__all__ = ["FOLDER", "pages"]

FOLDER = Path(__file__).parents[2] / "docs" / "definitions"

_MADE = "Made from the definition and its examples by `python -m tests.spec.cohort_pages`; change them, not this page."
_STAYS = """\
A stay is one continuous time in custody. It is put together from the register's events (KRIN), whose release stands on
a case's last event only, or from the rows of a Norwegian prison extract. What cannot be read is said: the end of a
record that was never closed is `unknown_end`, which is never a release. Leave is in neither register; an escape is in
the Norwegian one. Codes that no code list has fail the delivery before they get here."""
_RELEASES = """\
KRIN has no code for how a sentence ended. It is read as parole where the expiry of a parole (`IND_PRVSLDTO`) stands on
the last event or the release code is 10 (on stricter conditions), else as the full term: that is an inference."""
_COHORT = """\
Person 2 in the examples lives in Copenhagen unless the example says otherwise. The period is 2016-2019 and the pilot
municipalities are Holbæk (316) and Horsens (615). Without changes the steps are those of the study
*haandholdt_inklusion*. Each example is a test: register rows in, arm and index date out."""
_ARMS = """\
The index date is a person's first in the period that meets every step but the last. It is found by the same rule in
both arms, as the offer plays no part in it. Then the exposure is looked at: in the pilot arm by the study's rule, in
the comparison arm it must not have been offered by then. A person is in the arm of the first eligible index date and
never in the other, also where all episodes count. Nothing on or after the index date is read. A study that would need
it (taking part for 30 days after release with the clock starting on release; a covariate known only at release with the
clock starting on admission) is refused: move the clock with `landmark_days`, in both arms."""
_COVARIATES = """\
Each covariate is read up to a day, that day not included, and back to another. A study names those that it wants in
`[cohort] covariates`; one that is known only after time zero is refused. What the registers do not say is `unknown`, a
level of its own and never zero; what they do not reach back to (`[cohort] history_from`) is `not_reached`."""


def pages() -> dict[Path, str]:
    """Return every page's text by its path."""
    return {FOLDER / "stays.md": _stays(), FOLDER / "cohort.md": _cohort(), FOLDER / "covariates.md": _covariates()}


def _stays() -> str:
    kinds = [[f"`{name}`", text.da, text.en] for name, text in RELEASE_TYPES.items()]
    return _join(
        "# Stays in custody",
        _MADE,
        _STAYS,
        "## Ways of release",
        _RELEASES,
        _table(["name", "dansk", "English"], kinds),
        "## Judgement calls",
        _judgements(StayChoices()),
        "## Examples",
        *_examples(STAYS),
    )


def _cohort() -> str:
    window = {"index_start": "2016-01-01", "index_end": "2020-01-01", "pilot_municipalities": ["316", "615"]}
    cohort = CohortDefinition.model_validate(window)
    own = set(CohortDefinition.model_fields) - set(StayChoices.model_fields)
    return _join(
        "# Who is studied, and from when",
        _MADE,
        _ARMS,
        "## What the report says of the default",
        "\n".join(f"- {sentence}" for sentence in cohort.explanation.en),
        "### På dansk",
        "\n".join(f"- {sentence}" for sentence in cohort.explanation.da),
        "## Judgement calls",
        _judgements(cohort, own),
        "## Examples",
        _COHORT,
        *_examples(COHORT),
    )


def _covariates() -> str:
    rows = [
        [
            f"`{one.name}`",
            one.label.en,
            one.as_of.replace("_", " "),
            _reach(one.lookback_months, one.since_age_years),
            ", ".join(one.registers),
            ", ".join(one.levels) or "the code",
        ]
        for one in covariates().values()
    ]
    header = ["name", "what", "as of", "looks back", "registers", "levels"]
    return _join("# Covariates at baseline", _MADE, _COVARIATES, _table(header, rows))


def _reach(months: int | None, since_age: int | None) -> str:
    if months is not None:
        return f"{months} months"
    return "" if since_age is None else f"to age {since_age}"


def _judgements(definition: StayChoices, fields: Iterable[str] | None = None) -> str:
    rows = [
        [f"`{call.field}`", call.judgement.label.en, _toml(call.default), call.judgement.reason.en]
        for call in judgement_calls(definition)
        if fields is None or call.field in fields
    ]
    return _table(["field", "decides", "default", "reason"], rows)


def _examples(examples: Sequence[CohortExample]) -> Iterator[str]:
    about = ""
    for example in examples:
        if example.about != about:
            about = example.about
            yield f"### `{about}`"
        yield f"**{example.name[:1].upper()}{example.name[1:]}:** {'; '.join(example.expected) or 'nothing'}"
        yield f"```text\n{_told(example)}\n```"


def _told(example: CohortExample) -> str:
    lines = [f"{key} = {_toml(value)}" for key, value in example.changes.items()]
    for register, rows in example.tables.items():
        cells = [[cell.strip() for cell in line.split("|")] for line in (HEADERS[register], *rows)]
        widths = [max(len(row[place]) for row in cells) for place in range(len(cells[0]))]
        lines.append(f"{register}:" if rows else f"{register}: no rows")
        for row in cells if rows else []:
            padded = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            lines.append(f"  {' | '.join(padded)}".rstrip())
    return "\n".join(lines)


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_toml(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_toml(one) for one in value) + "]"
    return f'"{value}"' if isinstance(value, str) else str(value)


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    cells = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in cells)


def _join(*parts: str) -> str:
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")
