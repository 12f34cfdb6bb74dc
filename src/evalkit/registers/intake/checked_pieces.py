"""Reads a file's pieces and stops before one that holds national identity numbers is handed on."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing

import polars as pl

from evalkit.errors import DeliveryError, LayoutError
from evalkit.registers.files.piece import Piece
from evalkit.registers.intake.header_check import FileAtHand, RegisterAtHand
from evalkit.registers.intake.leaks import Leak, LeakWatch, shown_name

__all__ = ["checked_pieces"]

_MALFORMED = "\0malformed"  # no file's column has this name
_DELIMITERS = str.maketrans(",;\t|", "\n\n\n\n")


def checked_pieces(register: RegisterAtHand, file: FileAtHand) -> Generator[Piece, None, None]:
    """Read a file.

    Parameters
    ----------
    register : RegisterAtHand
        The register.
    file : FileAtHand
        One of its files.

    Yields
    ------
    Piece
        With the layout's columns under their names in the contract, the columns that become rows under their own, and
        those that the layout does not know.

    Raises
    ------
    DeliveryError
        When the file is cut off, damaged, empty, changes while it is read, or holds what look like identity numbers.
    """
    matching, contract = file.matching, register.contract
    cells = {name: index for columns in matching.unpivoted.values() for name, index in columns.items()}
    codes = [name for one in contract.unpivot if one.type == "code" for name in matching.unpivoted[one.into]]
    columns = {**matching.declared, **cells, **matching.extra}
    watch = LeakWatch([name for name in columns if name.upper() in contract.workplaces])
    with closing(file.reader.pieces(columns, codes=codes)) as pieces:
        for piece in pieces:
            _refuse(register, file, watch.see(piece.rows))
            if piece.malformed:
                lines = [one.text.translate(_DELIMITERS) for one in piece.malformed]
                _refuse(register, file, watch.see(pl.DataFrame({_MALFORMED: lines})))
            yield piece
    _refuse(register, file, watch.leaks())
    if file.reader.n_rows() == 0 and not contract.may_be_empty:
        raise LayoutError(
            f"extract {register.spec.layout}: {file.reader.path.name} has a header and no rows.",
            hint="Fetch the file again.",
        )


def _refuse(register: RegisterAtHand, file: FileAtHand, leaks: tuple[Leak, ...]) -> None:
    if not leaks:
        return
    listed = ", ".join(f"{leak.n_values} {_where(leak.column, file)}" for leak in leaks)
    raise DeliveryError(
        f"extract {register.spec.layout}: {file.reader.path.name} holds what look like national identity numbers: "
        f"{listed}.",
        hint="Delete the file; have it delivered with pseudonyms (with letters in them if these are opaque numbers).",
    )


def _where(column: str, file: FileAtHand) -> str:
    if column == _MALFORMED:
        return "in malformed rows"
    position = file.matching.extra.get(column)
    return f"in column {column if position is None else shown_name(column, position + 1)}"
