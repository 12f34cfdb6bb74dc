"""The report's language: texts from the locale files, numbers and dates by CLDR (Babel)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from babel.dates import format_date
from babel.numbers import format_decimal

from evalkit.errors import ReportError

__all__ = ["LANGUAGES", "Language", "load_language"]

LANGUAGES = ("da", "en")
_CLDR = {"da": "da", "en": "en_GB"}
_NARROW = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True)
class Language:
    """One language: its texts and its way of writing numbers and dates.

    Parameters
    ----------
    code : {"da", "en"}
        The language's code, also the page's ``lang``.
    texts : mapping of str to str
        Dotted key to text.
    """

    code: str
    texts: Mapping[str, str] = field(repr=False)

    def text(self, key: str, **values: object) -> str:
        """Return a text with its blanks filled in.

        Parameters
        ----------
        key : str
            Dotted key, ``"headings.people"``.
        **values : object
            What goes into the ``{blanks}``.

        Returns
        -------
        str
            The text.

        Raises
        ------
        ReportError
            When the locale has no such text, or a blank is not given.
        """
        try:
            return self.texts[key].format(**values)
        except KeyError:
            raise ReportError(f"locale {self.code}: no text {key!r}, or a blank in it is not given.") from None

    def instead(self, case: str) -> Language:
        """Return the language with the words for a kind of study that the common ones do not fit.

        Parameters
        ----------
        case : str
            ``"alone"`` for a study of one arm; else what starts the clock, ``"programme_end"``.

        Returns
        -------
        Language
            Where the locale has a text ``instead.<case>.<key>``, it stands for ``<key>``.
        """
        own = f"instead.{case}."
        instead = {key.removeprefix(own): text for key, text in self.texts.items() if key.startswith(own)}
        return replace(self, texts={**self.texts, **instead}) if instead else self

    def label(self, group: str, key: str) -> str:
        """Return the reader's word for a machine name, or the name itself, made readable.

        Parameters
        ----------
        group : str
            Which kind of name: ``"state"``, ``"domain"``, ``"reason"``.
        key : str
            The machine name.

        Returns
        -------
        str
            The word.
        """
        return self.texts.get(f"{group}.{key}") or key.replace("_", " ").strip().capitalize()

    def choose(self, text: object) -> str:
        """Return this language's part of a ``{"da": …, "en": …}`` text from the manifest.

        Parameters
        ----------
        text : mapping or str
            A text in both languages, or one text for both.

        Returns
        -------
        str
            The text; empty when there is none.
        """
        if isinstance(text, Mapping):
            return str(text.get(self.code) or next(iter(text.values()), ""))
        return "" if text is None else str(text)

    def number(self, value: float, decimals: int = 0) -> str:
        """Write a number: ``1.234,5`` in Danish, ``1,234.5`` in English.

        Parameters
        ----------
        value : float
            The number.
        decimals : int
            Decimals shown, also when they are zero.

        Returns
        -------
        str
            With a real minus sign.
        """
        pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
        rounded = round(value, decimals) + 0.0  # no "-0"
        written = str(format_decimal(rounded, format=pattern, locale=_CLDR[self.code]))
        return written.replace("-", "\N{MINUS SIGN}")

    def percent(self, share: float, decimals: int = 1) -> str:
        """Write a share of 1 as a percentage: ``12,3 %`` in Danish, ``12.3%`` in English.

        Parameters
        ----------
        share : float
            Between 0 and 1.
        decimals : int
            Decimals shown.

        Returns
        -------
        str
            The percentage; Danish has a no-break space before the sign.
        """
        sign = f"{_NARROW}%" if self.code == "da" else "%"
        return self.number(100 * share, decimals) + sign

    def p_value(self, value: float, decimals: int) -> str:
        """Write a p-value; one that rounds to 0 is said to be less than the smallest number shown.

        Parameters
        ----------
        value : float
            Between 0 and 1.
        decimals : int
            Decimals shown, at least 1.

        Returns
        -------
        str
            ``0,034``, ``<0,001``.
        """
        least = 10.0**-decimals
        return f"<{self.number(least, decimals)}" if value < least / 2 else self.number(value, decimals)

    def per_hundred(self, share: float) -> int:
        """Return a share of 1 as a whole number of every hundred.

        Parameters
        ----------
        share : float
            The share; negative for a difference that is negative.

        Returns
        -------
        int
            Halves go away from zero, as people round.
        """
        scaled = abs(share) * 100
        whole = int(scaled + 0.5 + 1e-9)
        return whole if share >= 0 else -whole

    def day(self, value: date | str) -> str:
        """Write a date: ``1. juli 2023``, ``1 July 2023``.

        Parameters
        ----------
        value : date or str
            A date, or ISO text.

        Returns
        -------
        str
            The date in words.
        """
        moment = value if isinstance(value, date) else date.fromisoformat(value)
        return str(format_date(moment, format="long", locale=_CLDR[self.code]))

    def joined(self, words: list[str]) -> str:
        """Join words as a sentence does: ``a, b og c``.

        Parameters
        ----------
        words : list of str
            At least one word.

        Returns
        -------
        str
            The joined words.
        """
        if len(words) < 2:
            return "".join(words)
        return f"{', '.join(words[:-1])} {self.texts['word.and']} {words[-1]}"


@cache
def load_language(code: str) -> Language:
    """Load a language that evalkit writes.

    Parameters
    ----------
    code : {"da", "en"}
        The language's code.

    Returns
    -------
    Language
        The language.

    Raises
    ------
    ReportError
        When evalkit does not write this language.
    """
    if code not in LANGUAGES:
        raise ReportError(f"Language {code!r}: evalkit writes {', '.join(LANGUAGES)}.")
    content = (files("evalkit.reporting") / "locale" / f"{code}.toml").read_text(encoding="utf-8")
    return Language(code, _flat(tomllib.loads(content)))


def _flat(tree: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    texts: dict[str, str] = {}
    for key, value in tree.items():
        if isinstance(value, Mapping):
            texts.update(_flat(value, f"{prefix}{key}."))
        else:
            texts[f"{prefix}{key}"] = str(value).strip()
    return texts
