"""The delivery report: what came in, what was set aside and why, in counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from evalkit.registers.contracts.contract import Contract, load_contract
from evalkit.registers.deliveries.delivery import DeliveredFile, Delivery
from evalkit.registers.evidence.report import evidence_lines, summary_lines
from evalkit.registers.evidence.weigh import Evidence
from evalkit.registers.typed.rule_book import DUPLICATE_KEY, MALFORMED, PERSON_MISSING

__all__ = ["delivery_report", "write_delivery_report"]

_SUM = (
    "Of every file, rows delivered = staged (to be used) + quarantined (set aside, by the first rule that they broke) "
    "+ out of scope (of nobody who can be followed). Counts are rows, not persons, and not disclosure-checked: this "
    "stays with the data. What the layouts are: docs/reference/register-layouts.md."
)
_BUILT_IN = {
    MALFORMED: "The row has another number of fields than the header.",
    PERSON_MISSING: "The row has no pseudonym.",
    DUPLICATE_KEY: "An earlier row has the same key.",
}
_ENDINGS = {
    "_blank": "No value in {}.",
    "_not_a_date": "{} is not a date between 1850 and 2100.",
    "_not_an_integer": "{} is not a whole number.",
    "_not_a_number": "{} is not a number.",
    "_not_yes_or_no": "{} is neither yes nor no.",
    "_unknown_code": "The code list of {} does not have its value.",
}


def delivery_report(deliveries: Sequence[Delivery], evidence: Evidence | None = None) -> str:
    """Write what a study's extracts came to.

    Parameters
    ----------
    deliveries : sequence of Delivery
        As :func:`evalkit.registers.ingest` returns them.
    evidence : Evidence, optional
        What speaks for and against them.

    Returns
    -------
    str
        Markdown with names and counts, and no value of a person. Not disclosure-checked: it stays with the data.
    """
    lines = [
        "# Delivery report",
        "",
        _SUM,
        *(summary_lines(evidence) if evidence else []),
        "",
        "## Files",
        "",
        "| layout | complete before | file | delivered | staged | quarantined | out of scope | SHA-256 |",
        "|---|---|---|---:|---:|---:|---:|---|",
    ]
    lines += [_file_row(one, file) for one in deliveries for file in one.files]
    for delivery in deliveries:
        contract = load_contract(delivery.layout)
        lines += _rules(f"{delivery.layout}: quarantined by rule", delivery.rules, contract)
        lines += _rules(f"{delivery.layout}: kept with a warning", delivery.warnings, contract)
        lines += _notes(delivery, contract)
    lines += evidence_lines(evidence) if evidence else []
    return "\n".join(lines) + "\n"


def write_delivery_report(path: Path, deliveries: Sequence[Delivery], evidence: Evidence | None = None) -> None:
    """Write the delivery report to a file that only its owner can read, whole or not at all.

    Parameters
    ----------
    path : Path
        The file.
    deliveries : sequence of Delivery
        As :func:`evalkit.registers.ingest` returns them.
    evidence : Evidence, optional
        What speaks for and against them.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.unfinished")
    unfinished.touch(mode=0o600)
    unfinished.write_text(delivery_report(deliveries, evidence), encoding="utf-8", newline="\n")
    unfinished.replace(path)


def _file_row(delivery: Delivery, file: DeliveredFile) -> str:
    if file.same_as:
        return f"| {delivery.layout} | | {file.name} | the same bytes as {file.same_as}: not taken in twice | | | | |"
    vintage = "" if delivery.vintage == date.max else str(delivery.vintage)
    counts = (file.n_delivered, file.n_staged, file.n_quarantined, file.n_out_of_scope)
    cells = [delivery.layout, vintage, file.name, *(str(count) for count in counts), file.sha256[:12]]
    return f"| {' | '.join(cells)} |"


def _rules(title: str, counts: Mapping[str, int], contract: Contract) -> list[str]:
    if not counts:
        return []
    heading = ["", f"## {title}", "", "| rule | rows | what it means |", "|---|---:|---|"]
    return heading + [f"| {rule} | {n} | {_meaning(rule, contract)} |" for rule, n in counts.items()]


def _meaning(rule: str, contract: Contract) -> str:
    known = next((one.text.en for one in contract.rules if one.name == rule), _BUILT_IN.get(rule, ""))
    if known:
        return known
    ending = next((ending for ending in _ENDINGS if rule.endswith(ending)), "")
    return _ENDINGS[ending].format(rule.removesuffix(ending)) if ending else ""


def _notes(delivery: Delivery, contract: Contract) -> list[str]:
    notes = []
    if delivery.n_out_of_scope:
        notes += ["", f"{delivery.layout}: out of scope in {delivery.n_out_of_scope} rows: {contract.scope[0].text.en}"]
    if delivery.extra_columns:
        names = ", ".join(delivery.extra_columns)
        notes += ["", f"{delivery.layout}: columns that the layout does not know, not kept: {names}."]
    return notes
