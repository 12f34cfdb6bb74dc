"""Counts the records of a CSV file by itself, so that what the database read can be checked against it.

A record ends at a line break outside quotation marks. A quotation mark opens a quoted field only where a field begins;
anywhere else it is a letter like any other, which is how the database reads it too.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

__all__ = ["Record", "RecordCounter", "split_records"]

_QUOTE = b'"'
_LINE_FEED = 10
_CARRIAGE_RETURN = 13


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a file.

    Parameters
    ----------
    text : bytes
        Its bytes, without the line break.
    n_fields : int
        Its fields; 0 when its quotation marks do not fit together.
    """

    text: bytes
    n_fields: int


@dataclass
class RecordCounter:
    """Counts records and remembers those with another number of fields than the header.

    Parameters
    ----------
    delimiter : bytes
        One byte.
    n_fields : int
        Fields of a whole record.
    """

    delimiter: bytes
    n_fields: int
    n_records: int = 0
    malformed: list[int] = field(default_factory=list)
    """Numbers of the records, the first of the file being 1, that do not have the right number of fields."""
    n_fields_of_last: int = 0
    n_blank: int = 0

    def count(self, block: bytes) -> int:
        """Count the records of a block of whole lines.

        Parameters
        ----------
        block : bytes
            Lines, each with its line break; the first begins a record.

        Returns
        -------
        int
            How many of its bytes are whole records; the rest begins a record that goes on.
        """
        if _QUOTE not in block:
            self._count_lines(block)
            return len(block)
        n_bytes = 0
        for record, length in split_records(block, self.delimiter):
            n_bytes += length
            self._add(record)
        return n_bytes

    def _add(self, record: Record) -> None:
        if not record.text:
            self.n_blank += 1
            return
        self.n_records += 1
        self.n_fields_of_last = record.n_fields
        if record.n_fields != self.n_fields:
            self.malformed.append(self.n_records)

    def _count_lines(self, block: bytes) -> None:
        """Count without a loop over lines; there are no quotation marks."""
        letters = np.frombuffer(block, dtype=np.uint8)
        ends = np.flatnonzero(letters == _LINE_FEED)
        if ends.size == 0:
            return
        delimiters = np.flatnonzero(letters == self.delimiter[0])
        n_fields = np.diff(np.searchsorted(delimiters, ends), prepend=0) + 1
        starts = np.concatenate(([0], ends[:-1] + 1))
        length = ends - starts
        blank = (length == 0) | ((length == 1) & (letters[starts] == _CARRIAGE_RETURN))
        n_fields = n_fields[~blank]
        self.n_blank += int(blank.sum())
        wrong = np.flatnonzero(n_fields != self.n_fields)
        self.malformed.extend((wrong + self.n_records + 1).tolist())
        self.n_records += int(n_fields.size)
        self.n_fields_of_last = int(n_fields[-1]) if n_fields.size else self.n_fields_of_last


def split_records(block: bytes, delimiter: bytes) -> Iterator[tuple[Record, int]]:
    r"""Split whole lines into records.

    Parameters
    ----------
    block : bytes
        Lines, each with its line break; the first begins a record.
    delimiter : bytes
        One byte.

    Yields
    ------
    tuple of Record and int
        Each whole record, also blank ones, and how many bytes of the block it takes. A record that the block does
        not end is not among them.

    Examples
    --------
    >>> [record.n_fields for record, _ in split_records(b'a,"b,\n""c"\nd,5" pipe\n', b",")]
    [2, 2]
    """
    opened: list[bytes] = []
    # bytes.splitlines would also split at a carriage return that stands alone.
    for line in io.BytesIO(block):
        opened.append(line)
        if len(opened) > 1 and _QUOTE not in line:
            continue
        whole = b"".join(opened)
        text = whole.rstrip(b"\r\n")
        n_fields = _count_fields(text, delimiter)
        if n_fields is not None:
            yield Record(text, n_fields), len(whole)
            opened = []


def _count_fields(text: bytes, delimiter: bytes) -> int | None:
    """Count the fields of a record: 0 when a quoted field goes on after its end, None when it has not ended."""
    if _QUOTE not in text:
        return text.count(delimiter) + 1
    # Every second part lies between quotation marks. When the others begin and end at delimiters, all is plain.
    parts = text.split(_QUOTE)
    outside = parts[::2]
    begins = all(not part or part.startswith(delimiter) for part in outside[1:])
    ends = all(not part or part.endswith(delimiter) for part in outside[:-1])
    if begins and ends and len(parts) % 2:
        return sum(part.count(delimiter) for part in outside) + 1
    return _walk_fields(text, delimiter)


def _walk_fields(text: bytes, delimiter: bytes) -> int | None:
    n_fields, place = 1, 0
    while True:
        if text.startswith(_QUOTE, place):
            end = _end_of_quoted(text, place + 1)
            if end is None or end == len(text):
                return None if end is None else n_fields
            if not text.startswith(delimiter, end):
                return 0
        else:
            end = text.find(delimiter, place)
            if end < 0:
                return n_fields
        n_fields, place = n_fields + 1, end + 1


def _end_of_quoted(text: bytes, place: int) -> int | None:
    """Find the place after the quotation mark that closes a field; a doubled one does not close it."""
    while (end := text.find(_QUOTE, place)) >= 0:
        if not text.startswith(_QUOTE, end + 1):
            return end + 1
        place = end + 2
    return None
