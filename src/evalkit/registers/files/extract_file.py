"""Chooses the reader of a file: by what the file is, whatever its name says."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from evalkit.registers.contracts.contract import Contract
from evalkit.registers.files.csv_file import open_csv
from evalkit.registers.files.display_formats import Program
from evalkit.registers.files.file_bytes import find_bytes
from evalkit.registers.files.fixed_width_file import open_fixed_width
from evalkit.registers.files.parquet_file import open_parquet
from evalkit.registers.files.piece import ExtractFile
from evalkit.registers.files.statistical_file import open_statistical

__all__ = ["open_extract"]

_SAS = bytes(12) + bytes.fromhex("c2ea8160b31411cfbd92080009c7318c181f1011")
_STATA = b"<stata_dta>"
# Before Stata 13: the version (104 to 115), the order of bytes, and the only kind of file there is.
_OLD_STATA = frozenset(bytes([version, order, 1]) for version in range(104, 116) for order in (1, 2))
_SPSS = (b"$FL2", b"$FL3")
_SAS_TRANSPORT = b"HEADER RECORD*******LIB"
_LONGEST_START = 64


def open_extract(path: Path, layout: str, expected: Collection[str], contract: Contract) -> ExtractFile:
    """Open a file with the reader that understands it.

    Parameters
    ----------
    path : Path
        The file.
    layout : str
        Its layout.
    expected : collection of str
        Column names that the layout knows, in lower case.
    contract : Contract
        The layout's contract.

    Returns
    -------
    ExtractFile
        A Parquet, SAS, Stata or SPSS file when it begins as one. Of the others a fixed-width file when the contract
        says where its cells stand and it does not begin with a header, and a CSV file when not.

    Raises
    ------
    LayoutError
        When it is empty, damaged, or of a kind that cannot be read.
    """
    file = find_bytes(path, layout)
    start = next(file.pieces(_LONGEST_START), b"")
    program, is_parquet = _program(start), start.startswith(b"PAR1")
    if start.startswith(_SAS_TRANSPORT):
        raise file.refusal(" is a SAS transport file, which cannot be read", "Deliver it as .sas7bdat.")
    if file.packing and (program or is_parquet):
        raise file.refusal(f" is a {program or 'Parquet'} file that is compressed by {file.packing}", "Unpack it.")
    if is_parquet:
        return open_parquet(path, layout)
    if program is not None:
        return open_statistical(path, layout, program)
    return _open_text(path, layout, expected, contract)


def _program(start: bytes) -> Program | None:
    if start.startswith(_SAS):
        return "SAS"
    if start.startswith(_STATA) or start[:3] in _OLD_STATA:
        return "Stata"
    return "SPSS" if start.startswith(_SPSS) else None


def _open_text(path: Path, layout: str, expected: Collection[str], contract: Contract) -> ExtractFile:
    csv = open_csv(path, layout, expected)
    is_headed = any(name.lower() in expected for name in csv.names)
    return csv if is_headed or not contract.fixed_width else open_fixed_width(path, layout, contract)
