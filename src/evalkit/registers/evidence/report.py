"""The sections of the delivery report on the evidence: the delivery before, persons, rules across registers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from evalkit.registers.evidence.cross_check import CrossCheck
from evalkit.registers.evidence.persons import InPopulation, ThereAgain
from evalkit.registers.evidence.trust import Verdict
from evalkit.registers.evidence.weigh import Evidence, History
from evalkit.registers.evidence.words import share_in_words, told

__all__ = ["evidence_lines", "summary_lines"]

_SAME_AGAIN = (
    "A year that the earlier delivery held whole should be the same again: its rows, its blanks, its codes. A year "
    "that was not over then may have grown; its blanks and codes are held against the last whole year. What was open "
    "then and has ended since has fewer blanks now, as it should."
)
_AGAIN = (
    "Who of the earlier delivery is here again. Whoever has a row in a year that both deliveries hold whole should be, "
    "with the same first date; with (all) there is no such year, and nobody must be."
)
_VERDICTS = (
    "As expected: within what chance and an ordinary quarter bring. Look: read it and ask; the run goes on. Stop: the "
    "run ends, unless the study file says that it may pass (trust)."
)
_N_TOLD = 40


def evidence_lines(evidence: Evidence) -> list[str]:
    """Write the sections on a study's evidence.

    Parameters
    ----------
    evidence : Evidence
        As :func:`evalkit.registers.evidence.weigh.weigh` returns it.

    Returns
    -------
    list of str
        Lines of Markdown with names and counts, and no value of a person.
    """
    return [
        *_against(evidence.history),
        *_persons(evidence.there_again, evidence.in_population),
        *_across(evidence.checks),
    ]


def summary_lines(evidence: Evidence) -> list[str]:
    """Write in a few lines what a study's evidence comes to.

    Parameters
    ----------
    evidence : Evidence
        As :func:`evalkit.registers.evidence.weigh.weigh` returns it.

    Returns
    -------
    list of str
        Lines of Markdown; none when nothing was weighed.
    """
    if evidence == Evidence():
        return []
    stop, look = ("; ".join(_named(evidence, one)) or "nothing" for one in (Verdict.STOP, Verdict.LOOK))
    return ["", "## In short", "", f"- Stops the run: {stop}.", f"- To look at: {look}.", "", _VERDICTS]


def _named(evidence: Evidence, verdict: Verdict) -> list[str]:
    changed = [one.layout for one in evidence.history if verdict in {it.verdict for it in one.comparison.changes}]
    gone = [one.layout for one in evidence.there_again if one.verdict is verdict]
    unknown = [one.layout for one in evidence.in_population if one.verdict is verdict]
    broken = [f"{one.name} in {one.layout}" for one in evidence.checks if one.verdict is verdict]
    groups = {
        "changed since the delivery before": changed,
        "persons who are not there again": gone,
        "persons who are not in the population register": unknown,
        "rules across registers": broken,
    }
    return [f"{what}: {', '.join(names)}" for what, names in groups.items() if names]


def _against(history: Sequence[History]) -> list[str]:
    if not history:
        return []
    lines = [
        "",
        "## Against the delivery before",
        "",
        _SAME_AGAIN,
        "",
        "| layout | compared with | counts compared | look | stop |",
        "|---|---|---:|---:|---:|",
        *(_compared(one) for one in history),
    ]
    for one in history:
        lines += _changes(one)
    return lines


def _compared(one: History) -> str:
    if one.before is None:
        return f"| {one.layout} | nothing: there is no earlier delivery | | | |"
    if one.is_same:
        return f"| {one.layout} | {_day(one.before)}: the same content | | | |"
    verdicts = [change.verdict for change in one.comparison.changes]
    n_look, n_stop = verdicts.count(Verdict.LOOK), verdicts.count(Verdict.STOP)
    return f"| {one.layout} | {_day(one.before)} | {one.comparison.n_compared} | {n_look} | {n_stop} |"


def _changes(one: History) -> list[str]:
    found = told(one.layout, one.comparison.changes)
    if not found:
        return []
    heading = [
        "",
        f"### {one.layout}: changed",
        "",
        "Where several years changed, the figures are of the one that changed most.",
        "",
    ]
    table = ["| what | years | before | now | verdict |", "|---|---|---|---|---|"]
    rows = [f"| {it.what} | {it.years} | {it.before} | {it.now} | {it.verdict} |" for it in found[:_N_TOLD]]
    more = ["", f"And {len(found) - _N_TOLD} more."] if len(found) > _N_TOLD else []
    return [*heading, *table, *rows, *more]


def _persons(again: Sequence[ThereAgain], known: Sequence[InPopulation]) -> list[str]:
    lines = ["", "## Persons"] if again or known else []
    if again:
        lines += [
            "",
            _AGAIN,
            "",
            "| layout | compared with | persons then | gone | here with another first date | verdict |",
            "|---|---|---:|---:|---:|---|",
            *(_again(one) for one in again),
        ]
    if known:
        lines += [
            "",
            "| layout | persons | not in the population register | share | verdict |",
            "|---|---:|---:|---:|---|",
            *(_known(one) for one in known),
        ]
    return lines


def _again(one: ThereAgain) -> str:
    n_persons = f"{one.n_persons}{'' if one.by_year else ' (all)'}"
    figures = f"{n_persons} | {one.n_gone} | {one.n_other - one.n_gone}"
    return f"| {one.layout} | {_day(one.before)} | {figures} | {one.verdict} |"


def _known(one: InPopulation) -> str:
    share = share_in_words(one.n_missing, one.n_persons)
    return f"| {one.layout} | {one.n_persons} | {one.n_missing} | {share} | {one.verdict} |"


def _across(checks: Sequence[CrossCheck]) -> list[str]:
    if not checks:
        return []
    heading = ["", "## Across registers", ""]
    table = ["| rule | layout | rows | broken | share | at most | verdict | what it means |"]
    return [*heading, *table, "|---|---|---:|---:|---:|---:|---|---|", *(_checked(one) for one in checks)]


def _checked(one: CrossCheck) -> str:
    share = share_in_words(one.n_broken, one.n_rows)
    figures = f"{one.n_rows} | {one.n_broken} | {share} | {100 * one.max_share:.1f} %"
    return f"| {one.name} | {one.layout} | {figures} | {one.verdict} | {one.text.en} |"


def _day(vintage: date) -> str:
    return f"complete before {vintage}"
