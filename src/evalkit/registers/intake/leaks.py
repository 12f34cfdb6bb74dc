"""Finds national identity numbers where pseudonyms should be, in any column of a file, while the file is read.

What is looked for
------------------
A Danish CPR number is ten digits, DDMMYYSSSS, often written DDMMYY-SSSS. The day of a replacement number is 60 higher,
as the CPR office recommends, or two of its last four characters are letters, as hospitals write it (told only where a
hyphen or a space stands before them: without it, it looks like any pseudonym). A Norwegian fødselsnummer is eleven
digits, DDMMYYNNNNN. The day of a D-number is 40 higher, the month of a help number too. The month of a made-up one is
80 higher (Skatteetaten's Tenor), 40 (NAV) or 65 (Norsk helsenett): a column of these was not pseudonymised either. What
counts is a plausible day and month, not a control digit: Danish numbers need not have one since 2007, and the Norwegian
ones change in 2032.

Swedish numbers are not looked for: they begin with year, month and day, and so do case numbers.

When the delivery stops
-----------------------
A number in the middle of a text, or written with a hyphen, always stops the delivery. A cell that is a number and no
more does too, unless its column is plainly one of opaque numbers: at least nine in ten of its values are numbers of
eight digits or more, *and* the hits among its different numbers of ten and of eleven digits are no more than chance
gives: no more than five standard errors above it, and no more than three times it or a quarter of those numbers. By
chance 3.7 of 100 numbers of ten digits begin with a Danish day and month. Where leading zeros were lost fewer do, so
chance is reckoned apart for the numbers that begin with a zero. Different numbers are counted, not rows: a pseudonym
comes as often as its person does. So a single identity number among other pseudonyms stops the delivery, a column of
identity numbers always does, and a column of random numbers does not when it has more than a handful.

A contract can name columns that number workplaces. Their numbers are nobody's, and in a small file half of them may
well look like someone's. Chance is all that is asked there: the delivery stops when so many hits among the different
numbers have a chance of less than one in 100,000, as four of four have that do not begin with a zero. Danish production
units (P-numbers, as 1003326862) do not come by chance: they are given out in order, all begin with 10, and four in ten
look like the tenth of a month. They are not counted there. So a few identity numbers in such a column, or those of
persons born on a tenth, are not told from workplaces; a column of those of more than a handful of persons always is,
and so is one number in a text or with its hyphen.

While the file is read, the same rule holds for what has been read so far, but for the limit of a quarter: one of the
first three numbers of a good column can well be a hit. What is left undecided then is decided at the end, before the
delivery counts. In a column that is not one of opaque numbers the first hit stops it.

What is left alone
------------------
Nine digits: a Danish number that was read as an integer may have lost a zero, but journal numbers and offence codes
have nine digits, and one in nine of them looks like a day and a month. A column of identity numbers is found all the
same, because only the first nine days of a month begin with a zero. A zero: it says that there is no pseudonym. Whole
days in seconds (multiples of 86,400): SAS and SPSS write dates so. Numbers with a sign, and fractions.
"""

from __future__ import annotations

import math
import string
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl
import polars.selectors as cs

__all__ = ["Leak", "LeakWatch", "shown_name"]

_OPAQUE = 0.9
_UNLIKELY = 1e-5
_PRODUCTION_UNITS = 10
_DAY_SECONDS = 86_400
# Cells that are searched as one text: few enough that it stays in the processor's cache.
_PART = 50_000

_Counts = npt.NDArray[np.int64]
"""How many numbers begin with 0000, 0001, …, 9999."""


