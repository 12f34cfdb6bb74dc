"""Counts the records of a text by its bytes alone, sixty-four at a time, and says whether all is as it should be.

Each kind of byte (line breaks, delimiters, quotation marks) becomes a row of bits, one a byte of text, so that "every
opening quotation mark stands at the beginning of a field" is one AND over words of 64 bits. Which bytes lie between
quotation marks is the running parity of the marks. The idea is that of simdjson.

References
----------
.. [1] Langdale & Lemire (2019), Parsing gigabytes of JSON per second, VLDB Journal 28, 941-960.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

__all__ = ["QUOTE", "Count", "Form", "count_records", "whole_records"]

Bits: TypeAlias = npt.NDArray[np.uint64]

QUOTE = b'"'
_LINE_FEED, _CARRIAGE_RETURN = b"\n", b"\r"
_STRETCH = 128 * 1024
_ONE, _LAST = np.uint64(1), np.uint64(63)


@dataclass(frozen=True, slots=True)
class Form:
    """How a file's records are written.

    Parameters
    ----------
    delimiter : bytes
        One byte.
    n_fields : int
        Fields of a whole record.
    """

    delimiter: bytes
    n_fields: int


@dataclass(frozen=True, slots=True)
class Count:
    """What a text consists of.

    Parameters
    ----------
    n_records : int
        Its records.
    n_cell_bytes : int
        Bytes of the cells: all but delimiters, line breaks and the quotation marks that belong to no cell.
    """

    n_records: int
    n_cell_bytes: int


def count_records(text: bytes, form: Form, *, each: bool = False) -> Count | None:
    r"""Count the records of a text that a strict reader can read, every one with the right number of fields.

    Parameters
    ----------
    text : bytes
        Records, each with its line break.
    form : Form
        How they are written.
    each : bool
        Look at each record's delimiters, which takes three times as long, and not at their sum: a record with one too
        many can stand beside one with one too few.

    Returns
    -------
    Count or None
        None when the delimiters are too many or too few, or there is a blank line, a carriage return that ends a field,
        or a quotation mark that neither opens nor closes a field nor is doubled inside one.

    Examples
    --------
    >>> count_records(b'a,"b ""c"" d"\n,\n', Form(b",", 2))
    Count(n_records=2, n_cell_bytes=8)
    """
    letters = np.frombuffer(text, dtype=np.uint8)
    breaks, delimiters, n_others = _bits(letters, _LINE_FEED), _bits(letters, form.delimiter), 0
    if QUOTE in text or _CARRIAGE_RETURN in text:
        found = _outside(text, breaks, delimiters)
        if found is None:
            return None
        breaks, delimiters, n_others = found
    n_records, n_delimiters = _n(breaks), _n(delimiters)
    if _any(breaks & _one_after(breaks, first=True)) or n_delimiters != n_records * (form.n_fields - 1):
        return None
    if each and not np.array_equal(_n_before(breaks, delimiters), np.arange(1, n_records + 1) * (form.n_fields - 1)):
        return None
    return Count(n_records, len(text) - n_records - n_delimiters - n_others)


def whole_records(text: bytes) -> bytes:
    r"""Cut a text after its last line break that has an even number of quotation marks before it.

    Parameters
    ----------
    text : bytes
        The first byte begins a record.

    Returns
    -------
    bytes
        The text up to there: whole records, if its quotation marks are as they should be.

    Examples
    --------
    >>> whole_records(b'a,b\nc,"d\ne')
    b'a,b\n'
    """
    end = text.rfind(_LINE_FEED) + 1
    if QUOTE not in text:
        return text[:end]
    n_marks = int(np.count_nonzero(np.frombuffer(text, dtype=np.uint8, count=end) == QUOTE[0]))
    while n_marks % 2:
        start = text.rfind(_LINE_FEED, 0, end - 1) + 1
        n_marks -= text.count(QUOTE, start, end)
        end = start
    return text[:end]


def _outside(text: bytes, breaks: Bits, delimiters: Bits) -> tuple[Bits, Bits, int] | None:
    """Keep what lies outside quotation marks, and count the marks and carriage returns that belong to no cell."""
    letters, n_marks = np.frombuffer(text, dtype=np.uint8), 0
    returns = _bits(letters, _CARRIAGE_RETURN) if _CARRIAGE_RETURN in text else np.zeros_like(breaks)
    if QUOTE in text:
        marks = _bits(letters, QUOTE)
        inside = _parity(marks)
        breaks, delimiters, returns = breaks & ~inside, delimiters & ~inside, returns & ~inside
        if not _marks_fit(marks, inside, breaks | delimiters, returns & _one_before(breaks)):
            return None
        n_marks = _n(marks) - _n(_doubled(marks, inside))
    of_breaks = returns & _one_before(breaks)
    is_blank, ends_field = of_breaks & _one_after(breaks, first=True), returns & _one_before(delimiters | of_breaks)
    return None if _any(is_blank | ends_field) else (breaks, delimiters, n_marks + _n(of_breaks))


def _marks_fit(marks: Bits, inside: Bits, separators: Bits, returns_of_breaks: Bits) -> bool:
    """Whether each quotation mark opens a field where one begins, closes it where it ends, or is doubled."""
    opening, closing = marks & inside, marks & ~inside
    may_open = _one_after(separators | closing, first=True)
    may_close = _one_before(separators | opening | returns_of_breaks)
    return not _any(opening & ~may_open) and not _any(closing & ~may_close)


def _doubled(marks: Bits, inside: Bits) -> Bits:
    return marks & inside & _one_after(marks & ~inside)


def _bits(letters: npt.NDArray[np.uint8], letter: bytes) -> Bits:
    words = np.zeros(-(-letters.size // 64), dtype="<u8")
    octets = words.view(np.uint8)
    # A stretch at a time stays in the processor's cache.
    for start in range(0, letters.size, _STRETCH):
        packed = np.packbits(letters[start : start + _STRETCH] == letter[0], bitorder="little")
        octets[start // 8 : start // 8 + packed.size] = packed
    return words


def _parity(bits: Bits) -> Bits:
    """Set every bit that has an odd number of set bits up to and including itself."""
    parity = bits.copy()
    for shift in (1, 2, 4, 8, 16, 32):
        parity ^= parity << shift
    before = np.bitwise_xor.accumulate(parity >> _LAST)
    parity[1:] ^= -before[:-1]
    return parity


def _one_after(bits: Bits, *, first: bool = False) -> Bits:
    """Set the bit after each set bit, and the first of all if that is wanted."""
    moved = bits << _ONE
    moved[1:] |= bits[:-1] >> _LAST
    moved[:1] |= np.uint64(first)
    return moved


def _one_before(bits: Bits) -> Bits:
    moved = bits >> _ONE
    moved[:-1] |= bits[1:] << _LAST
    return moved


def _n_before(bits: Bits, others: Bits) -> npt.NDArray[np.int64]:
    """Count the other bits before each set bit."""
    each, other = (np.unpackbits(one.view(np.uint8), bitorder="little") for one in (bits, others))
    before: npt.NDArray[np.int64] = np.cumsum(other, dtype=np.int64)[each.astype(bool)]
    return before


def _n(bits: Bits) -> int:
    return int(np.bitwise_count(bits).sum())


def _any(bits: Bits) -> bool:
    return bool(bits.any())
