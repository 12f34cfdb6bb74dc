"""Checks all extracts of a study before anything is written."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from evalkit.errors import ConfigError, DeliveryError
from evalkit.registers.extract import ExtractSpec
from evalkit.registers.inspection import Inspection, inspect_extract

__all__ = ["check_extracts", "inspect_all"]


def check_extracts(specs: Sequence[ExtractSpec], *, root: Path) -> None:
    """Check everything that can be checked without a database, and say all that is wrong at once.

    The file is there and readable, is text in a known encoding or Parquet, has the layout's columns, is not cut
    off, and holds no national identity numbers. Nothing is written.

    Parameters
    ----------
    specs : sequence of ExtractSpec
        The study's extracts.
    root : Path
        The folder that their paths are relative to.

    Raises
    ------
    ConfigError
        When a layout is given twice, or an extract renames a column that its layout does not have.
    DeliveryError
        When a layout is unknown or an extract is wrong.
    """
    inspect_all(specs, root)


def inspect_all(specs: Sequence[ExtractSpec], root: Path) -> tuple[Inspection, ...]:
    """Look at all extracts, collecting what is wrong.

    Parameters
    ----------
    specs : sequence of ExtractSpec
        The extracts.
    root : Path
        The folder that their paths are relative to.

    Returns
    -------
    tuple of Inspection
        One an extract, in the same order.

    Raises
    ------
    ConfigError, DeliveryError
        As :func:`check_extracts`.
    """
    _refuse_twice(specs)
    inspections: list[Inspection] = []
    findings: list[DeliveryError] = []
    for spec in specs:
        try:
            inspections.append(inspect_extract(spec, root))
        except DeliveryError as error:
            findings.append(error)
    raise_together(findings)
    return tuple(inspections)


def raise_together(findings: Sequence[DeliveryError]) -> None:
    """Raise what was found as one error.

    Parameters
    ----------
    findings : sequence of DeliveryError
        The errors.

    Raises
    ------
    DeliveryError
        The only one as it is; several in one message, of their common class if they have one. Nothing when there are
        none.
    """
    if not findings:
        return
    if len(findings) == 1:
        raise findings[0]
    classes = {type(finding) for finding in findings}
    together = classes.pop() if len(classes) == 1 else DeliveryError
    listed = " ".join(f"({number}) {finding}" for number, finding in enumerate(findings, start=1))
    raise together(f"{len(findings)} extracts are wrong: {listed}")


def _refuse_twice(specs: Sequence[ExtractSpec]) -> None:
    names = [spec.layout for spec in specs]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ConfigError(
            f"extract {', '.join(twice)}: the layout is given more than once.", hint="Give each layout one file."
        )
