"""Looks at a register's files before any row is read: are they there, and do they have the layout's columns?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from evalkit.errors import DeliveryError, LayoutError
from evalkit.registers.contracts.contract import Contract
from evalkit.registers.contracts.extract import ExtractSpec
from evalkit.registers.contracts.matching import Matching, delivered_names, expected_names, match_columns
from evalkit.registers.contracts.study_contract import contract_for
from evalkit.registers.files.extract_file import open_extract
from evalkit.registers.files.piece import ExtractFile
from evalkit.registers.files.valued_file import ValuedFile
from evalkit.registers.intake.source import locate

__all__ = ["FileAtHand", "RegisterAtHand", "at_hand", "each", "raise_together"]

_Item = TypeVar("_Item")
_Made = TypeVar("_Made")


@dataclass(frozen=True, slots=True)
class FileAtHand:
    """A file that has its layout's columns.

    Parameters
    ----------
    reader : ExtractFile
        Reads it.
    matching : Matching
        Which column is which.
    """

    reader: ExtractFile
    matching: Matching


@dataclass(frozen=True, slots=True)
class RegisterAtHand:
    """A register whose files can be read.

    Parameters
    ----------
    spec : ExtractSpec
        What the study says of it.
    contract : Contract
        Its contract.
    files : tuple of FileAtHand
        Its files, in the order of reading.
    """

    spec: ExtractSpec
    contract: Contract
    files: tuple[FileAtHand, ...]


def at_hand(spec: ExtractSpec, root: Path) -> RegisterAtHand:
    """Look at a register's files.

    Parameters
    ----------
    spec : ExtractSpec
        The register.
    root : Path
        The folder that its paths are relative to.

    Returns
    -------
    RegisterAtHand
        What can be read.

    Raises
    ------
    ConfigError
        When the study renames a column, or names a code list or rule, that the layout does not have.
    DeliveryError
        When there is no such layout, or files are missing or wrong; all of them at once.
    """
    contract = contract_for(spec, root)
    expected = expected_names(contract, spec)

    def look(path: Path) -> FileAtHand:
        reader = _with_values(spec, contract, open_extract(path, spec.layout, expected, contract))
        return FileAtHand(reader, _matched(spec, contract, reader))

    return RegisterAtHand(spec, contract, tuple(each(locate(spec, root), look)))


def each(items: Iterable[_Item], make: Callable[[_Item], _Made]) -> list[_Made]:
    """Do something with each item, and raise what went wrong with any of them at once.

    Parameters
    ----------
    items : iterable
        The items.
    make : callable
        What to do with one.

    Returns
    -------
    list
        What was made, in order.

    Raises
    ------
    DeliveryError
        When any item raised one.
    """
    made, findings = [], []
    for item in items:
        try:
            made.append(make(item))
        except DeliveryError as error:
            findings.append(error)
    raise_together(findings)
    return made


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


def _with_values(spec: ExtractSpec, contract: Contract, reader: ExtractFile) -> ExtractFile:
    """Add the columns whose value the study gives; a file that has them itself is not what the study takes it for."""
    values = spec.values_of(reader.path.name)
    there = {name.lower() for name in reader.names}
    twice = [
        column for column in values if not there.isdisjoint(map(str.lower, delivered_names(contract, spec, column)))
    ]
    if twice:
        raise LayoutError(
            f"extract {spec.layout}: {reader.path.name} itself has what the study gives a value: {', '.join(twice)}.",
            hint="Remove it from extract.values in the study file.",
        )
    return ValuedFile(reader, values) if values else reader


def _matched(spec: ExtractSpec, contract: Contract, reader: ExtractFile) -> Matching:
    matching = match_columns(contract, spec, reader.names)
    if matching.findings:
        raise LayoutError(
            f"extract {spec.layout}: {reader.path.name}: {'; '.join(matching.findings)}.",
            hint="Have the columns delivered, or name them under [extract.columns] in the study file.",
        )
    return matching
