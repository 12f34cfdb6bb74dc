"""Finds the layout's columns among the columns of a file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from evalkit.errors import ConfigError
from evalkit.registers.contract import Contract, Unpivot
from evalkit.registers.extract import ExtractSpec

__all__ = ["Matching", "expected_names", "iso_week_monday", "match_columns"]

_WEEK = re.compile(r"[A-Za-z]+_(\d{2})(\d{2})")
_FIRST_YEAR_OF_1900S = 90


@dataclass(frozen=True, slots=True)
class Matching:
    """Which column of the file is which; positions count from 0.

    Parameters
    ----------
    declared : mapping of str to int
        Position by layout column; optional columns that the file does not have are left out.
    unpivoted : mapping of str to int
        Position by column name, of the columns that become rows.
    extra : mapping of str to int
        Position by column name, of the columns that the layout does not know.
    findings : tuple of str
        What does not fit; empty when the file has the layout.
    """

    declared: Mapping[str, int]
    unpivoted: Mapping[str, int]
    extra: Mapping[str, int]
    findings: tuple[str, ...]


def expected_names(contract: Contract, spec: ExtractSpec) -> frozenset[str]:
    """Name the columns that a file of the layout may have.

    Parameters
    ----------
    contract : Contract
        The layout's contract.
    spec : ExtractSpec
        The extract, with its own names for columns.

    Returns
    -------
    frozenset of str
        In lower case.

    Raises
    ------
    ConfigError
        When the extract renames a column that the layout does not have.
    """
    unknown = sorted(spec.columns.keys() - contract.columns.keys())
    if unknown:
        raise ConfigError(
            f"extract {spec.layout}: columns: the layout has no column {', '.join(unknown)}.",
            hint=f"It has {', '.join(contract.columns)}.",
        )
    named = (spec.columns.get(name, name) for name in contract.columns)
    return frozenset(name.lower() for name in (*named, *spec.covariates))


def match_columns(contract: Contract, spec: ExtractSpec, names: Sequence[str]) -> Matching:
    """Match a file's columns with the layout's, whatever their case.

    Parameters
    ----------
    contract : Contract
        The layout's contract.
    spec : ExtractSpec
        The extract.
    names : sequence of str
        The file's column names in order.

    Returns
    -------
    Matching
        With every finding. A name in a finding is the layout's or the study's, never the file's own: a file without a
        header would have a person's values there.
    """
    position = {name.lower(): index for index, name in reversed(list(enumerate(names)))}
    delivered = {column: spec.columns.get(column, column) for column in contract.columns}
    declared = {column: position[name.lower()] for column, name in delivered.items() if name.lower() in position}
    unpivoted = _unpivoted(contract, spec, names, position)
    taken = {*declared.values(), *unpivoted.values()}
    extra = _extra(names, taken, {*contract.columns, *unpivoted})
    findings = [
        *_missing(contract, spec, delivered, position),
        *_repeated(names, {*expected_names(contract, spec), *(name.lower() for name in unpivoted)}),
        *_bad_unpivoted(contract.unpivot, unpivoted),
    ]
    return Matching(declared, unpivoted, extra, tuple(findings))


def iso_week_monday(name: str) -> date | None:
    """Read the week that a DREAM column name stands for.

    Parameters
    ----------
    name : str
        ``Y_YYWW``, in either case; years below 90 are in the 2000s.

    Returns
    -------
    date or None
        The week's Monday; None when there is no such week.

    Examples
    --------
    >>> iso_week_monday("Y_9132"), iso_week_monday("y_1653")
    (datetime.date(1991, 8, 5), None)
    """
    found = _WEEK.fullmatch(name)
    if found is None:
        return None
    year = int(found[1])
    try:
        return date.fromisocalendar(year + (1900 if year >= _FIRST_YEAR_OF_1900S else 2000), int(found[2]), 1)
    except ValueError:
        return None


def _unpivoted(
    contract: Contract, spec: ExtractSpec, names: Sequence[str], position: Mapping[str, int]
) -> dict[str, int]:
    if contract.unpivot is None:
        return {}
    if contract.unpivot.columns:
        pattern = re.compile(contract.unpivot.columns, re.IGNORECASE)
        return {name: index for index, name in enumerate(names) if pattern.search(name)}
    return {name: position[name.lower()] for name in spec.covariates if name.lower() in position}


def _extra(names: Sequence[str], taken: set[int], used: set[str]) -> dict[str, int]:
    known = {name.lower() for name in used}
    extra: dict[str, int] = {}
    for index, name in enumerate(names):
        if index in taken:
            continue
        # A column without a name, or with the name of a column that the study found elsewhere, gets its place.
        free = name if name and not name.startswith("_") and name.lower() not in known else f"column_{index + 1}"
        known.add(free.lower())
        extra[free] = index
    return extra


def _missing(
    contract: Contract, spec: ExtractSpec, delivered: Mapping[str, str], position: Mapping[str, int]
) -> list[str]:
    required = [
        column if column == name else f"{name} (as {column})"
        for column, name in delivered.items()
        # A column that the study names must be there even if the layout could do without it.
        if (contract.columns[column].required or column in spec.columns) and name.lower() not in position
    ]
    covariates = [f"{name} (a covariate)" for name in spec.covariates if name.lower() not in position]
    missing = required + covariates
    if not missing:
        return []
    noun = "column is" if len(missing) == 1 else "columns are"
    return [f"{len(missing)} {noun} missing: {', '.join(missing)}"]


def _repeated(names: Sequence[str], known: set[str]) -> list[str]:
    seen = Counter(name.lower() for name in names if name)
    repeated = [name for name, n in seen.items() if n > 1]
    if not repeated:
        return []
    shown = [name.upper() for name in repeated if name in known]
    which = f": {', '.join(shown)}" if shown else ""
    noun = "column name occurs" if len(repeated) == 1 else "column names occur"
    return [f"{len(repeated)} {noun} more than once{which}"]


def _bad_unpivoted(unpivot: Unpivot | None, unpivoted: Mapping[str, int]) -> list[str]:
    if unpivot is None or unpivot.names != "iso_week":
        return []
    if not unpivoted:
        return ["no column has the name of a week (Y_YYWW)"]
    wrong = [name for name in unpivoted if iso_week_monday(name) is None]
    noun = "column is" if len(wrong) == 1 else "columns are"
    return [f"{len(wrong)} {noun} named after a week that does not exist: {', '.join(wrong)}"] if wrong else []
