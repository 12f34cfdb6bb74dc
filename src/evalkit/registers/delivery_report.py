"""The delivery report: what came in, what was set aside and why, in counts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from evalkit.registers.contract import Contract, load_contract
from evalkit.registers.delivery import Delivery
from evalkit.registers.raw import MALFORMED

__all__ = ["delivery_report", "write_delivery_report"]

_BUILT_IN = {
    MALFORMED: "The row has another number of fields than the header; its text is in quarantine.row.",
    "person_missing": "The row has no pseudonym.",
    "duplicate_key": "An earlier row has the same key.",
}
_ENDINGS = {
    "_blank": "No value in {}.",
    "_not_a_date": "{} is not a date between 1850 and 2100.",
    "_not_an_integer": "{} is not a whole number.",
    "_not_a_number": "{} is not a number.",
    "_not_yes_or_no": "{} is neither yes nor no.",
}


def delivery_report(deliveries: Sequence[Delivery]) -> str:
    """Write what a study's extracts came to.

    Parameters
    ----------
    deliveries : sequence of Delivery
        As :func:`evalkit.registers.ingest` returns them.

    Returns
    -------
    str
        Markdown with names and counts, and no value of a person. Not disclosure-checked: it stays with the data.
    """
    lines = [
        "# Delivery report",
        "",
        "Every row delivered is either staged or quarantined. Counts are rows, not persons; not disclosure-checked.",
        "",
        "| layout | file | delivered | staged | quarantined | SHA-256 |",
        "|---|---|---:|---:|---:|---|",
    ]
    lines += [
        f"| {d.layout} | {d.file} | {d.n_delivered} | {d.n_staged} | {d.n_quarantined} | {d.sha256[:12]} |"
        for d in deliveries
    ]
    for delivery in deliveries:
        lines += _rules(delivery)
        lines += _extra_columns(delivery)
    return "\n".join(lines) + "\n"


def write_delivery_report(path: Path, deliveries: Sequence[Delivery]) -> None:
    """Write the delivery report to a file, whole or not at all.

    Parameters
    ----------
    path : Path
        The file.
    deliveries : sequence of Delivery
        As :func:`evalkit.registers.ingest` returns them.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.unfinished")
    unfinished.write_text(delivery_report(deliveries), encoding="utf-8", newline="\n")
    unfinished.replace(path)


def _rules(delivery: Delivery) -> list[str]:
    if not delivery.rules:
        return []
    contract = load_contract(delivery.layout)
    heading = [
        "",
        f"## {delivery.layout}: quarantined by rule",
        "",
        "| rule | rows | what it means |",
        "|---|---:|---|",
    ]
    return heading + [f"| {rule} | {n} | {_meaning(rule, contract)} |" for rule, n in delivery.rules.items()]


def _meaning(rule: str, contract: Contract) -> str:
    for known in (*contract.scope, *contract.rules):
        if known.name == rule:
            return known.text.en
    if rule in _BUILT_IN:
        return _BUILT_IN[rule]
    ending = next((ending for ending in _ENDINGS if rule.endswith(ending)), "")
    return _ENDINGS[ending].format(rule.removesuffix(ending)) if ending else ""


def _extra_columns(delivery: Delivery) -> list[str]:
    if not delivery.extra_columns:
        return []
    names = ", ".join(delivery.extra_columns)
    return ["", f"{delivery.layout}: columns that the layout does not know, kept in `raw` only: {names}."]
