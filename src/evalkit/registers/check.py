"""Checks all extracts of a study before anything is written."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from evalkit.errors import ConfigError
from evalkit.registers.contracts.extract import ExtractSpec
from evalkit.registers.intake.checked_pieces import checked_pieces
from evalkit.registers.intake.header_check import RegisterAtHand, at_hand, each

__all__ = ["check_extracts", "registers_at_hand"]


def check_extracts(specs: Sequence[ExtractSpec], *, root: Path) -> None:
    """Check everything that can be checked without a database, and say all that is wrong at once.

    The files are there and readable, have the layout's columns, are not cut off, and hold no national identity numbers.
    Nothing is written.

    Parameters
    ----------
    specs : sequence of ExtractSpec
        The study's extracts.
    root : Path
        The folder that their paths are relative to.

    Raises
    ------
    ConfigError
        When a layout is given twice for one vintage, or an extract renames a column that its layout does not have.
    DeliveryError
        When a layout is unknown or an extract is wrong.
    """
    each(registers_at_hand(specs, root), _read_through)


def registers_at_hand(specs: Sequence[ExtractSpec], root: Path) -> list[RegisterAtHand]:
    """Look at the files of all registers, collecting what is wrong.

    Parameters
    ----------
    specs : sequence of ExtractSpec
        The extracts.
    root : Path
        The folder that their paths are relative to.

    Returns
    -------
    list of RegisterAtHand
        One an extract, in the same order.

    Raises
    ------
    ConfigError, DeliveryError
        As :func:`check_extracts`.
    """
    refuse_twice(specs)
    return each(specs, lambda spec: at_hand(spec, root))


def refuse_twice(specs: Sequence[ExtractSpec]) -> None:
    """Refuse a layout that is given twice for one vintage.

    Parameters
    ----------
    specs : sequence of ExtractSpec
        The extracts.

    Raises
    ------
    ConfigError
        When one is.
    """
    given = [(spec.layout, spec.vintage) for spec in specs]
    twice = sorted({layout for layout, vintage in given if given.count((layout, vintage)) > 1})
    if twice:
        raise ConfigError(
            f"extract {', '.join(twice)}: the layout is given more than once.",
            hint="Give each layout once, with all its files, or once for each vintage.",
        )


def _read_through(register: RegisterAtHand) -> None:
    for file in register.files:
        for _ in checked_pieces(register, file):
            pass
