"""Splits text into records one by one, for the stretches of a file in which something is wrong.

A record ends at a line break outside quotation marks. A quotation mark opens a quoted field only where a field begins;
anywhere else it is a letter like any other. Carriage returns before a line feed belong to the line break.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from evalkit.registers.files.record_count import QUOTE

__all__ = ["Record", "split_records"]


class Record(NamedTuple):
    """One record of a file.

    Parameters
    ----------
    text : bytes
        Its bytes, without the line break.
    n_fields : int
        Its fields; 0 when it is blank, or when a quoted field goes on after its closing quotation mark.
    clean : bytes
        The same cells as a strict reader understands them, if it has fields, with a line feed.
    end : int
        The place in the text after its line break.
    """

    text: bytes
    n_fields: int
    clean: bytes
    end: int


def split_records(text: bytes, delimiter: bytes, place: int = 0) -> Iterator[Record]:
    r"""Split text into records.

    Parameters
    ----------
    text : bytes
        Some text.
    delimiter : bytes
        One byte.
    place : int
        Where to begin: where a record does.

    Yields
    ------
    Record
        Each record that the text ends, blank ones among them.

    Examples
    --------
    >>> [record.n_fields for record in split_records(b'a,"b,\n""c"\nd,5" pipe\n', b",")]
    [2, 2]
    """
    while end := text.find(b"\n", place) + 1:
        line = text[place:end].rstrip(b"\r\n")
        if QUOTE in line:
            record = _quoted_record(text, delimiter, place)
            if record is None:
                return
        else:
            record = Record(line, line.count(delimiter) + 1 if line else 0, _clean(line, delimiter), end)
        yield record
        place = record.end


def _clean(line: bytes, delimiter: bytes) -> bytes:
    fields = line.split(delimiter) if b"\r" in line else [line]
    return delimiter.join(map(_quoted, fields)) + b"\n"


def _quoted_record(text: bytes, delimiter: bytes, start: int) -> Record | None:
    """Walk through a record field by field; None when the text does not end it."""
    fields: list[bytes] = []
    place, line_end = start, text.find(b"\n", start)
    while True:
        if text.startswith(QUOTE, place):
            end = _end_of_quoted(text, place + 1)
            line_end = text.find(b"\n", end) if end else -1
            if line_end < 0:
                return None
        else:
            end = text.find(delimiter, place, line_end)
            end = place + len(text[place:line_end].rstrip(b"\r")) if end < 0 else end
        fields.append(text[place:end])
        if not text.startswith(delimiter, end):
            break
        place = end + 1
    record = text[start:line_end].rstrip(b"\r")
    n_fields = len(fields) if start + len(record) == end else 0
    return Record(record, n_fields, delimiter.join(map(_quoted, fields)) + b"\n", line_end + 1)


def _end_of_quoted(text: bytes, place: int) -> int:
    """Find the place after the quotation mark that closes a field, 0 if none does; a doubled one does not close it."""
    while (end := text.find(QUOTE, place)) >= 0:
        if not text.startswith(QUOTE, end + 1):
            return end + 1
        place = end + 2
    return 0


def _quoted(field: bytes) -> bytes:
    """Put a field between quotation marks if it holds any, or a carriage return, and is not between them already."""
    if field.startswith(QUOTE) or not (QUOTE in field or b"\r" in field):
        return field
    return QUOTE + field.replace(QUOTE, QUOTE * 2) + QUOTE
