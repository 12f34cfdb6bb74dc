"""Cuts the text of a CSV file into blocks of whole records, numbers them, and sorts out those that are no rows."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from evalkit.errors import LayoutError
from evalkit.registers.files.file_bytes import FileBytes
from evalkit.registers.files.piece import MalformedRow
from evalkit.registers.files.record_count import QUOTE, Form, count_records, whole_records
from evalkit.registers.files.records import Record, split_records

__all__ = ["Block", "BlockCutter", "sort_records"]

_LONGEST_RECORD = 1024 * 1024
_WINDOW = 256 * 1024


@dataclass(frozen=True, slots=True)
class Block:
    """Some rows of a file, and what was between them.

    Parameters
    ----------
    text : bytes
        The rows, as a strict reader understands them.
    numbers : Series
        Each row's number in the file, from 1.
    n_cell_bytes : int
        Bytes of all cells together.
    malformed : tuple of MalformedRow
        Records with another number of fields.
    """

    text: bytes
    numbers: pl.Series
    n_cell_bytes: int
    malformed: tuple[MalformedRow, ...] = ()

    @property
    def n_records(self) -> int:
        """Rows and malformed records together."""
        return self.numbers.len() + len(self.malformed)


@dataclass
class BlockCutter:
    """Cuts a file's text.

    Parameters
    ----------
    file : FileBytes
        The file, for the messages.
    form : Form
        How its records are written.
    n_records : int
        Records cut so far.
    """

    file: FileBytes
    form: Form
    n_records: int = 0

    def blocks(self, texts: Iterable[bytes]) -> Generator[Block, None, None]:
        """Cut the text.

        Parameters
        ----------
        texts : iterable of bytes
            The text after the header, in pieces of any length.

        Yields
        ------
        Block
            Those that hold a record.

        Raises
        ------
        LayoutError
            When the last record is cut off, or a quotation mark is never closed.
        """
        rest = b""
        for piece in texts:
            end = piece.rfind(b"\n") + 1
            # Joined like this, a piece is copied once, and its last line not at all.
            lines = b"".join((rest, memoryview(piece)[:end])) if end else b""
            rest = (yield from self._cut(lines)) + piece[end:] if end else rest + piece
            if len(rest) > _LONGEST_RECORD:
                raise self._too_long(rest)
        if rest.strip(b"\r\n"):
            yield from self._counted(self._last_block(rest))

    def _cut(self, text: bytes) -> Generator[Block, None, bytes]:
        """Hand on the whole records of a text, and return what begins the next one."""
        first, records = self.n_records + 1, whole_records(text)
        count = count_records(records, self.form) if records else None
        if count is not None:
            numbers = pl.int_range(first, first + count.n_records, dtype=pl.Int64, eager=True)
            yield from self._counted(Block(records, numbers, count.n_cell_bytes))
            text = text[len(records) :]
        if count is None or len(text) > _LONGEST_RECORD:
            block, n_bytes = sort_records(text, self.form, self.n_records + 1)
            yield from self._counted(block)
            text = text[n_bytes:]
        return text

    def _counted(self, block: Block) -> Iterator[Block]:
        self.n_records += block.n_records
        if block.n_records:
            yield block

    def _last_block(self, rest: bytes) -> Block:
        """Take what stands after the last line break, which must be whole."""
        text = rest + b"\n"
        records = list(split_records(text, self.form.delimiter))
        n_bytes = records[-1].end if records else 0
        number = self.n_records + sum(bool(record.text) for record in records)
        if n_bytes < len(text):
            if b"\n" in rest[n_bytes:]:
                raise self._unclosed(number + 1)
            raise self._truncated(f"row {number + 1} ends inside quotation marks")
        if 0 < records[-1].n_fields < self.form.n_fields:
            raise self._truncated(f"its last row, {number}, has {records[-1].n_fields} of {self.form.n_fields} columns")
        return sort_records(text, self.form, self.n_records + 1)[0]

    def _truncated(self, how: str) -> LayoutError:
        return self.file.refusal(f" is truncated: {how}", "Fetch the file again; nothing of it was taken in.")

    def _too_long(self, rest: bytes) -> LayoutError:
        if QUOTE in rest:
            return self._unclosed(self.n_records + 1)
        return self.file.refusal(
            f": row {self.n_records + 1} is longer than 1 MB", "Have the file exported again, with line breaks."
        )

    def _unclosed(self, number: int) -> LayoutError:
        return self.file.refusal(
            f": a quotation mark in row {number} is never closed",
            "Have the file exported again, with quotation marks inside text doubled.",
        )


def sort_records(text: bytes, form: Form, first: int) -> tuple[Block, int]:
    """Separate the records that are rows from those that are not.

    Parameters
    ----------
    text : bytes
        Some text.
    form : Form
        How records are written.
    first : int
        The first record's number.

    Returns
    -------
    tuple of Block and int
        All records that the text ends, and how many of its bytes they take.
    """
    sorting, place = _Sorting(form, first), 0
    while place < len(text):
        window = whole_records(text[place : place + _WINDOW])
        count = count_records(window, form, each=True) if window else None
        if count is not None:
            sorting.add_rows(window, count.n_records)
            place += len(window)
            continue
        stop = place + _WINDOW
        for record in split_records(text, form.delimiter, place):
            sorting.add(record)
            place = record.end
            if place >= stop:
                break
        else:
            break
    return sorting.block(), place


@dataclass
class _Sorting:
    """What was sorted so far."""

    form: Form
    number: int
    texts: list[bytes] = field(default_factory=list)
    numbers: list[range] = field(default_factory=list)
    malformed: list[MalformedRow] = field(default_factory=list)

    def add_rows(self, text: bytes, n_rows: int) -> None:
        self.texts.append(text)
        self.numbers.append(range(self.number, self.number + n_rows))
        self.number += n_rows

    def add(self, record: Record) -> None:
        if not record.text:
            return
        if record.n_fields == self.form.n_fields:
            self.add_rows(record.clean, 1)
            return
        self.malformed.append(MalformedRow(self.number, record.text.decode(errors="replace")))
        self.number += 1

    def block(self) -> Block:
        text = b"".join(self.texts)
        count = count_records(text, self.form) if text else None
        numbers = np.concatenate([np.arange(0), *(np.arange(span.start, span.stop) for span in self.numbers)])
        return Block(
            text, pl.Series(numbers, dtype=pl.Int64), count.n_cell_bytes if count else 0, tuple(self.malformed)
        )
