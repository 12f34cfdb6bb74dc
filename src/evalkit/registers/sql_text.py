"""Names and fixed words in SQL text. Values of persons never come here: they go as parameters or stay in tables."""

from __future__ import annotations

__all__ = ["literal", "literals", "quoted"]


def quoted(name: str) -> str:
    """Quote an identifier.

    Parameters
    ----------
    name : str
        A column's or table's name.

    Returns
    -------
    str
        The name in quotation marks.

    Examples
    --------
    >>> quoted("PNR")
    '"PNR"'
    """
    return '"' + name.replace('"', '""') + '"'


def literal(word: str) -> str:
    """Write a word of a contract as an SQL string.

    Parameters
    ----------
    word : str
        The word.

    Returns
    -------
    str
        The word in single quotation marks.
    """
    return "'" + word.replace("'", "''") + "'"


def literals(words: tuple[str, ...]) -> str:
    """Write words as the inside of an SQL list.

    Parameters
    ----------
    words : tuple of str
        The words; when there are none the list holds NULL, which nothing equals.

    Returns
    -------
    str
        Comma-separated strings.
    """
    return ", ".join(literal(word) for word in words) or "NULL"
