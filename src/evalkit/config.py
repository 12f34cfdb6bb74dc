"""What every definition shares: frozen, strict, read from TOML, fingerprinted."""

from __future__ import annotations

import hashlib
import tomllib
from datetime import date
from pathlib import Path
from typing import Any, Self, TypeVar

from babel.dates import format_date
from pydantic import BaseModel, ConfigDict, ValidationError

from evalkit.errors import ConfigError

__all__ = ["Definition", "Explanation", "Text", "date_in_words", "parse", "read_toml"]

_D = TypeVar("_D", bound="Definition")


class Definition(BaseModel):
    """A choice somebody made: frozen, validated and fingerprinted; it never touches data."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    @property
    def fingerprint(self) -> str:
        """Twelve hexadecimal digits that change when the definition's meaning may have changed."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:12]

    @classmethod
    def from_toml(cls, path: Path) -> Self:
        """Read a definition from a TOML file.

        Parameters
        ----------
        path : Path
            The file.

        Returns
        -------
        Definition
            An instance of the class it is called on.

        Raises
        ------
        ConfigError
            When the file is missing, is not TOML or does not fit the definition.
        """
        return parse(cls, read_toml(path), source=path)


class Text(Definition):
    """A text for readers in the languages that evalkit writes.

    Parameters
    ----------
    da, en : str
        Danish and English.
    """

    da: str
    en: str

    def in_language(self, language: str) -> str:
        """Return the text in one language.

        Parameters
        ----------
        language : {"da", "en"}
            The language's code.

        Returns
        -------
        str
            The text.
        """
        return self.da if language == "da" else self.en


class Explanation(Definition):
    """A definition in plain words, for the report's definitions box.

    Parameters
    ----------
    title : Text
        What is defined.
    da, en : tuple of str
        Sentences.
    source : str
        Where the definition comes from.
    """

    title: Text
    da: tuple[str, ...]
    en: tuple[str, ...]
    source: str


def date_in_words(day: date, language: str) -> str:
    """Write a date as a reader would.

    Parameters
    ----------
    day : date
        The day.
    language : {"da", "en"}
        The language's code.

    Returns
    -------
    str
        For example ``"1. juli 2023"`` or ``"1 July 2023"``.
    """
    return format_date(day, "long", locale="da_DK" if language == "da" else "en_GB")


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    dict
        Its content.

    Raises
    ------
    ConfigError
        When the file is missing or is not TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"{path}: there is no such file.", hint="Check the path.") from None
    except (IsADirectoryError, PermissionError):
        raise ConfigError(f"{path}: this cannot be read as a file.", hint="Check the path.") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{path}: this is not UTF-8 text.", hint="Save the file as UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: this is not valid TOML: {error}.") from None


def parse(cls: type[_D], content: dict[str, Any], *, source: Path) -> _D:
    """Build a definition from what a TOML file holds, with every finding in one message.

    Parameters
    ----------
    cls : type
        The definition's class.
    content : dict
        The file's content.
    source : Path
        The file, for the message.

    Returns
    -------
    Definition
        An instance of `cls`.

    Raises
    ------
    ConfigError
        When the content does not fit.
    """
    try:
        return cls.model_validate(content)
    except ValidationError as error:
        findings = "; ".join(
            f"{'.'.join(str(part) for part in finding['loc']) or 'file'}: {_plain(finding['type'], finding['msg'])}"
            for finding in error.errors(include_input=False, include_url=False)
        )
        count = error.error_count()
        noun = "finding" if count == 1 else "findings"
        raise ConfigError(f"{source}: {count} {noun}: {findings}.") from None


def _plain(kind: str, message: str) -> str:
    if kind == "extra_forbidden":
        return "this key is not known; is it misspelt?"
    if kind == "missing":
        return "this key is required"
    return message.removeprefix("Value error, ")
