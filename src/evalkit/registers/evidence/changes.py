"""Judges what changed between two deliveries by limits that can change without comparing again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import polars as pl

from evalkit.registers.evidence.history import LOOK_IF_GRAVE, STOP
from evalkit.registers.evidence.trust import Limits, RegisterLimits, Verdict

__all__ = ["Change", "Comparison", "Measure", "judged"]

Measure = Literal["rows", "persons", "missing", "code", "new code", "lost code"]


@dataclass(frozen=True, slots=True)
class Change:
    """One comparison that is not as expected. Counts are rows, persons or cells; never a person's value.

    Parameters
    ----------
    part : str
        The layout, or a table that its columns became.
    measure : {"rows", "persons", "missing", "code", "new code", "lost code"}
        What was counted: all rows, their persons, rows without a value in the column, rows with the code; or a code
        that one of the deliveries does not have in any whole year.
    column, code : str
        What it is about; empty for rows and persons.
    year : int, optional
        The year; None for rows without one, and for a code in all years.
    against : int, optional
        The year of the earlier delivery that was compared.
    n_before, of_before : int
        The earlier count, and of how many; the latter is 0 for rows and persons.
    n_now, of_now : int
        The later count.
    size : float
        The least change that the counts leave room for, as a share.
    verdict : Verdict
        What it comes to.
    """

    part: str
    measure: Measure
    column: str
    code: str
    year: int | None
    against: int | None
    n_before: int
    of_before: int
    n_now: int
    of_now: int
    size: float
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Comparison:
    """What comparing two profiles came to.

    Parameters
    ----------
    n_compared : int
        How many counts were compared.
    changes : tuple of Change
        Those that are not as expected, the gravest first.
    """

    n_compared: int
    changes: tuple[Change, ...]


def judged(n_compared: int, differing: pl.DataFrame, limits: RegisterLimits) -> Comparison:
    """Judge comparisons.

    Parameters
    ----------
    n_compared : int
        How many counts were compared.
    differing : DataFrame
        Those that differ, as :func:`evalkit.registers.evidence.history.compare_profiles` returns them.
    limits : RegisterLimits
        The limits for rows, blanks and codes.

    Returns
    -------
    Comparison
        The changes that are beyond a limit.
    """
    held_to = {
        **dict.fromkeys(("rows", "persons"), limits.rows),
        "missing": limits.missing,
        **dict.fromkeys(("code", "new code", "lost code"), limits.codes),
    }
    place = pl.col("measure").replace_strict({name: place for place, name in enumerate(held_to)})
    rows = differing.sort("size", "part", place, "name", "code", "year", descending=[True, *[False] * 5])
    changes = [_change(row, held_to[row["measure"]]) for row in rows.iter_rows(named=True)]
    stop, look = ([one for one in changes if one.verdict is verdict] for verdict in (Verdict.STOP, Verdict.LOOK))
    return Comparison(n_compared, (*stop, *look))


def _change(row: Mapping[str, Any], limits: Limits) -> Change:
    verdict = limits.verdict(row["size"])
    if row["gravest"] != STOP:
        beyond = verdict is Verdict.STOP or (verdict is Verdict.LOOK and row["gravest"] != LOOK_IF_GRAVE)
        verdict = Verdict.LOOK if beyond else Verdict.AS_EXPECTED
    said = {name: value for name, value in row.items() if name not in ("name", "gravest")}
    return Change(column=row["name"], verdict=verdict, **said)
