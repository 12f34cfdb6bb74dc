"""A CSV file's header and the delimiter that it is written with."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection
from dataclasses import dataclass

__all__ = ["Header", "parse_header"]

_DELIMITERS = (",", ";", "\t", "|")


@dataclass(frozen=True, slots=True)
class Header:
    """What the first record says.

    Parameters
    ----------
    names : tuple of str
        The column names as delivered, trimmed.
    delimiter : str
        One of comma, semicolon, tab and vertical bar.
    """

    names: tuple[str, ...]
    delimiter: str


def parse_header(line: bytes, expected: Collection[str]) -> Header:
    """Split a header at the delimiter that finds most of the expected names.

    Parameters
    ----------
    line : bytes
        The first record of the file, UTF-8.
    expected : collection of str
        Names that the layout knows, in lower case.

    Returns
    -------
    Header
        When no delimiter finds a name, the one that gives most columns.

    Examples
    --------
    >>> parse_header(b'PNR;"DODDATO"', {"pnr", "doddato"})
    Header(names=('PNR', 'DODDATO'), delimiter=';')
    """
    text = line.decode(errors="replace")
    headers = [Header(_split(text, delimiter), delimiter) for delimiter in _DELIMITERS]
    return max(headers, key=lambda header: (_n_known(header, expected), len(header.names)))


def _split(text: str, delimiter: str) -> tuple[str, ...]:
    plain = text.replace("\r", " ")
    try:
        fields = next(csv.reader(io.StringIO(plain), delimiter=delimiter), [])
    except csv.Error:  # a name of more than 128 kB: this is no header
        fields = plain.split(delimiter)
    return tuple(name.strip() for name in fields)


def _n_known(header: Header, expected: Collection[str]) -> int:
    return sum(name.lower() in expected for name in header.names)
