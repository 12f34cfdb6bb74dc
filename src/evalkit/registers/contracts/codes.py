"""Code lists: what a register's codes mean, in two languages, and how sure that is."""

from __future__ import annotations

import re
from typing import Literal

from evalkit.config import Definition, Text

__all__ = ["Code", "CodeList"]

_RANGE = re.compile(r"(\d+)-(\d+)")


class Code(Text):
    """One code's meaning.

    Parameters
    ----------
    da, en : str
        The label.
    confidence : {"documented", "grouped", "assumed"}
        Documented by the register's owner, or a word of evalkit's own in a layout of its own; known by the group that
        researchers put it in; or common knowledge.
    """

    confidence: Literal["documented", "grouped", "assumed"] = "documented"


class CodeList(Definition):
    """The codes that a column may hold.

    Parameters
    ----------
    source : str
        Where the list is from.
    values : dict of str to Code
        Label by code; a key such as ``"750-758"`` stands for each whole number in it.
    """

    source: str
    values: dict[str, Code]

    def label(self, code: str) -> Code | None:
        """Look up a code.

        Parameters
        ----------
        code : str
            The code, as typed.

        Returns
        -------
        Code or None
            Its meaning; None when the list does not have it.

        Examples
        --------
        >>> weeks = CodeList(source="example", values={"750-758": Code(da="a", en="b"), "X": Code(da="c", en="d")})
        >>> weeks.label("752").en, weeks.label("759"), weeks.label("X").en
        ('b', None, 'd')
        """
        exact = self.values.get(code)
        if exact is not None or not code.isdecimal():
            return exact
        return next((label for key, label in self.values.items() if _in_range(int(code), key)), None)

    @property
    def single(self) -> tuple[str, ...]:
        """The codes that stand alone, not in a range."""
        return tuple(key for key in self.values if not _RANGE.fullmatch(key))

    @property
    def ranges(self) -> tuple[tuple[int, int], ...]:
        """First and last code of each range."""
        found = (_RANGE.fullmatch(key) for key in self.values)
        return tuple((int(ends[1]), int(ends[2])) for ends in found if ends)

    def unknown(self, found: set[str]) -> set[str]:
        """Name the codes that the list does not have.

        Parameters
        ----------
        found : set of str
            Codes seen.

        Returns
        -------
        set of str
            Those not in the list.
        """
        return {code for code in found if self.label(code) is None}


def _in_range(number: int, key: str) -> bool:
    ends = _RANGE.fullmatch(key)
    return ends is not None and int(ends[1]) <= number <= int(ends[2])
