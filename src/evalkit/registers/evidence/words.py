"""Words and figures for what changed between two deliveries: years together, the year that changed most as example."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from evalkit.registers.evidence.changes import Change
from evalkit.registers.evidence.trust import Verdict

__all__ = ["Told", "share_in_words", "told"]


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that changed, in all years in which it did.

    Parameters
    ----------
    what : str
        The count.
    years : str
        The years.
    example : str
        The year that changed most, when there are several.
    before, now : str
        Its figures.
    verdict : Verdict
        What it comes to.
    """

    what: str
    years: str
    example: str
    before: str
    now: str
    verdict: Verdict


def told(layout: str, changes: Iterable[Change]) -> list[Told]:
    """Tell changes, each count once for each verdict.

    Parameters
    ----------
    layout : str
        The register.
    changes : iterable of Change
        Its changes, the gravest first.

    Returns
    -------
    list of Told
        In the same order.
    """
    alike: dict[tuple[str, Verdict], list[Change]] = {}
    for change in changes:
        alike.setdefault((_what(layout, change), change.verdict), []).append(change)
    return [_told(what, group, verdict) for (what, verdict), group in alike.items()]


def share_in_words(n: int, of: int) -> str:
    """Write a share.

    Parameters
    ----------
    n, of : int
        The share is `n` of `of`.

    Returns
    -------
    str
        Per cent with one decimal, of which 0.0 and 100.0 mean none and all; empty when there are none.

    Examples
    --------
    >>> share_in_words(1, 8), share_in_words(3, 10_000), share_in_words(9_999, 10_000)
    ('12.5 %', 'under 0.1 %', 'over 99.9 %')
    """
    if not of:
        return ""
    said = f"{100 * n / of:.1f} %"
    if n and said == "0.0 %":
        return "under 0.1 %"
    return "over 99.9 %" if n != of and said == "100.0 %" else said


def _told(what: str, group: Sequence[Change], verdict: Verdict) -> Told:
    most = max(group, key=lambda one: one.size)
    example = str(most.year) if len(group) > 1 and most.year is not None else ""
    before, now = _figures(most)
    return Told(what, _years(group), example, before, now, verdict)


def _what(layout: str, change: Change) -> str:
    where = "" if change.part == layout else f"{change.part}: "
    words = {
        "rows": "rows" if change.part == layout else "cells",
        "persons": "persons",
        "missing": f"{change.column} blank",
        "code": f"{change.column} = {change.code}",
        "new code": f"{change.column} = {change.code}, not there before",
        "lost code": f"{change.column} = {change.code}, no longer there",
    }
    return where + words[change.measure]


def _figures(change: Change) -> tuple[str, str]:
    if not change.of_before and not change.of_now:
        return str(change.n_before), str(change.n_now)
    sides = ((change.n_before, change.of_before), (change.n_now, change.of_now))
    before, now = (f"{share_in_words(n, of)} ({n} of {of})" for n, of in sides)
    against = change.against is not None and change.against != change.year
    return (f"{before} in {change.against}" if against else before), now


def _years(changes: Sequence[Change]) -> str:
    if all(change.measure in ("new code", "lost code") for change in changes):
        return "all whole years"
    years = sorted(change.year for change in changes if change.year is not None)
    runs: list[list[int]] = []
    for year in years:
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    said = [f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs]
    undated = ["without a date"] if len(years) < len(changes) else []
    return ", ".join([*said, *undated])