@dataclass(frozen=True)
class _Kind:
    """Numbers that begin with one of these days and one of these months, each from first to last."""

    days: tuple[tuple[int, int], ...]
    months: tuple[tuple[int, int], ...]

    @cached_property
    def begins(self) -> npt.NDArray[np.bool_]:
        """Whether 0000, 0001, …, 9999 is the beginning of such a number."""
        first_four = np.arange(10_000)
        return _within(first_four // 100, self.days) & _within(first_four % 100, self.months)

    def is_chance(self, numbers: _Counts, *, at_the_end: bool) -> bool:
        """Tell whether as many of these numbers are of this kind as of random ones with as many leading zeros."""
        chances = self._chances(numbers)
        mean = sum(n * chance for n, chance in chances)
        most = mean + 5 * math.sqrt(sum(n * chance * (1 - chance) for n, chance in chances))
        n_hits = int(numbers[self.begins].sum())
        # Of a few numbers five standard errors above chance are all of them.
        return n_hits <= most and (not at_the_end or n_hits <= max(3 * mean, float(numbers.sum()) / 4))

    def is_possible(self, numbers: _Counts) -> bool:
        """Tell whether random numbers could, by Chernoff's bound, be of this kind as often as these are or oftener."""
        n_numbers, n_hits = int(numbers.sum()), int(numbers[self.begins].sum())
        mean = sum(n * chance for n, chance in self._chances(numbers))
        if n_hits <= mean:
            return True
        rest = n_numbers - n_hits
        divergence = n_hits * math.log(n_hits / mean) + (rest * math.log(rest / (n_numbers - mean)) if rest else 0.0)
        return math.exp(-divergence) >= _UNLIKELY

    def _chances(self, numbers: _Counts) -> list[tuple[float, float]]:
        """Say how many numbers begin with a zero and how many do not, and what chance they have."""
        parts = (slice(1_000), slice(1_000, None))
        return [(float(numbers[part].sum()), float(self.begins[part].mean())) for part in parts]


def _within(values: _Counts, ranges: Iterable[tuple[int, int]]) -> npt.NDArray[np.bool_]:
    within = np.zeros(len(values), dtype=np.bool_)
    for first, last in ranges:
        within |= (first <= values) & (values <= last)
    return within


_NORWEGIAN_DAYS = ((1, 31), (41, 71))
_KINDS = {
    10: (
        _Kind(days=((1, 31),), months=((1, 12),)),
        _Kind(days=((61, 91),), months=((1, 12),)),
    ),
    11: (
        _Kind(days=_NORWEGIAN_DAYS, months=((1, 12),)),
        _Kind(days=_NORWEGIAN_DAYS, months=((41, 52), (66, 77), (81, 92))),
    ),
}

_GAP = r"(?:[ \u00a0]|[ \u00a0]?[-\u2010-\u2015\u2212][ \u00a0]?)"
_DANISH = rf"(?:[06][1-9]|[1278]\d|[39][01])(?:0[1-9]|1[0-2])\d\d(?:{_GAP}?\d{{4}}|{_GAP}\d[A-Z]{{2}}\d)"
# In a text only numbers that are someone's: a made-up one there is no sign of anything.
_NORWEGIAN = rf"(?:[04][1-9]|[1256]\d|[37][01])(?:[04][1-9]|[15][0-2])\d\d{_GAP}?\d{{5}}"
# Where a number may begin and end: not inside a longer one, nor inside a code with letters or hyphens.
_FREE, _END = r"(?:^|[^\dA-Za-z+-])", r"(?:\.0+)?(?:$|[^\dA-Za-z.-]|\.$|\.\s)"
_IN_TEXT = rf"{_FREE}(?:{_DANISH}|{_NORWEGIAN}){_END}"
_ALPHANUMERIC = (string.digits + string.ascii_letters).encode()
_CODE = _ALPHANUMERIC + b"-"
_FRACTION = r"^[-+]?\d*[.,]\d*[1-9]\d*$"


@dataclass(frozen=True, slots=True)
class Leak:
    """Identity numbers in a column.

    Parameters
    ----------
    column : str
        The column, under the name that the frame gave it.
    n_values : int
        How many values look like one.
    """

    column: str
    n_values: int


@dataclass(slots=True)
class _Numbers:
    """The numbers of so many digits in a column: every one counted, and the different ones counted once."""

    digits: int
    of_workplaces: bool
    every: _Counts = field(default_factory=lambda: np.zeros(10_000, dtype=np.int64))
    different: _Counts = field(default_factory=lambda: np.zeros(10_000, dtype=np.int64))
    known: pl.Series = field(default_factory=lambda: pl.Series(dtype=pl.Int64))

    def add(self, numbers: pl.Series) -> None:
        """Count the numbers of a piece."""
        if self.of_workplaces and self.digits == 10:
            numbers = numbers.filter(numbers // 10**8 != _PRODUCTION_UNITS)
        different = numbers.unique()
        new = different.filter(~different.is_in(self.known.implode()))
        self.every += self._counted(numbers)
        self.different += self._counted(new)
        self.known = pl.concat([self.known, new])

    def n_leaked(self, *, is_opaque: bool, at_the_end: bool) -> int:
        """Count the identity numbers; in a column of opaque numbers, those that chance does not explain."""
        return sum(
            int(self.every[kind.begins].sum())
            for kind in _KINDS[self.digits]
            if not (is_opaque and self._is_explained(kind, at_the_end=at_the_end))
        )

    def _is_explained(self, kind: _Kind, *, at_the_end: bool) -> bool:
        if self.of_workplaces:
            return kind.is_possible(self.different)
        return kind.is_chance(self.different, at_the_end=at_the_end)

    def _counted(self, numbers: pl.Series) -> _Counts:
        return np.bincount((numbers // 10 ** (self.digits - 4)).to_numpy(), minlength=10_000)


@dataclass(slots=True)
class _Tally:
    """What was seen of a column in which something was found."""

    n_filled: int
    numbers: tuple[_Numbers, ...]
    n_numbers: int = 0
    n_in_text: int = 0

    def add(self, cells: pl.Series) -> None:
        """Count the cells of a piece."""
        rest = self._without_numbers(cells.cast(pl.String).drop_nulls())
        # An integer that became a float is the same number.
        rest = rest.str.strip_chars().str.strip_suffix(".0")
        rest = self._without_numbers(rest.filter(rest != ""))
        self.n_filled += len(rest)
        self.n_in_text += int((rest.str.contains(_IN_TEXT) & ~rest.str.contains(_FRACTION)).sum())

    def _without_numbers(self, text: pl.Series) -> pl.Series:
        """Count the texts that are numbers and return the others."""
        # "+" and "-" come before "0".
        number = text.set(text < "0", None).cast(pl.Int64, strict=False)
        digits = text.str.len_bytes()
        self.n_filled += int((number != 0).sum())
        self.n_numbers += int(((number != 0) & (digits >= 8)).sum())
        for numbers in self.numbers:
            numbers.add(number.filter((digits == numbers.digits) & (number % _DAY_SECONDS != 0)))
        return text.filter(number.is_null())

    def n_leaked(self, *, at_the_end: bool) -> int:
        """Count the identity numbers."""
        is_opaque = self.n_numbers >= _OPAQUE * self.n_filled
        in_cells = (numbers.n_leaked(is_opaque=is_opaque, at_the_end=at_the_end) for numbers in self.numbers)
        return self.n_in_text + sum(in_cells)


class LeakWatch:
    """Watches the rows of one file for national identity numbers.

    Columns in which nothing is as long as such a number cost next to nothing, so every column can be shown to it.

    Parameters
    ----------
    workplaces : collection of str
        The columns that number workplaces.

    Examples
    --------
    >>> watch = LeakWatch()
    >>> watch.see(pl.DataFrame({"PNR": ["3f9a"], "NOTE": ["call 320190-1234"]}))
    ()
    >>> watch.see(pl.DataFrame({"PNR": ["77b0"], "NOTE": ["is 310290-1234"]}))
    (Leak(column='NOTE', n_values=1),)
    """

    def __init__(self, workplaces: Collection[str] = ()) -> None:
        self._workplaces = workplaces
        self._n_filled: dict[str, int] = {}
        self._tallies: dict[str, _Tally] = {}

    def see(self, rows: pl.DataFrame) -> tuple[Leak, ...]:
        """Look at a piece before it is stored.

        Parameters
        ----------
        rows : DataFrame
            Columns of text or of integers. The text of records that are no rows can be shown as a column too, with
            its delimiters turned into line breaks.

        Returns
        -------
        tuple of Leak
            The columns for which the delivery must stop now, counted since the file's beginning. Empty when the piece
            may be stored.
        """
        for name in [*_suspects(rows), *(self._tallies.keys() & set(rows.columns))]:
            if name not in self._tallies:
                numbers = tuple(_Numbers(digits, name in self._workplaces) for digits in _KINDS)
                self._tallies[name] = _Tally(self._n_filled.get(name, 0), numbers)
        for column in rows:
            if column.name in self._tallies:
                self._tallies[column.name].add(column)
            else:
                # A blank may count as filled here; then the column only looks less like one of opaque numbers.
                self._n_filled[column.name] = self._n_filled.get(column.name, 0) + len(column) - column.null_count()
        return self._found(at_the_end=False)

    def leaks(self) -> tuple[Leak, ...]:
        """Judge the file when all of it was seen.

        Returns
        -------
        tuple of Leak
            The columns for which the delivery must stop; empty when there are none.
        """
        return self._found(at_the_end=True)

    def _found(self, *, at_the_end: bool) -> tuple[Leak, ...]:
        leaks = (Leak(name, tally.n_leaked(at_the_end=at_the_end)) for name, tally in self._tallies.items())
        return tuple(leak for leak in leaks if leak.n_values)


def shown_name(name: str, position: int) -> str:
    """Name a column that the layout does not know, for a message.

    Parameters
    ----------
    name : str
        Its name in the file.
    position : int
        Where it stands, from 1.

    Returns
    -------
    str
        The name; the position alone when there are so many digits in the name that it could be someone's number.
    """
    return f"number {position}" if sum(sign.isdigit() for sign in name) >= 8 else name


def _suspects(rows: pl.DataFrame) -> list[str]:
    """Name the columns in which an identity number could be, at the least cost where there is none."""
    long = _named(rows.select((cs.string().str.len_bytes() >= 10).any()))
    large = _named(rows.select((cs.integer() >= 10**9).any()))
    return [*large, *(name for name in long if _is_suspect(rows[name]))]


def _named(frame: pl.DataFrame) -> list[str]:
    return [name for name, is_so in frame.row(0, named=True).items() if is_so] if frame.height else []


def _is_suspect(cells: pl.Series) -> bool:
    n_bytes = cells.str.len_bytes()
    # Reading a number costs a third of what searching a text does, and an ISO date is none.
    numbers = cells.filter(n_bytes.is_between(10, 11)).cast(pl.Int64, strict=False)
    if numbers.null_count() < len(numbers):
        return True
    # No number with its hyphen is longer than 12: after that, something else must stand before it or behind it.
    short, long = cells.filter(n_bytes.is_between(11, 12)), cells.filter(n_bytes > 12)
    searched = [*([short] if _has_other(short, _ALPHANUMERIC) else []), *([long] if _has_other(long, _CODE) else [])]
    return any(text.str.contains(_IN_TEXT).any() for text in searched)


def _has_other(cells: pl.Series, common: bytes) -> bool:
    """Tell whether there is any other byte in a column than these; ten times faster than a regular expression."""
    parts = (cells.slice(first, _PART).str.join().cast(pl.Binary).item() for first in range(0, len(cells), _PART))
    return any(part.translate(None, common) for part in parts)
